"""Whether items and a network make a problem; messages begin with its name and count items from 1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from btfnet.arguments import called, is_whole, said
from btfnet.errors import ContradictionError, DataError, UsageError
from btfnet.printable import printable
from btfnet.problem.items import Items
from btfnet.problem.network import Network


@contextmanager
def data_of(name: str) -> Iterator[None]:
    """Put a problem's name before what is wrong with its data."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{name}: {error}") from error


def check_ends(name: str, network: Network, items: Items) -> None:
    """Raise `DataError` unless the network has the items' inputs and outputs."""
    if items.n_inputs not in (None, network.n_inputs):
        values = "input values" if items.input_kind.known else "unknown inputs"
        raise DataError(
            f"{name}: the items have {items.n_inputs} {values}, but the network expects {network.n_inputs}.\n"
            f"Change the first width of the network to {items.n_inputs}, or the data."
        )
    if items.n_outputs != network.n_outputs:
        raise DataError(
            f"{name}: the items have {items.n_outputs} output values, but the network has "
            f"{network.n_outputs} outputs.\n"
            f"Change the last width of the network to {items.n_outputs}, or the data."
        )


def checked_n_train(name: str, n_train: Any, items: Items) -> int:
    """How many items are for training; None: all. Raises `UsageError` for other numbers than there can be,
    `DataError` where nothing of these items counts.
    """
    if n_train is None:
        n_train = items.n_items
    if not is_whole(n_train) or not 1 <= n_train <= items.n_items:
        raise UsageError(
            f"{name}: {called('n_train')} is {said(n_train)}, but there are {items.n_items} items; "
            f"choose 1 to {items.n_items}."
        )
    if not items.targets.n_bits(n_train):
        raise DataError(f"{name}: no output bit of the {n_train} training items counts; let some count.")
    return int(n_train)


def check_contradictions(name: str, items: Items) -> None:
    """No circuit can give two outputs for one input: name both items."""
    if items.contradiction is None:
        return
    item, other, column = items.contradiction
    output = items.output_names[column] if items.output_names else str(column + 1)
    bits = [int(items.outputs[number, column] > 0) for number in (item, other)]
    raise ContradictionError(
        name,
        (item + 1, other + 1),
        f"have the same inputs but different outputs (output {printable(output)}: {bits[0]} and {bits[1]}).\n"
        f"No circuit can reproduce both; remove one of them, or let one of the two bits not count.",
    )

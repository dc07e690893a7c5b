"""Whether a problem's items and its network fit; messages count items and columns from 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import NAMES, TEXT, a, called, is_whole, need, said
from btfnet.errors import ContradictionError, DataError, UsageError
from btfnet.printable import printable
from btfnet.problem.contradictions import contradiction
from btfnet.problem.network import Network
from btfnet.problem.values import InputKind, OutputKind

if TYPE_CHECKING:
    from btfnet.problem.problem import Problem

NETWORK = a(Network, "a Network, such as btfnet.Network.layered([3, 4, 1])")


def check_arguments(problem: Problem) -> None:
    """Raise `UsageError` for a name, network or names of another kind."""
    need(
        "Problem",
        name=(problem.name, TEXT),
        network=(problem.network, NETWORK),
        input_names=(problem.input_names, NAMES),
        output_names=(problem.output_names, NAMES),
    )


def check_train(problem: Problem, n_items: int) -> None:
    """Raise `UsageError` unless some of the items, or all, are for training."""
    n_train = problem.n_train
    if not is_whole(n_train) or not 1 <= n_train <= n_items:
        raise UsageError(
            f"{problem.name}: {called('n_train')} is {said(n_train)}, but there are {n_items} items; "
            f"choose 1 to {n_items}."
        )


def check_shapes(problem: Problem, inputs: NDArray[Any], outputs: NDArray[Any]) -> None:
    network, name = problem.network, problem.name
    if len(outputs) == 0:
        raise DataError(f"{name}: there are no items; give at least one.")
    if len(inputs) != len(outputs):
        raise DataError(
            f"{name}: {len(inputs)} rows of inputs, but {len(outputs)} rows of outputs; give one each."
        )
    expected = network.n_inputs if problem.input_kind.known else 0
    if inputs.shape[1] != expected:
        hint = "" if expected else f" ({problem.input_kind} inputs are found, not given)"
        raise DataError(
            f"{name}: the items have {inputs.shape[1]} input values, but the network expects "
            f"{expected}{hint}.\nChange the first width of the network to {inputs.shape[1]}, or the data."
        )
    if outputs.shape[1] != network.n_outputs:
        raise DataError(
            f"{name}: the items have {outputs.shape[1]} output values, but the network has "
            f"{network.n_outputs} outputs.\n"
            f"Change the last width of the network to {outputs.shape[1]}, or the data."
        )


def check_values(
    inputs: NDArray[Any],
    outputs: NDArray[Any],
    input_kind: InputKind,
    output_kind: OutputKind,
    care: NDArray[np.bool_] | None,
    where: str = "",
) -> None:
    """Raise `DataError` naming the first item with a value that its kind does not allow.

    where  put before the message
    """
    analog = input_kind is InputKind.ANALOG
    for what, array, continuous in (("input", inputs, analog), ("output", outputs, False)):
        fits = (array >= -1) & (array <= 1) if continuous else (array == 1) | (array == -1)
        if not fits.all():
            item, column = np.argwhere(~fits)[0]
            expected = "a number from -1 to 1" if continuous else "-1 or +1"
            raise DataError(
                f"{where}item {item + 1} has the {what} value {array[item, column]} in column {column + 1}; "
                f"expected {expected}."
            )
    if output_kind is OutputKind.CLASS:
        several = (outputs == 1).sum(axis=1) != 1
        wrong = np.flatnonzero(several if care is None else several & care.all(axis=1))
        if wrong.size:
            raise DataError(f"{where}item {wrong[0] + 1} belongs to no single class; give one-hot outputs.")


def check_names(problem: Problem) -> None:
    for what, names, expected in (
        ("input", problem.input_names, problem.network.n_inputs),
        ("output", problem.output_names, problem.network.n_outputs),
    ):
        if names and (len(names) != expected or len(set(names)) != expected):
            raise DataError(
                f"{problem.name}: {len(set(names))} distinct {what} names for {expected} {what}s; "
                f"give one distinct name each, or none."
            )


def check_contradictions(problem: Problem) -> None:
    """No circuit can give two outputs for one input: name both items."""
    if not problem.input_kind.known:
        return
    found = contradiction(problem.inputs, problem.outputs, problem.care)
    if found is None:
        return
    item, other, column = found
    output = problem.output_names[column] if problem.output_names else str(column + 1)
    bits = [int(problem.outputs[place, column] > 0) for place in (item, other)]
    raise ContradictionError(
        problem.name,
        (item + 1, other + 1),
        f"have the same inputs but different outputs (output {printable(output)}: {bits[0]} and {bits[1]}).\n"
        f"No circuit can reproduce both; remove one of them, or let one of the two bits not count.",
    )

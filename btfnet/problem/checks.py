"""Whether items and a network make a problem; messages begin with its name and count items from 1.

Also a `Problem` as it was made before it held an `Items`: from arrays, kinds and names side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from btfnet.arguments import called, is_whole, said
from btfnet.deprecation import deprecated
from btfnet.errors import ContradictionError, DataError, UsageError
from btfnet.printable import printable
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.values import InputKind, OutputKind


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


def left_to_train(name: str, n_validation: Any, items: Items) -> int:
    """How many items train where only the others are counted. Raises `UsageError` where none is left."""
    most = items.n_items - 1
    if not is_whole(n_validation) or not 0 <= n_validation <= most:
        raise UsageError(
            f"{name}: {called('n_validation')} is {said(n_validation)}, but there are {items.n_items} items, and "
            f"one must train; choose 0 to {most}."
        )
    return items.n_items - int(n_validation)


def checked_n_validation(name: str, n_validation: Any, n_train: int, items: Items) -> int:
    """How many items after the training items validate. Raises `UsageError`, or `DataError` where none counts."""
    most = items.n_items - n_train
    if not is_whole(n_validation) or not 0 <= n_validation <= most:
        raise UsageError(
            f"{name}: {called('n_validation')} is {said(n_validation)}, but {most} of {items.n_items} items are "
            f"left beside the {n_train} training items; choose 0 to {most}."
        )
    if n_validation and not items.input_kind.known:
        raise UsageError(f"{name}: unknown inputs cannot be validated; leave out n_validation.")
    counting = items.targets.n_bits(n_train + n_validation) - items.targets.n_bits(n_train)
    if n_validation and not counting:
        raise DataError(
            f"{name}: no output bit of the {n_validation} validation items counts; let some count."
        )
    return int(n_validation)


def contradiction_of(name: str, items: Items) -> ContradictionError | None:
    """What makes items, those that train, a problem that no circuit solves exactly; None where nothing does."""
    if items.contradiction is None:
        return None
    item, other, column = items.contradiction
    output = items.output_names[column] if items.output_names else str(column + 1)
    bits = [int(items.outputs[number, column] > 0) for number in (item, other)]
    return ContradictionError(
        name,
        (item + 1, other + 1),
        f"have the same inputs but different outputs (output {printable(output)}: {bits[0]} and {bits[1]}).\n"
        f"No circuit can reproduce both.",
    )


def check_analog(name: str, items: Items, n_train: int) -> None:
    """Raise `ContradictionError` for training items with analog inputs that contradict each other: these are not
    learned as well as they allow, for no circuit is read from them.
    """
    analog = items.input_kind is InputKind.ANALOG
    found = contradiction_of(name, items.first(n_train)) if analog else None
    if found is not None:
        advice = " Remove one of them, or let one of the two bits not count."
        raise ContradictionError(name, found.items, found.because + advice)


_OF_ITEMS = (
    "inputs",
    "outputs",
    "input_kind",
    "output_kind",
    "input_names",
    "output_names",
    "care",
    "weights",
)
_OLD = "Problem(name, network, inputs, outputs, …)"
_NEW = "Problem(name, network, Items(inputs, outputs, …), n_train)"

Init = TypeVar("Init", bound=Callable[..., None])
Method = TypeVar("Method", bound=Callable[..., Any])


def also_from_arrays(init: Init) -> Init:
    """`__init__` of a problem that takes the arguments of before, too, with a warning.

    Arrays beside an `Items` take the place of what it holds: so asks `dataclasses.replace(problem, outputs=…)`.
    """

    @wraps(init)
    def either(self: Any, *given: Any, **named: Any) -> None:
        arrays_given = len(given) > 3 and not isinstance(given[2], Items) and not is_whole(given[3])
        if not arrays_given and not any(word in named for word in _OF_ITEMS):
            return init(self, *given, **named)
        deprecated(_OLD, _NEW)
        return init(self, **(_changed if "items" in named else _former)(*given, **named))

    return either  # type: ignore[return-value]


def also_found(method: Method) -> Method:
    """A method of a problem whose `answers` may be called `found` too, as they were, with a warning."""

    @wraps(method)
    def either(self: Any, *given: Any, **named: Any) -> Any:
        if "found" in named:
            deprecated("found=", "answers=")
            named["answers"] = named.pop("found")
        return method(self, *given, **named)

    return either  # type: ignore[return-value]


def _former(
    name: str,
    network: Any,
    inputs: Any,
    outputs: Any,
    input_kind: InputKind = InputKind.BITS,
    output_kind: OutputKind = OutputKind.BITS,
    n_train: int | None = -1,
    input_names: tuple[str, ...] = (),
    output_names: tuple[str, ...] = (),
    care: Any = None,
) -> dict[str, Any]:
    """What `Problem` takes, from what it took; n_train -1 was all items."""
    with data_of(str(name)):
        items = Items(
            inputs, outputs, input_kind, output_kind,
            input_names=input_names, output_names=output_names, care=care,
        )  # fmt: skip
    return {"name": name, "network": network, "items": items, "n_train": None if n_train == -1 else n_train}


def _changed(*, name: str, items: Items, n_train: int | None = None, **named: Any) -> dict[str, Any]:
    changes = {word: named.pop(word) for word in _OF_ITEMS if word in named}
    with data_of(str(name)):
        items = replace(items, **changes)
    return {"name": name, "items": items, "n_train": None if n_train == -1 else n_train, **named}

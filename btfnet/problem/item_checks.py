"""What items must be, and what two lots of them must have in common to be joined."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError
from btfnet.problem.values import SIGNS, InputKind, check_values


def same(a: NDArray[Any] | None, b: NDArray[Any] | None) -> bool:
    """Whether two arrays, or neither, are there and equal."""
    if a is None or b is None:
        return a is b
    return np.array_equal(a, b)


def concatenated(parts: list[tuple[NDArray[Any] | None, tuple[int, ...]]]) -> NDArray[Any] | None:
    """Arrays one after another; ones for those that are None, None where all of them are."""
    if all(array is None for array, _ in parts):
        return None
    return np.concatenate([np.ones(shape) if array is None else array for array, shape in parts])


def check_alike(items: Any, other: Any) -> None:
    """Raise `DataError` unless the other items can follow these."""
    for what, ours, theirs in (
        ("input", items.n_columns, other.n_columns),
        ("output", items.n_outputs, other.n_outputs),
    ):
        if ours != theirs:
            raise DataError(f"items with {theirs} {what}s cannot follow items with {ours}; give as many.")
    for what, kind, its in (
        ("inputs", items.input_kind, other.input_kind),
        ("outputs", items.output_kind, other.output_kind),
    ):
        if kind is not its:
            raise DataError(f"items whose {what} are {its} cannot follow items whose {what} are {kind}.")


def check_shapes(inputs: Sized, outputs: NDArray[Any]) -> None:
    """Raise `DataError` unless there is a row of inputs for each row of outputs, and some of either."""
    if len(inputs) != len(outputs):
        raise DataError(
            f"{len(inputs)} rows of inputs, but {len(outputs)} rows of outputs; expected one row for each item "
            f"in both."
        )
    if not len(outputs):
        raise DataError("there are no items; give at least one.")
    if not outputs.size:
        raise DataError("there are no outputs; expected at least one item and one output.")


def check_inputs(n_columns: int, kind: InputKind, n_unknown: int | None) -> None:
    """Raise `DataError` unless there are as many columns of inputs as their kind allows."""
    if kind.known and not n_columns:
        raise DataError(f"no inputs, although they are {kind}; give at least one.")
    if not kind.known and n_columns:
        raise DataError(
            f"{n_columns} inputs are given, although they are {kind}: found, not given; give none."
        )
    if n_unknown is not None and (kind.known or n_unknown < 1):
        raise DataError(f"n_unknown is {n_unknown} with {kind} inputs; give None, or a count.")


def check_range(inputs: NDArray[Any], kind: InputKind) -> None:
    """Raise `DataError` naming the first value that its kind does not allow."""
    ranges = {InputKind.ANALOG: "a number from -1 to 1", InputKind.NUMBERS: "a finite number"}
    most = {InputKind.ANALOG: 1.0, InputKind.NUMBERS: float(np.finfo(np.float32).max)}.get(kind)
    right = (inputs == 1) | (inputs == -1) if most is None else (inputs >= -most) & (inputs <= most)
    check_values(inputs, right, ranges.get(kind, SIGNS))


def check_names(what: str, names: tuple[str, ...], expected: int | None) -> None:
    """Raise `DataError` unless there are none, or a distinct printable name for each."""
    if not names:
        return
    if len(set(names)) != len(names) or (expected is not None and len(names) != expected):
        raise DataError(
            f"{len(names)} {what} names, {len(set(names))} of them distinct, for {expected} {what}s; "
            f"give one distinct name each, or none."
        )
    for name in names:
        if not name or not name.isprintable():
            raise DataError(
                f"an {what} is named {name!a}; a name needs at least one character, all of them printable."
            )

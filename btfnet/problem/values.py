"""The values of items: their kinds, and Booleans, classes and don't-care bits from what a user gives."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import said
from btfnet.errors import DataError, UsageError

SIGNS = "-1 or +1"
CARE_MARKS = frozenset("-?xX")
"""How files of text write an output bit that does not count, as in PLA tables."""


class InputKind(StrEnum):
    """What the items say about the inputs: bits, numbers from -1 to 1, any numbers (which committees compare), or
    nothing."""

    BITS = "bits"
    ANALOG = "analog"
    NUMBERS = "numbers"
    UNKNOWN_BITS = "unknown_bits"
    UNKNOWN_ONE_HOT = "unknown_one_hot"

    @property
    def known(self) -> bool:
        return self in (InputKind.BITS, InputKind.ANALOG, InputKind.NUMBERS)

    @property
    def boolean(self) -> bool:
        """Whether inputs, given or found, are bits."""
        return self not in (InputKind.ANALOG, InputKind.NUMBERS)


class OutputKind(StrEnum):
    """What an item says about the outputs: every bit, or one class (trained as a one-hot vector)."""

    BITS = "bits"
    CLASS = "class"


Kind = TypeVar("Kind", InputKind, OutputKind)


def kind_named(kinds: type[Kind], argument: str, name: Any) -> Kind:
    """A kind by its name. Raises `UsageError` for anything else."""
    try:
        return kinds(name)
    except ValueError as error:
        raise UsageError(f"{argument} is {said(name)}; choose one of {', '.join(kinds)}.") from error


def one_column(values: ArrayLike) -> ArrayLike:
    """A flat list as a column: one value an item. Anything else as it is."""
    try:
        array = np.asarray(values)
    except (ValueError, TypeError):
        return values
    return array[:, None] if array.ndim == 1 else values


def regular(where: str, values: ArrayLike) -> NDArray[Any]:
    """Values as an array. Raises `DataError` where rows differ in length."""
    try:
        return np.asarray(values)
    except (ValueError, TypeError) as error:
        raise DataError(
            f"{where}: the rows differ in length; give every item the same number of values."
        ) from error


def matrix(where: str, values: ArrayLike, expected: str = "numbers") -> NDArray[Any]:
    """Rows of numbers or Booleans, one an item. Raises `DataError` where they are something else."""
    array = regular(where, values)
    if array.ndim != 2:
        raise DataError(f"{where}: the array has {array.ndim} dimensions; expected 2, one row for each item.")
    if array.dtype.kind not in "biuf":
        raise DataError(f"{where}: the values are of type {array.dtype}; expected {expected}.")
    return array


def numbers(where: str, values: ArrayLike) -> NDArray[np.float64]:
    """An array of finite numbers, as float64. Raises `DataError` for anything else."""
    array = regular(where, values)
    if array.dtype.kind not in "biuf":
        raise DataError(f"{where}: {said(values)} is no array of real numbers.")
    array = array.astype(np.float64)
    if not np.isfinite(array).all():
        place = tuple(int(at) + 1 for at in np.argwhere(~np.isfinite(array))[0])
        raise DataError(
            f"{where}: value {', '.join(map(str, place))} is {array[~np.isfinite(array)][0]}; give finite numbers."
        )
    return array


def booleans(values: ArrayLike, where: str, *, first: int = 0) -> NDArray[np.int8]:
    """Rows of Booleans, given as 0/1, ±1 or bool, as int8 ±1.

    first   the number of the first row, from 0; messages count from 1
    Raises `DataError` naming the first row that holds anything else.
    """
    array = matrix(where, values, "0/1, -1/+1 or bool")
    if array.dtype == bool:
        return np.where(array, np.int8(1), np.int8(-1))
    bad = ~((array == 0) | (array == 1) | (array == -1))
    if bad.any():
        item, column = np.argwhere(bad)[0]
        raise DataError(
            f"{where}: item {first + item + 1} has the value {array[item, column]} in column {column + 1}; "
            f"expected 0/1 or -1/+1."
        )
    if (array == 0).any() and (array == -1).any():
        raise DataError(
            f"{where}: the values mix 0 and -1, so false is unclear; use 0/1 or -1/+1 throughout."
        )
    return np.where(array == 1, np.int8(1), np.int8(-1))


def check_values(rows: NDArray[Any], right: NDArray[np.bool_], expected: str, first: int = 0) -> None:
    """Raise `DataError` naming the first input value that is not right; the first row is item `first`, from 0."""
    if not right.all():
        item, column = np.argwhere(~right)[0]
        raise DataError(
            f"item {first + item + 1} has the input value {rows[item, column]} in column {column + 1}; "
            f"expected {expected}."
        )


def one_hot(labels: ArrayLike, n_classes: int, where: str) -> NDArray[np.int8]:
    """Class labels 0 … n_classes-1 as rows of ±1 with a single +1; int8, (n_items, n_classes)."""
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise DataError(f"{where}: class labels must be one whole number for each item.")
    wrong = np.flatnonzero((labels < 0) | (labels >= n_classes))
    if wrong.size:
        raise DataError(
            f"{where}: item {wrong[0] + 1} has the class {labels[wrong[0]]}; expected 0 to {n_classes - 1}."
        )
    return np.where(np.arange(n_classes) == labels[:, None], np.int8(1), np.int8(-1))


def booleans_and_care(values: ArrayLike, where: str) -> tuple[NDArray[np.int8], NDArray[np.bool_] | None]:
    """`booleans`, of which NaN do not count: the rows of ±1, and where they count; None for everywhere."""
    array = regular(where, values)
    if array.dtype.kind != "f" or not np.isnan(array).any():
        return booleans(array, where), None
    care = ~np.isnan(array)
    known = booleans(np.where(care, array, array.dtype.type(1)), where)
    return np.where(care, known, np.int8(-1)), care


def checked_care(
    care: ArrayLike | None, shape: tuple[int, ...], kind: OutputKind, where: str = ""
) -> NDArray[np.bool_] | None:
    """Which output bits count, as read-only Booleans of the outputs' shape; None where all do.

    where   put before a message
    A class counts as a whole or not at all. Raises `DataError`.
    """
    if care is None:
        return None
    array = regular(f"{where}care", care)
    if array.shape != shape:
        raise DataError(
            f"{where}care has the shape {array.shape}, but the outputs have {shape}; "
            f"give one true or false for each output bit."
        )
    if array.dtype.kind not in "biuf" or not ((array == 0) | (array == 1)).all():
        raise DataError(f"{where}care holds other values than true and false; give bool, or 0 and 1.")
    counted = array == 1
    if counted.all():
        return None
    partly = np.flatnonzero(counted.any(axis=1) & ~counted.all(axis=1))
    if kind is OutputKind.CLASS and partly.size:
        raise DataError(
            f"{where}item {partly[0] + 1} counts in some of its class's outputs only; "
            f"let a class count in all of them or in none."
        )
    counted.flags.writeable = False
    return counted


def checked_weights(weights: ArrayLike | None, n_items: int, where: str = "") -> NDArray[np.float64] | None:
    """How much each item counts, read-only; None where all weights are 1.

    where   put before a message
    Raises `DataError` for anything but finite numbers from 0, one for each item, not all of them 0.
    """
    if weights is None:
        return None
    array = numbers(f"{where}weights", weights)
    if array.shape != (n_items,):
        raise DataError(
            f"{where}weights has the shape {array.shape}, but there are {n_items} items; give one weight each."
        )
    if (array < 0).any():
        item = int(np.flatnonzero(array < 0)[0])
        raise DataError(f"{where}item {item + 1} has the weight {array[item]:g}; expected 0 or more.")
    if n_items and not array.any():
        raise DataError(f"{where}all {n_items} items have the weight 0; let some count.")
    if (array == 1).all():
        return None
    array.flags.writeable = False
    return array


def either_care(
    known: NDArray[np.bool_] | None, said: ArrayLike | None
) -> NDArray[np.bool_] | ArrayLike | None:
    """Bits that are known and are said to count; None counts everywhere.

    Shapes that differ are left to `checked_care`.
    """
    if known is None or said is None:
        return known if said is None else said
    try:
        counted = np.asarray(said)
    except ValueError:  # rows of several lengths
        return said
    return said if known.shape != counted.shape else known & (counted == 1)

"""What all constraints share: the type of a point, and the checks of arguments."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import is_number, must_be, said, whole
from btfnet.errors import ProjectionError, UsageError

Point = NDArray[np.float64]
Indices = NDArray[np.intp]
MOST = sys.float_info.max
MOST_INDEX = 2**48
Array = TypeVar("Array", bound=NDArray[Any])


class Constraint(Protocol):
    """Anything that knows its nearest point."""

    def project(self, point: Point) -> Point:
        """The member of the set nearest to the point; flat float64, same shape; the point is not changed."""


def copied(owner: object, point: ArrayLike, *, size: int | None = None, least: int = 1) -> Point:
    """A fresh flat copy of the point.

    Raises `UsageError` unless it is flat and has `size` values (or `least` and more).
    """
    name, fresh = type(owner).__name__, flat_numbers(f"{type(owner).__name__}: point", point)
    if fresh.ndim != 1:
        raise UsageError(
            f"{name}.project got an array of shape {fresh.shape}; give a flat point, e.g. with ravel()."
        )
    if fresh.size < least or (size is not None and fresh.size != size):
        wanted = f"{least} or more" if size is None else f"{size}"
        raise UsageError(
            f"{name}.project got a point of {fresh.size} values, but it needs {wanted}; "
            f"use on_blocks to apply it to a part of a point."
        )
    return fresh


def flat_numbers(where: str, values: ArrayLike) -> Point:
    """A fresh array of real numbers, of any shape, NaN and infinities allowed. Raises `UsageError`."""
    try:
        array = np.array(values)
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{where} is {said(values)}, whose rows differ in length; give a flat array."
        ) from error
    if array.dtype.kind not in "biuf":
        raise UsageError(f"{where} is {said(values)}; give a flat array of real numbers.")
    return array.astype(np.float64, copy=False)


def projected(constraint: Constraint, part: Point, where: str) -> Point:
    """The constraint's own projection of its part.

    Raises `ProjectionError` with the place and the class when the shape changes, or a value is no finite number.
    """
    name = type(constraint).__name__
    nearest = real_numbers(constraint.project(part), f"{where}: {name}.project")
    if nearest.shape != part.shape:
        raise ProjectionError(
            f"{where}: {name}.project returned the shape {nearest.shape} for a point of shape {part.shape}; "
            f"return a point of the same shape."
        )
    if not np.isfinite(nearest).all():
        index = int(np.flatnonzero(~np.isfinite(nearest))[0])
        raise ProjectionError(
            f"{where}: {name}.project returned {nearest[index]} at index {index}; projections must be finite."
        )
    return nearest


def real_numbers(returned: object, what: str) -> Point:
    """What a projection returned, as float64.

    Raises `ProjectionError` for complex numbers, whose imaginary part would be lost, for Booleans, which are a
    mask and no point, and for whatever else holds no numbers. `what` names the projection.
    """
    try:
        array = np.asarray(returned)
    except ValueError as error:
        raise ProjectionError(
            f"{what} returned rows of unequal length; return a flat float64 array."
        ) from error
    if array.dtype.kind not in "iuf":
        kind = "None" if returned is None else f"values of type {array.dtype}"
        raise ProjectionError(f"{what} returned {kind}; return the nearest point as real numbers (float64).")
    return array.astype(np.float64, copy=False)


def check_start(constraint: object, start: Point) -> None:
    """Let a constraint that knows which points it is for, such as those of `on_copies`, refuse a start."""
    check = getattr(constraint, "check_start", None)
    if callable(check):
        check(start)


def need_projections(constraints: list[Any], where: str) -> None:
    """Raise `UsageError` unless there are constraints and each has a `project`."""
    if not constraints:
        raise UsageError(f"{where} got no constraints; give at least one.")
    for number, constraint in enumerate(constraints):
        need_projection(constraint, f"{where}: number {number}")


def need_projection(constraint: Any, where: str) -> None:
    """Raise `UsageError` unless it has a method `project`; the most similar name is named."""
    if isinstance(constraint, type):
        raise UsageError(f"{where} is the class {constraint.__name__}; give an instance of it.")
    if callable(getattr(constraint, "project", None)):
        return
    methods = [name for name in dir(constraint) if not name.startswith("__")]
    close = get_close_matches("project", methods, n=1)
    hint = f" (it has {close[0]}; was project meant?)" if close else ""
    raise UsageError(
        f"{where} is {said(constraint)}, which has no project(point){hint}; give an object with that method."
    )


def indices_of(where: str, indices: ArrayLike | slice | range) -> Indices:
    """Distinct indices, flat and read-only; a slice must name its stop.

    Raises `UsageError` for negative, repeated or fractional ones, or when there are none.
    """
    if isinstance(indices, slice):
        if indices.stop is None or min(indices.start or 0, indices.stop, indices.step or 1) < 0:
            raise UsageError(
                f"{where} has the indices {indices}; give a slice with a stop and no negative numbers."
            )
        indices = range(indices.start or 0, indices.stop, indices.step or 1)
    try:
        array = np.array(indices)
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"{where} has indices of several lengths; give a flat list of whole numbers."
        ) from error
    if array.dtype.kind not in "iu" or array.ndim != 1 or array.size == 0:
        raise UsageError(
            f"{where} has indices of type {array.dtype} and shape {array.shape}; "
            f"give a flat list of whole numbers (np.flatnonzero turns a mask into one)."
        )
    if array.max() > MOST_INDEX:
        raise UsageError(f"{where} has the index {array.max()}; points have fewer entries.")
    if array.min() < 0:
        raise UsageError(f"{where} has the index {array.min()}; count from 0.")
    values, counts = np.unique(array, return_counts=True)
    if counts.max() > 1:
        raise UsageError(
            f"{where} has the index {values[counts.argmax()]} twice; an entry can belong only once."
        )
    return frozen(array.astype(np.intp))


def groups_of(where: str, groups: ArrayLike) -> Indices:
    """Distinct indices, (n_groups, size), read-only; a flat list is one group. Raises `UsageError`."""
    try:
        table = np.atleast_2d(np.array(groups))
    except ValueError as error:
        raise UsageError(f"{where}: the groups differ in size; use one constraint for each size.") from error
    if table.ndim != 2:
        raise UsageError(f"{where}: groups have the shape {table.shape}; expected (n_groups, size).")
    return frozen(indices_of(where, table.ravel()).reshape(table.shape))


def run_of(indices: Indices) -> slice | Indices:
    """Flat indices as a slice where each follows the last: reading and writing need no lists then."""
    first, size = int(indices[0]), indices.size
    return slice(first, first + size) if (indices == np.arange(first, first + size)).all() else indices


def levels_of(where: str, low: Any, high: Any) -> tuple[float, float]:
    """Two numbers, low below high. Raises `UsageError` for anything else."""
    low, high = number_of(f"{where}: low", low), number_of(f"{where}: high", high)
    if low >= high:
        raise UsageError(f"{where}: low is {low:g} and high is {high:g}; low must be below high.")
    return low, high


def number_of(where: str, value: Any, *, positive: bool = False) -> float:
    """A finite number as float. Raises `UsageError` for anything else."""
    good = is_number(value) and abs(value) <= MOST
    if not good or (positive and value <= 0):
        raise UsageError(
            f"{where} is {said(value)}, but it must be a {'positive' if positive else 'finite'} number."
        )
    return float(value)


def count_of(where: str, value: Any, *, least: int = 1, most: int | None = None) -> int:
    """A whole number from least to most. Raises `UsageError` for anything else."""
    must_be(where, value, whole(least, most))
    return int(value)


def numbers_of(where: str, values: ArrayLike) -> Point:
    """Finite numbers, read-only. Raises `UsageError` for anything else."""
    try:
        array = np.array(values, dtype=np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise UsageError(f"{where} is {said(values)} and cannot be read as numbers: {error}.") from error
    if not array.ndim and not np.isfinite(array):
        raise UsageError(f"{where} is {said(values)}; give finite numbers.")
    if not np.isfinite(array).all():
        index = tuple(int(axis[0]) for axis in np.nonzero(~np.isfinite(array)))
        raise UsageError(f"{where} has the value {array[index]} at index {index}; give finite numbers.")
    return frozen(array)


def frozen(array: Array) -> Array:
    """The same array, made read-only."""
    array.flags.writeable = False
    return array

"""Data frames (pandas, polars, pyarrow) as arrays and names, known by what they can do; none is imported."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from btfnet.errors import DataError
from btfnet.matching.columns import FRAME, By, Ports, Unknown, input_places, name_shown, order, repeated
from btfnet.printable import shown

NUMBERS = (bool, np.bool_, int, float, np.integer, np.floating)


def column_names(values: object) -> tuple[str, ...]:
    """The names of a frame's columns; () for anything else, and where columns have ascending numbers for names.

    x0, x1, … are names, too: whoever matches them (`btfnet.matching.columns`) knows that they may be made up.

    Raises `DataError` where a name stands twice.
    """
    columns: Any = None if isinstance(values, np.ndarray | list | tuple) else getattr(values, "columns", None)
    if columns is not None and not isinstance(next(iter(columns), ""), str | int | np.integer | tuple):
        columns = None  # a pyarrow table's columns are the values
    if columns is None and hasattr(values, "num_columns"):
        columns = getattr(values, "column_names", None)
    if columns is None:
        return ()
    labels = list(columns)
    if all(isinstance(label, int | np.integer) for label in labels) and sorted(labels) == labels:
        return ()
    names = tuple(map(str, labels))
    twice = repeated(names)
    if twice is not None:
        raise DataError(
            f"two columns of the data frame are named {name_shown(twice)}; give each its own name."
        )
    return names


def as_rows(values: ArrayLike, *, gaps: bool = False) -> ArrayLike:
    """A frame as an array; anything else as it is.

    gaps   missing values are let through as NaN: outputs that do not count

    Columns of different types become numbers where all values are. Raises `DataError` that names the column and
    the item (from 1) of another value, such as a missing one.
    """
    if not _is_frame(values):
        return values
    array = np.array(values)
    if array.dtype == np.uint64:  # an array of that type would be packed words, a frame never is
        return array.astype(np.float64)
    if array.dtype != object or array.ndim != 2:
        return array
    names = column_names(values) or tuple(map(str, range(1, array.shape[1] + 1)))
    for place, column in enumerate(array.T):
        for item, value in enumerate(column):
            if gaps and is_nothing(value):
                array[item, place] = float("nan")
            elif not isinstance(value, NUMBERS):
                raise DataError(
                    f"column {name_shown(names[place])} of the data frame has the value {shown(value)} in item "
                    f"{item + 1}; expected 0/1, -1/+1 or bool."
                )
    kinds = {isinstance(value, bool | np.bool_) for value in array.flat}
    return array.astype(bool if kinds == {True} else np.float64)


def input_rows(values: ArrayLike, ports: Ports) -> ArrayLike:
    """Rows of a frame with its columns in the order of the inputs' names, output columns left out.

    What is no frame stays as it is. Raises `DataError` where the names do not fit; see `btfnet.matching.columns`.
    """
    if not _is_frame(values):
        return values
    places = input_places(column_names(values), ports, FRAME, By.AUTO)
    if places is None:
        return as_rows(values)
    return as_rows(_taken(values, places))


def output_rows(values: ArrayLike, ports: Ports) -> ArrayLike:
    """Rows of a frame with its columns in the order of the outputs' names; what is no frame stays as it is.

    Raises `DataError` where the names do not fit; see `btfnet.matching.columns`.
    """
    if not _is_frame(values):
        return values
    sides = (ports.side, FRAME)
    places = order(ports.outputs, column_names(values), "output", sides, unknown=Unknown.REFUSED)
    return as_rows(values if places is None else _taken(values, places))


def column_labels(frame: Any) -> list[Any]:
    """By what a frame's columns are asked for; of a pyarrow table `columns` are the values."""
    return list(frame.column_names if hasattr(frame, "column_names") else frame.columns)


def _taken(values: Any, places: tuple[int, ...]) -> ArrayLike:
    """Some columns of a frame; those that are left out may hold anything."""
    labels = column_labels(values)
    if hasattr(values, "select"):  # polars, pyarrow
        return values.select([labels[place] for place in places])
    return values[[labels[place] for place in places]]


def _is_frame(values: object) -> bool:
    return not isinstance(values, np.ndarray) and (
        hasattr(values, "columns") or hasattr(values, "column_names")
    )


def is_nothing(value: object) -> bool:
    """None, and pandas' NA and NaT."""
    return value is None or type(value).__name__ in ("NAType", "NaTType")

"""`Table`: named columns of ordinary values, from a data frame, an array, or what a file holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import said
from btfnet.errors import DataError
from btfnet.matching.columns import name_shown, repeated
from btfnet.matching.frames import column_labels
from btfnet.tables.cells import Values, plain

Orders = Mapping[str, tuple[str, ...]]
"""Of some columns their values from the lowest to the highest."""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of as many rows each.

    names    distinct
    columns  float64 with NaN where a value is missing, or objects: strings and None
    orders   of columns whose values have an order that whoever made the table knows, from the lowest
    side     what messages call it
    targets  columns of which whoever made the table knows that they are to be learned
    raw      whether columns are text as a file has it, numbers not yet read
    Raises `DataError` for columns that differ in length, and for a name that stands twice.
    """

    names: tuple[str, ...]
    columns: tuple[Values, ...]
    orders: Orders
    side: str = "the table"
    targets: tuple[str, ...] = ()
    raw: bool = False

    def __post_init__(self) -> None:
        lengths = {len(column) for column in self.columns}
        if len(lengths) > 1:
            raise DataError(f"{self.side}: columns of {sorted(lengths)} rows; give all as many.")
        twice = repeated(self.names)
        if twice is not None:
            raise DataError(
                f"{self.side}: two columns are named {name_shown(twice)}; give each its own name."
            )

    @property
    def n_rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def column(self, name: str) -> Values:
        """The column of that name, which is there."""
        return self.columns[self.names.index(name)]

    def some(self, rows: NDArray[np.int64]) -> Table:
        """The same columns of some rows."""
        return replace(self, columns=tuple(column[rows] for column in self.columns))

    def chosen(self, names: Sequence[str]) -> Table:
        """Some columns, all of which are there, in this order."""
        targets = tuple(name for name in self.targets if name in names)
        return replace(self, names=tuple(names), columns=tuple(map(self.column, names)), targets=targets)

    @classmethod
    def of(cls, values: Any, side: str = "the table") -> Table:
        """From a data frame (pandas, polars, pyarrow), a mapping of names to columns, or an array of two axes.

        Columns of an array are named x0, x1, …; so are those of a frame that only counts them.
        Raises `DataError` for anything else.
        """
        if isinstance(values, cls):
            return values
        if isinstance(values, Mapping):
            columns = tuple(_column(side, str(name), column) for name, column in values.items())
            return cls(tuple(map(str, values)), columns, {}, side)
        if hasattr(values, "columns") or hasattr(values, "column_names"):
            return _of_frame(values, side)
        return _of_array(values, side)


def labels_table(labels: Any) -> Table:
    """Labels as they are in a table, (n_rows,) or (n_rows, n_targets), as a table; a single column is named y.

    Raises `DataError` for anything else.
    """
    try:
        flat = np.asarray(labels)
    except ValueError as error:
        raise DataError("the labels: the rows differ in length; give one label for each row.") from error
    if flat.ndim == 1 and not hasattr(labels, "columns"):
        return Table.of({"y": flat}, "the labels")
    return Table.of(labels, "the labels")


def _column(side: str, name: str, values: Any) -> Values:
    """A column of a mapping. Raises `DataError` where it is no list of values."""
    try:
        column = plain(values) if not isinstance(values, str | bytes | Mapping) else None
    except (TypeError, ValueError):
        column = None
    if column is None or column.ndim != 1:
        raise DataError(f"{side}: column {name_shown(name)} is {said(values)}; expected a list of values.")
    return column


def _of_array(values: Any, side: str) -> Table:
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DataError(f"{side}: the rows differ in length; give all as many values.") from error
    if array.ndim != 2:
        raise DataError(
            f"{side}: found {array.ndim} dimensions; expected two, a row for each item. A single row is "
            f"values.reshape(1, -1), a single column values.reshape(-1, 1)."
        )
    if array.dtype.kind not in "biufOUS":
        raise DataError(f"{side}: found values of type {array.dtype}; expected numbers, Booleans or text.")
    if array.dtype.kind in "f" and np.isinf(array).any():
        row, column = np.argwhere(np.isinf(array))[0] + 1
        raise DataError(f"{side}: row {row} has infinity in column {column}; give finite numbers, or NaN.")
    return Table(tuple(f"x{place}" for place in range(array.shape[1])), tuple(map(plain, array.T)), {}, side)


def _of_frame(frame: Any, side: str) -> Table:
    labels = column_labels(frame)
    counted = all(isinstance(label, int | np.integer) for label in labels)
    names = tuple(f"x{label}" if counted else str(label) for label in labels)
    columns, orders = [], {}
    for name, label in zip(names, labels, strict=True):
        column = frame[label]
        if getattr(column, "ndim", 1) != 1:
            raise DataError(f"{side}: two columns are named {name_shown(name)}; give each its own name.")
        order = _order_of(column)
        if order:
            orders[name] = order
        columns.append(_values(column))
    return Table(names, tuple(columns), orders, side)


def _order_of(column: Any) -> tuple[str, ...]:
    """The categories of an ordered column of pandas or polars (Enum), from the lowest."""
    dtype = getattr(column, "dtype", None)
    categories = getattr(dtype, "categories", None)
    ordered = getattr(dtype, "ordered", type(dtype).__name__ == "Enum")
    return tuple(map(str, categories)) if categories is not None and ordered else ()


def _values(column: Any) -> Values:
    for way in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, way) and getattr(column, "dtype", None) not in ("float64", "int64", "bool"):
            return plain(np.array(getattr(column, way)(), dtype=object))
    return plain(np.asarray(column))

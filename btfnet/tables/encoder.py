"""`TableEncoder`: from rows of a table to bits that say what they are; it belongs to the model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError
from btfnet.matching.cells import number
from btfnet.matching.columns import Unknown, listed, name_shown, numbered, order
from btfnet.printable import shown
from btfnet.tables.cells import Values, as_numbers_are, as_texts, typed
from btfnet.tables.columns import FEW_VALUES, Column, Kind, column_of
from btfnet.tables.conditions import Condition, Test, answers
from btfnet.tables.cuts import N_CUTS, Cuts, levels_of
from btfnet.tables.table import Table


@dataclass(frozen=True)
class TableEncoder:
    """Columns as training saw them, and conditions about them.

    columns     of the rows that train, those that no rule uses among them
    conditions  about columns that are used; none says what another one says
    """

    columns: tuple[Column, ...]
    conditions: tuple[Condition, ...]

    @classmethod
    def fit(
        cls, table: Table, labels: NDArray[np.int64], *, cuts: Cuts = Cuts.CLASSES, n_cuts: int = N_CUTS
    ) -> TableEncoder:
        """Find out what the columns are, and ask what may tell the classes apart.

        table   the training rows; labels  (n_rows,): classes 0, 1, …
        n_cuts  levels of a column of numbers, at most
        """
        columns = tuple(
            column_of(name, values, table.orders.get(name, ()))
            for name, values in zip(table.names, table.columns, strict=True)
        )
        asked: list[Condition] = []
        for place, (column, values) in enumerate(zip(columns, table.columns, strict=True)):
            if column.kind.used:
                asked += _asked(place, column, values, labels, cuts, n_cuts)
        return cls(columns, _telling(tuple(asked), columns, table.columns))

    @property
    def used(self) -> tuple[int, ...]:
        """Numbers of the columns that some condition is about."""
        return tuple(sorted({condition.column for condition in self.conditions}))

    @property
    def is_discrete(self) -> bool:
        """Whether no used column is a measured number: real, or whole with many values."""
        codes = {condition.column for condition in self.conditions if condition.test is Test.IS}
        return all(not self.columns[number].kind.is_number or number in codes for number in self.used)

    @property
    def left_out(self) -> tuple[Column, ...]:
        """Columns that no condition is about."""
        used = set(self.used)
        return tuple(column for place, column in enumerate(self.columns) if place not in used)

    @property
    def names(self) -> tuple[str, ...]:
        """What each bit says, distinct: `age>=37`, `colour=red`."""
        return numbered(condition.name(self.columns[condition.column]) for condition in self.conditions)

    def some(self, numbers: Sequence[int]) -> TableEncoder:
        """With these conditions alone, in this order."""
        return TableEncoder(self.columns, tuple(self.conditions[number] for number in numbers))

    def encode(self, rows: Any, *, first: int = 0) -> NDArray[np.bool_]:
        """The bits of rows, (n_rows, n_conditions).

        rows   whatever `Table.of` takes; columns are found by name where the rows have names, others are not
               looked at; columns that no condition is about may be missing
        first  the number of the first row, for messages
        A value that training never saw answers no question about equality. Raises `DataError` for rows that lack
        a column, and for text where numbers were.
        """
        return answers(self.conditions, self.columns, self.values_of(rows, self.used, first=first))

    def values_of(self, rows: Any, used: Iterable[int], *, first: int = 0) -> tuple[Values, ...]:
        """The columns of rows in their order, numbers where they were; those that are not used hold nothing.

        Raises as `encode` does.
        """
        table, wanted = Table.of(rows, "the rows"), tuple(used)
        places = self._places(table, wanted)
        nothing = np.full(table.n_rows, None, dtype=object)
        return tuple(
            _checked(column, table.columns[places[number]], table, first) if number in places else nothing
            for number, column in enumerate(self.columns)
        )

    def _places(self, table: Table, used: tuple[int, ...]) -> dict[int, int]:
        """Where each used column stands among the table's."""
        if {self.columns[number].name for number in used} <= set(table.names):
            return {number: table.names.index(self.columns[number].name) for number in used}
        counted = tuple(f"x{place}" for place in range(len(table.names)))
        if table.names == counted:
            if len(counted) != len(self.columns):
                raise DataError(
                    f"{table.side}: found {len(counted)} columns, expected {len(self.columns)}, as in the "
                    f"training rows: {listed([column.name for column in self.columns])}."
                )
            return {number: number for number in used}
        ours = [self.columns[number].name for number in used]
        others = {column.name for column in self.columns} - set(ours)
        theirs = [name for name in table.names if name not in others]
        found = order(ours, theirs, "column", ("the model", table.side), unknown=Unknown.REFUSED)
        places = range(len(ours)) if found is None else found
        return {number: table.names.index(theirs[place]) for number, place in zip(used, places, strict=True)}


def _asked(
    place: int, column: Column, values: Values, labels: NDArray[np.int64], cuts: Cuts, n_cuts: int
) -> list[Condition]:
    """All questions about a column."""
    if column.kind.is_number:
        levels = levels_of(values, labels, cuts, n_cuts)
        found = [Condition(place, Test.AT_LEAST, level) for level in levels]
        seen = np.unique(values[~np.isnan(values)])
        if column.kind is Kind.INTEGER and 2 < len(seen) <= FEW_VALUES:
            found += [Condition(place, Test.IS, float(value)) for value in seen]
    elif column.kind is Kind.ORDERED:
        found = [Condition(place, Test.AT_LEAST, value) for value in column.values[1:]]
        found += [Condition(place, Test.IS, value) for value in column.values]
    elif column.kind is Kind.BOOLEAN:
        found = [Condition(place, Test.IS, column.values[1])]
    else:
        found = [Condition(place, Test.IS, value) for value in column.values]
    return found + [Condition(place, Test.IS_MISSING)] * column.missing


def _telling(
    asked: tuple[Condition, ...], columns: tuple[Column, ...], values: tuple[Values, ...]
) -> tuple[Condition, ...]:
    """Those whose answers change, and are not those of an earlier one or their opposite."""
    bits = answers(asked, columns, values)
    seen: set[bytes] = set()
    kept = []
    for condition, column in zip(asked, bits.T, strict=True):
        key = np.packbits(column ^ column[:1]).tobytes() if len(column) else b""
        if column.any() and not column.all() and key not in seen:
            seen.add(key)
            kept.append(condition)
    return tuple(kept)


def _checked(column: Column, values: Values, table: Table, first: int) -> Values:
    """A column's values, numbers where it held numbers; infinity is missing there.

    Each value is looked at for itself, so that rows are the same whatever rows stand beside them.
    """
    if not column.kind.is_number:
        texts = as_texts(values)
        return as_numbers_are(texts) if table.raw and column.kind is Kind.BOOLEAN else texts
    if values.dtype != np.float64:
        values = typed(["" if value is None else value for value in values.tolist()])
    if values.dtype == np.float64:
        return values
    found = np.full(len(values), np.nan)
    for place, value in enumerate(values.tolist()):
        known = float("nan") if value is None else number(value)
        if known is None:
            raise DataError(
                f"{table.side}: row {first + place + 1} has {shown(value)} in the column "
                f"{name_shown(column.name)}; expected a number, as in the training rows, or "
                f"nothing where it is missing."
            )
        found[place] = known
    return np.where(np.isinf(found), np.nan, found)

"""`Condition`: a question about one column of a row, whose answer is a bit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from btfnet.matching.cells import BITS
from btfnet.printable import one_word
from btfnet.tables.cells import Values, as_texts
from btfnet.tables.columns import Column, Kind


class Test(StrEnum):
    """What is asked. A value that is missing is neither at least as large as anything, nor equal to anything."""

    AT_LEAST = ">="
    IS = "="
    IS_MISSING = "missing"


@dataclass(frozen=True)
class Condition:
    """Whether a column's value is at least, or is, a value, or is missing.

    column  its number
    value   a number of columns of numbers, else a text; of ordered categories "at least" means this one or later
    """

    column: int
    test: Test
    value: float | str | None = None

    def name(self, column: Column) -> str:
        """As a name of a port: `age>=37`, `colour=red`, `age=missing`, or the column's own where that says it."""
        plain = one_word(column.name) or "column"
        if self.test is Test.IS_MISSING:
            return f"{plain}=missing"
        if column.is_plain_bit:
            return plain
        text = f"{self.value:.12g}" if isinstance(self.value, float) else str(self.value)
        return f"{plain}{self.test}{one_word(text) or '_'}"


def answers(
    conditions: tuple[Condition, ...], columns: tuple[Column, ...], values: tuple[Values, ...]
) -> NDArray[np.bool_]:
    """The bits of rows, (n_rows, n_conditions).

    columns  those that conditions are about; values  the same columns of the rows, numbers where `Column.kind` is
    """
    n_rows = len(values[0]) if values else 0
    bits = np.zeros((n_rows, len(conditions)), dtype=bool)
    texts: dict[int, Values] = {}
    for place, condition in enumerate(conditions):
        column, of = columns[condition.column], values[condition.column]
        if column.kind.is_number:
            bits[:, place] = _of_numbers(condition, of)
            continue
        if condition.column not in texts:
            texts[condition.column] = as_texts(of)
        bits[:, place] = _of_texts(condition, column, texts[condition.column])
    return bits


def _of_numbers(condition: Condition, values: Values) -> NDArray[np.bool_]:
    if condition.test is Test.IS_MISSING:
        return np.isnan(values)
    with np.errstate(invalid="ignore"):
        found: NDArray[np.bool_] = (
            values >= condition.value if condition.test is Test.AT_LEAST else values == condition.value
        )
    return found


def _of_texts(condition: Condition, column: Column, texts: Values) -> NDArray[np.bool_]:
    if condition.test is Test.IS_MISSING:
        return np.array([text is None for text in texts], dtype=bool)
    wanted = wanted_texts(condition, column)
    if column.kind is Kind.BOOLEAN:  # in any case
        return np.array([text is not None and (text in wanted or text.lower() in wanted) for text in texts])
    return np.array([text in wanted for text in texts], dtype=bool)


def wanted_texts(condition: Condition, column: Column) -> frozenset[str]:
    """The texts whose answer is yes, of a question about text that is no question about missing values.

    Of Booleans also those that are one of them in lower case: whoever wrote True yesterday may write 1 today.
    """
    if condition.test is Test.IS:
        wanted = {str(condition.value)}
    else:
        wanted = set(column.values[column.values.index(str(condition.value)) :])
    if column.kind is Kind.BOOLEAN:
        wanted |= {text for text in BITS if BITS[text] == BITS.get(str(condition.value).lower())}
    return frozenset(wanted)

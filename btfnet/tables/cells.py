"""Cells of a column as numbers or as text: what is missing, and how a value is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.matching.cells import ABSENT, number
from btfnet.matching.frames import is_nothing

Values = NDArray[Any]
"""A column: float64 with NaN where a value is missing, or objects, strings and None."""
MISSING = ABSENT | {"?", "-"}
"""Spellings of a missing value in a table of text, in any case."""


def typed(cells: Sequence[str]) -> Values:
    """A column of text: numbers where all that is there are numbers (with a point or a comma), else strings."""
    try:
        numbers = np.array(cells, dtype=np.float64)
        if not np.isinf(numbers).any() and not any("_" in cell or not cell.isascii() for cell in cells):
            return numbers
    except ValueError:
        pass
    texts = as_written(cells)
    if all(text is None for text in texts):
        return texts
    numbers = np.empty(len(texts))
    for place, text in enumerate(texts):
        value = float("nan") if text is None else number(text)
        if value is None or np.isinf(value):
            return texts
        numbers[place] = value
    return numbers


def as_written(cells: Sequence[str]) -> Values:
    """A column of text as it is, so that what a cell means does not depend on the cells beside it."""
    return np.array([_there(cell) for cell in cells], dtype=object)


def plain(values: Iterable[Any]) -> Values:
    """A column of any values of Python or NumPy: numbers and Booleans as float64, else strings; see `typed`."""
    array = np.asarray(values if isinstance(values, np.ndarray) else list(values))
    if array.dtype.kind in "biuf":
        numbers = array.astype(np.float64)
        return np.where(np.isinf(numbers), np.nan, numbers)
    found: list[Any] = [None if is_missing(value) else value for value in array.tolist()]
    there = [value for value in found if value is not None]
    if there and all(isinstance(value, int | float) for value in there):
        with suppress(OverflowError):  # whole numbers that no float holds are texts
            return plain(np.array([np.nan if value is None else float(value) for value in found]))
    return np.array([None if value is None else text_of(value) for value in found], dtype=object)


def is_missing(value: Any) -> bool:
    """None, NaN, pandas' NA and NaT, and the spellings of `MISSING`."""
    if is_nothing(value):
        return True
    if isinstance(value, str):
        return _there(value) is None
    return bool(isinstance(value, float) and value != value)


def text_of(value: Any) -> str:
    """How a value is written, a whole number without a point: a code is the same, read as 1 or as 1.0."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value).strip()


def as_numbers_are(texts: Values) -> Values:
    """Texts, those that spell a number as `text_of` writes it: 1.0 is 1."""
    found: dict[str | None, str | None] = {text: text for text in texts.tolist()}
    for text in found:
        value = None if text is None else number(text)
        if value is not None and np.isfinite(value):
            found[text] = text_of(value)
    return np.array([found[text] for text in texts.tolist()], dtype=object)


def as_texts(values: Values) -> Values:
    """A column as strings and None."""
    if values.dtype != np.float64:
        return values
    distinct, inverse = np.unique(values, return_inverse=True)
    texts = np.array(
        [None if value != value else text_of(value) for value in distinct.tolist()], dtype=object
    )
    return texts[inverse]


def _there(cell: str) -> str | None:
    text = cell.strip()
    return None if text.lower() in MISSING else text

"""What a column of a table is: Booleans, numbers, categories, or nothing that a rule could use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from btfnet.matching.cells import BITS
from btfnet.tables.cells import Values, as_texts

FEW_VALUES = 12
"""Whole numbers of so many values may be codes: then equality is asked, too."""
MOST_CATEGORIES = 32
"""Values of a category that are told apart: the most frequent ones."""
LEAST_ROWS = 20
"""In fewer rows every value may well be another one."""
MANY = 0.5
"""Texts of which so large a part are distinct name things."""
WORDS_OF_TEXT = 3.0
"""Words in a cell, on average, from which on cells are sentences."""
KEY = re.compile(
    r"(^|[_\W])(id|ids|idx|index|key|no|nr|num|number|rowname|rownames|uuid|unnamed)([_\W]|\d|$)", re.I
)
ORDERS = (
    ("very low", "low", "medium", "high", "very high"), ("vlow", "low", "med", "high", "vhigh"),
    ("small", "medium", "large"), ("small", "med", "big"), ("small", "medium", "big"),
    ("never", "rarely", "sometimes", "often", "always"), ("none", "mild", "moderate", "severe"),
    ("poor", "fair", "good", "very good", "excellent"), ("bad", "fair", "good"), ("cold", "mild", "hot"),
    ("xs", "s", "m", "l", "xl", "xxl"),
)  # fmt: skip
"""Scales that everybody reads in one way, from the lowest."""


class Kind(StrEnum):
    """What a column holds. The last three are left out of every rule."""

    BOOLEAN = "Boolean"
    INTEGER = "integer"
    REAL = "real"
    CATEGORY = "category"
    ORDERED = "ordered category"
    CONSTANT = "constant"
    IDENTIFIER = "identifier"
    TEXT = "free text"

    @property
    def used(self) -> bool:
        return self not in (Kind.CONSTANT, Kind.IDENTIFIER, Kind.TEXT)

    @property
    def is_number(self) -> bool:
        return self in (Kind.INTEGER, Kind.REAL)


@dataclass(frozen=True)
class Column:
    """A column as training saw it.

    values   of Booleans false and true, as they are written; of categories those told apart, of ordered ones all,
             from the lowest; () of numbers
    missing  whether training rows lacked a value
    """

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    missing: bool = False

    @property
    def is_plain_bit(self) -> bool:
        """Whether its name alone says what is true: 0/1, false/true."""
        return self.kind is Kind.BOOLEAN and self.values[1].lower() in ("1", "true", "t", "on")


def column_of(name: str, values: Values, order: tuple[str, ...] = ()) -> Column:
    """What a column of training rows is.

    order  its values from the lowest, where somebody knows them
    """
    texts = as_texts(values)
    there = texts[texts != None]  # noqa: E711 - elementwise
    values_seen, counts = np.unique(there.astype(str), return_counts=True)
    distinct = values_seen.tolist()
    missing = len(there) < len(values)
    if len(distinct) == 0 or (len(distinct) == 1 and not missing):
        return Column(name, Kind.CONSTANT, missing=missing)
    if order:
        return Column(name, Kind.ORDERED, order, missing)
    pair = _pair(distinct)
    if pair:
        return Column(name, Kind.BOOLEAN, pair, missing)
    if values.dtype == np.float64:
        return Column(name, _kind_of_numbers(name, values), missing=missing)
    kind = _kind_of_texts(name, distinct, len(there))
    if kind is not Kind.CATEGORY:
        return Column(name, kind, missing=missing)
    scale = _scale(distinct)
    if scale:
        return Column(name, Kind.ORDERED, scale, missing)
    kept = sorted(np.argsort(-counts, kind="stable")[:MOST_CATEGORIES].tolist())
    return Column(name, Kind.CATEGORY, tuple(distinct[place] for place in kept), missing)


def _pair(distinct: list[str]) -> tuple[str, str] | None:
    """False and true, as a column of two values writes them."""
    if len(distinct) != 2:
        return None
    bits = {"-1": 0, **BITS}
    one, other = (bits.get(text.lower()) for text in distinct)
    if {one, other} == {0, 1}:
        return (distinct[0], distinct[1]) if one == 0 else (distinct[1], distinct[0])
    return None


def _kind_of_numbers(name: str, values: Values) -> Kind:
    there = values[~np.isnan(values)]
    if (there != np.round(there)).any():
        return Kind.REAL
    n_distinct = len(np.unique(there))
    if n_distinct == len(there) >= LEAST_ROWS:
        counts_rows = there.max() == there.min() + n_distinct - 1 and (np.diff(there) == 1).all()
        if counts_rows or (KEY.search(name) and len(there) == len(values)):
            return Kind.IDENTIFIER
    return Kind.INTEGER


def _kind_of_texts(name: str, distinct: list[str], n_there: int) -> Kind:
    many = n_there >= LEAST_ROWS and len(distinct) > max(MANY * n_there, FEW_VALUES)
    words = sum(len(text.split()) for text in distinct) / len(distinct)
    if words >= WORDS_OF_TEXT and (many or len(distinct) > 2 * MOST_CATEGORIES):
        return Kind.TEXT
    if many or (KEY.search(name) and len(distinct) > 2 * MOST_CATEGORIES):
        return Kind.IDENTIFIER
    return Kind.CATEGORY


def _scale(distinct: list[str]) -> tuple[str, ...]:
    """The values in the order of a scale that has all of them, at least three; () where none has."""
    if len(distinct) < 3:
        return ()
    place = {text.lower().replace("-", " ").replace("_", " "): text for text in distinct}
    for scale in ORDERS:
        if len(place) == len(distinct) and set(place) <= set(scale):
            return tuple(place[text] for text in scale if text in place)
    return ()

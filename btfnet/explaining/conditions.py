"""Names of inputs as phrases, and what such names say of each other.

An input may be named after a condition on a column: `age>=37`, `colour=red`. It is read as it is spoken, and its
negation is the opposite condition. Conditions on one column exclude or imply each other, so that some rows of
bits mean nothing: nobody is 50 or older and not 37 or older.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

from btfnet.printable import printable

OPPOSITE = {">=": "<", "<=": ">", "<": ">=", ">": "<=", "=": "is not", "!=": "=", "is": "is not"}
"""What the negation of a condition says."""
MISSING = "missing"
"""What `age=missing` says: no value, which is neither at least as large as anything nor equal to anything."""
AT_LEAST = {">=": False, "<": True, ">": False, "<=": True}
"""Comparisons with numbers; whether they say that the number is small."""
KEYWORDS = frozenset(("and", "or", "not", "of", "if", "then", "else", "where", "is", "true", "false", "odd"))
_CONDITION = re.compile(r"([^<>=!]+?)\s*(>=|<=|!=|==|<|>|=|\bis\b)\s*(.+)", re.DOTALL)
_PLAIN = re.compile(r"[^\s,()\"]+")
MOST_EXCLUSIONS = 40
"""Categories of one column up to which every two of them are said to exclude each other."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A column, a comparison, and what it is compared with."""

    column: str
    comparison: str
    level: str

    @classmethod
    def of(cls, name: str) -> Condition | None:
        """The condition that a name says; None where it is no condition."""
        found = _CONDITION.fullmatch(name)
        if found is None:
            return None
        column, comparison, level = (part.strip() for part in found.groups())
        if not column or not level or re.search(r"[<>=]", level):
            return None
        if level == MISSING and comparison in ("=", "=="):
            return cls(column, "is", level)
        return cls(column, "=" if comparison == "==" else comparison, level)

    @property
    def is_missing(self) -> bool:
        """Whether it says that there is no value."""
        return self.comparison == "is" and self.level == MISSING

    @property
    def number(self) -> float | None:
        """The level, where it is a number."""
        try:
            return float(self.level)
        except ValueError:
            return None


def literal_phrase(name: str, value: bool) -> str:
    """An input that is true or not, in words: "a", "not a", "age >= 37", "age < 37", "colour is not red".

    Names that are no single word stand between quotation marks.
    """
    condition = Condition.of(name)
    if condition is None:
        return f"{'' if value else 'not '}{plain(name)}"
    column, level = printable(condition.column), printable(condition.level)
    comparison = condition.comparison if value else OPPOSITE[condition.comparison]
    return f"{_quoted(column)} {comparison} {_quoted(level)}"


def plain(name: str) -> str:
    """A name as it stands in a phrase."""
    return _quoted(printable(name))


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and text not in KEYWORDS:
        return text
    return '"' + text.replace('"', "'") + '"'


def impossible(names: Sequence[str]) -> list[tuple[int, int]]:
    """What no row of a table shows: clauses of two literals, signed numbers of inputs from 1, that always hold.

    Of a column's thresholds the higher one implies the lower one; of its categories only one is true, and none and
    no lower bound where the value is missing.
    """
    columns: dict[str, list[tuple[int, Condition]]] = {}
    for number, name in enumerate(names, start=1):
        condition = Condition.of(name)
        if condition is not None:
            columns.setdefault(condition.column, []).append((number, condition))
    clauses: list[tuple[int, int]] = []
    for conditions in columns.values():
        clauses += _ordered(conditions)
        equal = [number for number, condition in conditions if condition.comparison in ("=", "is")]
        missing = [number for number, condition in conditions if condition.is_missing]
        bounds = [number for number, condition in conditions if condition.comparison in (">=", ">")]
        clauses += [(-first, -second) for first, second in product(missing, bounds)]
        if len(equal) <= MOST_EXCLUSIONS:
            clauses += [(-first, -second) for first, second in combinations(equal, 2)]
    return clauses


def columns_of(names: Sequence[str], inputs: Sequence[int]) -> list[list[int]]:
    """These inputs (from 0), those together whose names are conditions on one column."""
    columns: dict[str, list[int]] = {}
    for index in inputs:
        condition = Condition.of(names[index])
        columns.setdefault(names[index] if condition is None else condition.column, []).append(index)
    return list(columns.values())


def connected(inputs: set[int], rules: Sequence[tuple[int, int]]) -> set[int]:
    """These inputs (from 0), and all that rules such as `impossible` gives tie to them, directly or not."""
    found, before = set(inputs), -1
    while len(found) > before:
        before = len(found)
        for rule in rules:
            pair = {abs(literal) - 1 for literal in rule}
            if pair & found:
                found |= pair
    return found


def _ordered(conditions: Sequence[tuple[int, Condition]]) -> list[tuple[int, int]]:
    """Each threshold implies the next lower one. `x>=3` and the negation of `x<3` are the same."""
    thresholds = sorted(
        (
            condition.number,
            condition.comparison in (">", "<="),  # x > 3 lies above x >= 3
            -number if AT_LEAST[condition.comparison] else number,
        )
        for number, condition in conditions
        if condition.comparison in AT_LEAST and condition.number is not None
    )
    return [(lower, -higher) for (*_, lower), (*_, higher) in pairwise(thresholds)]

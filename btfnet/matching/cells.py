"""How values are spelled in the cells of a table: numbers, true and false, what is missing."""

from __future__ import annotations

import re

WORDS = {
    "true": 1, "false": 0, "t": 1, "f": 0, "yes": 1, "no": 0, "y": 1, "n": 0, "on": 1, "off": 0,
}  # fmt: skip
"""In any case; each pair of true and false in turn."""
BITS = {"1": 1, "0": 0, **WORDS}
"""The same with the numbers that are bits."""
ABSENT = frozenset({
    "", "na", "n/a", "<na>", "#n/a", "#na", "nan", "-nan", "null", "none", "nil", "nat", ".", "missing",
})  # fmt: skip
"""Spellings of a missing value, in any case; a question mark is a bit that does not count."""
GROUPED = re.compile(r"([+-]?\d{1,3}(?:(?:\.\d{3})+(?=,)|(?:,\d{3})+(?=\.)))[.,](\d+)")
"""Thousands apart, and decimals behind the other sign."""
_BLANKS = " \t\n"


def stripped(cell: str) -> str:
    """The cell without the blanks around it; other white space, such as a form feed, is no blank."""
    return cell.strip(_BLANKS)


def number(cell: str) -> float | None:
    """The number in a cell, with a point or a comma, thousands apart as in 1.234,5 and 1,234.5; None where there
    is none. One sign alone, as in 1,234, is taken for the point.
    """
    text = stripped(cell)
    if "_" in text or not text.isascii() or text != text.strip():  # what float would overlook
        return None
    try:
        return float(text)
    except ValueError:
        pass
    grouped = GROUPED.fullmatch(text)
    if grouped:
        return float(f"{grouped[1].replace(',', '').replace('.', '')}.{grouped[2]}")
    try:
        return float(text.replace(",", ".")) if text.count(",") == 1 else None
    except ValueError:
        return None

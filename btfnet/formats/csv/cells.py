"""The cells of a table: how people write true, false, a bit that does not count, and a value that is missing."""

from __future__ import annotations

from btfnet.printable import shown
from btfnet.problem.values import CARE_MARKS

OPEN, MISSING, OTHER = 2, 126, 127
"""Codes beside 0, 1 and -1: a bit that does not count, a missing value, anything else; each fits into int8."""
WORDS = {
    "true": 1, "false": 0, "t": 1, "f": 0, "yes": 1, "no": 0, "y": 1, "n": 0, "on": 1, "off": 0,
}  # fmt: skip
"""In any case; each pair of true and false in turn."""
ABSENT = frozenset({
    "", "na", "n/a", "<na>", "#n/a", "#na", "nan", "-nan", "null", "none", "nil", "nat", ".", "missing",
})  # fmt: skip
"""Spellings of a missing value, in any case; a question mark is a bit that does not count."""
EXPECTED = "0/1, -1/+1 or true/false"
_BLANKS = " \t\n"
_MOST_KEPT = 1 << 16


def stripped(cell: str) -> str:
    """The cell without the blanks around it; other white space, such as a form feed, is no blank."""
    return cell.strip(_BLANKS)


def number(cell: str) -> float | None:
    """The number in a cell, with a point or a comma; None where there is none."""
    text = stripped(cell)
    if "_" in text or not text.isascii() or text != text.strip():  # what float would overlook
        return None
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", ".")) if text.count(",") == 1 else None
    except ValueError:
        return None


def code(cell: str) -> int:
    """0, 1, -1, `OPEN`, `MISSING` or `OTHER`."""
    text = stripped(cell)
    if text in CARE_MARKS:
        return OPEN
    word = text.lower()
    if word in ABSENT:
        return MISSING
    if word in WORDS:
        return WORDS[word]
    value = number(text)
    return int(value) if value in (0.0, 1.0, -1.0) else OTHER


def family(cell: str) -> str:
    """Which pair of words a cell belongs to, by its first: "true", "t", "yes", …, or "x"; "" for other cells."""
    word = stripped(cell).lower()
    if word not in WORDS:
        return "x" if word == "x" else ""
    words = list(WORDS)
    return words[words.index(word) // 2 * 2]


class Codes(dict[str, int]):
    """`code` as a byte (−1 is 255) of cells, each spelling looked at once."""

    def __missing__(self, cell: str) -> int:
        value = code(cell) & 255
        if len(self) < _MOST_KEPT:
            self[cell] = value
        return value


CODES = Codes({"0": 0, "1": 1})


def complaint(cell: str, *, may_be_open: bool) -> str:
    """What is wrong with a cell that holds no value, and what to do; a sentence that goes on after its place."""
    kind = code(cell)
    if kind == MISSING:
        what = f"is {shown(stripped(cell))}, a missing value" if stripped(cell) else "is empty"
        return f"{what}; {_INSTEAD_OPEN if may_be_open else _INSTEAD_CLOSED}"
    if kind == OPEN:
        return f"is {shown(stripped(cell))}, an input that is left open; {_ONLY_OUTPUTS}"
    more = ", or - where the bit does not count" if may_be_open else ""
    return f"is {shown(cell)}; expected {EXPECTED}{more}."


_INSTEAD_OPEN = "write - where the bit does not count, or leave the item out."
_INSTEAD_CLOSED = "give it a value, or leave the item out."
_ONLY_OUTPUTS = "only outputs may be, so give one row for each value of the input."

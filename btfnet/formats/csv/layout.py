"""Cells of a table, and how it is laid out: spellings of bits, separators, headers."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from btfnet.errors import FormatError, UsageError
from btfnet.matching.cells import ABSENT, WORDS, number, stripped
from btfnet.printable import shown
from btfnet.problem.values import CARE_MARKS

OPEN, MISSING, OTHER = 2, 126, 127
"""Codes beside 0, 1 and -1: a bit that does not count, a missing value, anything else; each fits into int8."""
EXPECTED = "0/1, -1/+1 or true/false"
_MOST_KEPT = 1 << 16


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


SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "blank"}
"""In this order of preference, and what messages call them."""
_NAMED = {name: sign for sign, name in SEPARATORS.items()} | {"\\t": "\t", "space": " ", "pipe": "|"}
SAMPLE_ROWS, SAMPLE_BYTES = 20, 1 << 20


@dataclass(frozen=True)
class Layout:
    """What a caller says about a table; None is found out.

    separator   , ; | a tab or a blank, or its name (comma, semicolon, bar, tab, blank)
    header      whether the first row holds names

    Raises `UsageError` for another separator.
    """

    separator: str | None = None
    header: bool | None = None

    def __post_init__(self) -> None:
        if self.separator is not None:
            sign = _NAMED.get(self.separator.lower(), self.separator)
            if len(sign) != 1 or sign.isalnum() or sign in '"\r\n.+-_' or not sign.isascii():
                raise UsageError(
                    f"the separator is {shown(self.separator)}; expected one sign such as , ; or |, or one of "
                    f"{', '.join(SEPARATORS.values())}."
                )
            object.__setattr__(self, "separator", sign)

    @property
    def is_default(self) -> bool:
        return self == Layout()


def separator_of(path: str, line: int, sample: str) -> str:
    """What separates the cells of a table that begins with this sample, whole lines.

    A sign that cuts all its rows into as many cells, which are values below the first row. Raises `FormatError`
    where several do.
    """
    first, present = sample.partition("\n")[0], candidates(sample)
    if len(present) <= 1:
        below = sample.partition("\n")[2]  # R writes a header that is one cell shorter
        fits = [sign for sign in present if sign != " " or _fits(sample, sign) or _fits(below, sign)]
        return (fits or [","])[0]
    fitting = [sign for sign in present if _fits(sample, sign)]
    fitting = [sign for sign in fitting if _fits(first + "\n" + first, sign)] or fitting
    if len(fitting) > 1:
        names = " or ".join(SEPARATORS[sign] for sign in fitting)
        raise FormatError(
            path, line, f"{shown(first)} may be cut at each {names}; say which with --separator (separator=)."
        )
    return (fitting or sorted(present, key=lambda sign: -first.count(sign)))[0]


def candidates(sample: str) -> list[str]:
    """The signs of the first line that may be the separator; blanks only where there is no other."""
    first = sample.partition("\n")[0]
    present = [sign for sign in SEPARATORS if sign in _unquoted(first)]
    return [sign for sign in present if sign != " "] or present


def reader(text: str, separator: str) -> Any:
    """Python's reader of such text; lines end at LF alone. Iterating raises `csv.Error`."""
    if separator == " ":
        text = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    lines = io.StringIO(text, newline="\n")
    return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)


def is_header(path: str, line: int, cells: list[str], following: list[str] | None) -> bool:
    """Whether the first row is a header, given the next one (None: there is none).

    It is when a cell is neither a number nor a value, when it counts the columns from 0 or 1, or when its cells
    are distinct letters and the next row is spelled otherwise. Raises `FormatError` for what may be either: 0,1
    and words such as yes,no above other ones.
    """
    counted = is_counted(cells)
    if counted and len(cells) == 2 and stripped(cells[0]) == "0":
        if following is None:
            return False
        raise FormatError(
            path,
            line,
            "the first row is 0,1: is it a header that counts the columns, as pandas writes it, or an item? "
            "Say --header or --no-header (header=True or False).",
        )
    if counted or any(number(cell) is None and code(cell) == OTHER for cell in cells):
        return True
    if following is None or not may_be_words(cells):
        return False
    if {family(cell) for cell in cells} & {family(cell) for cell in following}:
        return False
    if all(len(stripped(cell)) == 1 for cell in cells):
        return True
    raise FormatError(
        path,
        line,
        f"the first row is {shown(','.join(map(stripped, cells)))}, in other words than the rows below: is it a "
        f"header, or an item? Say --header or --no-header (header=True or False).",
    )


def may_be_words(cells: list[str]) -> bool:
    """Whether a first row of values may be a header all the same: distinct words such as x,t,y or yes,no."""
    return all(map(family, cells)) and len({stripped(cell).lower() for cell in cells}) == len(cells)


def is_counted(cells: list[str]) -> bool:
    """Whether a header only counts its columns, so that it holds no names: 0, 1, 2, … or 1, 2, … of at least two
    columns, perhaps behind one that has no name.
    """
    texts = [stripped(cell) for cell in cells]
    texts = texts[1:] if len(texts) > 2 and not texts[0] else texts
    return len(texts) >= 2 and (
        texts == [str(place) for place in range(len(texts))]
        or texts == [str(place + 1) for place in range(len(texts))]
    )


def _unquoted(line: str) -> str:
    """What stands outside of quotes."""
    return "".join(line.split('"')[::2])


def _fits(sample: str, separator: str) -> bool:
    """Whether the sample's rows have as many cells, more than one, and hold values below the first row."""
    try:
        rows = [row for row in reader(sample, separator) if row][:SAMPLE_ROWS]
    except csv.Error:
        return False
    values = all(_is_value(cell) for row in rows[1:] for cell in row)
    return values and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1


def _is_value(cell: str) -> bool:
    return number(cell) is not None or code(cell) not in (OTHER, MISSING)

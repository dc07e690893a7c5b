"""Tables of text with any values: separator and header are found out; pieces, so that no file is too large.

A header is a first row that the rows below do not look like; whoever knows better says so (`Layout`).
"""

from __future__ import annotations

import csv
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

import numpy as np

from btfnet.errors import BtfnetWarning, DataError, FormatError
from btfnet.formats.csv.layout import SEPARATORS, Layout, is_counted, reader
from btfnet.formats.csv.table import CsvTable
from btfnet.matching.cells import number
from btfnet.matching.columns import name_shown
from btfnet.printable import shown
from btfnet.tables.cells import Values, as_written, is_missing, typed
from btfnet.tables.table import Table

SAMPLE = 200
"""Rows that tell a header from a row of values, and what separates cells."""
ROWS_A_PIECE = 1 << 14
ALIKE, BETTER = 0.8, 0.05
"""The part of rows that a separator cuts into as many cells; by how much another one must be better."""
THOUSANDS, HUNDREDS = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}"), re.compile(r"[+-]?\d{1,3}")
"""What may be thousands apart, and what then stands beside it: less than a thousand."""
FEW_WORDS = 0.2
"""The part of a column that is no number, up to which the others are thought to be meant as numbers."""
INPUT, OUTPUT = "in:", "out:"
"""Begin the names of columns in tables of `btfnet solve`."""


def text_table(
    path: str, pieces: Iterable[bytes], layout: Layout | None = None, *, raw: bool = False
) -> Table:
    """The whole table of a text; path is for messages.

    raw  all columns are text as it is written: whoever reads them knows what they are
    """
    head, rows = _opened(path, pieces, layout)
    table = head.table(kept := [*rows], raw=raw)
    if not raw:
        _warn_of_numbers(table, [*zip(*kept, strict=True)][head.is_indexed :])
    return table


def text_tables(path: str, pieces: Iterable[bytes], layout: Layout | None = None) -> Iterator[Table]:
    """The same in pieces of rows, all columns as they are written: one piece might look like numbers, and another
    not.
    """
    head, rows = _opened(path, pieces, layout)
    while some := [*islice(rows, ROWS_A_PIECE)]:
        yield head.table(some, raw=True)


class _Head:
    """Names of the columns, () where there are none; is_indexed: the first one only counts the rows."""

    def __init__(self, path: str, names: Sequence[str], *, is_indexed: bool) -> None:
        self.path, self.names, self.is_indexed = path, names, is_indexed

    def table(self, rows: list[list[str]], *, raw: bool) -> Table:
        read = as_written if raw else typed
        columns = [read(column) for column in zip(*rows, strict=True)][self.is_indexed :]
        names = [
            name or f"column{place}" for place, name in enumerate(self.names[self.is_indexed :], start=1)
        ]
        names = names or [f"x{place}" for place in range(len(columns))]
        targets: tuple[str, ...] = ()
        if all(name.startswith((INPUT, OUTPUT)) for name in names):
            targets = tuple(name.removeprefix(OUTPUT) for name in names if name.startswith(OUTPUT))
            names = [name.removeprefix(INPUT).removeprefix(OUTPUT) for name in names]
        return replace(named(self.path, tuple(names), columns, targets=targets), raw=raw)


def _opened(path: str, pieces: Iterable[bytes], layout: Layout | None) -> tuple[_Head, Iterator[list[str]]]:
    """What the head of a text says, and its rows below that. Raises `FormatError` where there are none."""
    layout, pieces = layout or Layout(), iter(pieces)
    pieces = _as_utf_8(path, pieces)
    first = next(pieces, b"")
    separator = layout.separator or _separator(first)
    table = CsvTable(path, chain([first], pieces), Layout(separator, header=False))
    rows = _rows(table)
    sample = [*islice(rows, SAMPLE + 1)]
    has_header = layout.header if layout.header is not None else is_header(sample)
    if has_header and len(sample) < 2:
        raise FormatError(
            path, table.line, "found a header, but no rows below it; expected one for each item."
        )
    if not has_header:
        return _Head(path, (), is_indexed=False), chain(sample, rows)
    names = [cell.strip() for cell in sample[0]]
    is_indexed = not names[0] and len(names) > 1 and _counts([row[0] for row in sample[1:]])
    if is_counted(sample[0]):
        names = []
    return _Head(path, names, is_indexed=is_indexed), chain(sample[1:], rows)


def _as_utf_8(path: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same text. Where the first piece is no UTF-8 it is read as Western Windows writes it, with a warning."""
    first = next(pieces, b"")
    whole = first[: first.rfind(b"\n") + 1] or first
    if b"\0" in first or _is_utf_8(whole):
        yield first
        yield from pieces
        return
    warnings.warn(
        f"{path}: this is no UTF-8 text, and is read as Windows-1252; if letters look wrong, save it as UTF-8.",
        BtfnetWarning,
        stacklevel=2,
    )
    for piece in chain([first], pieces):
        yield piece.decode("cp1252", errors="replace").encode("utf-8")


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True


def _warn_of_numbers(table: Table, columns: Sequence[Sequence[str]]) -> None:
    """Say where numbers may not be read as they are meant."""
    for name, values, column in zip(table.names, table.columns, columns, strict=True):
        cells = [cell.strip() for cell in column if not is_missing(cell)]
        doubt = _thousands(cells) if values.dtype == np.float64 else _words(cells)
        if doubt:
            text = f"{table.side}: the column {name_shown(name)} has {doubt}"
            warnings.warn(text, BtfnetWarning, stacklevel=3)


def _thousands(cells: Sequence[str]) -> str | None:
    """950, 1,234 reads as 950 and 1.234: that may be meant, and is seldom."""
    grouped = next((cell for cell in cells if THOUSANDS.fullmatch(cell)), None)
    if grouped is None or not any(map(HUNDREDS.fullmatch, cells)):
        return None
    if not all(THOUSANDS.fullmatch(cell) or HUNDREDS.fullmatch(cell) for cell in cells):
        return None
    return (
        f"{grouped}, which is read as {number(grouped)}; if it means thousands, write it without that sign."
    )


def _words(cells: Sequence[str]) -> str | None:
    """A word among numbers, which makes text of them all."""
    words = [cell for cell in cells if number(cell) is None]
    if not 0 < len(words) <= FEW_WORDS * len(cells):
        return None
    return (
        f"{shown(words[0])} among numbers, and is taken for text; where it says that nothing is known, leave the "
        f"cell empty or write NA."
    )


def _rows(table: CsvTable) -> Iterator[list[str]]:
    for item, (line, cells) in enumerate(table.rows(), start=1):
        table.check_width(line, item, cells)
        yield cells


def _separator(head: bytes) -> str | None:
    """The sign that cuts most rows into as many cells, more than one; None where the reader shall say."""
    text = head.decode("utf-8-sig", errors="ignore")
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    if "\0" in text or not lines or lines[0].lower().startswith("sep="):
        return None
    lines = lines[: min(SAMPLE, len(lines) - 1) or 1]
    best, most = None, 0.0
    for sign in SEPARATORS:
        widths = _widths("\n".join(lines), sign)
        alike = sum(each == widths[0] for each in widths) / len(widths) if widths else 0.0
        if widths and widths[0] > 1 and alike >= ALIKE and alike > most + BETTER:
            best, most = sign, alike
    return best


def _widths(text: str, sign: str) -> list[int]:
    try:
        return [len(row) for row in reader(text, sign) if row]
    except csv.Error:
        return []


def is_header(rows: list[list[str]]) -> bool:
    """Whether the first row holds names: texts, none of them a number, that do not stand in the rows below, as
    values do, and distinct ones unless numbers stand below; or nothing but numbers of columns, above others.
    """
    first, below = [cell.strip() for cell in rows[0]], rows[1:]
    if below and is_counted(rows[0]):
        return True
    if any(number(cell) is not None for cell in first):
        return False
    if len(set(first)) < len(first) and not any(_is_number(rows, place) for place in range(len(first))):
        return False
    for place, cell in enumerate(first):
        if cell.lower() in {row[place].strip().lower() for row in below if place < len(row)}:
            return False
    return True


def _is_number(rows: list[list[str]], place: int) -> bool:
    """Whether a text stands above numbers alone, as names do."""
    return bool(rows[0][place].strip()) and typed([row[place] for row in rows[1:]]).dtype == np.float64


def _counts(cells: list[str]) -> bool:
    column = typed(cells)
    return column.dtype == np.float64 and len(column) > 1 and bool((np.diff(column) == 1).all())


def named(
    path: str, names: tuple[str, ...], columns: list[Values], *, targets: tuple[str, ...] = ()
) -> Table:
    """A table whose faults are the file's."""
    try:
        return Table(names, tuple(columns), {}, path, targets)
    except DataError as error:
        raise FormatError(path, None, str(error).removeprefix(f"{path}: ")) from error

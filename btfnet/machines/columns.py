"""Columns of traces: bits as they are, and symbols, which become the bits of their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from btfnet.errors import DataError
from btfnet.printable import shown

UNKNOWN = ("-", "?")
"""Cells of outputs that were not observed."""
MOST_PORTS = 1000
"""Bits of an input word or an output word; more were surely meant otherwise."""


@dataclass(frozen=True)
class Column:
    """A column of a trace: one bit, or symbols.

    name     of the column
    symbols  () where cells are 0 and 1; else the symbols, symbol k being coded as the number k, whose bit j is the
             port `name_j`
    """

    name: str
    symbols: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Bits of a cell."""
        return max(1, (len(self.symbols) - 1).bit_length()) if self.symbols else 1

    @property
    def ports(self) -> tuple[str, ...]:
        """Names of the bits, the lowest first."""
        return tuple(f"{self.name}_{bit}" for bit in range(self.width)) if self.symbols else (self.name,)

    def code(self, cell: str) -> int:
        """The number of a cell. Raises `DataError` for one that the column does not know."""
        known = self.symbols or ("0", "1")
        if cell not in known:
            some = ", ".join(map(shown, known[:8]))
            raise DataError(
                f"{self.name} is {shown(cell)}; expected {some}{', …' if len(known) > 8 else ''}."
            )
        return known.index(cell)

    def cell(self, code: int) -> str:
        """What has this number; ? where nothing has, which a circuit may say of states that nobody saw."""
        known = self.symbols or ("0", "1")
        return known[code] if code < len(known) else "?"


def columns_of(names: Sequence[str], cells: Sequence[Sequence[str]]) -> tuple[Column, ...]:
    """The columns with these names, of rows of cells.

    A column with other cells than 0, 1 and what is unknown holds symbols; these are numbered in their order: whole
    numbers as numbers, others as texts.
    """
    columns = []
    for name, *column in zip(names, *cells, strict=True):
        different = set(column) - set(UNKNOWN)
        columns.append(Column(name) if different <= {"0", "1"} else Column(name, _in_order(different)))
    return tuple(columns)


def _in_order(symbols: set[str]) -> tuple[str, ...]:
    digits = all(symbol.isascii() and symbol.isdigit() and len(symbol) < 18 for symbol in symbols)
    return tuple(sorted(symbols, key=(lambda each: (int(each), each)) if digits else None))


def packed(columns: Sequence[Column], cells: Sequence[str]) -> tuple[int, int]:
    """A row of cells as a word, whose bit k is port k, and which of its bits are known."""
    word, known, place = 0, 0, 0
    for column, cell in zip(columns, cells, strict=True):
        if cell not in UNKNOWN:
            word |= column.code(cell) << place
            known |= ((1 << column.width) - 1) << place
        place += column.width
    return word, known


def cells_in(columns: Sequence[Column], word: int, known: int = -1) -> tuple[str, ...]:
    """The cells of a word, - where not all of a cell's bits are known."""
    cells = []
    for column in columns:
        mask = (1 << column.width) - 1
        cells.append(column.cell(word & mask) if known & mask == mask else UNKNOWN[0])
        word, known = word >> column.width, known >> column.width
    return tuple(cells)


def in_text(columns: Sequence[Column], word: int, known: int = -1) -> str:
    """A word as a trace shows it: bits without blanks between them, symbols with."""
    return ("" if not any(column.symbols for column in columns) else " ").join(cells_in(columns, word, known))


def ports_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """Names of all bits."""
    return tuple(port for column in columns for port in column.ports)

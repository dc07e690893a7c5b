"""Rows of bits from a table, piece by piece, for files larger than memory and for standard input.

Pieces of nothing but plain rows (0 and 1, or -1 and 1) are looked at as a whole; any other piece goes cell by
cell, which also finds the place of what is wrong.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError, UsageError
from btfnet.files.reading import both_ends
from btfnet.formats.csv.columns import item_columns
from btfnet.formats.csv.layout import CODES, MISSING, OPEN, OTHER, Layout, code, complaint
from btfnet.formats.csv.table import INDEX_ADVICE, OR_INDEX, CsvTable
from btfnet.matching.cells import number
from btfnet.matching.columns import By, Ports
from btfnet.printable import shown
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind, OutputKind

CELLS_A_PIECE = 1 << 18
"""Cells that are read one by one before they are handed on."""
_COMMA, _END, _ZERO = b",\n0"


class CsvRows:
    """The rows of some columns of a table, int8 0/1 or ±1 in pieces; all pieces write false the same way.

    columns   the places that are kept, in their order
    n_open    so many of the last of them may be open (`csv_cells.OPEN`)
    Raises `FormatError`, while it iterates, with the line, the item and the column.
    """

    def __init__(self, table: CsvTable, columns: Sequence[int], n_open: int = 0) -> None:
        self.table, self.columns = table, np.array(columns, dtype=np.int64)
        self._n_closed = len(columns) - n_open
        self._in_order = list(columns) == list(range(table.width))
        self._false: int | None = None
        self._n_rows = 0  # handed on so far

    def __iter__(self) -> Iterator[NDArray[np.int8]]:
        for data in self.table.pieces():
            plain = self._plain(data)
            if plain is not None:
                self.table.passed(len(plain))
            for part in self._one_by_one(data) if plain is None else [plain]:
                self._n_rows += len(part)
                yield part

    # a piece as a whole

    def _plain(self, data: bytes) -> NDArray[np.int8] | None:
        """The rows, where every cell is one digit and false is written as before; None for any other text."""
        separator = self.table.separator.encode("latin-1")
        signs = b"-" in data
        if (signs and b"0" in data) or (separator != b"," and b"," in data):
            return None
        for sign, long, short in _shorter(separator):
            if sign in data:  # to look for one byte is much quicker than to replace two
                data = data.replace(long, short)
        width = 2 * self.table.width
        if len(data) % width:
            return None
        letters = np.frombuffer(data, dtype=np.uint8).reshape(-1, width)
        digits = letters[:, ::2]
        plain = (
            (letters[:, 1:-1:2] == separator[0]).all()
            and (letters[:, -1] == _END).all()
            and (digits >> 1 == _ZERO >> 1).all()
        )
        false = -1 if signs else 0
        if not plain or (self._false not in (None, false)):
            return None
        if not self._in_order:
            digits = digits[:, self.columns]
        bits = (digits & 1).astype(np.int8)
        if self._false is None and not bits.all():
            self._false = false
        return bits * 2 - 1 if signs else bits

    # cell by cell

    def _one_by_one(self, data: bytes) -> Iterator[NDArray[np.int8]]:
        rows: list[list[str]] = []
        lines: list[int] = []
        most = max(1, CELLS_A_PIECE // self.table.width)
        for end, cells in self.table.cells(data):
            if len(cells) != self.table.width:
                self._part(rows, lines)  # what stands above comes first
                self.table.check_width(end, self._n_rows + len(rows) + 1, cells)
            rows.append(cells)
            lines.append(end)
            if len(rows) == most:
                yield self._part(rows, lines)
                rows, lines = [], []
        if rows:
            yield self._part(rows, lines)

    def _part(self, rows: list[list[str]], lines: list[int]) -> NDArray[np.int8]:
        codes = np.frombuffer(bytes(map(CODES.__getitem__, chain.from_iterable(rows))), dtype=np.int8)
        codes = codes.reshape(len(rows), self.table.width)
        if not self._in_order:
            codes = codes[:, self.columns]
        bad = (codes == OTHER) | (codes == MISSING)
        bad[:, : self._n_closed] |= codes[:, : self._n_closed] == OPEN
        if bad.any():
            item = int(bad.any(axis=1).argmax())
            self._check_false(codes[:item], lines)
            self._fail_cell(lines[item], item, rows[item], int(self.columns[bad[item].argmax()]))
        self._check_false(codes, lines)
        return codes

    def _check_false(self, codes: NDArray[np.int8], lines: list[int]) -> None:
        """Raise where false is written in another way than before."""
        for false in (0, -1):
            here = (codes == false).any(axis=1)
            if self._false is None and here.any():
                other = (codes == -1 - false).any(axis=1)
                self._false = false if not other.any() or here.argmax() <= other.argmax() else -1 - false
            if self._false not in (None, false) and here.any():
                raise FormatError(
                    self.table.path,
                    lines[int(here.argmax())],
                    "0 and -1 both stand in the file, so false is unclear; use 0/1 or -1/+1 throughout.",
                )

    def _fail_cell(self, line: int, item: int, cells: list[str], column: int) -> NoReturn:
        position = list(self.columns).index(column)
        item += self._n_rows
        what = complaint(cells[column], may_be_open=position >= self._n_closed)
        if column == 0 and item and number(cells[0]) in (item, item + 1):
            what = f"is {cells[0]}; {INDEX_ADVICE}." if item > 1 else f"{what} {OR_INDEX}"
        raise FormatError(self.table.path, line, f"item {item + 1}: {self.table.name(column)} {what}")


def number_rows(table: CsvTable, columns: Sequence[int], n_rows: int) -> Iterator[NDArray[np.float64]]:
    """The rows of some columns of a table as finite numbers, in pieces of so many.

    Raises `FormatError` with the line, the item and the column.
    """
    numbered = enumerate(table.rows(), start=1)
    while piece := [*islice(numbered, n_rows)]:
        yield np.array([_numbers(table, columns, item, line, cells) for item, (line, cells) in piece])


def _numbers(table: CsvTable, columns: Sequence[int], item: int, line: int, cells: list[str]) -> list[float]:
    table.check_width(line, item, cells)
    values = [number(cells[column]) for column in columns]
    for column, value in zip(columns, values, strict=True):
        if value is None or not np.isfinite(value):
            missing = ", a missing value" if code(cells[column]) == MISSING else ""
            where = f"item {item}: {table.name(column)} is {shown(cells[column])}{missing}"
            raise FormatError(table.path, line, f"{where}; expected a number.")
    return values  # type: ignore[return-value]


def csv_text(rows: NDArray[np.int8]) -> bytes:
    """Rows of 0 and 1 as comma-separated lines."""
    n_rows, n_columns = rows.shape
    if not n_columns:
        return b"\n" * n_rows
    signs = np.full((n_rows, 2 * n_columns), _COMMA, dtype=np.uint8)
    signs[:, ::2] = rows.view(np.uint8) + np.uint8(_ZERO)
    signs[:, -1] = _END
    return signs.tobytes()


def _shorter(separator: bytes) -> list[tuple[bytes, bytes, bytes]]:
    """How cells become one byte each: a sign to look for, what is replaced where it occurs, and by what."""
    blanks = [] if separator == b" " else [(b" ", separator + b" ", separator)]
    quotes = [(b'"', b'"0"', b"0"), (b'"', b'"1"', b"1")]
    return [*quotes, *blanks, (b"+", b"+1", b"1"), (b"-", b"-1", b"0")]


def read(
    path: str | os.PathLike[str],
    *,
    n_inputs: int | None = None,
    layout: Layout | None = None,
    ports: Ports | None = None,
    by: By = By.AUTO,
) -> Items:
    """The items of a table.

    n_inputs   how many of the columns are inputs; needed unless the header says it (`in:…`, `out:…`)
    layout     what separates the cells, and whether there is a header; found out where it does not say it
    ports      names that tell the columns of a plain header apart: those of a circuit, for example

    Raises `FormatError` as csv_items.md lists it.
    """
    table = CsvTable.of(path, layout)
    columns = item_columns(table, n_inputs, ports, by)
    pieces = list(CsvRows(table, columns.inputs + columns.outputs, n_open=len(columns.outputs)))
    codes = np.concatenate(pieces)
    del pieces
    n_given = len(columns.inputs)
    inputs, outputs = codes[:, :n_given], codes[:, n_given:]
    care = outputs != OPEN
    true = np.int8(1)
    return Items(
        np.where(inputs == true, np.float32(1), np.float32(-1)),
        np.where(outputs == true, true, -true),
        InputKind.BITS if n_given else InputKind.UNKNOWN_BITS,
        n_unknown=None if n_given else (n_inputs or None),
        input_names=columns.input_names,
        output_names=columns.output_names,
        care=None if care.all() else care,
    )


def typed_header(items: Items, separator: str = ",") -> str:
    """The line that stands above the columns of such items, with its end."""
    text = io.StringIO()
    _writer(separator, text).writerow(
        [f"in:{name}" if name else "in" for name in items.input_names or [""] * items.n_columns]
        + [f"out:{name}" if name else "out" for name in items.output_names or [""] * items.n_outputs]
    )
    return text.getvalue()


def has_columns_of(path: str, items: Items, separator: str = ",") -> bool:
    """Whether a file begins with the header of such items."""
    header = typed_header(items, separator).encode()
    return both_ends(path, len(header))[0] == header


def has_tabbed_columns_of(path: str, items: Items) -> bool:
    """The same with tabs."""
    return has_columns_of(path, items, "\t")


def to_tabbed_text(items: Items) -> str:
    """The same with tabs."""
    return to_text(items, "\t")


def to_text(items: Items, separator: str = ",") -> str:
    """Items as 0/1 with a typed header, so that reading needs no `n_inputs`; - where a bit does not count.

    Raises `UsageError` for analog or one-hot inputs and for classes.
    """
    if (
        items.input_kind not in (InputKind.BITS, InputKind.UNKNOWN_BITS)
        or items.output_kind is not OutputKind.BITS
    ):
        raise UsageError(
            f"a .csv file holds bits, but these items have {items.input_kind} inputs and "
            f"{items.output_kind} outputs; write .dat or .npz."
        )
    text = io.StringIO()
    bits = (np.hstack([items.inputs, items.outputs]) > 0).astype(int).astype(object)
    if items.care is not None:
        bits[:, items.n_columns :][~items.care] = "-"
    _writer(separator, text).writerows(bits.tolist())
    return typed_header(items, separator) + text.getvalue()


def _writer(separator: str, text: io.StringIO) -> Any:
    return csv.writer(text, delimiter=separator, lineterminator="\n")

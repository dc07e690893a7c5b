"""Rows of bits as comma-separated text, piece by piece, for files larger than memory and for standard input.

Pieces of nothing but plain rows (0 and 1, or -1 and 1) are looked at as a whole; any other piece goes through
Python's `csv`, row by row, which also finds the line of what is wrong.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError

CELLS = {"0": 0, "1": 1, "-1": -1, "+1": 1}
LONGEST_LINE = 1 << 26
ROWS_A_PIECE = 4096
"""Rows that are read one by one before they are handed on."""
_COMMA, _END, _ZERO = b",\n0"
_SHORTER = ((b"\r", b"\r\n", b"\n"), (b" ", b", ", b","), (b"+", b"+1", b"1"), (b"-", b"-1", b"0"))
"""How cells become one byte each: a sign to look for, what is replaced where it occurs, and by what."""


class CsvRows:
    """The rows of a stream of bytes, int8 0/1 or ±1 in pieces; all pieces write false the same way.

    path      what messages call the stream
    n_inputs  values of a row; a first row without any number is a header, and its `out:` columns are left out
    Raises `FormatError`, while it iterates, with the line.
    """

    def __init__(self, path: str, pieces: Iterable[bytes], n_inputs: int) -> None:
        self.path, self.n_inputs = path, n_inputs
        self._texts = whole_lines(path, pieces)
        self._line = 0  # lines read so far
        self._is_output: list[bool] | None = None
        self._false: int | None = None

    def __iter__(self) -> Iterator[NDArray[np.int8]]:
        n_rows = 0
        for data in self._texts:
            for part in self._parts(data):
                n_rows += len(part)
                yield part
        if not n_rows:
            raise FormatError(self.path, None, f"there are no rows; give every item {self.n_inputs} bits.")

    def _parts(self, data: bytes) -> Iterator[NDArray[np.int8]]:
        while (
            data and self._is_output is None and b'"' not in data
        ):  # the first row says what the columns are
            cut = data.index(b"\n") + 1
            yield from self._one_by_one(data[:cut])
            data = data[cut:]
        piece = self._plain(data)
        if piece is None:
            yield from self._one_by_one(data)
        else:
            self._line += len(piece)
            yield piece

    # a piece as a whole

    def _plain(self, data: bytes) -> NDArray[np.int8] | None:
        """The rows, where every cell is one digit and false is written as before; None for any other text."""
        if self._is_output is None or self._is_output.count(False) != self.n_inputs:
            return None
        signs = b"-" in data
        if signs and b"0" in data:
            return None
        for sign, long, short in _SHORTER:
            if sign in data:  # to look for one byte is much quicker than to replace two
                data = data.replace(long, short)
        width = 2 * len(self._is_output)
        if not width or len(data) % width:
            return None
        letters = np.frombuffer(data, dtype=np.uint8).reshape(-1, width)
        digits = letters[:, ::2]
        if self.n_inputs != len(self._is_output):
            digits = digits[:, ~np.array(self._is_output)]
        plain = (
            (letters[:, 1:-1:2] == _COMMA).all()
            and (letters[:, -1] == _END).all()
            and (digits >> 1 == _ZERO >> 1).all()
        )
        false = -1 if signs else 0
        if not plain or (self._false not in (None, false)):
            return None
        bits = (digits & 1).astype(np.int8)
        if self._false is None and not bits.all():
            self._false = false
        return bits * 2 - 1 if signs else bits

    # row by row

    def _one_by_one(self, data: bytes) -> Iterator[NDArray[np.int8]]:
        before = self._line
        lines: Iterable[str] = self._lines(data)
        if b'"' in data:  # a quoted cell may go on in the next piece
            lines = chain(lines, (line for rest in self._texts for line in self._lines(rest)))
        reader = csv.reader(lines, skipinitialspace=True)
        rows: list[list[int]] = []
        try:
            for cells in filter(None, reader):
                row = self._row(before + reader.line_num, cells)
                rows += [] if row is None else [row]
                if len(rows) == ROWS_A_PIECE:
                    yield np.array(rows, dtype=np.int8)
                    rows = []
        except csv.Error as error:
            message = f"the row is no comma-separated text ({error})."
            raise FormatError(self.path, before + reader.line_num, message) from error
        if rows:
            yield np.array(rows, dtype=np.int8)

    def _lines(self, data: bytes) -> list[str]:
        """The piece as lines, which count as read."""
        try:
            text = data.decode("utf-8")
            if "\0" in text:
                raise ValueError(text.index("\0"))
        except UnicodeDecodeError as error:
            line, found = data.count(b"\n", 0, error.start), f"0x{data[error.start]:02x}"
            message = f"found the byte {found}, which is not UTF-8 text; save the file as UTF-8."
            raise FormatError(self.path, self._line + line + 1, message) from error
        except ValueError as error:
            line = text.count("\n", 0, error.args[0])
            message = "found a zero byte, expected text; this looks like a binary file."
            raise FormatError(self.path, self._line + line + 1, message) from error
        lines = text.splitlines()
        self._line += len(lines)
        return lines

    def _row(self, line: int, cells: list[str]) -> list[int] | None:
        """The inputs of a row, None for the header."""
        if self._is_output is None:
            self._is_output = [cell.partition(":")[0] == "out" for cell in cells]
            if not any(map(_is_number, cells)):
                return None
        if len(cells) != len(self._is_output):
            message = f"the row has {len(cells)} values, but the first row has {len(self._is_output)}."
            raise FormatError(self.path, line, message)
        given = [cell.strip() for cell, output in zip(cells, self._is_output, strict=True) if not output]
        if len(given) != self.n_inputs:
            message = f"the row has {len(given)} values, but the circuit has {self.n_inputs} inputs."
            raise FormatError(self.path, line, message)
        for cell in given:
            if cell not in CELLS:
                raise FormatError(self.path, line, f"found {cell[:40]!a}, expected 0/1 or -1/+1.")
        row = [CELLS[cell] for cell in given]
        for false in {0, -1}.intersection(row):
            if self._false not in (None, false):
                raise FormatError(
                    self.path, line, "0 and -1 both stand in the rows, so false is unclear; use one of them."
                )
            self._false = false
        return row


def whole_lines(path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut at ends of lines, without a byte order mark; the last line ends, too."""
    waiting: list[bytes] = []
    length, first = 0, True
    for piece in pieces:
        cut = piece.rfind(b"\n") + 1
        waiting.append(piece[:cut] if cut else piece)
        length += len(waiting[-1])
        if not cut and length > LONGEST_LINE:
            raise FormatError(path, None, f"a line is longer than {LONGEST_LINE} bytes; this is no table.")
        if cut:
            data = b"".join(waiting)
            yield data.removeprefix(b"\xef\xbb\xbf") if first else data
            waiting, length, first = [piece[cut:]], len(piece) - cut, False
    data = b"".join(waiting)
    if first:
        data = data.removeprefix(b"\xef\xbb\xbf")
    if data:
        yield data + b"\n"


def csv_text(rows: NDArray[np.int8]) -> bytes:
    """Rows of 0 and 1 as comma-separated lines."""
    n_rows, n_columns = rows.shape
    if not n_columns:
        return b"\n" * n_rows
    signs = np.full((n_rows, 2 * n_columns), _COMMA, dtype=np.uint8)
    signs[:, ::2] = rows.view(np.uint8) + np.uint8(_ZERO)
    signs[:, -1] = _END
    return signs.tobytes()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

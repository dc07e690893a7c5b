"""`CsvTable`: a table of text as a stream, its header found out; what all readers of .csv have in common."""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from btfnet.errors import FormatError
from btfnet.files.reading import pieces_that_fit
from btfnet.files.text import utf8
from btfnet.formats.csv.layout import (
    SAMPLE_BYTES,
    Layout,
    candidates,
    is_counted,
    is_header,
    may_be_words,
    reader,
    separator_of,
)

LONGEST_LINE = 1 << 26
"""Bytes; what has no line end for so long is no table."""
_NO_TEXT = {
    b"PK\x03\x04": "a workbook of Excel or another zip archive; save the sheet as .csv",
    b"\xd0\xcf\x11\xe0": "an old workbook of Excel; save the sheet as .csv",
    b"\x1f\x8b": "compressed by gzip; unpack it first",
    b"PAR1": "a Parquet file; write the table as .csv",
}
_UTF_8, _UTF_16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")


def whole_lines(path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same text, cut at ends of lines that are no part of a quoted cell; every line ends with LF.

    Raises `FormatError` for text that cannot be decoded, and for lines longer than `LONGEST_LINE`.
    """
    waiting: list[bytes] = []
    length, quotes = 0, 0
    for piece in _line_feeds(_utf8(path, pieces)):
        cut = piece.rfind(b"\n") + 1
        waiting.append(piece[:cut] if cut else piece)
        length += len(waiting[-1])
        quotes += _quotes(waiting[-1])
        whole = cut and not quotes % 2
        if not whole and length > LONGEST_LINE:
            raise FormatError(
                path,
                None,
                f"a line, or a quoted cell, is longer than {LONGEST_LINE} bytes; this is no table.",
            )
        if not whole:
            waiting.append(piece[cut:] if cut else b"")
            length, quotes = length + len(waiting[-1]), quotes + _quotes(waiting[-1])
            continue
        yield b"".join(waiting)
        rest = piece[cut:]
        waiting, length, quotes = [rest], len(rest), _quotes(rest)
    data = b"".join(waiting)
    if data:
        yield data if data.endswith(b"\n") else data + b"\n"


def _quotes(data: bytes) -> int:
    return data.count(b'"') if b'"' in data else 0  # to look for a byte is much quicker than to count it


def _utf8(path: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes without a byte order mark; UTF-16, marked or recognised by its zero bytes, as UTF-8."""
    pieces = iter(pieces)
    start = b""
    for piece in pieces:
        start += piece
        if len(start) >= 4:
            break
    for magic, what in _NO_TEXT.items():
        if start.startswith(magic):
            raise FormatError(path, None, f"this is no text, but {what}.")
    if start.startswith(_UTF_16) or _looks_like_utf_16(start):
        yield from _from_utf_16(path, start, pieces)
        return
    if start:
        yield start.removeprefix(_UTF_8)
    yield from pieces


def _looks_like_utf_16(start: bytes) -> bool:
    """Two plain characters, each beside a zero byte on the same side."""
    zeros = [byte == 0 for byte in start[:4]]
    return zeros in ([True, False, True, False], [False, True, False, True])


def _from_utf_16(path: str, start: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    marked = start.startswith(_UTF_16)
    little = start.startswith(_UTF_16[0]) if marked else start[0] != 0
    decoder = codecs.getincrementaldecoder("utf-16-le" if little else "utf-16-be")()
    piece, last = start[2:] if marked else start, False
    while not last:
        following = next(pieces, None)
        last = following is None
        try:
            yield decoder.decode(piece, last).encode("utf-8")
        except (UnicodeDecodeError, UnicodeEncodeError) as error:
            raise FormatError(
                path, None, f"this is no UTF-16 text ({error.reason}); save it as UTF-8."
            ) from error
        piece = following or b""


def _line_feeds(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """CR LF and CR become LF, also where a piece ends between the two."""
    after_return = False
    for given in pieces:
        piece = given[1:] if after_return and given.startswith(b"\n") else given
        after_return = given.endswith(b"\r") or (after_return and not given)
        if b"\r" in piece:
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield piece


READ_BYTES = 1 << 20
ITEM_BYTES = 6.0
"""Bytes of memory for each byte of a table: a cell is two of them, and becomes a float32 and a few int8."""
_LEAVE_IT_OUT = "eave it out (pandas: to_csv(…, index=False); R: row.names = FALSE)"
INDEX_ADVICE = f"it looks like an index that counts the rows. L{_LEAVE_IT_OUT}"
OR_INDEX = f"If the column counts the rows, l{_LEAVE_IT_OUT}."
_DIRECTIVE = re.compile(rb'"?sep=([^"\n])"?[;,]*\n', re.IGNORECASE)
"""Excel's own first line, which names the separator."""


class CsvTable:
    """The rows of a stream of bytes, below a header that may be there.

    separator   one sign
    header      the cells of the header, None without one; those of one that only counts are empty
    width       cells of the first row
    line        the line of the header, or of the first row

    Reads as far as the first row (the second, where the first may be a header). Raises `FormatError` where there
    is no row, where the layout is unclear, and, while it iterates, with the line of what is no table.
    """

    def __init__(self, path: str, pieces: Iterable[bytes], layout: Layout | None = None) -> None:
        self.path = path
        self._texts = whole_lines(path, pieces)
        self._data, self._line = b"", 1  # what was read and not handed out, and the line where it begins
        layout = layout or Layout()
        self.separator = self._directive() or layout.separator or ""
        if not self._fill():
            raise FormatError(
                path, None, "the file is empty: there are no rows; expected one row for each item."
            )
        if layout.separator:
            self.separator = layout.separator
        elif not self.separator:
            if len(candidates(self._sample())) > 1 and not self._has_row(self._data.index(b"\n")):
                self._data += next(self._texts, b"")
            self.separator = separator_of(path, self._line, self._sample())
        self.line = self._line
        self.header, self.width = self._first_row(layout.header)

    @classmethod
    def of(cls, path: str | os.PathLike[str], layout: Layout | None = None) -> CsvTable:
        """The table of a file that becomes items, as a whole: refused where it does not fit into memory."""
        return cls(str(path), pieces_that_fit(path, READ_BYTES, per_byte=ITEM_BYTES), layout)

    def lines_of(self, items: Sequence[int]) -> tuple[int, ...]:
        """The lines on which items (from 1, ascending) stand; fewer where the file has changed."""
        wanted = set(items)
        numbered = ((number, line) for number, (line, _) in enumerate(self.rows(), start=1))
        return tuple(islice((line for number, line in numbered if number in wanted), len(wanted)))

    def pieces(self) -> Iterator[bytes]:
        """Whole rows in UTF-8; whoever takes them calls `cells` or `passed` for each, so that lines are known."""
        while self._data:
            data, self._data = self._data, b""
            yield data
            self._data = next(self._texts, b"")

    def passed(self, n_lines: int) -> None:
        """So many lines of a piece were looked at."""
        self._line += n_lines

    def check_width(self, line: int, item: int, cells: list[str]) -> None:
        """Raise `FormatError` where an item (from 1) has more or fewer cells than the first row."""
        if len(cells) == self.width:
            return
        hint = ""
        if len(cells) == self.width + 1 and not cells[-1].strip():
            hint = f" The line ends with {self.separator!a}, as if another cell followed: remove it."
        elif len(cells) == self.width + 1 and self.header:
            hint = " The first column may be an index without a name, as R writes it: leave it out."
        raise FormatError(
            self.path,
            line,
            f"item {item} has {len(cells)} values, but the first row has {self.width}; "
            f"give it {self.width}.{hint}",
        )

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The cells of every row that is not blank, with the line on which it ends."""
        for data in self.pieces():
            yield from self.cells(data)

    def cells(self, data: bytes) -> Iterator[tuple[int, list[str]]]:
        """The same for one piece."""
        yield from self._parsed(self._line, data)
        self.passed(data.count(b"\n"))

    def _parsed(self, line: int, data: bytes) -> Iterator[tuple[int, list[str]]]:
        rows = reader(utf8(self.path, data, line), self.separator)
        try:
            for row in rows:
                if row and (len(row) > 1 or row[0].strip() or self.width == 1):
                    yield line + rows.line_num - 1, row
        except csv.Error as error:
            where = line + max(rows.line_num, 1) - 1
            raise FormatError(self.path, where, f"the row is no comma-separated text ({error}).") from error

    def name(self, column: int) -> str:
        """A column for a message: its number, from 1, and its name."""
        title = self.header[column] if self.header and column < len(self.header) else ""
        title = title.removeprefix("in:").removeprefix("out:").strip()
        return f"column {column + 1} ({title[:40]!a})" if title else f"column {column + 1}"

    def _directive(self) -> str | None:
        self._data = next(self._texts, b"")
        directive = _DIRECTIVE.match(self._data)
        if not directive:
            return None
        self._data, self._line = self._data[directive.end() :], 2
        return directive[1].decode("latin-1")

    def _fill(self) -> bool:
        """Leave blank lines behind, and see to it that a row is there; False at the end."""
        while True:
            blank = len(self._data) - len(self._data.lstrip(b" \n"))
            cut = self._data.rfind(b"\n", 0, blank) + 1
            self._line, self._data = self._line + self._data.count(b"\n", 0, cut), self._data[cut:]
            if self._data:
                return True
            self._data = next(self._texts, b"")
            if not self._data:
                return False

    def _sample(self) -> str:
        cut = self._data.rfind(b"\n", 0, SAMPLE_BYTES) + 1 or self._data.index(b"\n") + 1
        return utf8(self.path, self._data[:cut], self._line)

    def _first_row(self, given: bool | None) -> tuple[tuple[str, ...] | None, int]:
        """The header, if the first row is one, which is then left behind; and the width."""
        cells, end = self._row_at(0)
        width = len(cells)
        if given is None:
            given = is_header(self.path, self._line, cells, None) if not self._may_be_either(cells) else None
        if given is None:
            if not self._has_row(end):  # only then is the next row waited for
                self._data += next(self._texts, b"")
            following = self._row_at(end)[0] if self._has_row(end) else None
            given = is_header(self.path, self._line, cells, following)
        if not given:
            return None, width
        counted = is_counted(cells) and bool(cells[0].strip())
        self._line, self._data = self._line + self._data.count(b"\n", 0, end), self._data[end:]
        if not self._fill():
            raise FormatError(
                self.path,
                self.line,
                "found a header, but no items below it: there are no rows; expected one row for each item.",
            )
        return tuple("" if counted or not cell.strip() else cell for cell in cells), width

    def _has_row(self, start: int) -> bool:
        """Whether a row that is not blank begins at or behind a place in the data."""
        return bool(self._data[start:].strip(b" \n"))

    def _may_be_either(self, cells: list[str]) -> bool:
        texts = [cell.strip() for cell in cells]
        return texts == ["0", "1"] or may_be_words(texts)

    def _row_at(self, start: int) -> tuple[list[str], int]:
        """The cells of the first row that begins at a place in the data, and where it ends."""
        self.width = 0
        end, quotes = start, 0
        while True:
            line_end = self._data.index(b"\n", end) + 1
            quotes += self._data.count(b'"', end, line_end)
            end = line_end
            if quotes % 2 == 0 and self._data[start:end].strip(b" \n"):
                break
            if end == len(self._data):
                break
        line = self._line + self._data.count(b"\n", 0, start)
        rows = list(self._parsed(line, self._data[start:end]))
        return (rows[0][1] if rows else []), end

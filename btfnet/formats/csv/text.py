"""The bytes of a table as whole lines of UTF-8, whatever its byte order marks, encoding and line ends."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

from btfnet.errors import FormatError

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

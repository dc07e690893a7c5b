"""Reading text files: bytes, UTF-8, and whitespace-separated words that know their line."""

from __future__ import annotations

import os
import re
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError
from btfnet.files.reading import read_bytes
from btfnet.printable import shown

TEXT_BYTES = 8
"""Bytes of memory for each byte of a text: the bytes, the characters, and its lines or words."""
WORD_BYTES = 20
"""The same where every second byte is a word that becomes a number."""
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def read_text(path: str | os.PathLike[str], *, per_byte: float = TEXT_BYTES) -> str:
    """The file's content as text; a UTF-8 byte order mark is dropped.

    per_byte   as for `read_bytes`
    Raises `FormatError`, with the line, when the file is not UTF-8 text.
    """
    return decoded(path, read_bytes(path, per_byte=per_byte))


def decoded(path: str | os.PathLike[str], data: bytes) -> str:
    """What `read_text` gives for a file with this content."""
    return utf8(path, data.removeprefix(b"\xef\xbb\xbf"))


def utf8(path: str | os.PathLike[str], data: bytes, line: int = 1) -> str:
    """The text of a part of a file that begins on that line. Raises `FormatError` where it is no UTF-8 text."""
    zero = data.find(b"\0")
    if zero >= 0:
        raise FormatError(
            path,
            line + data.count(b"\n", 0, zero),
            "found a zero byte, expected text; this looks like a binary file.",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"0x{data[error.start]:02x}"
        raise FormatError(
            path,
            line + data.count(b"\n", 0, error.start),
            f"found the byte {found}, which is not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8).",
        ) from error


class Words:
    """The whitespace-separated words of an ASCII file.

    Raises `FormatError` as `read_text` does, and when the file holds a word that is not ASCII.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = path
        self.text = read_text(path, per_byte=WORD_BYTES)
        self.list = self.text.split()
        if not self.text.isascii():
            index = next(
                index for index, word in enumerate(self.list + [""]) if not word.isascii() or not word
            )
            self.fail(index, "expected numbers in ASCII digits.")

    def __len__(self) -> int:
        return len(self.list)

    def line(self, index: int) -> int:
        """The line, from 1, of a word; of the file's last word when there is no such word."""
        seen, last = 0, 1
        for number, line in enumerate(self.text.split("\n"), start=1):
            here = len(line.split())
            if index < seen + here:
                return number
            seen, last = seen + here, number if here else last
        return last

    def fail(self, index: int, expected: str) -> NoReturn:
        """Raise a `FormatError` about the word at an index."""
        found = f"found {shown(self.list[index])}" if index < len(self.list) else "the file ends here"
        raise FormatError(self.path, self.line(index), f"{found}; {expected}")

    def whole(self, index: int, expected: str, low: int, high: int) -> int:
        """The whole number at an index; `expected` says in an error what should stand there."""
        if index >= len(self.list) or not _WHOLE.fullmatch(self.list[index]):
            self.fail(index, f"expected {expected}.")
        value = int(self.list[index])
        if not low <= value <= high:
            self.fail(index, f"expected {expected}, from {low} to {high}.")
        return value

    def numbers(self, start: int, step: int = 1) -> NDArray[np.float64]:
        """Every step-th word from an index to the end, as finite numbers; (ceil((len - start) / step),)."""
        words = self.list[start::step]
        try:
            values = np.fromiter(map(float, words), dtype=np.float64, count=len(words))
        except ValueError:
            values = np.full(len(words), np.nan)
        if not np.isfinite(values).all() or "_" in self.text:
            for place, word in enumerate(words):
                if not _NUMBER.fullmatch(word) or not np.isfinite(float(word)):
                    self.fail(start + place * step, "expected a finite number such as 1 or 0.25.")
        return values

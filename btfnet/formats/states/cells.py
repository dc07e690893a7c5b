"""How a cell is spelled in a text: a sign of its own, or a number among separators."""

from __future__ import annotations

import re
from typing import NoReturn

import numpy as np

from btfnet.errors import FormatError
from btfnet.files.reading import Path
from btfnet.formats.states.snapshots import Cells
from btfnet.printable import shown
from btfnet.rules.observations import DIGITS, MAX_STATES, UNKNOWN, UNKNOWN_SIGNS

LIFE = {".": 0, "O": 1, "o": 1, "*": 1}
"""As programs of Life write dead and living cells."""
NO_CELL = -2
EXPECTED = "expected 0 to 9 or a to f for a state, - or ? for an unknown one"
_SEPARATOR = re.compile(r"[,;\t]")
_NUMBER = re.compile(r"[-+]?\d+\.\d*([eE][-+]?\d+)?")
_UNKNOWN = frozenset((*UNKNOWN_SIGNS, "-1", "nan", "na", ""))
_LONGEST = 40
"""Characters of a number."""


def _signs() -> Cells:
    table = np.full(256, NO_CELL, dtype=np.int8)
    for value, digit in enumerate(DIGITS):
        table[[ord(digit), ord(digit.upper())]] = value
    table[[ord(sign) for sign in UNKNOWN_SIGNS]] = UNKNOWN
    for sign, value in LIFE.items():
        table[ord(sign)] = value
    return table


_SIGNS = _signs()


class Line:
    """A line of a file, whose cells are to be told.

    Raises `FormatError` with file, line, and what was found.
    """

    def __init__(self, path: Path, number: int, text: str) -> None:
        self.path, self.number, self.text = path, number, text

    def fail(self, message: str) -> NoReturn:
        raise FormatError(self.path, self.number, message)

    def cells(self) -> Cells:
        """Cells that are cut by commas, semicolons or tabs are numbers; others are signs, blanks between them or
        not, but for lines of numbers such as `-1`, `nan` and `1.0e+00` among single signs.
        """
        if _SEPARATOR.search(self.text):
            words = [word.strip() for word in _SEPARATOR.split(self.text)]
            return self._numbers(words[:-1] if not words[-1] else words)
        words = self.text.split()
        if len(words) > 1 and all(_is_one_cell(word) for word in words):
            return self._numbers(words)
        return self._signs("".join(words))

    def _signs(self, signs: str) -> Cells:
        if not signs.isascii():
            self._refuse(next(sign for sign in signs if not sign.isascii()))
        cells = _SIGNS[np.frombuffer(signs.encode("ascii"), dtype=np.uint8)]
        wrong = np.flatnonzero(cells == NO_CELL)
        if len(wrong):
            self._refuse(signs[wrong[0]])
        return cells

    def _numbers(self, words: list[str]) -> Cells:
        return np.array([self._number(word) for word in words], dtype=np.int8)

    def _number(self, word: str) -> int:
        if word.lower() in _UNKNOWN:
            return UNKNOWN
        if len(word) == 1 and word.isascii():
            value = float(_SIGNS[ord(word)])
        elif len(word) < _LONGEST and (_NUMBER.fullmatch(word) or (word.isascii() and word.isdigit())):
            value = float(word)
        else:
            value = NO_CELL
        if value == UNKNOWN:
            return UNKNOWN
        if not 0 <= value < MAX_STATES or value != int(value):
            self._refuse(word)
        return int(value)

    def _refuse(self, found: str) -> NoReturn:
        self.fail(f"found {shown(found)}; {EXPECTED}.")


def _is_one_cell(word: str) -> bool:
    return len(word) == 1 or word.lower() in _UNKNOWN or _NUMBER.fullmatch(word[:_LONGEST]) is not None

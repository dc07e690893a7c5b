"""Rows that come piece by piece: packed into columns of bits, and spelled alike throughout."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import WORD_BITS, pack_bits, words_for
from btfnet.problem.values import booleans

PIECE = 1 << 20
"""Values of a piece: they and what is made of them stay in the processor's caches."""


def rows_of_piece(n_columns: int) -> int:
    """Rows of so many values that make a piece: whole words."""
    return max(WORD_BITS, PIECE // max(1, n_columns) // WORD_BITS * WORD_BITS)


class Packer:
    """Columns of bits that fill up piece by piece.

    columns   uint64, (n_columns, n_words)
    piece     a good number of rows to add at a time
    """

    def __init__(self, n_items: int, n_columns: int) -> None:
        self.columns = np.zeros((n_columns, words_for(n_items)), dtype=np.uint64)
        self.n_items, self.piece = n_items, rows_of_piece(n_columns)
        self._filled = 0
        self._rest = np.zeros((0, n_columns), dtype=bool)

    def add(self, bits: NDArray[np.bool_]) -> None:
        """The next rows, however many; (n, n_columns) bool."""
        rows = np.concatenate([self._rest, bits]) if len(self._rest) else bits
        ends = self._filled + len(rows) >= self.n_items
        whole_words = len(rows) if ends else len(rows) // WORD_BITS * WORD_BITS
        if whole_words:
            words = pack_bits(rows[:whole_words])
            start = self._filled // WORD_BITS
            self.columns[:, start : start + words.shape[1]] = words
            self._filled += whole_words
        self._rest = rows[whole_words:]


class Spelling:
    """How Booleans are spelled over many pieces: 0/1 or ±1 throughout, as `booleans` wants it of one array."""

    def __init__(self, where: str) -> None:
        self.where, self._zeros, self._minus = where, False, False

    def signs(self, rows: NDArray[Any], first: int) -> NDArray[np.int8]:
        """A piece as ±1, its first row being of that number, from 0."""
        signs = booleans(rows, self.where, first=first)
        if rows.dtype != bool:
            false = rows[signs < 0]
            self._zeros |= bool((false == 0).any())
            self._minus |= bool((false == -1).any())
        return signs

    def check(self) -> None:
        """Raise `DataError` where some piece has 0 and another one -1."""
        if self._zeros and self._minus:
            booleans(np.array([[0, -1]]), self.where)

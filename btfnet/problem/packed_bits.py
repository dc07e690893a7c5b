"""`PackedBits`: rows of Booleans, kept as columns of bits, for more items than memory holds as numbers.

A bit takes a bit, where an array of Booleans takes a byte and one of floats four. Nothing here makes all items
dense at once but `np.asarray` and `signs`: what is read, checked or handed on goes piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import need, said, whole
from btfnet.errors import CapacityError, DataError
from btfnet.kernels.bits import WORD_BITS, pack_bits, pad_mask, unpack_bits, words_for
from btfnet.machine import SHARE, available_bytes
from btfnet.problem.packing import Packer, Spelling, rows_of_piece
from btfnet.problem.read_only import ReadOnly
from btfnet.problem.values import SIGNS, check_values, matrix, regular

MOST_DENSE = 1 << 26
"""Values of inputs that items keep as numbers (256 MiB of them); more bits are packed, whoever gives them."""


@dataclass(frozen=True, eq=False)
class PackedBits(ReadOnly):
    """Rows of Booleans, one an item, 64 items to a word of a column: as inputs of `Items` and `Problem.from_bits`.

    column_words   uint64, (n_columns, n_words): item i is bit i % 64 of word i // 64, the least significant bit
                   being bit 0; bits beyond the last item do not count. A memory map stays one where they are 0
    n_items        how many items there are

    `np.asarray` gives them as bool, (n_items, n_columns). Raises `DataError` where words and items do not fit.
    """

    column_words: NDArray[np.uint64]
    n_items: int

    def __post_init__(self) -> None:
        need("PackedBits", n_items=(self.n_items, whole(0)))
        columns = regular("column_words", self.column_words)
        if columns.dtype != np.uint64 or columns.ndim != 2 or columns.shape[1] != words_for(self.n_items):
            raise DataError(
                f"column_words is {said(columns)}; expected uint64, (n_columns, "
                f"{words_for(self.n_items)}) for {self.n_items} items."
            )
        last = pad_mask(self.n_items)[-1:]
        if (columns[:, columns.shape[1] - 1 :] & ~last).any():
            columns = columns.copy()
            columns[:, -1] &= last
        columns = columns.view()
        columns.flags.writeable = False
        object.__setattr__(self, "column_words", columns)
        object.__setattr__(self, "n_items", int(self.n_items))

    @classmethod
    def from_rows(cls, rows: ArrayLike) -> Self:
        """From rows of 0/1, ±1 or bool, (n_items, n_columns), such as a memory-mapped `.npy`; read piece by piece.

        Raises `DataError` naming the first row that holds anything else.
        """
        return cls._packed("rows", matrix("rows", rows, "0/1, -1/+1 or bool"))

    @classmethod
    def from_words(cls, words: NDArray[np.uint64], n_columns: int) -> Self:
        """From rows of words, such as `Circuit.predict` takes them: column j is bit j % 64 of word j // 64.

        words   uint64, (n_items, ceil(n_columns / 64)), a memory map for example; read piece by piece
        Raises `DataError` for another type or shape.
        """
        need("from_words", n_columns=(n_columns, whole(1)))
        array = regular("words", words)
        n_words = words_for(n_columns)
        if array.dtype != np.uint64 or array.ndim != 2 or array.shape[1] != n_words or not len(array):
            raise DataError(
                f"words is {said(array)}; expected packed words: uint64, (n_items, {n_words}) for {n_columns} "
                f"columns."
            )
        packer = Packer(len(array), n_columns)
        for first in range(0, len(array), packer.piece):
            packer.add(_bits_of(array[first : first + packer.piece], n_columns))
        return cls(packer.columns, len(array))

    @classmethod
    def _packed(
        cls, where: str, array: NDArray[Any], check: Callable[..., NDArray[Any]] | None = None
    ) -> Self:
        """Rows that `check` makes ±1, or refuses; 0/1 and ±1 where that is None."""
        if not array.size:
            raise DataError(f"{where} is {said(array)}; expected a row for each item.")
        packer = Packer(*array.shape)
        spelling = Spelling(where)
        for first in range(0, len(array), packer.piece):
            rows = array[first : first + packer.piece]
            packer.add((spelling.signs(rows, first) if check is None else check(rows, first)) > 0)
        spelling.check()
        return cls(packer.columns, len(array))

    def keys(self) -> NDArray[Any]:
        """(n_items,): equal where rows are, and in the order of the rows' ±1 as bytes of floats, +1 first."""
        n_columns = len(self.column_words)
        octets = np.zeros((self.n_items, 8 if n_columns <= WORD_BITS else -(-n_columns // 8)), dtype=np.uint8)
        for first, rows in self.pieces():
            false = np.packbits(~rows, axis=1)
            octets[first : first + len(rows), : false.shape[1]] = false
        if n_columns <= WORD_BITS:
            return octets.view(">u8")[:, 0].astype(np.uint64)
        return octets.view(np.dtype((np.void, octets.shape[1])))[:, 0]

    def signs(self) -> NDArray[np.float32]:
        """As ±1, read-only float32, (n_items, n_columns). Raises `CapacityError` where that does not fit."""
        needed, free = 4 * self.n_items * len(self.column_words), available_bytes()
        if free is not None and needed > SHARE * free:
            raise CapacityError(
                f"{self.n_items} items of {len(self.column_words)} inputs take {needed / 2**30:.1f} GiB of memory "
                f"as numbers, but {free / 2**30:.1f} GiB are free.\nGate descent needs them as bits only: choose "
                f"the engine descent, or fewer items."
            )
        signs = np.empty(self.shape, dtype=np.float32)
        for first, rows in self.pieces():
            signs[first : first + len(rows)] = np.where(rows, np.float32(1), np.float32(-1))
        signs.flags.writeable = False
        return signs

    # -- views ----------------------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, int]:
        """Items and columns."""
        return self.n_items, len(self.column_words)

    def __len__(self) -> int:
        return self.n_items

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return self.dense().astype(dtype or np.bool_, copy=False)

    def __repr__(self) -> str:
        return f"<PackedBits: {self.n_items} items, {len(self.column_words)} columns>"

    def dense(self, first: int = 0, last: int | None = None) -> NDArray[np.bool_]:
        """The items first … last - 1, as bool, (last - first, n_columns)."""
        last = self.n_items if last is None else min(last, self.n_items)
        start = first // WORD_BITS
        words = self.column_words[:, start : words_for(last)]
        bits = unpack_bits(words, last - WORD_BITS * start)
        return np.ascontiguousarray(bits[first - WORD_BITS * start :])

    def row_words(self) -> NDArray[np.uint64]:
        """Rows of words, uint64, (n_items, ceil(n_columns / 64)): what `from_words` takes."""
        octets = np.zeros((self.n_items, 8 * words_for(len(self.column_words))), dtype=np.uint8)
        for first, rows in self.pieces():
            packed = np.packbits(rows, axis=1, bitorder="little")
            octets[first : first + len(rows), : packed.shape[1]] = packed
        return octets.view("<u8").astype(np.uint64, copy=False)

    def pieces(self) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        """All items, some at a time: the number of the first, and their rows."""
        step = rows_of_piece(len(self.column_words))
        for first in range(0, self.n_items, step):
            yield first, self.dense(first, first + step)

    def some(self, which: slice | NDArray[np.intp]) -> PackedBits:
        """The items with these numbers, from 0, in this order."""
        if isinstance(which, slice) and which.step in (None, 1):
            first, last, _ = which.indices(self.n_items)
            if (first, last) == (0, self.n_items):
                return self
            return PackedBits(self._words_between(first, max(first, last)), max(0, last - first))
        chosen = np.arange(self.n_items)[which]
        columns = np.empty((len(self.column_words), words_for(chosen.size)), dtype=np.uint64)
        for place, column in enumerate(self.column_words):  # one after another: each takes a byte for an item
            columns[place] = pack_bits(unpack_bits(column[None], self.n_items)[chosen])[0]
        return PackedBits(columns, chosen.size)

    def _words_between(self, first: int, last: int) -> NDArray[np.uint64]:
        """Words of the items first … last - 1, and of some after them; a view where the first begins a word."""
        start, shift = divmod(first, WORD_BITS)
        if first >= last:
            return self.column_words[:, :0]
        words = self.column_words[:, start : words_for(last)]
        if not shift:
            return words
        lower = words >> np.uint64(shift)
        lower[:, :-1] |= words[:, 1:] << np.uint64(WORD_BITS - shift)
        return lower[:, : words_for(last - first)]

    def of_columns(self, which: ArrayLike) -> PackedBits:
        """The columns with these numbers, from 0, in this order."""
        return PackedBits(self.column_words[np.asarray(which)], self.n_items)

    def joined(self, *others: PackedBits) -> PackedBits:
        """These items and others of as many columns after them."""
        parts = (self, *others)
        packer = Packer(sum(part.n_items for part in parts), len(self.column_words))
        for part in parts:
            for _, rows in part.pieces():
                packer.add(rows)
        return PackedBits(packer.columns, packer.n_items)


Bits = NDArray[np.bool_] | PackedBits
"""Rows of Booleans, one an item, in either form."""


def packed(bits: Bits) -> PackedBits:
    """Rows of Booleans as packed ones."""
    return bits if isinstance(bits, PackedBits) else PackedBits(pack_bits(bits), len(bits))


def columns_of(bits: Bits) -> NDArray[np.uint64]:
    """Rows of Booleans as columns of bits: what `pack_bits` makes of them."""
    return bits.column_words if isinstance(bits, PackedBits) else pack_bits(bits)


def bits_joined(one: Bits, other: Bits) -> Bits:
    """Items and others of as many columns after them; packed where some are."""
    if isinstance(one, PackedBits) or isinstance(other, PackedBits):
        return packed(one).joined(packed(other))
    return np.concatenate([one, other])


def side_by_side(*parts: Bits) -> PackedBits:
    """Columns of the same items, one lot after another."""
    return PackedBits(np.concatenate([columns_of(part) for part in parts]), len(parts[0]))


def pack_signs(where: str, array: NDArray[Any]) -> PackedBits:
    """Rows of ±1. Raises `DataError` naming the first row that holds anything else."""

    def checked(rows: NDArray[Any], first: int) -> NDArray[Any]:
        check_values(rows, (rows == 1) | (rows == -1), SIGNS, first)
        return rows

    return PackedBits._packed(where, array, checked)


def pack_booleans(where: str, array: NDArray[Any]) -> PackedBits:
    """Rows of 0/1, ±1 or bool, (n_items, n_columns). Raises `DataError` as `booleans` does."""
    return PackedBits._packed(where, array)


def _bits_of(words: NDArray[np.uint64], n_columns: int) -> NDArray[np.bool_]:
    octets = np.ascontiguousarray(words, dtype="<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, count=n_columns, bitorder="little").view(bool)

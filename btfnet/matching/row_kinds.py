"""The convention of values that all predictions share: outputs are of the kind of the rows that came in.

    kind     rows                                         outputs
    bool     bool                                         bool
    bits     numbers 0 and 1                              int8, 0 and 1
    signs    numbers -1 and 1, of which a -1 occurs       int8, -1 and 1
    words    uint64: 64 columns to a word, packed         uint64, packed likewise

Rows of nothing but ones are bits unless `kind="signs"` says otherwise.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import said
from btfnet.errors import DataError, UsageError
from btfnet.kernels.bits import pack_bits, unpack_bits, words_for

Kind = Literal["bool", "bits", "signs", "words"]
"""Kinds of rows: bool, 0/1, ±1, 64 columns to a word."""


def checked_kind(kind: str | None) -> Kind | None:
    """The kind that a caller asks for. Raises `UsageError` for an unknown one."""
    if kind is not None and not (isinstance(kind, str) and kind in get_args(Kind)):
        raise UsageError(
            f"kind is {said(kind)}, and there is no such kind of rows; known are {', '.join(get_args(Kind))}."
        )
    return kind  # type: ignore[return-value]


def kind_of(rows: ArrayLike) -> Kind:
    """The kind that rows have by themselves."""
    try:
        array = np.asarray(rows)
    except ValueError:
        return "bits"  # `booleans` says what is wrong
    if array.dtype == np.uint64:
        return "words"
    if array.dtype == bool:
        return "bool"
    return "signs" if array.dtype.kind in "if" and (array == -1).any() else "bits"


def checked_words(rows: ArrayLike, n_inputs: int, name: str) -> NDArray[np.uint64]:
    """Packed rows, contiguous. Raises `DataError` for another type or width."""
    array, n_words = np.asarray(rows), words_for(n_inputs)
    if array.dtype != np.uint64 or array.ndim != 2 or array.shape[1] != n_words:
        raise DataError(
            f"{name}: the rows are {array.dtype} of shape {array.shape}, expected packed words: uint64, "
            f"(n_items, {n_words}) for {n_inputs} inputs.\nGive 0/1 values another type than uint64."
        )
    return np.ascontiguousarray(array)


def pack_rows(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(n_items, n_columns) bool in, (n_items, n_words) out: column j is bit j % 64 of word j // 64."""
    return pack_bits(bits.T)


def unpack_rows(words: NDArray[np.uint64], n_columns: int) -> NDArray[np.bool_]:
    """The inverse of `pack_rows`."""
    return unpack_bits(words, n_columns).T

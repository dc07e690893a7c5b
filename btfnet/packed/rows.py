"""Rows of bits, ±1, bool or packed words: in, through the kernel, and out of the same kind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError, UsageError
from btfnet.kernels.bits import words_for
from btfnet.kernels.packed import BLOCK, predict_rows
from btfnet.packed.kernel import Program
from btfnet.values import booleans

if TYPE_CHECKING:
    from btfnet.packed.model import PackedModel

Kind = Literal["bool", "bits", "signs", "words"]
"""Kinds of rows: bool, 0/1, ±1, 64 columns to a word."""


def predict(
    program: Program, model: PackedModel, rows: ArrayLike, *, kind: Kind | None, threads: int
) -> NDArray[Any]:
    """The outputs that a program for the model computes; see `PackedModel.predict`."""
    if kind is not None and kind not in get_args(Kind):
        raise UsageError(f"there is no kind of rows {kind!a}; known are {', '.join(get_args(Kind))}.")
    array = np.asarray(rows) if isinstance(rows, np.ndarray) or kind == "words" else rows
    kind = kind or _kind(array)
    words = _given_words(model, array) if kind == "words" else pack_rows(_given_bits(model, array))
    outputs = predict_words(program, words, model.n_outputs, threads=threads)
    if kind == "words":
        return outputs
    bits = unpack_rows(outputs, model.n_outputs)
    return bits if kind == "bool" else np.where(bits, np.int8(1), np.int8(-1 if kind == "signs" else 0))


def predict_words(
    program: Program, words: NDArray[np.uint64], n_outputs: int, *, threads: int = 1
) -> NDArray[np.uint64]:
    """Packed rows in, packed rows out; (n_items, input words), (n_items, output words)."""
    outputs = np.empty((len(words), words_for(n_outputs)), dtype=np.uint64)
    blocks = -(-len(words) // BLOCK)
    cuts = BLOCK * np.linspace(0, blocks, min(max(1, threads), max(1, blocks)) + 1).astype(int)
    parts = [slice(*cut) for cut in pairwise(cuts.tolist())]

    def run(part: slice) -> None:
        predict_rows(program.plan, words[part], outputs[part], *program.scratch())

    if len(parts) == 1:
        run(parts[0])
    else:
        with ThreadPoolExecutor(len(parts)) as pool:
            list(pool.map(run, parts))
    return outputs


def pack_rows(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(n_items, n_columns) bool in, (n_items, n_words) out: column j is bit j % 64 of word j // 64."""
    packed = np.zeros((len(bits), 8 * words_for(bits.shape[1])), dtype=np.uint8)
    packed[:, : -(-bits.shape[1] // 8)] = np.packbits(bits, axis=1, bitorder="little")
    return packed.view("<u8").astype(np.uint64, copy=False)


def unpack_rows(words: NDArray[np.uint64], n_columns: int) -> NDArray[np.bool_]:
    """The inverse of `pack_rows`."""
    octets = np.ascontiguousarray(words, dtype="<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, count=n_columns, bitorder="little").astype(bool)


def _kind(rows: ArrayLike) -> Kind:
    try:
        array = np.asarray(rows)
    except ValueError:
        return "bits"  # `booleans` says what is wrong
    if array.dtype == np.uint64:
        return "words"
    if array.dtype == bool:
        return "bool"
    return "signs" if array.dtype.kind in "if" and (array == -1).any() else "bits"


def _given_bits(model: PackedModel, rows: ArrayLike) -> NDArray[np.bool_]:
    values = booleans(rows, f"{model.name}: inputs")
    if values.shape[1] != model.n_inputs:
        raise DataError(
            f"{model.name}: the rows have {values.shape[1]} values, but the model has {model.n_inputs} inputs.\n"
            f"Give every row {model.n_inputs} values."
        )
    return values > 0


def _given_words(model: PackedModel, rows: ArrayLike) -> NDArray[np.uint64]:
    array, n_words = np.asarray(rows), words_for(model.n_inputs)
    if array.dtype != np.uint64 or array.ndim != 2 or array.shape[1] != n_words:
        raise DataError(
            f"{model.name}: the rows are {array.dtype} of shape {array.shape}, expected packed words: uint64, "
            f"(n_items, {n_words}) for {model.n_inputs} inputs.\nGive 0/1 values another type than uint64."
        )
    return np.ascontiguousarray(array)

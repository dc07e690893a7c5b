"""Rows of bits, ±1, bool or packed words: in, through the kernel, and out of the same kind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import need, whole
from btfnet.errors import DataError
from btfnet.kernels.bits import words_for
from btfnet.kernels.logic.packed import BLOCK, predict_rows
from btfnet.logic.packed.schedule import PackedSchedule
from btfnet.matching.columns import Ports
from btfnet.matching.frames import input_rows
from btfnet.matching.row_kinds import (
    Kind,
    as_kind,
    checked_kind,
    checked_words,
    kind_of,
    pack_rows,
    unpack_rows,
)
from btfnet.problem.values import booleans

if TYPE_CHECKING:
    from btfnet.logic.packed.model import PackedModel

__all__ = ["Kind", "pack_rows", "predict", "predict_words", "unpack_rows"]


def predict(
    program: PackedSchedule, model: PackedModel, rows: ArrayLike, *, kind: Kind | None, threads: int
) -> NDArray[Any]:
    """The outputs that a program for the model computes; see `PackedModel.predict`."""
    kind = checked_kind(kind)
    need("predict", threads=(threads, whole(1, 4096)))
    rows = input_rows(rows, Ports(model.name, model.input_names, model.output_names))
    array = np.asarray(rows) if isinstance(rows, np.ndarray) or kind == "words" else rows
    kind = kind or kind_of(array)
    if kind == "words":
        words = checked_words(array, model.n_inputs, model.name)
        return predict_words(program, words, model.n_outputs, threads=threads)
    words = pack_rows(_given_bits(model, array))
    outputs = predict_words(program, words, model.n_outputs, threads=threads)
    return as_kind(unpack_rows(outputs, model.n_outputs), kind)


def predict_words(
    program: PackedSchedule, words: NDArray[np.uint64], n_outputs: int, *, threads: int = 1
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


def _given_bits(model: PackedModel, rows: ArrayLike) -> NDArray[np.bool_]:
    values = booleans(rows, f"{model.name}: inputs")
    if values.shape[1] != model.n_inputs:
        raise DataError(
            f"{model.name}: the rows have {values.shape[1]} values, but the model has {model.n_inputs} inputs.\n"
            f"Give every row {model.n_inputs} values."
        )
    return values > 0

"""Prediction by XNOR and popcount: rows of bits, threshold gates with weights as bit masks.

The values of an item are one row of bits: the inputs first, then the gates, each layer from a new word on.
BLOCK items are computed together, so that a weight is loaded once for all of them and the innermost loop,
over the items, needs no index.

Arguments: schedule  PackedSchedule; values  uint64, (words of a row, BLOCK); count  int64, (BLOCK,);
gathered  uint64, (output words, BLOCK). Source: XNOR networks (Rastegari et al., arXiv 1603.05279), with
weights of several bits as planes; own otherwise. Twin: tests/logic/test_packed.py, naive_predict.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import NONE, popcount
from btfnet.kernels.compiled import compiled
from btfnet.kernels.fill import fill_rows

ONE = np.uint64(1)
BLOCK = 64
"""Items computed together."""


class PackedSchedule(NamedTuple):
    """A model as the kernel reads it.

    at_least    int64, (n_gates,)
    place       int64, (n_gates,): word of the row of values that a gate writes
    bit         uint64, (n_gates,): its bit in that word
    start       int64, (n_gates + 1,); word, plane int64, sign, mask uint64, (n_terms,):
                see `btfnet.logic.packed.weights.Terms`
    out_word    int64, (n_outputs,): word of the values; out_shift, out_flip uint64: its bit, and 1 to negate it
    """

    at_least: NDArray[np.int64]
    place: NDArray[np.int64]
    bit: NDArray[np.uint64]
    start: NDArray[np.int64]
    word: NDArray[np.int64]
    plane: NDArray[np.int64]
    sign: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    out_word: NDArray[np.int64]
    out_shift: NDArray[np.uint64]
    out_flip: NDArray[np.uint64]


@compiled
def predict_rows(schedule, rows, outputs, values, count, gathered):
    """The outputs of rows of inputs.

    Gate:   count = Σ_terms 2^plane popcount(XNOR(values[word], sign) & mask), true where count ≥ at_least.
    Shapes: rows (n_items, input words); outputs (n_items, output words), both uint64, bit b of word w is
            column 64 w + b. Pad bits of the inputs are read by no mask.
    Writes: outputs, whose pad bits are 0; values, count and gathered as scratch.
    Cost:   four operations and one popcount per term and item; no allocation.
    """
    n_items, n_input_words = rows.shape
    for first in range(0, n_items, BLOCK):
        width = min(BLOCK, n_items - first)
        for word in range(n_input_words):
            for item in range(width):
                values[word, item] = rows[first + item, word]
        fill_rows(values[n_input_words:], NONE)
        for gate in range(schedule.at_least.shape[0]):
            _gate(schedule, gate, values, count)
        _gather_outputs(schedule, values, gathered)
        for word in range(gathered.shape[0]):
            for item in range(width):
                outputs[first + item, word] = gathered[word, item]


@compiled
def _gate(schedule, gate, values, count):
    """One gate, by its number, on a block of items: writes count, (BLOCK,), and its bit of values."""
    for item in range(BLOCK):
        count[item] = 0
    for term in range(schedule.start[gate], schedule.start[gate + 1]):
        row, plane = values[schedule.word[term]], schedule.plane[term]
        sign, mask = schedule.sign[term], schedule.mask[term]
        for item in range(BLOCK):
            count[item] += popcount(~(row[item] ^ sign) & mask) << plane
    out, bit, at_least = values[schedule.place[gate]], schedule.bit[gate], schedule.at_least[gate]
    for item in range(BLOCK):
        out[item] |= bit if count[item] >= at_least else NONE


@compiled
def _gather_outputs(schedule, values, gathered):
    """The outputs' bits of the values, as words: writes gathered."""
    fill_rows(gathered, NONE)
    for output in range(schedule.out_word.shape[0]):
        row, out = values[schedule.out_word[output]], gathered[output // 64]
        shift, flip, column = schedule.out_shift[output], schedule.out_flip[output], np.uint64(output % 64)
        for item in range(BLOCK):
            out[item] |= (((row[item] >> shift) ^ flip) & ONE) << column

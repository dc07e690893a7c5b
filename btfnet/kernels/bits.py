"""Booleans 64 to a word: packing, counting, and threshold gates evaluated on all items at once.

Item i is bit i % 64 of word i // 64. True is 1. Bits beyond the last item ("pad bits") are 0 where
`pack_bits` made them and arbitrary in the rows of gates: mask them with `pad_mask` before counting.

Arguments of the kernels: literals  int64, signed rows: +i reads row i of the values, -i its complement; values
uint64, (n_nodes + 1, n_words), row 0 constant false; out  uint64, (n_words,), not a row that is read; counter
uint64, (planes + 1, BLOCK) with 2^planes > m, scratch. Twin: tests/kernels/test_circuit_bits.py, naive_gate.
"""

from __future__ import annotations

import numpy as np
from numba.core import types
from numpy.typing import NDArray

from btfnet.kernels.compiled import compiled
from btfnet.kernels.fill import copy, fill
from btfnet.kernels.vectors import emitted

WORD_BITS = 64
BLOCK = 128
"""Words of a row that stay in the first-level cache while a gate counts its literals."""

NONE = np.uint64(0)
ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


def _emit_popcount(emit, word):
    return emit.builder.ctpop(word)


@emitted(_emit_popcount, types.int64, word=types.uint64)
def popcount(word):
    """Number of ones in a word, uint64: one instruction where the machine has it.

    Returns an int64; writes nothing. Twin: tests/kernels/test_emitted.py, test_ones_are_counted_in_any_word.
    """
    return int(word).bit_count()


def words_for(n_items: int) -> int:
    """Words that hold so many items."""
    return -(-n_items // WORD_BITS)


def pack_bits(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Columns of Booleans as rows of words; (n_items, n_columns) bool in, (n_columns, n_words) out."""
    n_items, n_columns = bits.shape
    packed = np.zeros((n_columns, 8 * words_for(n_items)), dtype=np.uint8)
    packed[:, : -(-n_items // 8)] = np.packbits(bits.T, axis=1, bitorder="little")
    return packed.view("<u8").astype(np.uint64, copy=False)


def unpack_bits(words: NDArray[np.uint64], n_items: int) -> NDArray[np.bool_]:
    """The inverse of `pack_bits`; (n_columns, n_words) in, (n_items, n_columns) bool out."""
    octets = np.ascontiguousarray(words, dtype="<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, count=n_items, bitorder="little").T.astype(bool)


def pad_mask(n_items: int) -> NDArray[np.uint64]:
    """Words whose ones are the items; (n_words,)."""
    return pack_bits(np.ones((n_items, 1), dtype=bool))[0]


@compiled
def count_ones(words):
    """Number of ones in words, uint64, (n_words,), pad bits included: returns an integer, writes nothing.

    Twin: tests/kernels/test_circuit_bits.py, test_popcount_counts_the_ones_of_any_word.
    """
    total = 0
    for index in range(words.shape[0]):
        total += popcount(words[index])
    return total


@compiled
def evaluate_gate(at_least, literals, values, out, counter):
    """Evaluate one gate "at least k of m literals" on all items.

    Literals may repeat. And, Or, Copy and Maj3 are written out; all others add their literals into counters
    of bit planes: plane p of the counter holds bit p of the number of true literals of each item. Then count
    ≥ k is decided plane by plane from the lowest: ge ← plane & ge where bit p of k is 1, plane | ge where it is 0.

    at_least  k, any integer;  literals  (m,). Writes out, and counter as scratch.
    Cost: m (1 + log m) operations per word; no allocation. Source: own; carry-save counters, bit-sliced.
    Twin: tests/kernels/test_circuit_bits.py, naive_gate.
    """
    m = literals.shape[0]
    if at_least <= 0:
        fill(out, ALL)
    elif at_least > m:
        fill(out, NONE)
    elif at_least == m:
        _join_all(literals, values, out)
    elif at_least == 1:
        _join_any(literals, values, out)
    elif m == 3:
        _majority_of_three(literals, values, out)
    else:
        for first in range(0, out.shape[0], BLOCK):
            _count_block(at_least, literals, values, out, counter, first, min(first + BLOCK, out.shape[0]))


@compiled(allocates=True)
def evaluate_gates(n_inputs, gate_start, literals, at_least, values):
    """Evaluate all gates in order; gate j writes row n_inputs + 1 + j.

    gate_start  int64, (n_gates + 1,): where the literals of each gate start;  at_least  int64, (n_gates,)
    values      rows 0 to n_inputs are given. Writes the others
    Cost: see `evaluate_gate`; one scratch array per call.
    Twin: tests/kernels/test_circuit_bits.py, test_gates_in_order_see_the_gates_before_them.
    """
    widest = 1
    for j in range(at_least.shape[0]):
        widest = max(widest, gate_start[j + 1] - gate_start[j])
    counter = np.empty((_bit_length(widest) + 1, BLOCK), dtype=np.uint64)
    for j in range(at_least.shape[0]):
        own = literals[gate_start[j] : gate_start[j + 1]]
        evaluate_gate(at_least[j], own, values, values[n_inputs + 1 + j], counter)


@compiled
def _join_all(literals, values, out):
    """And: writes out, the conjunction of all literals of the values, one at least."""
    for index in range(literals.shape[0]):
        row, flip = values[abs(literals[index])], ALL if literals[index] < 0 else NONE
        if index == 0:
            for word in range(out.shape[0]):
                out[word] = row[word] ^ flip
        else:
            for word in range(out.shape[0]):
                out[word] &= row[word] ^ flip


@compiled
def _join_any(literals, values, out):
    """Or: writes out, the disjunction of all literals of the values, one at least."""
    for index in range(literals.shape[0]):
        row, flip = values[abs(literals[index])], ALL if literals[index] < 0 else NONE
        if index == 0:
            for word in range(out.shape[0]):
                out[word] = row[word] ^ flip
        else:
            for word in range(out.shape[0]):
                out[word] |= row[word] ^ flip


@compiled
def _majority_of_three(literals, values, out):
    """Maj3 of three literals of the values: writes out = a b or c (a xor b)."""
    row_a, flip_a = values[abs(literals[0])], ALL if literals[0] < 0 else NONE
    row_b, flip_b = values[abs(literals[1])], ALL if literals[1] < 0 else NONE
    row_c, flip_c = values[abs(literals[2])], ALL if literals[2] < 0 else NONE
    for word in range(out.shape[0]):
        a, b, c = row_a[word] ^ flip_a, row_b[word] ^ flip_b, row_c[word] ^ flip_c
        out[word] = (a & b) | (c & (a ^ b))


@compiled
def _count_block(at_least, literals, values, out, counter, first, last):
    """Any gate with 1 ≤ at_least ≤ m, on the words first … last - 1, at most BLOCK.

    Writes these of out, and counter.
    """
    width, planes = last - first, 0
    carry = counter[counter.shape[0] - 1, :width]
    for index in range(literals.shape[0]):
        row = values[abs(literals[index]), first:last]
        flip = ALL if literals[index] < 0 else NONE
        for word in range(width):
            carry[word] = row[word] ^ flip
        for plane in range(planes):
            bits = counter[plane, :width]
            for word in range(width):
                before = bits[word]
                bits[word] = before ^ carry[word]
                carry[word] &= before
        if _bit_length(index + 1) > planes:
            copy(carry, counter[planes, :width])
            planes += 1
    result = out[first:last]
    fill(result, ALL)
    for plane in range(planes):
        bits = counter[plane, :width]
        if (at_least >> plane) & 1:
            for word in range(width):
                result[word] &= bits[word]
        else:
            for word in range(width):
                result[word] |= bits[word]


@compiled
def _bit_length(number):
    """Binary digits of a number ≥ 0: returns how many, writes nothing."""
    length = 0
    while number >> length:
        length += 1
    return length

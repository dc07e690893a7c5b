"""Straight-line programs on rows of words: every step is one Boolean operation on all items of a block.

A step reads up to three rows and writes one. Operations with negated operands exist where the complement of
their result does not help, so that no step spends an instruction on a negation: see `OPS`. Each is one
instruction with AVX-512 (a ternary logic operation), and one to four with AVX2. The vectors are spelled out,
as in `btfnet.kernels.vectors`, because the rows of a block may be the same and LLVM cannot rule that out.
Arguments: program  ProgramArrays; values  uint64, (n_rows, block words), 64-byte aligned, the inputs in the first
rows. Twin: tests/support/naive_circuit.py, evaluate.

Roofline. A step on 512 items takes two or three loads, one operation and one store of 64 bytes, all in the
first-level cache. Zen 4 loads 64 bytes a cycle and stores them in two, so that a step cannot take fewer than two
(two operands) or three cycles (three): at 3.5 GHz 9e11 and 6e11 gate·items per second. With AVX2, at two loads and
a store of 32 bytes a cycle and four operations for a majority, 3e11 to 6e11 at 3.5 GHz. docs/prediction.md says
what is reached.
"""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from numba.core import types
from numpy.typing import NDArray

from btfnet.kernels.bits import NONE, WORD_BITS
from btfnet.kernels.compiled import compiled
from btfnet.kernels.logic.bit_transpose import pack_rows, unpack_rows
from btfnet.kernels.vectors import emitted, integer

LANES = 8
"""Words in a vector: 512 items."""
UNROLL = 4
"""Vectors between two turns of a loop; rows of a block are multiples of UNROLL · LANES words."""

OPS = {
    "false": lambda v, a, b, c: v.xor(a, a),
    "and2": lambda v, a, b, c: v.both(a, b),
    "but2": lambda v, a, b, c: v.but(a, b),
    "or2": lambda v, a, b, c: v.either(a, b),
    "and3": lambda v, a, b, c: v.both(v.both(a, b), c),
    "but3": lambda v, a, b, c: v.but(a, v.both(b, c)),
    "neither3": lambda v, a, b, c: v.but(v.either(a, b), c),
    "or3": lambda v, a, b, c: v.either(v.either(a, b), c),
    "maj3": lambda v, a, b, c: v.either(v.both(a, b), v.both(c, v.either(a, b))),
    "maj3_not": lambda v, a, b, c: v.either(v.both(b, c), v.but(a, v.either(b, c))),
    "xor2": lambda v, a, b, c: v.xor(a, b),
    "xor3": lambda v, a, b, c: v.xor(v.xor(a, b), c),
}
"""Operations by name, of operands a, b, c: but2 is ~a & b, but3 ~a & b & c, neither3 ~a & ~b & c, maj3_not the
majority of ~a, b, c."""
_FORMULAS = list(OPS.values())
OP_NUMBER = {name: number for number, name in enumerate(OPS)}


class ProgramArrays(NamedTuple):
    """A program as the kernels read it; rows of values begin with the inputs.

    n_inputs      inputs; input i is row i before the first step
    ops           (n_steps,) int64, numbers of `OPS`
    rows          (n_steps, 4) int64: three operands' rows (a where there are fewer), the result's row
    output_rows   (n_outputs,) int64
    output_flips  (n_outputs,) uint64, all ones where an output is the complement of its row
    """

    n_inputs: int
    ops: NDArray[np.int64]
    rows: NDArray[np.int64]
    output_rows: NDArray[np.int64]
    output_flips: NDArray[np.uint64]


class _Arrays:
    """The operations of `OPS` on NumPy's arrays."""

    both, either, xor = map(staticmethod, (np.bitwise_and, np.bitwise_or, np.bitwise_xor))

    @staticmethod
    def but(a, b):
        return ~a & b


def _emit_operations(builder):
    """The operations of `OPS` on LLVM's vectors."""

    def but(a, b):
        return builder.and_(builder.not_(a), b)

    return SimpleNamespace(both=builder.and_, either=builder.or_, xor=builder.xor, but=but)


def _emit_step(emit, op, values, a, b, c, out):
    """A case for every operation; loads of a turn of its loop stand before its stores."""
    builder, words, width = emit.builder, emit.words(LANES, alignment=64), values.size(1)
    rows, operations = [values.at(row) for row in (a, b, c, out)], _emit_operations(builder)
    done = builder.append_basic_block("step_done")
    switch = builder.switch(op, done)
    for number, formula in enumerate(OPS.values()):
        block = builder.append_basic_block(f"op_{number}")
        switch.add_case(integer(number), block)
        builder.position_at_end(block)
        with emit.loop(width, LANES * UNROLL) as start:
            offsets = [emit.add(start, LANES * turn) for turn in range(UNROLL)]
            results = [
                formula(operations, *(words.load(row, offset) for row in rows[:3])) for offset in offsets
            ]
            for offset, result in zip(offsets, results, strict=True):
                words.store(result, rows[3], offset)
        builder.branch(done)
    builder.position_at_end(done)


@emitted(_emit_step)
def apply(op, values, a, b, c, out):
    """Row `out` of values becomes operation number `op` of `OPS` of the rows a, b and c.

    values (n_rows, block words) uint64, 64-byte aligned, of which row `out` is written; it may be an operand's.
    Twin: its body; tests/logic/test_circuit_program.py, test_operands_and_results_may_share_a_row.
    """
    values[out] = _FORMULAS[op](_Arrays, values[a], values[b], values[c])


def _emit_copy(emit, source, start, target, to, count, flip):
    builder, words = emit.builder, emit.words(LANES)
    flips, origin, goal = words.splat(flip), source.at(*start), target.at(*to)
    with emit.loop(count, LANES) as word:
        words.store(builder.xor(words.load(origin, word), flips), goal, word)


@emitted(_emit_copy, flip=types.uint64)
def copy_vectors(source, start, target, to, count, flip):
    """Copy `count` words, a multiple of LANES, between rows of two arrays, exclusive-or `flip`.

    source, target (rows, words) uint64; start, to  (row, first word). Writes into target; nothing in between is
    checked. Twin: its body; tests/logic/test_circuit_program.py, test_blocks_give_what_all_words_at_once_would.
    """
    (row, word), (target_row, target_word) = start, to
    target[target_row, target_word : target_word + count] = source[row, word : word + count] ^ flip


@compiled
def run_steps(program, values):
    """All steps of a program, in order. Writes values, the rows of results."""
    for step in range(program.ops.shape[0]):
        rows = program.rows[step]
        apply(program.ops[step], values, rows[0], rows[1], rows[2], rows[3])


@compiled
def run_words(program, inputs, outputs, first, last, values):
    """The outputs of the words first … last - 1.

    Shapes: inputs (n_inputs, n_words) and outputs (n_outputs, n_words) uint64.
    Writes: these words of outputs, and values as scratch.
    Cost:   a load and a store for each word of an input or output, and the steps; no allocation.
    """
    width = values.shape[1]
    for start in range(first, last, width):
        count = min(width, last - start)
        whole = count // LANES * LANES
        for row in range(program.n_inputs):
            copy_vectors(inputs, (row, start), values, (row, 0), whole, NONE)
            for word in range(whole, count):
                values[row, word] = inputs[row, start + word]
        run_steps(program, values)
        for output in range(program.output_rows.shape[0]):
            row, flip = program.output_rows[output], program.output_flips[output]
            copy_vectors(values, (row, 0), outputs, (output, start), whole, flip)
            for word in range(whole, count):
                outputs[output, start + word] = values[row, word] ^ flip


@compiled
def run_rows(program, inputs, outputs, low, first, last, values, scratch):
    """The outputs of the items first … last - 1, from rows of bytes to rows of bytes.

    Shapes: inputs (n_items, n_inputs) uint8, 1 is true, 0 and 255 (-1) are false;
            outputs (n_items, n_outputs) uint8, where true is 1 and false is low;
            scratch: two as in `btfnet.kernels.logic.bit_transpose.pack_rows`, for inputs and for outputs.
    Writes: these rows of outputs; values and scratch.
    Cost:   some four operations for 64 bytes read or written, and the steps; no allocation.
    """
    items = WORD_BITS * values.shape[1]
    for start in range(first, last, items):
        stop = min(start + items, last)
        pack_rows(inputs, start, stop, values, scratch[0])
        run_steps(program, values)
        unpack_rows(values, program.output_rows, program.output_flips, low, outputs, start, stop, scratch[1])

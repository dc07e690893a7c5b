"""Straight-line programs on rows of words: every step is one Boolean operation on all items of a block.

A step reads up to three rows and writes one. Operations with negated operands exist where the complement of
their result does not help, so that no step spends an instruction on a negation: see `OPS`. Each is one
instruction with AVX-512 (a ternary logic operation), and one to four with AVX2. The vectors are spelled out,
as in `btfnet.kernels.vectors`, because the rows of a block may be the same and LLVM cannot rule that out.

Roofline. A step on 512 items takes two or three loads, one operation and one store of 64 bytes, all in the
first-level cache. Zen 4 loads 64 bytes a cycle and stores them in two, so that a step cannot take fewer than two
(two operands) or three cycles (three): at 3.5 GHz 9e11 and 6e11 gate·items per second. With AVX2, at two loads and
a store of 32 bytes a cycle and four operations for a majority, 3e11 to 6e11 at 3.5 GHz. docs/prediction.md says
what is reached.
"""

from typing import NamedTuple

import numpy as np
from numba import config
from numpy.typing import NDArray

from btfnet.kernels.bits import NONE, WORD_BITS
from btfnet.kernels.compiled import compiled
from btfnet.kernels.logic.bit_transpose import pack_rows, unpack_rows

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


if getattr(config, "DISABLE_JIT", False):

    class _Arrays:
        """The operations on NumPy arrays."""

        both, either, xor = (
            staticmethod(np.bitwise_and),
            staticmethod(np.bitwise_or),
            staticmethod(np.bitwise_xor),
        )

        @staticmethod
        def but(a, b):
            return ~a & b

    _FORMULAS = list(OPS.values())

    def apply(op, values, a, b, c, out):
        """Row `out` of values becomes operation `op` of the rows a, b and c."""
        values[out] = _FORMULAS[op](_Arrays, values[a], values[b], values[c])

    def copy_vectors(source, row, start, target, target_row, target_start, count, flip):
        """Copy `count` words, a multiple of LANES, of a row to a row of another array, exclusive-or `flip`."""
        target[target_row, target_start : target_start + count] = source[row, start : start + count] ^ flip

else:
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    _WORD = ir.IntType(64)
    _VECTOR = ir.VectorType(_WORD, LANES)

    class _Vectors:
        """The operations on LLVM vectors."""

        def __init__(self, builder):
            self.builder = builder
            self.both, self.either, self.xor = builder.and_, builder.or_, builder.xor

        def but(self, a, b):
            return self.builder.and_(self.builder.not_(a), b)

    @intrinsic
    def apply(typing_context, op, values, a, b, c, out):
        """Row `out` of values becomes operation `op` of the rows a, b and c."""

        def generate(context, builder, signature, arguments):
            array = context.make_array(signature.args[1])(context, builder, arguments[1])
            width = builder.extract_value(array.shape, 1)
            rows = [builder.gep(array.data, [builder.mul(row, width)]) for row in arguments[2:]]
            done = builder.append_basic_block("step_done")
            switch = builder.switch(arguments[0], done)
            for number, formula in enumerate(OPS.values()):
                block = builder.append_basic_block(f"op_{number}")
                switch.add_case(ir.Constant(_WORD, number), block)
                builder.position_at_end(block)
                _loop(builder, rows, width, formula)
                builder.branch(done)
            builder.position_at_end(done)
            return context.get_dummy_value()

        return types.void(types.int64, values, *[types.int64] * 4), generate

    @intrinsic
    def copy_vectors(typing_context, source, row, start, target, target_row, target_start, count, flip):
        """Copy `count` words, a multiple of LANES, of a row to a row of another array, exclusive-or `flip`."""

        def generate(context, builder, signature, arguments):
            _, row, start, _, target_row, target_start, count, flip = arguments
            places = []
            for index, at, offset in ((0, row, start), (3, target_row, target_start)):
                array = context.make_array(signature.args[index])(context, builder, arguments[index])
                begin = builder.mul(at, builder.extract_value(array.shape, 1))
                places.append(builder.gep(array.data, [builder.add(begin, offset)]))
            undefined, zeros = ir.Constant(_VECTOR, ir.Undefined), ir.VectorType(ir.IntType(32), LANES)
            single = builder.insert_element(undefined, flip, ir.Constant(ir.IntType(32), 0))
            flips = builder.shuffle_vector(single, undefined, ir.Constant(zeros, [0] * LANES))
            first, step = ir.Constant(_WORD, 0), ir.Constant(_WORD, LANES)
            with cgutils.for_range_slice(builder, first, count, step, _WORD) as (word, _):
                origin, goal = (
                    builder.bitcast(builder.gep(place, [word]), _VECTOR.as_pointer()) for place in places
                )
                builder.store(builder.xor(builder.load(origin, align=8), flips), goal, align=8)
            return context.get_dummy_value()

        whole = types.int64
        return types.void(source, whole, whole, target, whole, whole, whole, types.uint64), generate

    def _loop(builder, rows, width, formula):
        """One operation on all words of the rows; loads of a turn stand before its stores."""
        first, step = ir.Constant(_WORD, 0), ir.Constant(_WORD, LANES * UNROLL)
        with cgutils.for_range_slice(builder, first, width, step, _WORD) as (start, _):
            offsets = [builder.add(start, ir.Constant(_WORD, LANES * part)) for part in range(UNROLL)]
            places = [
                [builder.bitcast(builder.gep(row, [offset]), _VECTOR.as_pointer()) for row in rows]
                for offset in offsets
            ]
            results = [
                formula(_Vectors(builder), *(builder.load(place, align=64) for place in own[:3]))
                for own in places
            ]
            for own, result in zip(places, results, strict=True):
                builder.store(result, own[3], align=64)


@compiled
def run_steps(program, values):
    """All steps, in order; values (n_rows, block words) uint64, 64-byte aligned, the inputs in the first rows."""
    for step in range(program.ops.shape[0]):
        rows = program.rows[step]
        apply(program.ops[step], values, rows[0], rows[1], rows[2], rows[3])


@compiled
def run_words(program, inputs, outputs, first, last, values):
    """The outputs of the words first … last - 1.

    Shapes: inputs (n_inputs, n_words) and outputs (n_outputs, n_words) uint64;
            values (n_rows, block words) uint64 as in `run_steps`, scratch.
    Cost:   a load and a store for each word of an input or output, and the steps; no allocation.
    Twin:   tests/naive_circuit.py, evaluate.
    """
    width = values.shape[1]
    for start in range(first, last, width):
        count = min(width, last - start)
        whole = count // LANES * LANES
        for row in range(program.n_inputs):
            copy_vectors(inputs, row, start, values, row, 0, whole, NONE)
            for word in range(whole, count):
                values[row, word] = inputs[row, start + word]
        run_steps(program, values)
        for output in range(program.output_rows.shape[0]):
            row, flip = program.output_rows[output], program.output_flips[output]
            copy_vectors(values, row, 0, outputs, output, start, whole, flip)
            for word in range(whole, count):
                outputs[output, start + word] = values[row, word] ^ flip


@compiled
def run_rows(program, inputs, outputs, low, first, last, values, scratch):
    """The outputs of the items first … last - 1, from rows of bytes to rows of bytes.

    Shapes: inputs (n_items, n_inputs) uint8, 1 is true, 0 and 255 (-1) are false;
            outputs (n_items, n_outputs) uint8, where true is 1 and false is low; values as in `run_steps`;
            scratch: two as in `btfnet.kernels.logic.bit_transpose.pack_rows`, for inputs and for outputs.
    Cost:   some four operations for 64 bytes read or written, and the steps; no allocation.
    Twin:   tests/naive_circuit.py, evaluate.
    """
    items = WORD_BITS * values.shape[1]
    for start in range(first, last, items):
        stop = min(start + items, last)
        pack_rows(inputs, start, stop, values, scratch[0])
        run_steps(program, values)
        unpack_rows(values, program.output_rows, program.output_flips, low, outputs, start, stop, scratch[1])

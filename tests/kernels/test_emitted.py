"""Kernels that are emitted as LLVM's vectors against the plain functions of NumPy that define them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numba import config
from numba.core import types
from support.emitted_kernels import assert_same, words

from btfnet.kernels.bits import popcount
from btfnet.kernels.descent.bitrows import (
    LANES,
    add_votes,
    differ,
    majority,
    try_eight,
    weigh,
    weigh_both,
)
from btfnet.kernels.logic.byte_rows import (
    LINES,
    join_rows,
    kinds_in_vectors,
    split_rows,
    turn_lines,
    turn_words,
)
from btfnet.kernels.logic.program import OPS, UNROLL, apply, copy_vectors
from btfnet.kernels.projections.blocks import Block
from btfnet.kernels.projections.edge_update import accumulate_node, relax_node
from btfnet.kernels.projections.node_update import add_row, mean_rows, reflect_rows, relax_rows
from btfnet.kernels.projections.project_margin import project_nodes
from btfnet.kernels.spectrum import weigh_eight
from btfnet.kernels.vectors import emitted

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is emitted")


class EightColumns(NamedTuple):
    """Those of `WalkBuffers` that try_eight uses."""

    planes: np.ndarray
    columns: np.ndarray
    order: np.ndarray
    masks: np.ndarray
    gains: np.ndarray
    products: np.ndarray


class EightInputs(NamedTuple):
    """Those of `Spectrum` that weigh_eight uses."""

    rows: np.ndarray
    planes: np.ndarray
    target: np.ndarray
    counts: np.ndarray


class Edges(NamedTuple):
    """Those of `sweep.Wiring` that loops over edges use."""

    fan_in_start: np.ndarray
    fan_in: np.ndarray


def test_ones_are_counted_in_any_word():
    for word in (0, 1, 2**63, 2**64 - 1, 0x0123_4567_89AB_CDEF):
        assert_same(popcount, np.uint64(word))


@pytest.mark.parametrize("n_words", [LANES, 3 * LANES])
def test_rows_of_words_are_weighed_compared_and_added_to_as_numpy_does(n_words):
    rng = np.random.default_rng(n_words)
    planes = words(rng, 5, n_words)
    a, b, c, out = words(rng, 4, n_words)
    for top in range(6):
        assert_same(weigh, planes, top, a)
        assert_same(weigh_both, planes, top, a, b)
        assert_same(add_votes, planes, top, a, b, c, out)
    for pattern in range(8):
        assert_same(majority, a, b, c, pattern, out)
    assert_same(differ, a, a)
    for word in (0, n_words - 1):
        changed = a.copy()
        changed[word] ^= np.uint64(1 << 40)
        assert_same(differ, a, changed)


@pytest.mark.parametrize("n_words", [LANES, 2 * LANES])
def test_eight_thirds_are_tried_as_one_after_the_other(n_words):
    rng = np.random.default_rng(n_words)
    n_columns = 13
    order = np.concatenate([rng.permutation(n_columns), np.zeros(7, dtype=np.int64)])
    gains = rng.integers(0, 500, (2, n_columns + 7))
    work = EightColumns(
        planes=words(rng, 4, n_words), columns=words(rng, n_columns, n_words), order=order,
        masks=words(rng, 6, n_words), gains=gains, products=np.zeros(8, int),
    )  # fmt: skip
    for first in (0, 4, 12):
        for top in range(4):
            assert_same(try_eight, work, top, first, 300, 200, 700)


@pytest.mark.parametrize("n_planes", [1, 3])
def test_eight_inputs_are_weighed_as_one_after_the_other(n_planes):
    rng = np.random.default_rng(n_planes)
    rows, planes, (target, pair) = words(rng, 12, 16), words(rng, n_planes, 16), words(rng, 2, 16)
    for first in (0, 1, 4):
        counts = np.zeros((2, 8), dtype=np.int64)
        assert_same(weigh_eight, EightInputs(rows, planes, target, counts), pair, first)


@pytest.mark.parametrize("n_columns", [1, 8, 17, 64, 85, 150])
def test_bytes_become_bits_and_bits_bytes_as_numpy_does_it(n_columns):
    rng = np.random.default_rng(n_columns)
    padded = -(-n_columns // LINES) * LINES
    rows = rng.choice(np.array([0, 1, 255], dtype=np.uint8), (20, n_columns))
    lines = rng.integers(0, 256, (LINES, padded), dtype=np.uint8)
    for item, line in ((0, 0), (5, 7), (12, 3)):
        assert_same(join_rows, rows, item, lines, line)
        assert_same(split_rows, lines, line, np.uint8(255), rows, item)
    assert_same(turn_lines, lines, words(rng, padded))
    assert_same(turn_words, words(rng, padded), lines)
    for values in (rows, lines):
        assert_same(kinds_in_vectors, values.ravel())


def test_every_operation_of_a_program_is_the_one_of_numpy():
    rng = np.random.default_rng(2)
    for number in range(len(OPS)):
        assert_same(apply, number, words(rng, 4, 2 * UNROLL * LANES), 0, 1, 2, 3)
    source, target = words(rng, 3, 5 * LANES), words(rng, 2, 4 * LANES)
    for flip in (0, 2**64 - 1):
        assert_same(copy_vectors, source, (2, 3), target, (1, LANES), 2 * LANES, np.uint64(flip))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("n_lanes", [16, 32, 48, 64])
def test_the_loops_of_the_sweep_agree_with_their_twins(precision, n_lanes):
    rng, real = np.random.default_rng(0), np.dtype(precision).type
    tolerance = 5e-4 if precision == "float32" else 1e-10
    n_nodes, n_edges, edges = 9, 18, ((1, 7), (7, 9), (9, 18))

    def values(*shape):
        return rng.uniform(-1.5, 1.5, shape).astype(precision)

    def of_nodes(change=lambda value: value):
        return change(values(n_nodes, n_lanes))

    def positive(value):
        return 1 + value**2

    sums = np.abs(values(4, 4, n_lanes))
    sums[1] += 2 * sums[0]  # q ≥ 2 |p|
    block = Block(
        w=values(n_edges, n_lanes), x=values(n_edges, n_lanes), y=of_nodes(), z=of_nodes(), g=of_nodes(positive),
        y_a=of_nodes(), a=of_nodes(positive), b=of_nodes(), w_sum=values(n_edges), z_sum=of_nodes(), sums=sums,
        push=values(2, 4, n_lanes),
    )  # fmt: skip
    block.g[:, -3:] = 0  # padding
    mean_w, delta = values(n_edges), of_nodes(positive)
    fan_in = np.concatenate([[0], *(rng.permutation(n_nodes)[: last - first] for first, last in edges)])
    wiring = Edges(np.array([0] * 6 + [1, 7, 9, 18]), fan_in.astype(np.int32))
    for in_batch in range(3):
        node = 6 + in_batch
        assert_same(relax_node, block, wiring, mean_w, real(0.4), node, in_batch, tolerance=tolerance)
        assert_same(accumulate_node, block, wiring, node, in_batch, tolerance=tolerance)
    assert_same(project_nodes, block, delta, real(0.4), real(0.01), real(0.7), 6, 3, tolerance=tolerance)
    assert_same(relax_rows, block.y, block.z, block.y_a, real(0.4), 3, tolerance=tolerance)
    assert_same(reflect_rows, block.y, block.y_a, block.g, block.z_sum, 3, tolerance=tolerance)
    assert_same(mean_rows, block.z, block.z_sum, block.g, real(0.4), 4, tolerance=tolerance)
    assert_same(add_row, block.z_sum, 2, block.g, 5, tolerance=tolerance)


def test_an_emitting_function_gets_records_tuples_and_numbers_in_their_places():
    def emit_sum(emit, pair, record, array, number):
        return emit.add(pair[0], pair[1], record.values.item(1), array.item(1, 2), number)

    class Record(NamedTuple):
        values: np.ndarray
        rest: float

    @emitted(emit_sum, types.int64)
    def total(pair, record, array, number):
        return sum(pair) + record.values[1] + array[1, 2] + number

    assert_same(total, (1, 20), Record(np.arange(300, 303), 0.5), np.arange(6).reshape(2, 3) * 1000, 7)

"""Rows of bits that become columns."""

import numpy as np
import pytest

from btfnet.committee.comparisons import Comparisons
from btfnet.kernels.bits import unpack_bits
from btfnet.kernels.columns import compare_columns, gather_columns, turn_block

pytestmark = pytest.mark.no_compiler


def test_a_block_is_transposed():
    rng = np.random.default_rng(0)
    block = rng.integers(0, 2**64, 64, dtype=np.uint64)
    bits = np.unpackbits(block.view(np.uint8), bitorder="little").reshape(64, 64)
    turn_block(block)
    assert np.array_equal(np.unpackbits(block.view(np.uint8), bitorder="little").reshape(64, 64), bits.T)


@pytest.mark.parametrize("n_items", [1, 63, 64, 65, 200])
def test_some_rows_become_columns(n_items):
    rng = np.random.default_rng(n_items)
    rows = rng.integers(0, 2**64, (50, 3), dtype=np.uint64)
    items = rng.integers(0, 50, n_items)
    columns = np.full((192, -(-n_items // 64)), 7, dtype=np.uint64)
    gather_columns(rows, items, columns, np.empty(64, dtype=np.uint64))
    bits = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little").astype(bool)
    assert np.array_equal(unpack_bits(columns, n_items), bits[items])
    pad = columns[:, -1] >> np.uint64((n_items - 1) % 64) >> np.uint64(1)
    assert not pad.any()


@pytest.mark.parametrize("n_items", [0, 1, 63, 64, 65, 130])
def test_numbers_above_levels_are_bits(n_items):
    rng = np.random.default_rng(n_items)
    rows = rng.integers(-3, 4, (n_items, 5)).astype(np.float32)
    inputs, levels = rng.integers(0, 5, 40), rng.integers(-3, 4, 40) + rng.choice([0.0, 1e-9, -1e-9], 40)
    columns = np.full((40, -(-n_items // 64)), 7, dtype=np.uint64)
    compare_columns(rows, inputs, levels, columns, np.ones((5, 64), dtype=np.float32))
    assert np.array_equal(unpack_bits(columns, n_items), rows[:, inputs] > levels)
    assert n_items % 64 == 0 or not (columns[:, -1] >> np.uint64(n_items % 64)).any()


@pytest.mark.parametrize("n_items", [0, 1, 64, 100])
def test_comparisons_as_columns_are_those_as_rows(n_items):
    rng = np.random.default_rng(n_items)
    rows = rng.uniform(-1, 1, (n_items, 6)).astype(np.float32)
    weight = rng.integers(-1, 2, (50, 6)).astype(np.int8)
    weight[::3] = np.eye(6, dtype=np.int8)[rng.integers(0, 6, len(weight[::3]))]
    for several in (weight, weight[::3]):
        comparisons = Comparisons(several, rng.uniform(-1, 1, len(several)))
        assert np.array_equal(unpack_bits(comparisons.columns(rows), n_items), comparisons.encode(rows))

"""Rows of bits that become columns."""

import numpy as np
import pytest

from btfnet.kernels.bits import unpack_bits
from btfnet.kernels.columns import gather_columns, turn_block

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

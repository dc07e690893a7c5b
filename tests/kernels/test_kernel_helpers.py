"""Kernels draw, sort and fill as NumPy does; parts of kernels are theirs alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import config

from btfnet.kernels.compiled import compiled
from btfnet.kernels.fill import copy, fill, fill_rows
from btfnet.kernels.logic.bit_transpose import pack_rows
from btfnet.kernels.parts import Kernel
from btfnet.kernels.random_draw import below, between, word
from btfnet.kernels.sorting import order_of

pytestmark = pytest.mark.no_compiler

SIZES = (1, 2, 3, 7, 8, 1000, 65536, 2**31 - 1, 2**31 + 1, 3 * 2**30, 2**32 - 1)


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_a_number_is_drawn_as_numpy_draws_it_and_leaves_the_generator_where_numpy_leaves_it(bits):
    ours, theirs = (np.random.Generator(bits(5)) for _ in range(2))
    for turn in range(300):
        size = SIZES[turn % len(SIZES)]
        assert below(ours, size) == theirs.integers(0, size)
        assert between(ours, -3, size - 3) == theirs.integers(-3, size - 3)
        assert ours.random() == theirs.random()


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_a_word_is_drawn_as_numpy_draws_it(bits):
    """The generator is left where NumPy leaves it, also in the middle of a word that `below` halved."""
    ours, theirs = (np.random.Generator(bits(5)) for _ in range(2))
    for turn in range(100):
        assert word(ours) == theirs.integers(0, 2**64, dtype=np.uint64)
        if turn % 3 == 0:
            assert below(ours, 1000) == theirs.integers(0, 1000)
        assert ours.random() == theirs.random()


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_any_short_range_is_drawn_from_as_numpy_does(seed, size):
    ours, theirs = np.random.default_rng(seed), np.random.default_rng(seed)
    assert [below(ours, size) for _ in range(5)] == list(theirs.integers(0, size, 5))


@pytest.mark.parametrize("dtype", [np.uint64, np.float32, np.float64])
def test_keys_are_ordered_from_the_least_and_equal_ones_as_they_stand(dtype):
    rng = np.random.default_rng(3)
    for size in (*range(20), 100, 1023, 1024, 1025):
        keys = rng.integers(0, max(1, size // 2), size).astype(dtype)
        assert order_of(keys).tolist() == np.argsort(keys, kind="stable").tolist()


def test_arrays_are_filled_and_copied_whole_and_nothing_beside_them():
    rows = np.arange(12, dtype=np.uint64).reshape(3, 4)
    fill(rows[0, 1:3], np.uint64(9))
    copy(rows[2], rows[1])
    assert rows.tolist() == [[0, 9, 9, 3], [8, 9, 10, 11], [8, 9, 10, 11]]
    fill_rows(rows[1:], np.uint64(1))
    assert rows.tolist() == [[0, 9, 9, 3], [1, 1, 1, 1], [1, 1, 1, 1]]


@compiled
def doubled(number):
    return 2 * number


@compiled
def quadrupled(number):
    return doubled(doubled(number))


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
def test_a_kernel_that_another_one_calls_is_compiled_into_it_and_not_by_itself(monkeypatch, tmp_path):
    """If a new Numba no longer has what `parts` builds on, kernels work, and this test says why they are slow."""
    monkeypatch.setattr("btfnet.kernels.cache.folders", lambda: iter([tmp_path]))  # none is there yet
    assert isinstance(pack_rows, Kernel)
    assert quadrupled(3) == 12
    assert len(quadrupled.signatures) == 1
    assert len(doubled.part.overloads) == 1
    assert len(doubled.signatures) == 0

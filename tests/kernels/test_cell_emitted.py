"""Kernels of cells that are emitted as LLVM's vectors against the plain functions of NumPy that define them."""

import numpy as np
import pytest
from numba import config, njit
from support.emitted_kernels import assert_same, words

from btfnet.kernels.cells.counting import at_least
from btfnet.kernels.cells.lookup import VECTOR, choose_of_sixteen, choose_of_two, functions_of_two
from btfnet.kernels.cells.rows import keep_live, rotated, rotated_short, rotated_where, unroll, wrong_in_row
from btfnet.rules.arrays import packed

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is emitted")

LENGTHS = [VECTOR, 2 * VECTOR, 3 * VECTOR]


@njit
def unroll_by_vectors(row, n_cells, out):
    unroll(row, n_cells, out)


@njit
def rotate_short_by_vectors(row, n_cells, shifts, first, out):
    rotated_short(row, n_cells, shifts, first, out)


def row_of_cells(rng, n_cells):
    return packed(rng.random((1, n_cells)) < 0.5)[0]


@pytest.mark.parametrize("n_words", LENGTHS)
def test_functions_and_choices_are_those_of_numpy(n_words):
    rng = np.random.default_rng(n_words)
    x, y, which, out = words(rng, 4, n_words)
    functions, inputs = words(rng, 16, n_words), words(rng, 7, n_words)
    nibbles = rng.integers(0, 16, 64).astype(np.uint8)
    assert_same(functions_of_two, x, y, functions)
    assert_same(choose_of_two, which, x, y, out)
    for first, last in ((0, 3), (16, 4), (48, 6)):
        assert_same(choose_of_sixteen, nibbles, first, functions, inputs, last, out)


def test_a_choice_may_be_written_over_what_is_chosen_between():
    which, zero, one = words(np.random.default_rng(0), 3, 2 * VECTOR)
    wanted = np.where(
        np.unpackbits(which.view(np.uint8)), *(np.unpackbits(x.view(np.uint8)) for x in (one, zero))
    )

    @njit
    def choose(which, zero, one, out):
        choose_of_two(which, zero, one, out)

    for place in (0, 1):
        rows = [zero.copy(), one.copy()]
        choose(which, *rows, rows[place])
        assert np.array_equal(np.unpackbits(rows[place].view(np.uint8)), wanted)


@pytest.mark.parametrize("n_words", LENGTHS)
def test_rows_are_masked_and_compared_as_numpy_does(n_words):
    row, known, care = words(np.random.default_rng(n_words), 3, n_words)
    assert_same(keep_live, care, row)
    assert_same(wrong_in_row, row, known, care)


@pytest.mark.parametrize("n_words", LENGTHS)
def test_rotations_are_those_of_numpy(n_words):
    rng, most = np.random.default_rng(n_words), 64 * n_words
    unrolled, (mask, out) = words(rng, 2 * n_words + VECTOR), words(rng, 2, n_words)
    for shift in (0, 1, 63, 64, 65, most // 2, most - 64, most - 1):
        assert_same(rotated, unrolled, shift, out)
        for keep in (0, 2**64 - 1):
            assert_same(rotated_where, unrolled, shift, mask, np.uint64(keep), out)


@pytest.mark.parametrize("n_words", LENGTHS)
def test_rows_of_any_length_are_unrolled_as_numpy_does(n_words):
    rng = np.random.default_rng(n_words)
    for n_cells in range(1, 64 * n_words + 1):
        row = np.zeros(n_words, dtype=np.uint64)
        cells = row_of_cells(rng, n_cells)
        row[: cells.size] = cells
        ours = words(rng, 2 * n_words + VECTOR)
        theirs = ours.copy()
        unroll_by_vectors(row, n_cells, ours)
        unroll.twin(row, n_cells, theirs)
        assert np.array_equal(ours, theirs), n_cells


def test_a_whole_row_is_as_numpy_has_it():
    rng = np.random.default_rng(5)
    row, rows = words(rng, VECTOR), words(rng, 8, VECTOR)
    assert_same(unroll, row, 64 * VECTOR, words(rng, 3 * VECTOR))
    assert_same(rotated_short, row, 64 * VECTOR, np.arange(64), 1, words(rng, 65, VECTOR))
    literals = np.array([1, -2, 3, -5, 7], dtype=np.int64)
    for joined in (-1, 0, 1):
        assert_same(at_least, rows, literals, 4, 2, 1, joined, words(rng, VECTOR))


def test_short_rows_of_any_length_are_rotated_as_numpy_does():
    """By every distance; what stands behind the cells is arbitrary, and rows that are not meant stay."""
    rng = np.random.default_rng(0)
    for n_cells in range(1, 64 * VECTOR + 1):
        row, shifts = row_of_cells(rng, n_cells), rng.permutation(min(64, n_cells))
        ours = words(rng, 2 + shifts.size, VECTOR)
        theirs, live = ours.copy(), packed(np.ones((1, n_cells), dtype=bool))
        rotate_short_by_vectors(row, n_cells, shifts, 2, ours)
        rotated_short.twin(row, n_cells, shifts, 2, theirs)
        assert np.array_equal(ours[2:] & live, theirs[2:] & live), n_cells
        assert np.array_equal(ours[:2], theirs[:2])

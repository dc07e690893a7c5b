"""Rows of cells packed into words, what cells see, and tables looked up, against cells one at a time."""

import numpy as np
import pytest
from numba import njit
from support.cell_samples import bits_of, nibble_table, nibbles_of, pattern_at, row_of, step, wrong_of
from support.cell_scenes import SCENES, packed_run, start_of, table_for

from btfnet.kernels.cells import lookup, rows
from btfnet.kernels.cells.follow import step_by_table, wrong_by_table
from btfnet.kernels.cells.lookup import FUNCTIONS, LEAST_INPUTS, VECTOR, flip_entry, look_up
from btfnet.kernels.cells.rows import Neighbours, see, wrong_bits
from btfnet.rules.arrays import packed

pytestmark = pytest.mark.no_compiler

LENGTHS = (
    1,
    2,
    31,
    63,
    64,
    65,
    127,
    128,
    192,
    200,
    224,
    225,
    250,
    255,
    256,
    257,
    300,
    480,
    500,
    511,
    512,
    700,
)


@njit
def functions_of_two(x, y, out):
    lookup.functions_of_two(x, y, out)


@njit
def unroll(row, n_cells, out):
    rows.unroll(row, n_cells, out)


@njit
def wrong_in_row(row, known, care):
    return rows.wrong_in_row(row, known, care)


def words(rng, *shape):
    return rng.integers(0, 2**64, shape, dtype=np.uint64)


@pytest.fixture(params=SCENES)
def scene(request):
    return SCENES[request.param]


@pytest.mark.parametrize("n_cells", LENGTHS)
@pytest.mark.parametrize("more", [0, VECTOR])
def test_a_row_is_followed_by_itself(n_cells, more):
    rng = np.random.default_rng(n_cells)
    n_words = -(-n_cells // (64 * VECTOR)) * VECTOR + more
    bits = rng.integers(0, 2, n_cells).tolist()
    out = words(rng, 2 * n_words + VECTOR)
    unroll(row_of(bits, n_words), n_cells, out)
    assert bits_of(out, 2 * n_cells) == bits + bits


def test_sixteen_functions_of_two_inputs():
    x, y = words(np.random.default_rng(0), 2, 2 * VECTOR)
    out = np.zeros((FUNCTIONS, 2 * VECTOR), dtype=np.uint64)
    functions_of_two(x, y, out)
    spelled = [2 * a + b for a, b in zip(bits_of(x, 512), bits_of(y, 512), strict=True)]
    for number in range(FUNCTIONS):
        assert bits_of(out[number], 512) == [number >> pattern & 1 for pattern in spelled]


@pytest.mark.parametrize("n_inputs", [6, 7, 8, 9, 10])
@pytest.mark.parametrize("n_words", [VECTOR, 3 * VECTOR])
def test_tables_are_looked_up(n_inputs, n_words):
    rng = np.random.default_rng(n_inputs)
    inputs, table = words(rng, n_inputs, n_words), rng.integers(0, 2, 2**n_inputs).tolist()
    functions, work = words(rng, FUNCTIONS, n_words), words(rng, 2 ** (n_inputs - LEAST_INPUTS), n_words)
    out = words(rng, n_words)
    functions_of_two(inputs[-2], inputs[-1], functions)
    look_up(nibbles_of([table])[0], functions, inputs, work, out)
    columns = [bits_of(row, 64 * n_words) for row in inputs]
    patterns = [int("".join(map(str, digits)), 2) for digits in zip(*columns, strict=True)]
    assert bits_of(out, 64 * n_words) == [table[pattern] for pattern in patterns]


def test_one_entry_is_turned_over_and_no_other():
    table = np.random.default_rng(0).integers(0, 2, 64).tolist()
    for pattern in range(64):
        nibbles = nibbles_of([table])
        flip_entry(nibbles[0], pattern)
        changed = nibble_table(nibbles, 64)
        assert [entry for entry in range(64) if changed[entry] != table[entry]] == [pattern]


@pytest.mark.parametrize("n_cells", [10, 225, 300])
def test_cells_see_their_neighbours(n_cells):
    """Any rotations of any channels, each for some cells; an input without one stays false."""
    rng = np.random.default_rng(n_cells)
    n_words = -(-n_cells // (64 * VECTOR)) * VECTOR
    bits = rng.integers(0, 2, (2, n_cells)).tolist()
    shift, source = rng.integers(0, n_cells, 6), np.array([0, 1, 0, 1])
    shift[-1] = n_cells - 1
    whole, start = np.array([0, 1, 0, 1], dtype=np.uint8), np.array([0, 0, 1, 5, 6])
    meant = rng.integers(
        0, 5, n_cells
    ).tolist()  # for which of input 2's four rotations a cell is, or for none
    masks = np.array([row_of([cell == term - 1 for cell in meant], n_words) for term in range(6)])
    live = row_of([1] * n_cells, n_words)
    cells = Neighbours(n_cells, live, source, start, shift, masks, whole, 0)
    state = np.array([row_of(row, n_words) for row in bits])
    inputs = np.zeros((4, n_words), dtype=np.uint64)
    see(state, cells, words(rng, 2, 2 * n_words + VECTOR), inputs)

    def turned(channel, term):
        return [bits[channel][(cell + shift[term]) % n_cells] for cell in range(n_cells)]

    assert not inputs[0].any()
    assert bits_of(inputs[1], n_cells) == turned(1, 0)
    terms = [turned(0, term) for term in range(1, 5)]
    wanted = [terms[term][cell] if term < 4 else 0 for cell, term in enumerate(meant)]
    assert bits_of(inputs[2], n_cells) == wanted
    assert bits_of(inputs[3], n_cells) == turned(1, 5)


@pytest.mark.parametrize("n_cells", [1, 2, 63, 64, 65, 127, 128, 129, 191, 192, 200, 255, 256])
def test_cells_of_a_short_row_see_the_same(n_cells):
    rng = np.random.default_rng(n_cells)
    bits, shift = rng.integers(0, 2, n_cells).tolist(), rng.integers(0, min(64, n_cells), 5)
    inputs, none = np.zeros((7, VECTOR), dtype=np.uint64), np.zeros((0, VECTOR), dtype=np.uint64)
    start, whole = np.array([0, 0, 0, 1, 2, 3, 4, 5]), np.array([0, 0, 1, 1, 1, 1, 1], dtype=np.uint8)
    live, source = row_of([1] * n_cells, VECTOR), np.zeros(7, dtype=np.int64)
    cells = Neighbours(n_cells, live, source, start, shift, none, whole, 1)
    see(row_of(bits, VECTOR)[None], cells, words(rng, 1, 3 * VECTOR), inputs)
    assert not inputs[:2].any()
    for row, distance in zip(inputs[2:], shift.tolist(), strict=True):
        assert bits_of(row, n_cells) == [bits[(cell + distance) % n_cells] for cell in range(n_cells)]


def test_neighbours_of_a_scene_are_the_cells_that_its_cells_read(scene):
    run = packed_run(scene)
    scratch, cells = run.scratch(), run.observed.cells
    see(run.observed.start, cells, scratch.unrolled, scratch.inputs)
    columns = np.array([bits_of(row, cells.n_cells) for row in scratch.inputs])
    patterns = np.roll(2 ** np.arange(len(columns))[::-1] @ columns, -run.frame)
    wanted = [pattern_at(first, scene, place) for first in start_of(scene) for place in scene.places]
    assert patterns.tolist() == wanted


def test_a_step_of_all_cells(scene):
    run = packed_run(scene)
    scratch, channels = run.scratch(), scene.n_bits
    after = words(np.random.default_rng(0), channels, run.n_words)
    start = run.observed.start
    step_by_table(table_for(run, scene, scene.table), start, run.observed.cells, scratch, after)
    n_cells = run.observed.cells.n_cells
    assert not (after & ~packed(np.ones((1, n_cells), dtype=bool))).any()
    wanted = [state for first in start_of(scene) for state in step(first, scene, scene.table).values()]
    columns = np.array([bits_of(row, n_cells) for row in after])
    assert np.roll(2 ** np.arange(channels)[::-1] @ columns, -run.frame).tolist() == wanted


@pytest.mark.parametrize("n_words", [VECTOR, 2 * VECTOR, 3 * VECTOR])
def test_wrong_bits_are_counted_where_one_cares(n_words):
    rng = np.random.default_rng(n_words)
    state, known, care = words(rng, 3, 2, n_words)
    wanted = [
        sum((a != b) and c for a, b, c in zip(*(bits_of(each[row], 64 * n_words) for each in (state, known, care)),
                                             strict=True))
        for row in range(2)
    ]  # fmt: skip
    assert [wrong_in_row(state[row], known[row], care[row]) for row in range(2)] == wanted
    assert wrong_bits(state, known, care) == sum(wanted)
    assert wrong_bits(state, known, np.zeros_like(care)) == 0


def test_runs_are_compared_with_observations(scene):
    run, rng = packed_run(scene), np.random.default_rng(5)
    scratch, firsts = run.scratch(), start_of(scene)
    tables = [scene.table, rng.integers(0, scene.n_states, len(scene.table)).tolist(), [0] * len(scene.table)]
    for table in tables:
        nibbles, wanted = table_for(run, scene, table), wrong_of(scene, table, firsts)
        scratch.state[0] = run.observed.start
        assert wrong_by_table(nibbles, 0, run.observed, scratch) == wanted
        step_by_table(nibbles, run.observed.start, run.observed.cells, scratch, scratch.state[0])
        assert wrong_by_table(nibbles, 1, run.observed, scratch) == wanted

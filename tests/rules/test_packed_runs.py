"""Observations packed for the kernels, and back."""

import numpy as np
import pytest
from support.cell_samples import UNKNOWN, bits_of, pattern_at
from support.cell_scenes import SCENES, observations, packed_run, start_of

from btfnet.kernels.cells.lookup import VECTOR
from btfnet.rules.arrays import packed


@pytest.fixture(params=SCENES)
def scene(request):
    return SCENES[request.param]


def test_rings_alone_turn_so_that_no_cell_reads_before_itself(scene):
    run = packed_run(scene)
    turns = len(scene.shape) == 1 and scene.periodic and len(scene.states) == 1
    assert run.frame == (min(offset[0] for offset in scene.offsets) if turns else 0)
    if turns:
        reach = [offset[0] - run.frame for offset in scene.offsets]
        assert run.observed.cells.shift.tolist() == [
            distance % scene.shape[0] for distance in reach for _ in range(scene.n_bits)
        ]


def test_observations_are_turned_as_far_as_their_time_says(scene):
    run, seen = packed_run(scene), observations(scene)
    assert run.observed.step.tolist() == list(scene.times[1:])
    known = [run.observed.start, *run.observed.known]
    for index, (rows, time) in enumerate(zip(known, scene.times, strict=True)):
        states = np.roll(seen.flat[index].astype(int), run.frame * time).tolist()
        for channel, row in enumerate(rows):
            place = scene.n_bits - 1 - channel
            assert bits_of(row, len(states)) == [max(state, 0) >> place & 1 for state in states]
            assert not any(bits_of(row, 64 * run.n_words)[len(states) :])
            if index:
                cared = bits_of(run.observed.care[index - 1, channel], 64 * run.n_words)
                padding = [0] * (len(cared) - len(states))
                assert cared == [int(state != UNKNOWN) for state in states] + padding


def test_first_states_are_packed_and_back(scene):
    run = packed_run(scene)
    wanted = [list(first.values()) for first in start_of(scene)]
    assert run.states(run.observed.start).tolist() == wanted


def test_cells_that_show_a_pattern_at_the_start_are_turned_as_at_step_one(scene):
    run = packed_run(scene)
    shows = run.shown_at_start(run.n_inputs)
    patterns = [pattern_at(first, scene, place) for first in start_of(scene) for place in scene.places]
    turned = np.roll(patterns, run.frame).tolist()
    assert shows.shape == (2**run.n_inputs, run.n_words)
    for pattern in {*patterns, 0, 2**run.n_inputs - 1}:
        assert bits_of(shows[pattern], len(patterns)) == [int(each == pattern) for each in turned]
    assert int(np.bitwise_count(shows).sum()) == len(patterns)


def test_rows_that_need_not_touch_memory_are_short(scene):
    run = packed_run(scene)
    cells = run.observed.cells
    one_vector = len(run.observed.start) == 1 and cells.n_cells <= 64 * VECTOR
    first = len(cells.source) - run.n_inputs
    assert cells.short == (one_vector and cells.whole[first:].all() and cells.shift.max(initial=0) < 64)
    assert int(np.bitwise_count(cells.live).sum()) == cells.n_cells


@pytest.mark.parametrize("n_bits", [1, 64, 255, 256, 257])
def test_rows_are_whole_vectors(n_bits):
    bits = np.random.default_rng(n_bits).random((3, n_bits)) < 0.5
    rows = packed(bits)
    assert rows.shape[1] % VECTOR == 0
    assert [bits_of(row, 64 * len(row)) for row in rows] == [
        [*map(int, own), *[0] * (64 * rows.shape[1] - n_bits)] for own in bits
    ]

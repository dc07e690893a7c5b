"""Tables that walk, against walks that change one bit of a list and run every cell anew."""

import numpy as np
import pytest
from support.cell_samples import CROSS, UNKNOWN, PlainWalk, nibble_table, scene_of, windows
from support.cell_scenes import observations, start_of

from btfnet.kernels.cells.anneal import anneal_tables, change, place_of, price, stays
from btfnet.rules.arrays import PackedRun
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.tables import TableCell, entries
from btfnet.rules.tempering import chances_at

pytestmark = pytest.mark.no_compiler

SCENES = {
    "ring": scene_of((40,), windows(-1, 3), seed=1, times=(0, 2)),
    "one step": scene_of((60,), windows(0, 4), seed=2),
    "seven inputs": scene_of((70,), windows(-3, 7), seed=3, times=(0, 1, 2)),
    "unknown bits": scene_of((40,), windows(-1, 3), seed=4, times=(0, 2, 3), unknown=0.1),
    "unknown first bits": scene_of((30,), windows(0, 3), seed=5, times=(0, 1), runs=2, unknown_first=0.3),
    "wrong bits": scene_of((40,), windows(-1, 3), seed=6, times=(0, 1, 2), wrong=0.1),
    "row": scene_of((30,), windows(-1, 3), seed=7, times=(0, 2), periodic=False),
    "torus": scene_of((5, 6), CROSS, seed=8, times=(0, 2)),
    "grids": scene_of((4, 5), CROSS, seed=9, times=(0, 1), runs=3, periodic=False),
    "three states": scene_of((30,), windows(0, 3), seed=10, times=(0, 2), n_states=3),
    "three states, gaps": scene_of(
        (30,), windows(0, 2), seed=12, times=(0, 2), n_states=3, unknown_first=0.3
    ),
    "four states": scene_of((30,), windows(0, 2), seed=11, times=(0, 2), n_states=4, unknown_first=0.2),
}


def cell_of(scene, n_walks=2):
    """Walks of a scene's tables, and what they are compared with."""
    run = PackedRun.of(observations(scene), Neighbourhood(scene.offsets))
    return TableCell(run, n_walks, np.random.default_rng(9))


def firsts_of(scene, cell, rows):
    """Packed states at step 0 as dictionaries, one for each run."""
    states = cell.run.states(rows)
    return [dict(zip(scene.places, map(int, run), strict=True)) for run in states]


def plain_of(scene, cell, walk):
    """The same walk, as it stands, in plain Python."""
    n_cells, walks = len(scene.places), cell.walks
    loose = [
        (int(channel), int(index) // n_cells, scene.places[int(index) % n_cells])
        for channel, index in walks.loose
    ]
    table = nibble_table(walks.nibbles[walk], len(scene.table))
    firsts, chances = firsts_of(scene, cell, walks.start[walk]), walks.chances[walk].tolist()
    plain = PlainWalk(scene, table, firsts, walks.entries.tolist(), loose, chances, scene.n_states)
    plain.start()
    return plain


def price_of(cell, walk):
    return price(cell.walks, walk, cell.run.observed, cell.run.scratch())


def test_a_place_is_one_of_all_and_all_are_likely():
    for n_places in (1, 7, 1000, 1 << 20):
        draws = np.random.default_rng(0).integers(0, 2**64, 200, dtype=np.uint64)
        for bits in (*draws, np.uint64(0), np.uint64(2**64 - 1)):
            assert place_of(bits, n_places) == int(bits) % 2**20 * n_places // 2**20
    assert {place_of(np.uint64(bits), 3) for bits in range(0, 2**20, 1000)} == {0, 1, 2}


def test_a_change_stays_as_often_as_its_chance_says():
    chances = np.array([2**22, 2**20, 5, 0])
    for bits in (0, 4, 5, 2**20 - 1, 2**20, 2**22 - 1, 2**22 + 3):
        low, word = bits % 2**22, np.uint64(bits)
        assert stays(chances, -1, word)
        assert stays(chances, 0, word)
        assert stays(chances, 1, word) == (low < 2**20)
        assert stays(chances, 2, word) == (low < 5)
        assert not stays(chances, 3, word)
        assert not stays(chances, 4, word)


@pytest.mark.parametrize("name", SCENES)
def test_walks_are_priced_as_runs(name):
    scene = SCENES[name]
    cell = cell_of(scene)
    assert bool(len(cell.walks.loose)) == (scene.states[:, 0] == UNKNOWN).any()
    for walk in range(2):
        plain = plain_of(scene, cell, walk)
        n_places = len(plain.entries) + len(plain.loose)
        assert cell.walks.wrong[walk] == cell.walks.least[walk] == plain.wrong
        for place in np.random.default_rng(walk).integers(0, n_places, 20).tolist():
            change(cell.walks, walk, place)
            plain.change(place)
            assert price_of(cell, walk) == plain.price()


@pytest.mark.parametrize("name", SCENES)
def test_walks_go_as_the_plain_walk_goes(name):
    """The same draws, the same changes that stay, the same best, and the generator left at the same draw."""
    scene = SCENES[name]
    cell = cell_of(scene)
    walks, observed, scratch = cell.walks, cell.run.observed, cell.run.scratch()
    untouched = [np.array(array[0]) for array in (walks.nibbles, walks.start, walks.after, walks.best)]
    walks.chances[1] = chances_at(2.0, walks.chances.shape[1])
    plain, (ours, theirs) = plain_of(scene, cell, 1), (np.random.default_rng(3) for _ in range(2))
    for moves, target in ((60, 0), (1, 0), (0, 0), (30, plain.wrong), (9, 10**6)):
        counted = anneal_tables(walks, 1, moves, target, observed, scratch, ours)
        assert counted == plain.anneal(moves, target, theirs)
        assert (walks.wrong[1], walks.least[1]) == (plain.wrong, plain.least)
        assert nibble_table(walks.nibbles[1], len(scene.table)) == plain.table
        assert firsts_of(scene, cell, walks.start[1]) == plain.firsts
        assert nibble_table(walks.best[1], len(scene.table)) == plain.best[0]
        assert firsts_of(scene, cell, walks.best_start[1]) == plain.best[1]
    assert counted == (0, 0, 0)
    assert ours.random() == theirs.random()
    arrays = (walks.nibbles, walks.start, walks.after, walks.best)
    assert all(np.array_equal(before, array[0]) for before, array in zip(untouched, arrays, strict=True))


def test_a_walk_ends_where_its_target_is_reached_and_remembers_the_way():
    scene = SCENES["one step"]
    cell = cell_of(scene, 1)
    tried, _, _ = cell.anneal(0, 20_000, 0, np.random.default_rng(1))
    assert tried < 20_000
    assert cell.wrong[0] == cell.least[0] == 0
    rule, first = cell.found(0)
    shown = {pattern for pattern, unseen in enumerate(rule.unseen) if not unseen}
    assert all(rule.values[pattern] == scene.table[pattern] for pattern in shown)
    assert first[0].tolist() == list(start_of(scene)[0].values())


def test_a_walk_keeps_its_best_when_it_goes_on_to_what_is_worse():
    cell = cell_of(SCENES["ring"], 1)
    cell.chances[0] = 1 << 22  # every change stays
    cell.anneal(0, 300, -1, np.random.default_rng(2))
    assert cell.wrong[0] > cell.least[0]
    cell.walks.nibbles[0], cell.walks.after[0] = cell.walks.best[0], 0
    for channel, pattern in cell.entries:
        if cell.walks.best[0, channel, pattern >> 2] >> (pattern & 3) & 1:
            cell.walks.after[0, channel] ^= cell.walks.shows[pattern]
    assert price_of(cell, 0) == cell.least[0]


@pytest.mark.parametrize("n_states, size", [(2, 1), (2, 4), (3, 2), (4, 2), (5, 2)])
def test_entries_are_those_of_states_that_there_are(n_states, size):
    n_channels = max(1, (n_states - 1).bit_length())
    wanted = []
    for pattern in range(2 ** (size * n_channels)):
        states = [pattern >> n_channels * cell & 2**n_channels - 1 for cell in range(size)]
        if max(states) < n_states:
            wanted += [[channel, pattern] for channel in range(n_channels)]
    assert entries(n_states, size, n_channels).tolist() == wanted

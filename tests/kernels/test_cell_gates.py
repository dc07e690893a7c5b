"""Gates that all cells share, and walks over them, against gates one pattern and one cell at a time."""

import numpy as np
import pytest
from support.cell_gates import PlainGates, gates_table
from support.cell_samples import CROSS, UNKNOWN, bits_of, scene_of, windows
from support.cell_scenes import observations

from btfnet.kernels.cells.gates import change_gate, keep_outputs, make_table, outputs_changed, price_gates
from btfnet.rules.arrays import PackedRun
from btfnet.rules.gate_walks import GateCell
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.tempering import chances_at

pytestmark = pytest.mark.no_compiler

SCENES = {
    "ring": scene_of((40,), windows(-1, 3), seed=1, times=(0, 2)),
    "one input": scene_of((30,), windows(0, 1), seed=2),
    "seven inputs": scene_of((30,), windows(-3, 7), seed=3, times=(0, 1, 2)),
    "unknown": scene_of((30,), windows(-2, 4), seed=4, times=(0, 1, 3), unknown=0.2),
    "wrong": scene_of((30,), windows(-1, 3), seed=5, times=(0, 2), wrong=0.1),
    "grids": scene_of((4, 5), CROSS, seed=6, times=(0, 2), runs=3, periodic=False),
    "four states": scene_of((30,), windows(0, 2), seed=7, times=(0, 2), n_states=4, unknown_first=0.2),
}


def cell_of(name, n_gates=5):
    scene = SCENES[name]
    run = PackedRun.of(observations(scene), Neighbourhood(scene.offsets))
    return scene, GateCell(run, 2, np.random.default_rng(4), n_gates)


def now(scene, cell, senders, flips, start):
    """Senders, flips and first states as lists and dictionaries."""
    states = cell.run.states(start)
    firsts = [dict(zip(scene.places, map(int, run), strict=True)) for run in states]
    return senders.tolist(), flips.tolist(), firsts


def now_of(scene, cell, walk):
    walks = cell.walks
    return now(scene, cell, walks.senders[walk], walks.flips[walk], walks.start[walk])


def plain_of(scene, cell, walk):
    """The same walk, as it stands, in plain Python."""
    n_cells = len(scene.places)
    loose = [
        (int(channel), int(index) // n_cells, scene.places[int(index) % n_cells])
        for channel, index in cell.walks.loose
    ]
    plain = PlainGates(scene, *now_of(scene, cell, walk), loose, cell.walks.chances[walk].tolist())
    plain.start()
    return plain


def made_by(scene, cell):
    """The table that the outputs in walks.patterns are."""
    columns = [bits_of(row, len(scene.table)) for row in cell.walks.patterns[-scene.n_bits :]]
    return [int("".join(map(str, digits)), 2) for digits in zip(*columns, strict=True)]


@pytest.mark.parametrize("name", SCENES)
def test_gates_are_changed_and_run_on_all_patterns(name):
    scene, cell = cell_of(name)
    plain, rng = plain_of(scene, cell, 1), np.random.default_rng(0)
    for bits in rng.integers(0, 2**64, 60, dtype=np.uint64):
        gate, before = int(rng.integers(5)), plain.table()
        make_table(cell.walks, 1)
        keep_outputs(cell.walks, 1)
        assert not outputs_changed(cell.walks, 1)
        change_gate(cell.walks, 1, gate, bits)
        plain.change_gate(gate, int(bits))
        assert now_of(scene, cell, 1) == plain.now()
        make_table(cell.walks, 1)
        assert made_by(scene, cell) == plain.table()
        assert outputs_changed(cell.walks, 1) == (plain.table() != before)


@pytest.mark.parametrize("name", SCENES)
def test_gates_are_priced_as_runs(name):
    scene, cell = cell_of(name)
    observed, scratch, rng = cell.run.observed, cell.run.scratch(), np.random.default_rng(1)
    assert bool(len(cell.walks.loose)) == (scene.states[:, 0] == UNKNOWN).any()
    for walk in range(2):
        plain = plain_of(scene, cell, walk)
        assert cell.wrong[walk] == cell.least[walk] == plain.wrong
        for bits in rng.integers(0, 2**64, 15, dtype=np.uint64):
            gate = int(rng.integers(5))
            change_gate(cell.walks, walk, gate, bits)
            plain.change_gate(gate, int(bits))
            make_table(cell.walks, walk)
            assert price_gates(cell.walks, walk, observed, scratch) == plain.price()


@pytest.mark.parametrize("name", SCENES)
def test_walks_of_gates_go_as_the_plain_walk_goes(name):
    """The same draws, the same changes that stay, the same best, and the generator left at the same draw."""
    scene, cell = cell_of(name)
    walks, other = cell.walks, now_of(scene, cell, 0)
    walks.chances[1] = chances_at(2.0, walks.chances.shape[1])
    plain, (ours, theirs) = plain_of(scene, cell, 1), (np.random.default_rng(3) for _ in range(2))
    for moves, target in ((80, 0), (1, 0), (0, 0), (20, plain.wrong), (9, 10**6)):
        counted = cell.anneal(1, moves, target, ours)
        assert counted == plain.anneal(moves, target, theirs)
        assert (cell.wrong[1], cell.least[1]) == (plain.wrong, plain.least)
        assert now_of(scene, cell, 1) == plain.now()
        best = now(scene, cell, walks.best_senders[1], walks.best_flips[1], walks.best_start[1])
        assert best == plain.best
    assert counted == (0, 0, 0)
    assert ours.random() == theirs.random()
    assert now_of(scene, cell, 0) == other


@pytest.mark.parametrize("name", SCENES)
def test_what_is_found_is_the_circuit_that_walked(name):
    scene, cell = cell_of(name, 7)
    cell.walks.chances[0] = chances_at(2.0, cell.walks.chances.shape[1])
    for seed in range(5):
        cell.begin(0, np.random.default_rng(seed))
        cell.anneal(0, 20, 0, np.random.default_rng(seed))
        walks, inputs = cell.walks, cell.run.n_inputs
        best = now(scene, cell, walks.best_senders[0], walks.best_flips[0], walks.best_start[0])
        rule, first = cell.found(0)
        assert rule.as_table().values.tolist() == gates_table(inputs, *best[:2], scene.n_bits)
        assert first.tolist() == [list(states.values()) for states in best[2]]

"""Threshold nodes of cells and walks over them, against sums over neighbours one cell at a time."""

import itertools

import numpy as np
import pytest
from numba import njit
from support.cell_nodes import PlainNodes, nodes_table
from support.cell_samples import CROSS, SQUARE, UNKNOWN, bits_of, row_of, scene_of, step, windows, wrong_of
from support.cell_scenes import observations, start_of

from btfnet.kernels.cells import counting
from btfnet.kernels.cells.counting import MOST_LITERALS
from btfnet.kernels.cells.thresholds import (
    ANY,
    hold,
    join_nodes,
    price_nodes,
    set_node,
    step_by_nodes,
    take_back,
    turn,
    turn_bound,
    wrong_by_nodes,
)
from btfnet.rules.arrays import PackedRun
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.tempering import chances_at
from btfnet.rules.thresholds import ThresholdCell, ThresholdForm

pytestmark = pytest.mark.no_compiler

SCENES = {
    "ring": scene_of((40,), windows(-1, 3), seed=1, times=(0, 2)),
    "one": scene_of((30,), windows(0, 1), seed=2),
    "unknown": scene_of((30,), windows(-2, 4), seed=3, times=(0, 1, 3), unknown=0.2),
    "wrong": scene_of((30,), windows(-2, 5), seed=4, times=(0, 2), wrong=0.1),
    "row": scene_of((25,), ((-2,), (2,)), seed=5, times=(0, 2), periodic=False),
    "torus": scene_of((5, 7), CROSS, seed=6, times=(0, 2)),
    "square": scene_of((4, 5), SQUARE, seed=7, times=(0, 1)),
    "grids": scene_of((4, 5), CROSS, seed=8, times=(0, 2), runs=3, periodic=False),
    "long": scene_of((300,), windows(-1, 3), seed=9),
}
FORMS = {
    "life": ThresholdForm(),
    "given bounds": ThresholdForm(bounds=(1, 2)),
    "one node": ThresholdForm(above=(True,), signed=True),
    "signed": ThresholdForm(signed=True),
    "or": ThresholdForm(above=(True, True, False), joined=False, signed=True),
    "or, given bounds": ThresholdForm(above=(False, True), joined=False, bounds=(0, 3)),
}
CASES = [
    ("ring", "life"), ("ring", "signed"), ("one", "signed"), ("unknown", "life"),
    ("unknown", "or"), ("wrong", "or"), ("row", "given bounds"), ("torus", "signed"),
    ("square", "life"), ("grids", "one node"), ("grids", "or, given bounds"),
    ("long", "signed"),
]  # fmt: skip


def cell_of(name, form):
    scene = SCENES[name]
    run = PackedRun.of(observations(scene), Neighbourhood(scene.offsets))
    return scene, ThresholdCell(run, 2, np.random.default_rng(4), FORMS[form])


def now(scene, cell, weights, bounds, start):
    """Weights, bounds and first states as lists and dictionaries."""
    states = cell.run.states(start)
    firsts = [dict(zip(scene.places, map(int, run), strict=True)) for run in states]
    return weights.tolist(), bounds.tolist(), firsts


def now_of(scene, cell, walk):
    walks = cell.walks
    return now(scene, cell, walks.weights[walk], walks.bounds[walk], walks.start[walk])


def plain_of(scene, cell, walk):
    """The same walk, as it stands, in plain Python."""
    weights, bounds, firsts = now_of(scene, cell, walk)
    n_cells, walks, form = len(scene.places), cell.walks, cell.form
    loose = [(int(index) // n_cells, scene.places[int(index) % n_cells]) for index in walks.loose]
    plain = PlainNodes(
        scene, weights, bounds, form.above, form.joined, form.signed, form.bounds is None, firsts, loose,
        walks.chances[walk].tolist(),
    )  # fmt: skip
    plain.start()
    return plain


def random_nodes(cell, seed):
    """Weights and bounds of any value, set as the nodes of a cell: the nodes, and the table that they are."""
    rng, form, nodes = np.random.default_rng(seed), cell.form, cell._nodes
    shape = cell.walks.weights.shape[1:]
    weights = rng.integers(-1, 2, shape).astype(np.int8)
    bounds = rng.integers(-shape[1], shape[1] + 2, shape[0])
    for node, (own, bound, above) in enumerate(zip(weights, bounds, form.above, strict=True)):
        set_node(nodes, node, own, bound, above)
    return nodes, nodes_table(weights.tolist(), bounds.tolist(), form.above, form.joined)


@pytest.mark.parametrize("name, form", CASES)
def test_nodes_step_as_sums_do(name, form):
    scene, cell = cell_of(name, form)
    run, scratch = cell.run, cell.run.scratch(tables=False)
    n_cells, out = run.observed.cells.n_cells, np.full((1, run.n_words), 2**64 - 1, dtype=np.uint64)
    for seed in range(12):
        nodes, table = random_nodes(cell, seed)
        step_by_nodes(nodes, run.observed.start, run.observed.cells, scratch, out)
        wanted = [state for first in start_of(scene) for state in step(first, scene, table).values()]
        assert np.roll(bits_of(out[0], n_cells), -run.frame).tolist() == wanted
        assert not any(bits_of(out[0], 64 * run.n_words)[n_cells:])


def test_nodes_are_joined_on_any_rows():
    _, cell = cell_of("square", "or")
    columns, n_words = np.random.default_rng(0).integers(0, 2, (9, 256)).tolist(), 4
    for seed in range(10):
        nodes, table = random_nodes(cell, seed)
        rows = np.array([row_of(column, n_words) for column in [[0] * 256, *columns]])
        out = np.full(n_words, 2**64 - 1, dtype=np.uint64)
        join_nodes(nodes, rows, out)
        patterns = [int("".join(map(str, digits)), 2) for digits in zip(*columns, strict=True)]
        assert bits_of(out, 256) == [table[pattern] for pattern in patterns]


@njit
def at_least(rows, literals, used, least, turned, joined, out):
    counting.at_least(rows, literals, used, least, turned, joined, out)


@pytest.mark.parametrize("n_inputs", [1, 5, MOST_LITERALS])
def test_literals_are_counted(n_inputs):
    """And compared with any bound, negated, and joined with what there is."""
    rng, n_words = np.random.default_rng(n_inputs), 8
    columns = (rng.random((n_inputs, 64 * n_words)) < rng.random(64 * n_words)).astype(int)
    columns[:, :2] = 0, 1
    rows = np.array([row_of(column, n_words) for column in [[0] * (64 * n_words), *columns.tolist()]])
    for used in {0, 1, n_inputs // 2, n_inputs}:
        literals = rng.permutation(n_inputs) + 1
        for signs in (1, rng.choice([-1, 1], n_inputs)):
            true = np.array([columns[place - 1] for place in literals])
            counts = np.where(np.reshape(signs * literals, (-1, 1)) > 0, true, 1 - true)[:used].sum(axis=0)
            for least in {0, 1, used // 2, used, used + 1}:
                for turned, joined in itertools.product((0, 1), (-1, 0, 1)):
                    had = rng.integers(0, 2, 64 * n_words).tolist()
                    out, says = row_of(had, n_words), ((counts >= least) != bool(turned)).astype(int).tolist()
                    at_least(rows, signs * literals, used, least, np.uint8(turned), joined, out)
                    both = zip(had, says, strict=True)
                    wanted = says if joined < 0 else [a & b if joined else a | b for a, b in both]
                    assert bits_of(out, 64 * n_words) == wanted


@pytest.mark.parametrize("name, form", CASES)
def test_nodes_are_priced_as_runs(name, form):
    scene, cell = cell_of(name, form)
    observed, scratch = cell.run.observed, cell.run.scratch(tables=False)
    assert bool(len(cell.walks.loose)) == (scene.states[:, 0] == UNKNOWN).any()
    for seed in range(3):
        nodes, table = random_nodes(cell, seed)
        scratch.state[0] = observed.start
        wanted = wrong_of(scene, table, start_of(scene))
        assert wrong_by_nodes(nodes, 0, ANY, observed, scratch) == wanted
        step_by_nodes(nodes, observed.start, observed.cells, scratch, scratch.state[0])
        assert wrong_by_nodes(nodes, 1, ANY, observed, scratch) == wanted
    for walk in range(2):
        plain = plain_of(scene, cell, walk)
        assert cell.wrong[walk] == cell.least[walk] == plain.wrong
        n_places = plain.n_weights + len(plain.loose)
        for place, up in np.random.default_rng(walk).integers(0, (n_places, 2), (20, 2)).tolist():
            turn(cell.walks, walk, place, up)
            plain.turn(place, up)
            assert price_nodes(cell.walks, walk, cell._nodes, observed, scratch) == plain.price()


@pytest.mark.parametrize("form", ["signed", "life"])
def test_bounds_go_up_and_down_and_no_further_than_sums(form):
    scene, cell = cell_of("ring", form)
    plain = plain_of(scene, cell, 0)
    for bits in np.random.default_rng(0).integers(0, 2**56, 200, dtype=np.uint64):
        turn_bound(cell.walks, 0, bits)
        plain.turn_bound(int(bits))
        assert cell.walks.bounds[0].tolist() == plain.bounds
    for _ in range(9):
        turn_bound(cell.walks, 0, np.uint64(0))
        turn_bound(cell.walks, 0, np.uint64(2**21 - 1))
    assert cell.walks.bounds[0].tolist() == [-3 if form == "signed" else 0, 3]


def test_what_is_held_can_be_taken_back():
    scene, cell = cell_of("ring", "signed")
    before = now_of(scene, cell, 1)
    hold(cell.walks, 1, cell._nodes)
    cell.walks.weights[1] = 1 - cell.walks.weights[1] ** 2
    cell.walks.bounds[1] += 1
    assert now_of(scene, cell, 1) != before
    take_back(cell.walks, 1, cell._nodes)
    assert now_of(scene, cell, 1) == before


@pytest.mark.parametrize("name, form", CASES)
def test_walks_of_nodes_go_as_the_plain_walk_goes(name, form):
    """The same draws, the same changes that stay, the same best, and the generator left at the same draw."""
    scene, cell = cell_of(name, form)
    walks, other = cell.walks, now_of(scene, cell, 0)
    walks.chances[1] = chances_at(2.0, walks.chances.shape[1])
    plain, (ours, theirs) = plain_of(scene, cell, 1), (np.random.default_rng(3) for _ in range(2))
    for moves, target in ((60, 0), (1, 0), (0, 0), (20, plain.wrong), (9, 10**6)):
        counted = cell.anneal(1, moves, target, ours)
        assert counted == plain.anneal(moves, target, theirs)
        assert (cell.wrong[1], cell.least[1]) == (plain.wrong, plain.least)
        assert now_of(scene, cell, 1) == plain.now()
        best = now(scene, cell, walks.best[1], walks.best_bounds[1], walks.best_start[1])
        assert best == plain.best
    assert counted == (0, 0, 0)
    assert ours.random() == theirs.random()
    assert now_of(scene, cell, 0) == other

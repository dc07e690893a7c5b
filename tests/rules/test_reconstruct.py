"""The door: hidden rules come back from what was seen of them, and what is said of them is so."""

import numpy as np
import pytest
from support.cell_nodes import nodes_table
from support.cell_samples import CROSS, SQUARE, UNKNOWN, differing, scene_of, simulate, windows
from support.cell_scenes import observations

from btfnet.rules.lattice import Neighbourhood, window
from btfnet.rules.reconstruct import reconstruct
from btfnet.rules.records import RuleStatus
from btfnet.rules.thresholds import ThresholdForm, ThresholdRule

LIFE = nodes_table([(1,) * 9, (1, 1, 1, 1, 0, 1, 1, 1, 1)], [3, 3], [True, False], True)
MAJORITY = nodes_table([(1, 1, 1)], [2], [True], True)

TABLES = {
    "ring": scene_of((60,), windows(0, 3), seed=101, times=(0, 3)),
    "ring, walked": scene_of((80,), windows(-2, 5), seed=102, times=(0, 2)),
    "row": scene_of((60,), windows(-1, 3), seed=103, periodic=False, times=(0, 3)),
    "row, walked": scene_of((90,), windows(-2, 5), seed=104, periodic=False),
    "torus": scene_of((9, 9), CROSS, seed=105),
    "grid": scene_of((9, 9), CROSS, seed=106, periodic=False),
    "runs": scene_of((9,), windows(0, 5), seed=107, runs=12),
    "gaps": scene_of((60,), windows(0, 3), seed=108, times=(0, 2, 5)),
    "gaps, walked": scene_of((70,), windows(0, 5), seed=109, times=(0, 2, 5)),
    "three states": scene_of((60,), windows(0, 2), seed=110, n_states=3),
    "four states": scene_of((80,), windows(0, 2), seed=111, n_states=4, times=(0, 2)),
    "unknown at first": scene_of((60,), windows(0, 3), seed=112, times=(0, 2), unknown_first=0.1),
    "unknown, walked": scene_of(
        (80,), windows(0, 5), seed=113, times=(0, 1), unknown_first=0.05, unknown=0.1
    ),
    "one run unknown": scene_of((40,), windows(0, 3), seed=114, runs=3, times=(0, 1)),
    "row of one": scene_of((1,), windows(0, 3), seed=115),
    "two cells": scene_of((2,), ((-5,), (0,), (7,)), seed=116, runs=3, times=(0, 2)),
    "grid of height one": scene_of((1, 30), CROSS, seed=117),
}
TABLES["one run unknown"].states[1] = UNKNOWN

MASKS = {
    "life": (scene_of((10, 10), SQUARE, seed=121, table=LIFE), ThresholdForm(), 9),
    "life, open": (scene_of((10, 10), SQUARE, seed=122, table=LIFE, periodic=False), ThresholdForm(), 9),
    "majority": (scene_of((60,), windows(-1, 3), seed=123, table=MAJORITY), ThresholdForm((True,)), 3),
    "bounds": (scene_of((10, 10), SQUARE, seed=124, table=LIFE), ThresholdForm(bounds=(3, 3)), 9),
    "one bound": (scene_of((60,), windows(-1, 3), table=MAJORITY), ThresholdForm((True,), bounds=(2,)), 3),
    "unknown": (
        scene_of((60,), windows(-1, 3), table=MAJORITY, unknown_first=0.1),
        ThresholdForm((True,)),
        3,
    ),
}
GATES = {
    "majority": (scene_of((60,), windows(-1, 3), seed=131, table=MAJORITY), 1),
    "any number": (scene_of((60,), windows(-1, 3), seed=132, table=[0, 1, 1, 1, 0, 1, 1, 0]), None),
    "shift of four states": (scene_of((30,), ((-1,),), seed=133, n_states=4, table=[0, 1, 2, 3]), 2),
    "two runs": (scene_of((40,), windows(0, 2), seed=134, runs=2, table=[0, 1, 1, 1], times=(0, 2)), 1),
}


def found_in(scene, **arguments):
    given = {"neighbours": Neighbourhood(scene.offsets), "jobs": 1, "time_limit": 60, **arguments}
    return reconstruct(observations(scene), **given)


def judged(found, scene):
    """Wrong bits of the rule that was found, by running it as plainly as possible."""
    table, wrong = found.table.values.tolist(), 0
    n_cells = len(scene.places)
    assert found.states.shape == (len(scene.states), scene.times[-1] + 1, n_cells)
    for run in range(len(scene.states)):
        first = dict(zip(scene.places, found.states[run, 0].tolist(), strict=True))
        states = simulate(first, scene, table, scene.times[-1])
        assert [list(each.values()) for each in states] == found.states[run].tolist()
        for index, time in enumerate(scene.times):
            wrong += differing(states[time], scene.at(run, index))
    return wrong


@pytest.mark.parametrize("name", TABLES)
def test_tables_come_back(name):
    scene = TABLES[name]
    found = found_in(scene)
    assert (found.status, found.wrong, found.exact) == (RuleStatus.EXACT, 0, True)
    assert judged(found, scene) == 0
    assert found.rule.values.max() < scene.n_states
    if found.forced.forced:
        seen = ~found.rule.unseen
        assert np.array_equal(found.rule.values[seen], np.array(scene.table)[seen])


@pytest.mark.parametrize(
    "name", ["ring", "ring, walked", "row, walked", "torus", "runs", "gaps, walked", "four states"]
)
def test_these_are_proven_to_be_the_only_ones(name):
    assert found_in(TABLES[name]).forced.forced


@pytest.mark.parametrize("name", MASKS)
def test_masks_come_back(name):
    scene, form, size = MASKS[name]
    found = found_in(scene, cell="masks", form=form, neighbours=size if len(scene.shape) == 2 else "-1,0,1")
    assert (found.status, found.kind, found.wrong) == (RuleStatus.EXACT, "masks", 0)
    assert judged(found, scene) == 0
    assert found.forced.rules >= 1
    if form.bounds is not None:
        assert found.rule.bounds == form.bounds


@pytest.mark.parametrize("name", GATES)
def test_gates_come_back(name):
    scene, gates = GATES[name]
    found = found_in(scene, cell="gates", gates=gates)
    assert (found.status, found.kind, found.wrong) == (RuleStatus.EXACT, "gates", 0)
    assert judged(found, scene) == 0
    assert len(found.rule.circuit.gates) <= (gates or 14)


@pytest.mark.parametrize(
    "scene, arguments, size",
    [
        (scene_of((80,), ((0,),), seed=141, table=[1, 0], times=(0, 1)), {}, 1),
        (scene_of((80,), windows(-1, 3), seed=142, times=(0, 2)), {}, 3),
        (scene_of((200,), windows(-2, 5), seed=143), {}, 5),
        (scene_of((10, 10), CROSS, seed=144), {}, 5),
        (scene_of((10, 10), SQUARE, seed=145, table=LIFE), {"cell": "masks"}, 9),
        (scene_of((60,), windows(-1, 3), seed=146, table=MAJORITY), {"cell": "gates"}, 3),
        (scene_of((60,), windows(0, 2), seed=147, n_states=4), {}, 2),
    ],
)
def test_the_smallest_neighbourhood_is_found(scene, arguments, size):
    found = found_in(scene, neighbours="auto", **arguments)
    assert (found.status, found.neighbourhood.size) == (RuleStatus.EXACT, size)
    assert judged(found, type(scene)(**{**vars(scene), "offsets": found.neighbourhood.offsets})) == 0


# -- what cannot be explained ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "neighbours, status", [(3, RuleStatus.IMPOSSIBLE), (6, RuleStatus.LIMIT), ("auto", None)]
)
def test_contradictions_are_told(neighbours, status, monkeypatch):
    monkeypatch.setattr("btfnet.rules.search.TRIAL_NS", 1e6)
    found = reconstruct(["0" * 40, "0" * 39 + "1"], neighbours=neighbours, jobs=1, trials=2)
    assert found.status is (status or RuleStatus.LIMIT)
    assert (found.wrong, found.forced) == (1, None)


NOISY = scene_of((100,), windows(0, 3), seed=151, times=(0, 1, 2), wrong=0.02)
CLEAN = scene_of((100,), windows(0, 3), seed=151, times=(0, 1, 2))


@pytest.mark.parametrize("noise, status", [
    (None, RuleStatus.IMPOSSIBLE), (0, RuleStatus.IMPOSSIBLE), (1e-9, RuleStatus.IMPOSSIBLE),
    (0.05, RuleStatus.NOISY), ("auto", RuleStatus.NOISY), (0.004, RuleStatus.LIMIT),
])  # fmt: skip
def test_noise_is_as_much_as_is_allowed(noise, status):
    found = found_in(NOISY, noise=noise)
    assert found.status is status
    assert found.wrong == judged(found, NOISY) > 0
    if found.status is RuleStatus.NOISY:
        assert found.rule.values.tolist() == NOISY.table
        assert found.wrong <= (NOISY.states != CLEAN.states).sum()
        assert (found.forced.proven, found.forced.forced) == (False, False)


@pytest.mark.parametrize("noise", [0, 0.1, "auto"])
def test_where_nothing_is_wrong_noise_changes_nothing(noise):
    found = found_in(CLEAN, noise=noise)
    assert (found.status, found.wrong, found.rule.values.tolist()) == (RuleStatus.EXACT, 0, CLEAN.table)
    assert found.forced.forced


def test_walks_find_the_rule_behind_noise(monkeypatch):
    monkeypatch.setattr("btfnet.rules.attempt.STILL_MOVES", 30_000)
    scene = scene_of((150,), windows(0, 5), seed=32, times=(0, 1, 2), wrong=0.03)
    found = found_in(scene, noise="auto")
    assert found.status is RuleStatus.NOISY
    assert found.rule.values.tolist() == scene.table
    assert found.wrong == judged(found, scene)


def test_masks_of_many_neighbours_have_no_table_but_a_key():
    scene = scene_of((30,), windows(-1, 3), seed=161, table=MAJORITY, runs=4)
    found = found_in(scene, cell="masks", form=ThresholdForm((True,)), neighbours=window(-5, 11))
    assert isinstance(found.rule, ThresholdRule)
    assert found.exact
    assert found.rule.key().endswith(repr(found.rule.bounds).encode())

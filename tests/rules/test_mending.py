"""First states that were seen wrong are turned over, and entries with them, wherever that explains more."""

import itertools

import numpy as np
import pytest
from support.cell_samples import CROSS, scene_of, windows
from support.cell_scenes import observations

from btfnet.halting import Halt, Halted
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.mending import errors, mended
from btfnet.rules.rule import TableRule
from btfnet.rules.thresholds import ThresholdForm, ThresholdRule

SCENES = {
    "ring": scene_of((60,), windows(-1, 3), seed=11, times=(0, 1, 2)),
    "torus, two runs": scene_of((5, 6), CROSS, seed=12, runs=2, times=(0, 1, 3)),
    "three states": scene_of((50,), windows(0, 2), seed=15, n_states=3, times=(0, 1, 2)),
}


def rule_of(scene):
    values = np.array(scene.table, dtype=np.int64)
    return TableRule(Neighbourhood(scene.offsets), values, np.zeros(values.shape, dtype=bool), scene.n_states)


def seen_wrong(name):
    """A scene whose first states were seen wrong in two places of every run: as it was, and as it was seen."""
    scene = SCENES[name]
    true = scene.states[:, 0].reshape(len(scene.states), -1).astype(np.int64)
    wrong = true.copy()
    wrong[:, [7, 20]] = (wrong[:, [7, 20]] + 1) % 2
    seen = observations(scene)
    seen.states[:, 0] = wrong.reshape(seen.states[:, 0].shape)
    return seen, true, wrong


@pytest.mark.parametrize("name", SCENES)
def test_no_single_change_is_left_that_explains_more(name):
    seen, _, wrong = seen_wrong(name)
    rule = rule_of(SCENES[name])
    found, first, left = mended(rule, wrong, seen, Halt())
    assert left == errors(found, first, seen) < errors(rule, wrong, seen)
    for array in (first, found.values):
        for place, state in itertools.product(np.ndindex(array.shape), range(seen.n_states)):
            kept, array[place] = array[place], state
            assert errors(found, first, seen) >= left
            array[place] = kept


def test_first_states_that_were_seen_wrong_are_mended():
    seen, true, wrong = seen_wrong("ring")
    found, first, left = mended(rule_of(SCENES["ring"]), wrong, seen, Halt())
    assert np.array_equal(first, true)
    assert (found.values.tolist(), left) == (SCENES["ring"].table, 2)


def test_entries_change_too():
    scene, rule = SCENES["ring"], rule_of(SCENES["ring"])
    rule.values[3] ^= 1
    found, first, left = mended(rule, scene.states[:, 0].astype(np.int64), observations(scene), Halt())
    assert (found.values.tolist(), left) == (scene.table, 0)
    assert first.tolist() == scene.states[:, 0].tolist()


def test_masks_stay_as_they_are_and_their_first_states_change():
    rule = ThresholdRule(
        Neighbourhood(windows(-1, 3)), np.ones((1, 3), dtype=np.int8), (2,), ThresholdForm((True,))
    )
    scene = scene_of((40,), windows(-1, 3), table=[0, 0, 0, 1, 0, 1, 1, 1], seed=3)
    seen = observations(scene)
    wrong = scene.states[:, 0].astype(np.int64)
    before = errors(rule, wrong, seen)
    wrong[0, 20:22] ^= 1
    found, first, left = mended(rule, wrong, seen, Halt())
    assert found is rule
    assert before == 0
    assert left == errors(rule, first, seen) <= errors(rule, wrong, seen)


def test_what_is_given_is_not_written_to():
    scene, rule = SCENES["ring"], rule_of(SCENES["ring"])
    rule.values[3] ^= 1
    values, first = rule.values.copy(), 1 - scene.states[:, 0].astype(np.int64)
    kept = first.copy()
    mended(rule, first, observations(scene), Halt())
    assert np.array_equal(rule.values, values)
    assert np.array_equal(first, kept)


def test_it_ends_when_asked_to():
    scene, halt = SCENES["ring"], Halt()
    halt.set()
    with pytest.raises(Halted):
        mended(rule_of(scene), 1 - scene.states[:, 0].astype(np.int64), observations(scene), halt)

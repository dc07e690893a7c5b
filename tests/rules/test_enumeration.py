"""All rules of a kind, where they are few: what explains the observations is what plain Python finds."""

import itertools

import pytest
from support.cell_nodes import nodes_table
from support.cell_samples import CROSS, scene_of, windows, wrong_of
from support.cell_scenes import observations, packed_run, start_of

from btfnet.halting import Halt
from btfnet.rules.attempt import CellKind
from btfnet.rules.enumeration import all_tried, can_be_tried
from btfnet.rules.rule import run
from btfnet.rules.thresholds import ThresholdForm

TABLE, MASKS = CellKind("table"), CellKind("masks")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("periodic", [True, False])
def test_every_table_that_explains_is_counted(periodic, jobs):
    scene = scene_of((12,), windows(-1, 3), seed=3, times=(0, 3), periodic=periodic)
    packed = packed_run(scene)
    assert can_be_tried(packed, TABLE)
    tried = all_tried(packed, TABLE, jobs, Halt(), noisy=False)
    exact = [
        table for table in itertools.product((0, 1), repeat=8) if not wrong_of(scene, table, start_of(scene))
    ]
    assert (tried.tried, tried.n_exact, tried.wrong) == (256, len(exact), 0)
    lattice = observations(scene).lattice
    for rule, first in tried.exact:
        states = run(rule, first, 3, lattice)
        assert states[0, -1].tolist() == scene.states[0, 1].tolist()


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("joined", [True, False])
def test_every_pair_of_masks_that_explains_is_counted(joined, periodic, noisy):
    table = nodes_table([(1, 1, 1), (1, 0, 1)], [2, 1], [True, False], joined)
    scene = scene_of((12,), windows(-1, 3), seed=3, times=(0, 2), periodic=periodic, table=table)
    form = ThresholdForm(joined=joined)
    tried = all_tried(packed_run(scene), CellKind("masks", form), 1, Halt(), noisy=noisy)
    assert tried.wrong == 0 < tried.n_exact
    tables = {tuple(rule.as_table().values.tolist()) for rule, _ in tried.exact}
    assert tuple(table) in tables
    assert all(wrong_of(scene, each, start_of(scene)) == 0 for each in tables)


def test_ends_of_a_row_may_make_cells_differ_that_were_alike():
    """At most two of three: from zeros to ones, and then the cells at the ends, which see a zero outside, stay."""
    table = nodes_table([(1, 1, 1), (1, 1, 1)], [0, 2], [True, False], True)
    scene = scene_of((8,), windows(-1, 3), times=(0, 2), periodic=False, table=table)
    scene.states[0] = [[0] * 8, [1, 0, 0, 0, 0, 0, 0, 1]]
    tried = all_tried(packed_run(scene), MASKS, 1, Halt(), noisy=False)
    assert wrong_of(scene, table, start_of(scene)) == 0
    assert tuple(table) in {tuple(rule.as_table().values.tolist()) for rule, _ in tried.exact}


def test_what_is_too_much_is_not_tried():
    assert not can_be_tried(packed_run(scene_of((12,), windows(-2, 5))), TABLE)
    assert not can_be_tried(packed_run(scene_of((4, 4), CROSS, unknown_first=0.5)), MASKS)
    assert can_be_tried(packed_run(scene_of((4, 4), CROSS)), MASKS)


OUTCOMES = {
    "zeros": [0] * 8,
    "ones": [1] * 8,
    "majority": [0, 0, 0, 1, 0, 1, 1, 1],
    "copy": [0, 0, 1, 1, 0, 0, 1, 1],
}


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("above", [(True,), (False,), (True, False), (True, True), (False, False)])
@pytest.mark.parametrize("bounds", [None, (2, 1), (3, 2), (62, 1), (-3, 0), (0, -62)])
def test_masks_that_are_always_the_same_are_tried_too(bounds, above, joined, outcome):
    """A form explains a scene where some weights (and bounds) in plain Python do."""
    table = OUTCOMES[outcome]
    form = ThresholdForm(above, joined=joined, bounds=bounds and bounds[: len(above)])
    kind, scene = CellKind("masks", form), scene_of((30,), windows(-1, 3), seed=8, table=table)
    packed = packed_run(scene)
    if not can_be_tried(packed, kind):
        assert len(above) == 1
        assert bounds is not None
        return
    weights = list(itertools.product((0, 1), repeat=3))
    ranges = [range(-1, 5)] * len(above) if bounds is None else [[bound] for bound in form.bounds]
    wanted = any(
        nodes_table(chosen, limits, above, joined) == table
        for chosen in itertools.product(weights, repeat=len(above))
        for limits in itertools.product(*ranges)
    )
    tried = all_tried(packed, kind, 1, Halt(), noisy=False)
    assert (tried.n_exact > 0) == wanted
    assert all(rule.as_table().values.tolist() == table for rule, _ in tried.exact)

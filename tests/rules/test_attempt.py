"""One start: it goes on as if nothing had happened, ends by itself, and finds what there is to find."""

import numpy as np
import pytest
from support.cell_samples import scene_of, windows
from support.cell_scenes import observations, packed_run

from btfnet.checkpoint.file import Record
from btfnet.errors import DataError, UsageError
from btfnet.halting import Halt
from btfnet.kernels.cells.counting import MOST_LITERALS
from btfnet.rules.attempt import CellKind, RuleAttempt
from btfnet.rules.lattice import MAX_NEIGHBOURS, Neighbourhood, window

SCENE = scene_of((60,), windows(0, 6), seed=1, times=(0, 2), unknown_first=0.05)
KINDS = [CellKind("table"), CellKind("masks"), CellKind("gates", gates=6)]


def attempt_at(kind, seed=1, scene=SCENE, budget=10**9):
    return RuleAttempt(packed_run(scene), kind, seed, noisy=False, budget=budget)


def saved(attempt):
    """As a file has it: copies."""
    record = attempt.export()
    return Record(dict(record.values), {name: np.array(array) for name, array in record.arrays.items()})


def same(one, other):
    return one.values == other.values and all(
        np.array_equal(array, other.arrays[name]) for name, array in one.arrays.items()
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_attempt_that_was_saved_goes_on_as_if_nothing_had_happened(kind):
    halt, whole = Halt(), attempt_at(kind)
    for _ in range(3):
        whole.advance(halt)
    record = saved(whole)
    other = attempt_at(kind, seed=2)
    other.restore(record)
    assert same(saved(other), record)
    for _ in range(3):
        whole.advance(halt)
        other.advance(halt)
    assert same(saved(other), saved(whole))
    assert (other.least, other.tried, other.improved_at) == (whole.least, whole.tried, whole.improved_at)


def test_an_attempt_of_another_kind_is_refused():
    record = saved(attempt_at(KINDS[2]))
    with pytest.raises(DataError, match="but this version of btfnet needs"):
        attempt_at(CellKind("gates", gates=7)).restore(record)


def test_an_attempt_finds_a_rule_and_is_over():
    scene, halt = scene_of((100,), windows(0, 4), seed=3, times=(0, 2)), Halt()
    attempt = attempt_at(CellKind("table"), scene=scene)
    while not attempt.over:
        attempt.advance(halt)
    assert attempt.least == 0
    rule, first = attempt.found()
    assert first.tolist() == scene.states[:, 0].tolist()
    seen = ~rule.unseen
    assert np.array_equal(rule.values[seen], np.array(scene.table)[seen])


def test_an_attempt_ends_with_its_budget():
    attempt = attempt_at(CellKind("table"), seed=3, budget=1)
    assert not attempt.over
    attempt.advance(Halt())
    assert attempt.over


@pytest.mark.parametrize(
    "kind, scene, message",
    [
        (CellKind("masks"), scene_of((9,), windows(0, 2), n_states=3), "masks are for cells of two states"),
        (
            CellKind("table"),
            scene_of((20,), windows(0, 11)),
            "table of cells 0 to 10 see 11 bits; 10 at most",
        ),
        (CellKind("gates", gates=9), scene_of((9,), windows(0, 6), n_states=4), "see 12 bits; 10 at most"),
        (CellKind("gates", gates=1), scene_of((9,), windows(0, 2), n_states=4), "1 gates; a state of 2 bits"),
    ],
)
def test_cells_that_cannot_be_are_refused(kind, scene, message):
    with pytest.raises(UsageError, match=message):
        kind.check(observations(scene), Neighbourhood(scene.offsets))


def test_no_neighbourhood_has_more_cells_than_a_node_can_count():
    assert window(0, MAX_NEIGHBOURS).size == MAX_NEIGHBOURS <= MOST_LITERALS


@pytest.mark.parametrize(
    "change",
    [
        lambda values, arrays: values.pop("rounds"),
        lambda values, arrays: values.update(tried="many"),
        lambda values, arrays: values.update(tried=-1),
        lambda values, arrays: values.update(improved_at=None),
        lambda values, arrays: values.update(rounds=float("inf")),
        lambda values, arrays: arrays["attempt.rung_of"].fill(0),
        lambda values, arrays: arrays["attempt.rung_of"].fill(99),
        lambda values, arrays: arrays["attempt.temperature"].fill(np.nan),
        lambda values, arrays: arrays["attempt.temperature"].fill(0),
        lambda values, arrays: arrays["attempt.senders"].fill(10**6),
        lambda values, arrays: arrays["attempt.best_senders"].fill(-1),
        lambda values, arrays: arrays["attempt.senders"].__setitem__((0, 0, 0), 7),
        lambda values, arrays: arrays.pop("attempt.generator"),
        lambda values, arrays: arrays.pop("attempt.start"),
    ],
)
def test_what_cannot_have_been_saved_is_refused(change):
    """A file may be whole, and yet of somebody who means harm: kernels do not look where they read."""
    record = saved(attempt_at(KINDS[2]))
    change(record.values, record.arrays)
    with pytest.raises(DataError, match="The checkpoint holds"):
        attempt_at(KINDS[2]).restore(record)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_the_observations_say_is_not_saved(kind):
    names = {name.removeprefix("attempt.") for name in attempt_at(kind).export().arrays}
    assert names.isdisjoint({"entries", "shows", "loose", "above", "patterns"})
    assert {"start", "best_start", "wrong", "least", "generator"} <= names

"""Starts side by side: who wins, what is kept, and what ends them."""

import threading
import time

import numpy as np
import pytest
from support.cell_samples import scene_of, windows
from support.cell_scenes import observations

from btfnet.errors import DataError
from btfnet.rules import search
from btfnet.rules.attempt import CellKind
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.records import RuleTrial
from btfnet.rules.rule import TableRule
from btfnet.rules.search import Ended, Limits, RuleSearch, Start, agreeing, explains
from btfnet.rules.store import RuleStore

SCENE = scene_of((60,), windows(0, 5), seed=31, times=(0, 2))
NOISE = np.random.default_rng(7).integers(0, 2, (1, 2, 60)).astype(np.int8)


def search_of(limits, *, budgets=(10**9,) * 4, noise=False):
    seen = observations(SCENE)
    if noise:
        seen.states[:] = NOISE
    near = Neighbourhood(SCENE.offsets)
    starts = [Start(index, 5 + index, near, CellKind(), budget) for index, budget in enumerate(budgets)]
    return RuleSearch(seen, starts, limits, RuleStore(None, seen, ""))


def ended(index, wrong, value, *, whole=True):
    near = Neighbourhood(SCENE.offsets)
    rule = TableRule(near, np.full(32, value), np.zeros(32, dtype=bool))
    return Ended(RuleTrial(index, index, near, wrong, 1, 0.0), rule, np.zeros((1, 60), dtype=np.int64), whole)


def test_the_first_start_that_explains_everything_ends_all():
    found = search_of(Limits(jobs=1))
    found.run()
    assert (found.winners(), sorted(found.ended)) == ([0], [0])
    best = found.best()
    assert (best.trial.wrong, best.whole) == (0, True)
    seen = ~best.rule.unseen
    assert np.array_equal(best.rule.values[seen], np.array(SCENE.table)[seen])


def test_of_starts_at_once_the_lowest_number_that_won_is_kept():
    found = search_of(Limits(jobs=4, deterministic=True))
    found.run()
    assert found.winners() == [0]
    assert found.best().trial.index == 0


def test_without_a_winner_the_fewest_wrong_bits_are_kept():
    found = search_of(Limits(jobs=2), budgets=[1, 1, 1, 1], noise=True)
    found.run()
    assert (found.winners(), sorted(found.ended)) == ([], [0, 1, 2, 3])
    wrong = [found.ended[index].trial.wrong for index in range(4)]
    assert found.best().trial.index == wrong.index(min(wrong))


def test_starts_that_agree_are_winners():
    alike = [ended(0, 5, 1), ended(1, 3, 0), ended(2, 3, 1), ended(3, 3, 0), ended(4, 4, 1)]
    assert agreeing(alike, observations(SCENE)) == [1, 3]
    assert agreeing(alike[:3], observations(SCENE)) == agreeing([], observations(SCENE)) == []


@pytest.mark.parametrize("deterministic", [False, True])
def test_winners_in_noise_are_the_first_that_agree(deterministic):
    found = search_of(Limits(noisy=True, deterministic=deterministic))
    found.ended = {each.trial.index: each for each in (ended(1, 3, 0), ended(2, 3, 0))}
    assert found.winners() == ([] if deterministic else [1, 2])
    found.ended[0] = ended(0, 3, 1, whole=False)
    assert found.winners() == ([] if deterministic else [1, 2])
    found.ended[0] = ended(0, 3, 1)
    assert found.winners() == [1, 2]
    assert found.best().trial.index == 1
    found.ended[3] = ended(3, 2, 1)  # later, and better: those that agreed were enough
    assert found.winners() == [1, 2]
    found.ended[0] = ended(0, 2, 1)
    assert found.winners() == [0, 3]
    found.ended[4] = ended(4, 0, 1)
    assert found.winners() == [4]


def test_starts_in_noise_end_at_the_same_rule(monkeypatch):
    monkeypatch.setattr("btfnet.rules.attempt.STILL_MOVES", 30_000)
    scene = scene_of((150,), windows(0, 5), seed=32, times=(0, 1, 2), wrong=0.03)
    seen, near = observations(scene), Neighbourhood(scene.offsets)
    starts = [Start(index, 50 + index, near, CellKind()) for index in range(6)]
    found = RuleSearch(
        seen, starts, Limits(noisy=True, allowed=None, deterministic=True), RuleStore(None, seen, "")
    )
    found.run()
    won = found.winners()
    assert len(won) == 2
    one, other = (found.ended[index].rule for index in won)
    assert one.key() == other.key()
    assert one.values.tolist() == scene.table


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_stop_ends_all_with_the_best_so_far(jobs):
    asked = []
    found = search_of(Limits(jobs=jobs, stop=lambda: asked.append(1) or len(asked) > 2), noise=True)
    begun = time.monotonic()
    found.run()
    assert time.monotonic() - begun < 20
    assert (found.interrupted, found.timed_out, found.winners()) == (True, False, [])
    assert not found.best().whole
    assert sorted(found.ended) == list(range(jobs))


def test_ctrl_c_ends_all_with_the_best_so_far():
    def interrupt():
        raise KeyboardInterrupt

    found = search_of(Limits(jobs=2, stop=interrupt), noise=True)
    found.run()
    assert (found.interrupted, found.best().whole) == (True, False)


def test_ctrl_c_before_the_first_start_is_handed_on(monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(search, "wait", interrupt)
    found = search_of(Limits(), noise=True, budgets=[])
    with pytest.raises(KeyboardInterrupt):
        found.run()


def test_a_deadline_ends_all():
    found = search_of(Limits(deadline=time.monotonic()), noise=True)
    found.run()
    assert (found.interrupted, found.timed_out, sorted(found.ended)) == (False, True, [0])


@pytest.mark.parametrize("where", ["stop", "watcher"])
def test_what_others_raise_is_handed_on(where):
    def refuse(*_):
        raise DataError("mine")

    found = search_of(Limits(jobs=2, **{where: refuse}), noise=True)
    with pytest.raises(DataError, match="mine"):
        found.run()


def test_a_start_that_was_asked_to_end_before_it_began_ends_at_once():
    found = search_of(Limits(), noise=True)
    found.interrupted = True
    thread = threading.Thread(target=found._one, args=(found.starts[0],), daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    assert (found.ended[0].whole, found.ended[0].trial.tried) == (False, 0)


def test_watchers_hear_of_ever_fewer_wrong_bits():
    heard = []
    found = search_of(
        Limits(jobs=2, deterministic=True, watcher=heard.append), budgets=[200_000] * 2, noise=True
    )
    found.run()
    wrong = [trial.wrong for trial in heard]
    assert wrong == sorted(set(wrong), reverse=True)
    assert wrong[-1] == found.best().trial.wrong


def test_a_rule_that_is_right_by_chance_explains_nothing():
    """Of 60 later bits and 32 of the rule: a single wrong bit of 120 is told in 7, ten are told in 47."""
    seen, rule = observations(SCENE), ended(0, 0, 1).rule
    assert explains(rule, 0, seen)
    assert explains(rule, 1, seen)
    assert not explains(rule, 10, seen)
    alike = [ended(index, 10, 1) for index in range(3)]
    assert agreeing(alike, seen) == []

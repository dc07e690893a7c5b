"""The same from the same seed, whatever runs beside it and however often it is interrupted."""

import itertools
import threading
import time

import numpy as np
import pytest
from support.cell_samples import SQUARE, scene_of, windows
from support.cell_scenes import observations

from btfnet.checkpoint.folder import Checkpoint
from btfnet.errors import DataError
from btfnet.rules import alternatives
from btfnet.rules.lattice import window
from btfnet.rules.reconstruct import reconstruct
from btfnet.rules.records import RuleStatus

SCENE = scene_of((60,), windows(0, 6), seed=31, times=(0, 2))
NOISE = np.random.default_rng(7).integers(0, 2, (2, 60)).astype(np.int8)
NOISY = scene_of((120,), windows(0, 5), seed=32, times=(0, 1, 2), wrong=0.03)


def what(found):
    """All that a seed decides."""
    return (
        found.status, found.wrong, found.rule.key(), found.states.tolist(), found.forced,
        [(trial.index, trial.seed, trial.wrong, trial.tried) for trial in found.trials],
    )  # fmt: skip


@pytest.fixture
def short(monkeypatch):
    """Starts that end soon, so that several are needed."""
    monkeypatch.setattr("btfnet.rules.search.TRIAL_NS", 5e7)
    monkeypatch.setattr("btfnet.rules.attempt.STILL_MOVES", 20_000)


CASES = {
    "several starts": (observations(SCENE), {"neighbours": 6}),
    "none": (NOISE, {"neighbours": 5, "trials": 3, "steps": 2}),
    "noise": (observations(NOISY), {"neighbours": 5, "noise": "auto"}),
    "all tried": (observations(NOISY), {"neighbours": 3, "noise": "auto"}),
    "gates": (
        observations(scene_of((40,), windows(0, 3), seed=33)),
        {"cell": "gates", "neighbours": 3, "trials": 6},
    ),
    "long": (
        observations(scene_of((90,), windows(0, 6), seed=35, times=(0, 3))),
        {"neighbours": 6, "trials": 3},
    ),
    "auto": (observations(scene_of((90,), windows(-2, 5), seed=34)), {"neighbours": "auto"}),
}


@pytest.mark.parametrize("name", CASES)
def test_workers_change_nothing_where_it_is_deterministic(name, short):
    seen, arguments = CASES[name]
    one, two, again = (
        what(reconstruct(seen, deterministic=True, jobs=jobs, seed=11, **arguments)) for jobs in (1, 2, 1)
    )
    assert one == again
    assert one == two


def test_another_seed_is_another_search(short):
    seen, arguments = CASES["none"]
    one, other = (reconstruct(seen, jobs=1, seed=seed, **arguments) for seed in (1, 2))
    assert what(one) != what(other)
    assert [trial.seed for trial in other.trials] == [2, 3, 4]


# -- checkpoints ----------------------------------------------------------------------------------------------


def interrupted_and_resumed(seen, folder, **arguments):
    """The result, after as many interruptions as there were, each after two questions whether to stop."""
    found, count = None, 0
    while found is None or found.status is RuleStatus.INTERRUPTED:
        asked = itertools.count()
        stop = (lambda asked=asked: next(asked) > 1) if count < 4 else None
        found = reconstruct(seen, checkpoint=Checkpoint(folder, resume=count > 0), stop=stop, **arguments)
        count += 1
    return found, count - 1


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("name", ["none", "noise", "long"])
def test_what_was_interrupted_ends_as_if_it_had_not_been(name, jobs, tmp_path, monkeypatch):
    monkeypatch.setattr("btfnet.rules.search.QUESTION_SECONDS", 0.01)
    monkeypatch.setattr("btfnet.rules.search.TRIAL_NS", 1e8)
    monkeypatch.setattr("btfnet.rules.attempt.STILL_MOVES", 100_000)
    seen, arguments = CASES[name]
    arguments = {"jobs": jobs, "deterministic": True, "seed": 11, "unique": False, **arguments}
    found, count = interrupted_and_resumed(seen, tmp_path / "c", **arguments)
    assert count > 0
    assert what(found) == what(reconstruct(seen, **arguments))


def test_a_checkpoint_of_another_search_is_refused(tmp_path, short):
    seen, arguments = CASES["none"]
    reconstruct(seen, jobs=1, checkpoint=Checkpoint(tmp_path / "c"), seed=1, **arguments)
    others = [{"seed": 2}, {"neighbours": 6}, {"noise": "auto"}, {"cell": "masks"}, {"steps": 3}]
    for other in others:
        with pytest.raises(DataError, match="the checkpoint is that of another search"):
            reconstruct(
                seen,
                jobs=1,
                checkpoint=Checkpoint(tmp_path / "c", resume=True),
                **{"seed": 1, **arguments, **other},
            )
    with pytest.raises(DataError, match="the checkpoint is that of another search"):
        reconstruct(
            1 - NOISE, jobs=1, checkpoint=Checkpoint(tmp_path / "c", resume=True), seed=1, **arguments
        )
    found = reconstruct(seen, jobs=1, checkpoint=Checkpoint(tmp_path / "c", resume=True), seed=1, **arguments)
    assert found.status is RuleStatus.LIMIT


# -- ends -----------------------------------------------------------------------------------------------------


def interrupt():
    raise KeyboardInterrupt


ENDLESS = {
    "tables": (NOISE, {"neighbours": 8}),
    "masks": (NOISE, {"neighbours": 20, "cell": "masks"}),
    "gates": (NOISE, {"neighbours": 5, "cell": "gates"}),
    "noise": (NOISE, {"neighbours": 8, "noise": "auto"}),
    "auto": (np.random.default_rng(8).integers(0, 2, (2, 60)), {"neighbours": "auto", "cell": "masks"}),
    "all tables": (np.random.default_rng(8).integers(0, 2, (2, 50_000)), {"neighbours": 4, "steps": 20}),
    "all masks": (
        np.random.default_rng(9).integers(0, 2, (2, 40, 40)),
        {"neighbours": 9, "grid": True, "cell": "masks"},
    ),
}


@pytest.mark.parametrize("how", ["Ctrl-C", "stop", "time"])
@pytest.mark.parametrize("name", ENDLESS)
def test_it_ends_soon_with_the_best_so_far(name, how):
    seen, arguments = ENDLESS[name]
    ending = {"Ctrl-C": {"stop": interrupt}, "stop": {"stop": lambda: True}, "time": {"time_limit": 0.01}}[
        how
    ]
    begun = time.monotonic()
    found = reconstruct(seen, jobs=2, **arguments, **ending)
    assert time.monotonic() - begun < 30  # on a busy machine
    assert found.status is (RuleStatus.TIME_LIMIT if how == "time" else RuleStatus.INTERRUPTED)
    assert found.wrong > 0
    assert found.forced is None


@pytest.mark.parametrize("error", [KeyboardInterrupt, None])
def test_a_rule_that_was_found_stays_where_the_question_for_others_is_ended(error, monkeypatch):
    """The question is as good as endless: it asks for itself whether it is to end."""
    begun = threading.Event()

    def endless(rule, observations, halt):
        begun.set()
        while True:
            halt.check()
            time.sleep(0.01)

    def stop():
        if begun.is_set() and error:
            raise error
        return begun.is_set()

    monkeypatch.setattr("btfnet.rules.confirming.other_tables", endless)
    found = reconstruct(observations(SCENE), neighbours=6, jobs=1, stop=stop)
    assert (found.status, found.forced) == (RuleStatus.EXACT, None)


def test_clauses_are_not_all_made_where_it_is_ended(monkeypatch):
    monkeypatch.setattr(alternatives, "SLICE_CLAUSES", 1)
    asked = itertools.count()
    found = reconstruct(observations(SCENE), neighbours=6, jobs=1, stop=lambda: next(asked) > 3)
    assert found.status is RuleStatus.EXACT


@pytest.mark.parametrize("trials", [1, 2, None])
def test_no_more_starts_than_were_asked_for(trials, short, monkeypatch):
    monkeypatch.setattr("btfnet.rules.neighbourhoods.FIRST_BUDGET", 1)
    seen = np.random.default_rng(8).integers(0, 2, (2, 60))
    found = reconstruct(seen, neighbours=window(0, 4), cell="gates", trials=trials, jobs=1, time_limit=30)
    assert (found.status, len(found.trials)) == (RuleStatus.LIMIT, trials or 120)


def test_a_grid_of_life_that_is_too_large_to_try_all_pairs_walks():
    life = np.random.default_rng(5).integers(0, 2, (2, 256, 256))
    found = reconstruct(life, neighbours=SQUARE, grid=True, cell="masks", steps=5, time_limit=1, jobs=1)
    assert (found.status, found.trials[0].tried < 10**6) == (RuleStatus.TIME_LIMIT, True)

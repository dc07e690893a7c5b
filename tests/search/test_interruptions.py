"""Ending a search in any phase: at once, with what there is, and so that going on ends as if nothing had happened.

`test_resume` interrupts the search proper. Its problems are never solved, so that it did not see what became of
a run that was interrupted while its circuit was made smaller, or while circuits agreed on one: the trial
counted as done, and going on gave another circuit. Nor did anything ask how long the end takes where a single
step takes minutes.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from support.descent_samples import JIT
from support.search_samples import Interruption, same_trials, sixty_four

import btfnet
from btfnet.checkpoint.folder import Checkpoint
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.errors import UsageError
from btfnet.halting import Halt, Halted, attended, question
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

compiled = pytest.mark.skipif(not JIT, reason="whole searches need compiled kernels")


class After:
    """Asked whether to stop, says so from the n-th time on."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def interrupt_when(monkeypatch, module: str, name: str, after: int) -> threading.Event:
    """An event that is set when `module.name` has asked so often whether it is over."""
    event, owner = threading.Event(), __import__(module, fromlist=[name])
    real, left = getattr(owner, name), [after]

    def instead(*arguments, over, **options):
        def asked():
            left[0] -= 1
            if left[0] < 0:
                event.set()
                time.sleep(0.3)  # so that whoever watches has seen it
            return over()

        return real(*arguments, over=asked, **options)

    monkeypatch.setattr(owner, name, instead)
    return event


@compiled
@pytest.mark.parametrize("engine", ["descent", "rrr+descent", "rrr", "free"])
@pytest.mark.parametrize("after", [0, 9])
@pytest.mark.parametrize("how", [{"all_trials": True, "deterministic": True}, {"deterministic": True}, {}])
def test_interrupted_while_its_circuit_is_made_smaller_it_goes_on_to_the_same(
    engine, after, how, monkeypatch, tmp_path
):
    monkeypatch.setattr("btfnet.engines.descent.tighten.LEAST_NS", 1e8)
    task = btfnet.load("multiplier-2x2")
    if engine == "free":
        engine, task = "descent", replace(task, problem=task.problem.with_network(Network.free(4, 4)))
    options = {"engine": engine, "trials": 2, "jobs": 1, "seed": 1, **how}
    whole = btfnet.solve(task.problem, task.settings, **options)
    assert whole.kept.shrunk is not None
    with monkeypatch.context() as patch:
        event = interrupt_when(patch, "btfnet.search.trial", "shrink_found", after)
        cut = btfnet.solve(
            task.problem, task.settings, **options, stop=event, checkpoint=Checkpoint(tmp_path / "c")
        )
    assert (cut.status.key, cut.finished, cut.exact) == ("interrupted", False, True)
    again = btfnet.solve(
        task.problem, task.settings, **options, checkpoint=Checkpoint(tmp_path / "c", resume=True)
    )
    assert (again.status.key, again.finished) == ("solved", True)
    assert same_trials(again.trials, whole.trials)
    assert again.circuit == whole.circuit


@compiled
@pytest.mark.parametrize("after", [0, 3])
def test_interrupted_while_circuits_agree_it_goes_on_to_the_same(after, monkeypatch, tmp_path):
    options = {
        "engine": "descent", "trials": 8, "circuits": 5, "seed": 2, "jobs": 1, "deterministic": True,
        "settings": Settings(max_iterations=2000),
    }  # fmt: skip
    whole = btfnet.solve(sixty_four(), **options)
    assert whole.consensus is not None
    with monkeypatch.context() as patch:
        event = interrupt_when(patch, "btfnet.search.side_by_side", "agreed", after)
        cut = btfnet.solve(sixty_four(), **options, stop=event, checkpoint=Checkpoint(tmp_path / "c"))
    assert (cut.status.key, cut.finished, cut.exact, cut.consensus) == ("interrupted", False, True, None)
    again = btfnet.solve(sixty_four(), **options, checkpoint=Checkpoint(tmp_path / "c", resume=True))
    assert (again.status.key, again.finished) == ("solved", True)
    assert again.consensus == whole.consensus
    assert again.circuit == whole.circuit
    assert same_trials(again.trials, whole.trials)


@compiled
def test_a_search_that_tunes_itself_goes_on_to_the_same(monkeypatch, tmp_path):
    """Rounds, heats and σ follow from trials that ended, in whichever session."""
    problem = hard()
    options = {"trials": 7, "all_trials": True, "seed": 5, "engine": "auto", "tune": True,
               "settings": Settings(max_iterations=400)}  # fmt: skip
    whole = btfnet.solve(problem, jobs=2, **options)
    monkeypatch.setattr("btfnet.projections.rrr._Pace.CALL_SECONDS", 1e-4)
    for session, moment in enumerate((3, 40, 9, 25)):
        with monkeypatch.context() as patch:
            Interruption(patch, moment)
            checkpoint = Checkpoint(tmp_path / "c", resume=session > 0)
            cut = btfnet.solve(problem, jobs=1 + session % 2, checkpoint=checkpoint, **options)
        assert (cut.status.key, cut.finished) == ("interrupted", False)
    again = btfnet.solve(problem, jobs=2, checkpoint=Checkpoint(tmp_path / "c", resume=True), **options)
    assert same_trials(again.trials, whole.trials)
    assert [one.settings for one in again.tuning] == [one.settings for one in whole.tuning]


# -- stop= ------------------------------------------------------------------------------------------------


def hard(waist=4):
    rng = np.random.default_rng(5)
    inputs = np.where(np.arange(64)[:, None] >> np.arange(6) & 1, 1, -1)
    outputs = np.where(rng.random((64, 3)) < 0.5, -1, 1)
    return Problem("random", Network.layered([6, 8, waist, 8, 3]), Items(inputs, outputs))


@compiled
@pytest.mark.parametrize("engine", ["rrr", "descent", "auto"])
def test_whoever_is_asked_stops_a_search(engine):
    event = threading.Event()
    threading.Timer(0.5, event.set).start()
    for stop in (After(3), event):
        begun = time.monotonic()
        result = btfnet.solve(hard(), engine=engine, stop=stop)
        assert time.monotonic() - begun < 5
        assert (result.status.key, result.finished) == ("interrupted", False)


@compiled
def test_whoever_is_asked_stops_a_search_for_widths():
    result = btfnet.solve_widths(hard(), ladder=[[6, 2, 3], [6, 3, 3]], stop=After(4))
    assert result.status.key == "interrupted"


def classes():
    rng = np.random.default_rng(1)
    return Problem.from_arrays(
        rng.random((400, 20)) < 0.5, rng.integers(0, 5, 400), Network.layered([20, 5]), output_kind="class"
    )


@compiled
def test_whoever_is_asked_stops_a_committee_which_has_the_members_that_were_done():
    done = []
    found = btfnet.train_committee(
        classes(), members=12, validation=0, report=done.append, stop=lambda: len(done) > 0
    )
    assert (len(found.members), found.status.key) == (4, "interrupted")
    whole = btfnet.train_committee(classes(), members=12, validation=0)
    assert (len(whole.members), whole.status.key) == (12, "solved")
    assert found.members[0].circuit == whole.members[0].circuit
    with pytest.raises(KeyboardInterrupt):
        btfnet.train_committee(classes(), boost=btfnet.Boost(rounds=10**6), stop=After(3))


def test_whoever_is_asked_stops_projections():
    class Away:
        def __init__(self, by):
            self.by = by

        def project(self, point):
            return np.full_like(point, self.by)

    stop = After(3)
    found = btfnet.reconcile(Away(0.0), Away(1.0), [0.0], max_iterations=10**9, stop=stop)
    assert found.status.key == "interrupted"


@pytest.mark.parametrize("stop", [1, "now", threading.Event, [True]])
def test_what_cannot_be_asked_is_refused(stop):
    with pytest.raises(UsageError, match=r"stop is .*is_set\(\)"):
        question(stop)
    with pytest.raises(UsageError, match="stop is"):
        btfnet.solve(hard(), stop=stop)


# -- at once ----------------------------------------------------------------------------------------------


def huge(width=20_000):
    """Parity of six bits, which no gate of three gates of three bits is, however many there are to choose from."""
    inputs = np.where(np.arange(64)[:, None] >> np.arange(6) & 1, 1, -1)
    return Problem(
        "parity", Network.layered([6, width, 1]), Items(inputs, inputs.prod(axis=1, keepdims=True))
    )


@compiled
def test_a_walk_of_minutes_is_halted_and_stands_where_it_stood():
    halt = Halt()
    search = GateSearch.of(huge(), np.random.default_rng(0), halt=halt)
    assert search.error > 0
    before = {name: array.copy() for name, array in search.export().items()}
    timer = threading.Timer(0.3, halt.set)
    begun = time.monotonic()
    timer.start()
    with pytest.raises(Halted):
        search.walk(1000)
    assert time.monotonic() - begun < 3
    for name, array in search.export().items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)


@compiled
@pytest.mark.parametrize("engine", ["descent", "auto"])
def test_a_time_limit_holds_where_a_round_takes_minutes(engine):
    begun = time.monotonic()
    result = btfnet.solve(huge(), engine=engine, time_limit=1.0, jobs=1)
    assert time.monotonic() - begun < 4
    assert result.status.key == "time_limit"


@compiled
@pytest.mark.filterwarnings("ignore:random. no circuit of this network:btfnet.BtfnetWarning")
def test_a_time_limit_holds_while_a_start_tells_items_apart():
    """Eight kinds of items never fit through a waist of two; a million tries are made all the same."""
    begun = time.monotonic()
    result = btfnet.solve(hard(waist=2), engine="descent", time_limit=0.5, jobs=1)
    assert time.monotonic() - begun < 3
    assert result.status.key == "time_limit"


@compiled
def test_halted_while_it_is_set_up_a_trial_says_that_there_is_nothing():
    result = btfnet.solve(huge(200_000), engine="descent", time_limit=1e-3, jobs=1)
    assert (result.status.key, result.exact, result.circuit) == ("time_limit", False, None)
    assert result.kept.iterations == 0


def test_what_is_attended_is_halted_when_it_is_over():
    seen = []

    def work(halt):
        while not halt.is_set():
            time.sleep(0.01)
        seen.append("halted")
        halt.check()

    with pytest.raises(Halted):
        attended(work, After(2))
    assert seen == ["halted"]
    assert attended(lambda halt: 7, lambda: True) == 7


def test_ctrl_c_halts_what_is_attended_before_it_goes_on_its_way():
    seen = []

    def work(halt):
        while not halt.is_set():
            time.sleep(0.01)
        seen.append("halted")

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attended(work, interrupt)
    assert seen == ["halted"]


def test_a_start_is_drawn_the_same_in_pieces_and_ends_when_it_is_halted(monkeypatch):
    """States of gigabytes took ten seconds beyond the time limit."""
    problem, settings = hard(), Settings()
    whole = NetworkStepper(problem, settings, np.random.default_rng(3)).export()
    monkeypatch.setattr("btfnet.engines.projections.layout.ROWS_AT_ONCE", 7)
    halt = Halt()
    pieces = NetworkStepper(problem, settings, np.random.default_rng(3), halt=halt).export()
    for name, array in whole.items():
        np.testing.assert_array_equal(pieces[name], array, err_msg=name)
    halt.set()
    with pytest.raises(Halted):
        NetworkStepper(problem, settings, np.random.default_rng(3), halt=halt)

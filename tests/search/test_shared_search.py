"""Several jobs run one search through a shared folder: the same trials, the same result, whatever happens."""

from __future__ import annotations

import errno
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba import config
from support.search_samples import SETTINGS, same_trials, sixty_four, solve

import btfnet
from btfnet import DataError, SharedFolder
from btfnet.projections.rrr import Status
from btfnet.sharing import whole_files

pytestmark = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="whole searches need compiled kernels")
TRIALS = 8


@pytest.fixture(scope="module")
def alone(problem):
    """The search in one process."""
    return search(problem)


def search(problem, folder=None, **options):
    """Longer than a moment; patience: so that jobs which are lost are missed soon."""
    patience = options.pop("patience", 30)
    report = options.pop("report", lambda text: None)
    place = None if folder is None else SharedFolder(folder, patience=patience, report=report)
    return solve(problem, "rrr+descent", place, **{"trials": TRIALS, **options})


def at_once(*jobs):
    """Several jobs in this process; what each returns, or raises."""
    together = threading.Barrier(len(jobs))

    def run(job):
        together.wait()
        try:
            return job()
        except btfnet.BtfnetError as error:
            return error

    with ThreadPoolExecutor(len(jobs), thread_name_prefix="job") as pool:
        return list(pool.map(run, jobs))


def test_jobs_come_to_the_trials_of_one_process_and_share_them(problem, alone, tmp_path):
    shares = [set(), set(), set()]
    results = at_once(
        *(
            lambda seen=seen: search(problem, tmp_path, spectator=lambda look: seen.add(look.trial))
            for seen in shares
        )
    )
    for result in results:
        assert result.finished
        assert result.status is alone.status
        assert result.best == alone.best
        assert same_trials(result.trials, alone.trials)
    late = search(problem, tmp_path, spectator=lambda look: pytest.fail("nothing is left to run"))
    assert late.finished
    assert same_trials(late.trials, alone.trials)
    left = {name.partition("-")[0] for name in os.listdir(tmp_path / "shared")}
    assert left == {"entry"}, "claims, states and signs of life are gone"


def test_progress_of_all_is_told_to_each(problem, tmp_path, monkeypatch):
    """Trials take longer than signs of life are apart."""
    monkeypatch.setattr("btfnet.sharing.jobs.PULSE_SECONDS", 0.02)
    monkeypatch.setattr("btfnet.sharing.jobs.LOOK_SECONDS", 0.02)
    seen = [[], []]
    long = SETTINGS.but(max_iterations=10000)

    def job(told):
        options = {"engine": "rrr", "trials": 12, "all_trials": True, "jobs": 1, "seed": 3}
        return btfnet.solve(
            problem, long, **options, spectator=told.append, checkpoint=SharedFolder(tmp_path)
        )

    at_once(*(lambda told=told: job(told) for told in seen))
    for told in seen:
        assert max(look.ended for look in told) >= 7
        assert any(look.note == "2 jobs" for look in told)
    trials = [{look.trial for look in told} for told in seen]
    assert trials[0] & trials[1], "each trial runs in one job, and is seen in both"


def test_rounds_of_tuning_are_waited_for_and_are_the_same(problem, tmp_path):
    options = {"trials": 14, "tune": True}
    one = search(problem, **options)
    results = at_once(*(lambda: search(problem, tmp_path, **options) for _ in range(2)))
    for result in results:
        assert result.tuning == one.tuning
        assert same_trials(result.trials, one.trials)


@pytest.mark.parametrize("circuits", [1, 3])
def test_deterministic_jobs_keep_the_trial_of_one_process(tmp_path, circuits):
    options = {"all_trials": False, "deterministic": True, "circuits": circuits, "trials": 20}
    one = search(sixty_four(), **options)
    results = at_once(*(lambda: search(sixty_four(), tmp_path, **options) for _ in range(3)))
    for result in results:
        assert result.kept.index == one.kept.index
        assert result.kept.circuit == one.kept.circuit
        counted = [trial for trial in result.trials if trial.status is not Status.STOPPED]
        assert same_trials(counted[: len(one.trials)], one.trials)


@pytest.mark.parametrize("circuits", [1, 4])
def test_first_win_ends_all_and_all_hold_the_same_result(tmp_path, circuits):
    options = {"all_trials": False, "circuits": circuits, "trials": 20}
    results = at_once(*(lambda: search(sixty_four(), tmp_path, **options) for _ in range(3)))
    first = results[0]
    for result in results:
        assert result.exact
        assert result.finished
        assert result.kept.index == first.kept.index
        assert result.circuit == first.circuit
        assert [trial.index for trial in result.trials] == [trial.index for trial in first.trials]


def test_job_that_is_stopped_leaves_its_trials_to_the_others_at_once(problem, alone, tmp_path):
    stop = threading.Event()
    jobs = (
        lambda: search(problem, tmp_path, stop=stop, spectator=lambda look: stop.set()),
        lambda: search(problem, tmp_path, patience=1e6),
    )
    stopped, other = at_once(*jobs)
    assert stopped.status is Status.INTERRUPTED
    assert not stopped.finished
    assert other.finished
    assert same_trials(other.trials, alone.trials)


def test_stop_file_ends_all_and_the_search_goes_on_without_it(problem, alone, tmp_path):
    def touch(look):
        if look.ended:
            (tmp_path / "STOP").touch()

    results = at_once(*(lambda: search(problem, tmp_path, spectator=touch) for _ in range(2)))
    assert [result.status for result in results] == [Status.INTERRUPTED] * 2
    with pytest.raises(DataError, match="STOP: this file ends every search"):
        search(problem, tmp_path)
    (tmp_path / "STOP").unlink()
    result = search(problem, tmp_path)
    assert result.finished
    assert same_trials(result.trials, alone.trials)


def test_trial_of_a_job_that_died_is_gone_on_with(problem, alone, tmp_path):
    search(problem, tmp_path, time_limit=1e-6)
    dead = SharedFolder(tmp_path).join()
    dead.refresh()
    dead.pulse(dict)
    assert dead.claim("trial-1")
    result = search(problem, tmp_path, patience=1)
    assert result.finished
    assert same_trials(result.trials, alone.trials)


def test_job_that_was_taken_for_dead_gives_its_trial_up(problem, alone, tmp_path):
    """Whoever took it over gives it back here, without having run it."""
    taken = []

    def take_over(look):
        if look.trial == 2 and not taken:
            other = SharedFolder(tmp_path).join()
            other.claims._is_lost = lambda token: True
            other.refresh()
            taken.append(other.claim("trial-2"))
            other.pulse(dict)
            threading.Timer(1.5, other.leave).start()

    result = search(problem, tmp_path, spectator=take_over)
    assert taken == [True]
    assert result.finished
    assert same_trials(result.trials, alone.trials)


def test_folder_that_vanishes_for_a_while_fails_no_job(problem, alone, tmp_path):
    folder, said = tmp_path / "folder", []
    looks = threading.Event()

    def vanish():
        looks.wait()
        os.rename(folder, tmp_path / "away")
        time.sleep(1.5)
        os.rename(tmp_path / "away", folder)

    thread = threading.Thread(target=vanish)
    thread.start()
    options = {"spectator": lambda look: looks.set(), "report": said.append}
    results = at_once(*(lambda: search(problem, folder, **options) for _ in range(2)))
    thread.join()
    assert [result.finished for result in results] == [True, True]
    assert all(same_trials(result.trials, alone.trials) for result in results)
    assert any("not there at present" in text for text in said)


@pytest.mark.parametrize(
    ("options", "status"),
    [({"time_limit": 0.5}, Status.TIME_LIMIT), ({"stop": lambda: True}, Status.INTERRUPTED)],
)
def test_a_job_that_had_nothing_to_run_until_it_had_to_end_has_a_result(problem, tmp_path, options, status):
    other = SharedFolder(tmp_path).join()
    other.refresh()
    other.pulse(dict)
    assert all(other.claim(f"trial-{index}") for index in range(TRIALS))
    result = search(problem, tmp_path, **options)
    assert (result.status, result.finished, len(result.trials)) == (status, False, 1)


def test_a_job_with_an_executor_leaves_nothing_of_its_own(problem, alone, tmp_path):
    with ThreadPoolExecutor(2) as pool:
        assert same_trials(search(problem, tmp_path, executor=pool).trials, alone.trials)
    assert not list((tmp_path / "shared").glob("own-*"))


def test_job_whose_disk_is_full_says_so_and_harms_nobody(problem, alone, tmp_path, monkeypatch):
    real, full, said = whole_files._written, set(), []

    def written(*arguments):
        if threading.current_thread() in full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    def job():
        me = threading.current_thread()
        return search(problem, tmp_path, patience=1, spectator=lambda look: full.add(me), report=said.append)

    monkeypatch.setattr(whole_files, "_written", written)
    results = at_once(job, lambda: search(problem, tmp_path, patience=1))
    assert all(result.finished and same_trials(result.trials, alone.trials) for result in results)
    assert len(said) == 1
    assert "No space left" in said[0]


def test_full_disk_of_the_only_job_costs_no_result(problem, alone, tmp_path, monkeypatch):
    """What was claimed when the disk became full ends, and is told."""
    real, full = whole_files._written, threading.Event()

    def written(*arguments):
        if full.is_set():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    monkeypatch.setattr(whole_files, "_written", written)
    result = search(problem, tmp_path, trials=1, patience=1, spectator=lambda look: full.set())
    assert result.finished
    assert same_trials(result.trials, alone.trials[:1])


@pytest.mark.parametrize(
    "other, words",
    [
        ({"seed": 4}, "seed was 3 and is now 4"),
        ({"engine": "rrr"}, "engine"),
        ({"trials": 1}, "trials is now 1"),
        ({"settings": SETTINGS.but(max_iterations=500)}, "max_iterations was 400 and is now 500"),
    ],
)
def test_other_search_in_the_folder_is_refused_and_says_why(problem, tmp_path, other, words):
    search(problem, tmp_path, trials=2)
    arguments = {"engine": "rrr+descent", "seed": 3, "trials": 2, "all_trials": True, **other}
    with pytest.raises(DataError, match=words):
        btfnet.solve(problem, **{"settings": SETTINGS, **arguments}, checkpoint=SharedFolder(tmp_path))


def test_of_two_searches_that_begin_in_the_same_moment_one_is_refused(problem, tmp_path):
    for attempt in range(3):
        jobs = [
            lambda seed=seed, folder=tmp_path / str(attempt): search(problem, folder, seed=seed, trials=1)
            for seed in (3, 4)
        ]
        results = at_once(*jobs)
        assert sorted(isinstance(result, DataError) for result in results) == [False, True]


def test_learned_problem_is_shared_as_well(tmp_path):
    rng = np.random.default_rng(3)
    inputs = np.where(rng.random((120, 6)) < 0.5, -1, 1)
    outputs = np.where((inputs[:, :3].sum(axis=1) > 0) ^ (rng.random(120) < 0.1), 1, -1)[:, None]
    made = btfnet.Problem(
        "noisy", btfnet.Network.layered([6, 4, 1]), btfnet.Items(inputs, outputs), n_train=120
    )
    options = {"validation": 0.25, "trials": 6, "seed": 1, "jobs": 1, "recognise": False}
    one = btfnet.solve(made, **options)
    results = at_once(
        *(lambda: btfnet.solve(made, **options, checkpoint=SharedFolder(tmp_path)) for _ in range(2))
    )
    for result in results:
        assert (result.status, result.kept.index) == (one.status, one.kept.index)
        assert result.circuit == one.circuit

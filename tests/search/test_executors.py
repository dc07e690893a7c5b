"""Trials that an executor's workers run: the same as in this process, whoever runs them, and whoever dies."""

import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress

import numpy as np
import pytest
from support.search_samples import same_trials

import btfnet
from btfnet.errors import BtfnetWarning, CapacityError, UsageError
from btfnet.search.crews import elsewhere

pytestmark = pytest.mark.needs_jit


def processes(n: int = 2) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(n, mp_context=multiprocessing.get_context("spawn"))


@pytest.fixture(scope="module")
def pool():
    with processes() as pool:
        yield pool


@pytest.fixture(scope="module")
def task():
    task = btfnet.load("multiplier-3x3")
    return task.problem, task.settings.but(max_iterations=300)


def solve(task, **options):
    return btfnet.solve(*task, **{"trials": 5, "all_trials": True, "seed": 3, "tune": False, **options})


@pytest.fixture(scope="module")
def serial(task):
    return solve(task, jobs=1)


def test_processes_come_to_the_same_trials(task, serial, pool, tmp_path):
    seen = []
    checkpoint = btfnet.Checkpoint(tmp_path / "c")
    found = solve(task, executor=pool, checkpoint=checkpoint, spectator=seen.append)
    assert same_trials(found.trials, serial.trials)
    assert found.best == serial.best
    assert {progress.trial for progress in seen} <= set(range(5))
    checkpoint.discard()
    assert not (tmp_path / "c").exists()  # the mailbox is gone, too


def test_the_first_win_frees_the_workers(pool):
    task = btfnet.load("multiplier-3x3")
    hard = btfnet.load("rule-30-4")
    stop = threading.Event()
    threading.Timer(2.0, stop.set).start()
    result = btfnet.solve(hard.problem, hard.settings, executor=pool, stop=stop)
    assert result.status.key == "interrupted"
    begun = time.monotonic()
    assert [pool.submit(len, "ab").result() for _ in range(4)] == [2] * 4
    assert time.monotonic() - begun < 1.0
    won = btfnet.solve(task.problem, task.settings, executor=pool, trials=20)
    assert won.exact
    begun = time.monotonic()
    assert [pool.submit(len, "ab").result() for _ in range(4)] == [2] * 4
    assert time.monotonic() - begun < 1.0


def test_learning_and_widths_take_executors(pool):
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 2, (200, 5))
    noisy = inputs[:, 0] & inputs[:, 1] ^ (rng.random(200) < 0.1)
    problem = btfnet.Problem.from_bits(inputs, noisy, hidden=(4,))
    options = {"trials": 3, "seed": 1, "validation": 0.2}
    here, there = btfnet.solve(problem, **options), btfnet.solve(problem, executor=pool, **options)
    assert same_trials(there.trials, here.trials)
    exact = btfnet.Problem.from_bits(inputs, inputs[:, 0] & inputs[:, 1], hidden=(4,))
    options = {"trials": 2, "seed": 1, "deterministic": True}
    assert btfnet.solve_widths(exact, executor=pool, **options).exact


def test_what_was_begun_here_goes_on_there_and_back(task, serial, pool, tmp_path):
    folder = tmp_path / "c"
    first = solve(task, checkpoint=btfnet.Checkpoint(folder), time_limit=1e-6, jobs=1)
    assert not first.finished
    time_limit = 1.0
    while True:
        checkpoint = btfnet.Checkpoint(folder, resume=True)
        result = solve(task, executor=pool, checkpoint=checkpoint, time_limit=time_limit)
        if result.finished:
            break
        time_limit *= 2
    assert same_trials(result.trials, serial.trials)


@pytest.mark.alone
def test_killed_workers_lose_nothing():
    task = btfnet.load("rule-30-2")
    long = task.problem, task.settings.but(max_iterations=200)
    options = {"engine": "descent", "shrink": False, "trials": 6}
    expected = solve(long, jobs=2, **options)
    made: list[ProcessPoolExecutor] = []
    over = threading.Event()

    def make():
        made.append(processes())
        return made[-1]

    def kill():
        while not over.wait(0.5):
            alive = list(made[-1]._processes or ()) if made and len(made) < 4 else []
            if alive and not over.wait(2.0):
                os.kill(alive[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = solve(long, executor=make, **options)
    finally:
        over.set()
        killer.join()
    assert len(made) > 1
    assert same_trials(found.trials, expected.trials)


def test_a_broken_executor_is_replaced_by_threads(task, serial):
    with processes() as pool:
        pool.submit(len, "a").result()
        os.kill(next(iter(pool._processes)), signal.SIGKILL)
        with suppress(BrokenExecutor):
            for _ in range(600):  # until the pool has seen it
                pool.submit(len, "a")
                time.sleep(0.05)
        with pytest.warns(BtfnetWarning, match="goes on with threads"):
            found = solve(task, executor=pool)
    assert same_trials(found.trials, serial.trials)


def test_workers_that_never_get_on_are_given_up(task, monkeypatch):
    monkeypatch.setattr(elsewhere, "MOST_LOSSES", 3)

    class Hopeless(ThreadPoolExecutor):
        def submit(self, *arguments, **options):
            return super().submit(_die)

    with Hopeless(1) as pool, pytest.raises(CapacityError, match="Workers were lost 4 times"):
        solve(task, executor=pool)


def test_a_function_that_gives_the_same_broken_executor_is_given_up(task):
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(CapacityError, match="took no work"):
        solve(task, executor=lambda: pool)


def _die():
    raise ConnectionError("worker")


def test_what_a_trial_raises_is_raised(task):
    class Failing(ThreadPoolExecutor):
        def submit(self, *arguments, **options):
            return super().submit(_fail)

    with Failing(1) as pool, pytest.raises(ZeroDivisionError):
        solve(task, executor=pool, jobs=1)


def _fail():
    return 1 / 0


def test_an_executor_must_be_one(task):
    with pytest.raises(UsageError, match=r"executor is 3; expected an executor of concurrent\.futures"):
        solve(task, executor=3)


def test_a_spectator_that_fails_leaves_nothing_behind_and_what_ran_is_saved(tmp_path, monkeypatch):
    """It would fail again at the looks that come while the workers end."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    hard = btfnet.load("rule-30-4")

    def fails(look):
        raise LookupError("a spectator")

    with ThreadPoolExecutor(2) as pool:
        for name in (None, "c"):
            checkpoint = None if name is None else btfnet.Checkpoint(tmp_path / name)
            with pytest.raises(LookupError, match="a spectator"):
                btfnet.solve(
                    hard.problem, hard.settings, executor=pool, spectator=fails, checkpoint=checkpoint
                )
    assert os.listdir(tmp_path) == ["c"]
    assert sorted(os.listdir(tmp_path / "c")) == ["trial-0.safetensors", "trial-1.safetensors"]


class Empty(ThreadPoolExecutor):
    """False, as anything of length 0 is."""

    def __len__(self):
        return 0


def test_an_executor_may_be_false(task, serial):
    with Empty(1) as pool:
        assert same_trials(solve(task, executor=pool).trials, serial.trials)

"""Trials on the workers of a Dask scheduler: the same as here; a killed worker's trial goes on elsewhere."""

import os
import random
import signal
import threading
import time
import warnings

import pytest
from click.testing import CliRunner
from support.search_samples import same_trials

import btfnet
from btfnet.cli import main
from btfnet.workers.dask import DaskMailbox
from btfnet.workers.scheduler import Scheduler

pytestmark = [
    pytest.mark.needs_jit,
    pytest.mark.filterwarnings("ignore:::distributed"),
    pytest.mark.filterwarnings("ignore:::tornado"),
]


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        )
        yield cluster
        cluster.close()


@pytest.fixture(scope="module")
def client(cluster):
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        yield client


@pytest.fixture(scope="module")
def task():
    task = btfnet.load("multiplier-3x3")
    return task.problem, task.settings.but(max_iterations=300)


def solve(task, **options):
    return btfnet.solve(*task, **{"trials": 5, "all_trials": True, "seed": 3, "tune": False, **options})


@pytest.fixture(scope="module")
def serial(task):
    return solve(task, jobs=1)


def test_dask_comes_to_the_same_trials_and_frees_its_workers(client, task, serial):
    seen = []
    found = solve(task, executor=client.get_executor())
    assert same_trials(found.trials, serial.trials)
    problem = btfnet.load("rule-30-4").problem
    stop = threading.Event()
    threading.Timer(3.0, stop.set).start()
    result = btfnet.solve(problem, executor=client.get_executor(), stop=stop, spectator=seen.append)
    assert result.status.key == "interrupted"
    assert {progress.trial for progress in seen} == {0, 1}
    begun = time.monotonic()
    assert client.gather(client.map(len, ["a", "ab", "abc"], pure=False)) == [1, 2, 3]
    assert time.monotonic() - begun < 1.0


def _saved(address):
    post = address.open(1)
    return post.saved(), post.save(b"state"), post.saved()


def test_states_stand_at_the_scheduler(client):
    box = DaskMailbox(client)
    box.expect(1)
    assert client.submit(_saved, box.address, pure=False).result() == (None, True, b"state")
    assert box.state(1) == b"state"
    box.close(answered=True)


def test_nothing_is_left_at_the_scheduler(client, task):
    solve(task, executor=client.get_executor(), trials=2)
    left = client.run_on_scheduler(
        lambda dask_scheduler: list(dask_scheduler.extensions["variables"].variables)
    )
    assert [name for name in left if name.startswith("btfnet")] == []


@pytest.mark.alone
def test_killed_workers_lose_nothing(client):
    task = btfnet.load("rule-30-2")
    long = task.problem, task.settings.but(max_iterations=200)
    options = {"engine": "descent", "shrink": False, "trials": 6}
    expected = solve(long, jobs=2, **options)
    over, killed = threading.Event(), []

    def kill():
        while not over.wait(1.5) and len(killed) < 4:
            pids = list(client.run(os.getpid, on_error="ignore").values())
            if pids:
                killed.append(random.choice(pids))
                os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        found = solve(long, executor=client.get_executor(), **options)
    finally:
        over.set()
        killer.join()
    assert killed
    assert same_trials(found.trials, expected.trials)


def test_the_command_line_and_the_door_by_address(cluster, task, serial, tmp_path):
    with Scheduler(cluster.scheduler_address) as scheduler:
        assert same_trials(solve(task, executor=scheduler).trials, serial.trials)
    out = tmp_path / "run"
    arguments = ["solve", "multiplier-2x2", "--dask", cluster.scheduler_address, "--out", str(out), "--quiet"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert (out / "model.json").exists() or list(out.glob("*.btf")), list(out.iterdir())

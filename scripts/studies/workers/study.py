"""Trials on an executor's workers: what that costs, how soon all are free, and what it bears.

    python scripts/studies/workers/study.py overhead pool     # many tiny trials: a pool of processes, dask
    python scripts/studies/workers/study.py win dask          # until all workers take other work after a win
    python scripts/studies/workers/study.py kills dask        # 60 trials, a worker killed every 5 s
    python scripts/studies/workers/study.py restart           # the scheduler of Dask killed, and begun anew
    python scripts/studies/workers/study.py vanishes          # the folder of a pool's mailbox is away for 10 s
    mpirun -n 3 python -m mpi4py.futures scripts/studies/workers/study.py overhead mpi

Two workers. Each writes its row into rows.jsonl beside this file. Results are compared with those of threads of
one process: seeds, statuses, iterations, weights to the last bit.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np

import btfnet
from btfnet.search.side_by_side import Search
from btfnet.workers.scheduler import Scheduler
from scripts.lib.rows import RowStore

STORE = RowStore(Path(__file__).parent / "rows.jsonl", ("part", "workers"))
WORKERS = 2
EVERY = 5.0
"""Seconds between two kills."""
Row = dict[str, Any]


@contextmanager
def executor_on(kind: str) -> Iterator[Executor]:
    if kind == "pool":
        with processes() as pool:
            yield pool
    elif kind == "mpi":
        from mpi4py.futures import MPIPoolExecutor

        with MPIPoolExecutor() as ranks:
            yield ranks
    else:
        from distributed import Client, LocalCluster

        cluster = LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, dashboard_address=None, silence_logs=50
        )
        with cluster, Client(cluster, set_as_default=False) as client:
            yield client.get_executor(pure=False)


def processes() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn"))


def facts(result: btfnet.Result) -> list[tuple[Any, ...]]:
    """All of the trials but their times."""
    return [
        (trial.index, trial.seed, trial.status, trial.iterations, trial.wrong_bits, trial.weights.tobytes())
        for trial in result.trials
    ]


def tiny() -> Callable[..., btfnet.Result]:
    """Many trials of a millisecond."""
    inputs = np.array(list(itertools.product((-1, 1), repeat=4)))
    outputs = np.prod(inputs, axis=1)[:, None]
    problem = btfnet.Problem("parity", btfnet.Network.layered([4, 3, 1]), btfnet.Items(inputs, outputs))
    settings = btfnet.Settings(max_iterations=20)
    return lambda **options: btfnet.solve(problem, settings, engine="rrr", all_trials=True, **options)


def long(trials: int) -> Callable[..., btfnet.Result]:
    """Trials of some seconds."""
    task = btfnet.load("rule-30-2")
    settings = task.settings.but(max_iterations=150)
    options: dict[str, Any] = {"trials": trials, "all_trials": True, "engine": "descent", "shrink": False}
    return lambda **more: btfnet.solve(task.problem, settings, tune=False, **options, **more)


def overhead(kind: str) -> Row:
    trials, search = 100, tiny()
    seconds = dict[str, list[float]](here=[], there=[])
    with executor_on(kind) as executor:
        for _ in range(5):
            for how, where in (("here", {"jobs": WORKERS}), ("there", {"executor": executor})):
                begun = time.monotonic()
                search(trials=trials, **where)
                seconds[how].append(time.monotonic() - begun)
    here, there = (1000 * median(seconds[how][1:]) / trials for how in ("here", "there"))
    return {
        "trials": trials, "ms_of_a_trial_here": round(here, 2), "ms_of_a_trial_there": round(there, 2),
        "ms_more": round(there - here, 2),
    }  # fmt: skip


def win(kind: str) -> Row:
    """A search that is won while another trial runs: how long after the search has heard of an exact circuit that
    one ends, and how long after the search's end all workers take other work.
    """
    task, last, free, won = btfnet.load("rule-30-2"), list[float | None](), list[float](), list[float]()
    found = Search.found

    def heard(search: Search, index: int) -> None:
        won.append(time.monotonic())
        found(search, index)

    Search.found = heard  # type: ignore[method-assign, assignment]
    with executor_on(kind) as executor:
        submit, sent = executor.submit, list[tuple[Future[Any], list[float]]]()

        def recorded(*arguments: Any, **options: Any) -> Future[Any]:
            future, done = submit(*arguments, **options), list[float]()
            future.add_done_callback(lambda _: done.append(time.monotonic()))
            sent.append((future, done))
            return future

        executor.submit = recorded  # type: ignore[method-assign]
        for seed in range(8):
            sent.clear()
            won.clear()
            options: dict[str, Any] = {"seed": seed, "engine": "descent", "circuits": 1}
            result = btfnet.solve(task.problem, task.settings, executor=executor, **options)
            begun = time.monotonic()
            ended = [(future.result(), done[0]) for future, done in sent if done and not future.cancelled()]
            others = [at - won[0] for trial, at in ended if not trial.exact and at > won[0]]
            last.append(round(max(others), 3) if others else None)
            for future in [submit(len, "a" * (seed + 1)) for _ in range(2 * WORKERS)]:
                future.result()
            free.append(round(time.monotonic() - begun, 3))
            click.echo(f"seed {seed}: {[trial.status.name for trial in result.trials]}", err=True)
    return {"seconds_until_others_ended": last[1:], "seconds_until_all_take_other_work": free[1:]}


def compared(trials: int, run: Callable[[Callable[..., btfnet.Result]], btfnet.Result]) -> Row:
    """A search here, and one that is disturbed."""
    search = long(trials)
    search(jobs=WORKERS)  # compiles
    begun = time.monotonic()
    expected = facts(search(jobs=WORKERS))
    here, begun = time.monotonic() - begun, time.monotonic()
    found = facts(run(search))
    return {
        "trials": trials, "lost": trials - len(found), "same": found == expected,
        "seconds_here": round(here, 1), "seconds_there": round(time.monotonic() - begun, 1),
    }  # fmt: skip


@contextmanager
def murder(pids: Callable[[], list[int]], killed: list[int]) -> Iterator[None]:
    """Kill one of some processes every few seconds, and write down which."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(EVERY):
            if alive := pids():
                killed.append(random.choice(alive))
                os.kill(killed[-1], signal.SIGKILL)

    killer = threading.Thread(target=work)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def kills(kind: str) -> Row:
    """Of a pool, which a kill breaks, a new one is made each time."""
    killed = list[int]()
    if kind == "pool":
        made: list[Any] = []

        def make() -> Executor:
            made.append(processes())
            return made[-1]

        def among_processes(search: Callable[..., btfnet.Result]) -> btfnet.Result:
            with murder(lambda: list(made[-1]._processes or ()) if made else [], killed):
                return search(executor=make)

        return {**compared(60, among_processes), "killed": len(killed)}
    with executor_on("dask") as executor:
        client: Any = executor._client  # type: ignore[attr-defined]

        def among_workers(search: Callable[..., btfnet.Result]) -> btfnet.Result:
            with murder(lambda: list(client.run(os.getpid, on_error="ignore").values()), killed):
                return search(executor=executor)

        return {**compared(60, among_workers), "killed": len(killed)}


def restart(kind: str) -> Row:
    """The scheduler is killed in the middle of a search; 5 s later there is one again, and workers."""
    port, parts = 18_787, list[subprocess.Popen[bytes]]()
    address = f"tcp://127.0.0.1:{port}"

    def begin() -> None:
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
        parts.append(_quiet(*command, "--port", str(port), "--no-dashboard"))
        time.sleep(3.0)
        for _ in range(WORKERS):
            worker = [sys.executable, "-m", "distributed.cli.dask_worker", address]
            parts.append(_quiet(*worker, "--nthreads", "1", "--no-dashboard"))

    def again() -> None:
        parts[0].kill()
        time.sleep(5.0)
        for part in parts[1:]:
            part.kill()
        begin()

    begin()
    timer = threading.Timer(3.0, again)
    try:
        with tempfile.TemporaryDirectory() as place, Scheduler(address) as scheduler:
            checkpoint = btfnet.Checkpoint(Path(place, "checkpoint"))

            def disturbed(search: Callable[..., btfnet.Result]) -> btfnet.Result:
                timer.start()
                return search(executor=scheduler, checkpoint=checkpoint)

            row = compared(24, disturbed)
            if len(parts) < 2 * (1 + WORKERS):
                raise SystemExit("the search ended before its scheduler did")
            return row
    finally:
        timer.cancel()
        for part in parts:
            part.kill()


def _quiet(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def vanishes(kind: str) -> Row:
    with tempfile.TemporaryDirectory() as place, processes() as pool:
        folder, away = Path(place, "checkpoint"), Path(place, "away")

        def hide() -> None:
            folder.rename(away)
            time.sleep(10.0)
            if folder.exists():  # what was saved meanwhile
                for path in folder.rglob("*"):
                    click.echo(f"written while it was away: {path.name}", err=True)
            for path in away.rglob("*"):
                target = folder / path.relative_to(away)
                if path.is_file() and not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    path.rename(target)

        timer = threading.Timer(4.0, hide)

        def disturbed(search: Callable[..., btfnet.Result]) -> btfnet.Result:
            timer.start()
            return search(executor=pool, checkpoint=btfnet.Checkpoint(folder))

        row = compared(48, disturbed)
        if timer.is_alive():
            raise SystemExit("the search ended before its folder vanished")
        return row


PARTS = {"overhead": overhead, "win": win, "kills": kills, "restart": restart, "vanishes": vanishes}


@click.command(help=__doc__)
@click.argument("part", type=click.Choice(list(PARTS)))
@click.argument("workers", type=click.Choice(["pool", "dask", "mpi"]), default="dask")
def main(part: str, workers: str) -> None:
    workers = {"restart": "dask", "vanishes": "pool"}.get(part, workers)
    if part == "kills" and workers == "mpi":
        raise click.UsageError("MPI ends all ranks where one is killed: see docs/ranks.md for going on.")
    STORE.keep({"part": part, "workers": workers, **PARTS[part](workers)})


if __name__ == "__main__":
    main()

"""Processes that are warm: kernels compiled and loaded, several runs side by side.

Each run has a process to itself, which the next run takes over. One that is killed, or takes far longer than it
should, costs its own row alone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from functools import cache, partial
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, TypeVar

import click

import btfnet
from btfnet.cli.compiling.processes import warm_up_search
from btfnet.machine import cores
from btfnet.workers.scheduler import Scheduler
from btfnet.workers.workplace import Workplace
from scripts.lib.options import DASK

Job = TypeVar("Job")
Row = dict[str, Any]
MOST_LOSSES = 20
"""Times that an executor's workers may be lost, and what they had begun is sent again."""
PATIENCE, GRACE = 3.0, 120.0
"""A run is ended after so many times its limit, and so many seconds more."""


def cores_of_each(workers: int) -> int:
    return max(1, cores() // workers)


def side_by_side(
    jobs: Iterable[Job],
    workers: int,
    measure: Callable[[Job], Row],
    name: Callable[[Job], str] = str,
    limit: Callable[[Job], float | None] = lambda job: None,
    prepare: Callable[[], None] | None = None,
) -> Iterator[Row]:
    """The rows of all jobs, each as soon as it is there; so many jobs at a time.

    A job that fails says why, and the others go on. Whoever ends this program, by whatever signal, ends the jobs.

    limit    the seconds that a job should take on the clock; see PATIENCE
    prepare  what a process does before its first job; None: `warm`

    With --dask (options.py) jobs run on the workers of a Dask scheduler, and those of lost workers run again.
    """
    context = click.get_current_context(silent=True)
    address = None if context is None else context.meta.get(DASK)
    if address is not None:
        with Scheduler(address) as scheduler, closing(Workplace(scheduler)) as workplace:
            yield from elsewhere(list(jobs), workplace, partial(_when_warm, prepare or warm, measure), name)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    free: SimpleQueue[Worker] = SimpleQueue()
    staff = [Worker(measure, prepare or warm) for _ in range(workers)]
    for worker in staff:
        free.put(worker)

    def answer(job: Job) -> Row | str:
        worker, most = free.get(), limit(job)
        try:
            return worker.ask(job, None if most is None else PATIENCE * most + GRACE)
        finally:
            free.put(worker)

    with ThreadPoolExecutor(workers) as pool:
        waiting = {pool.submit(answer, job): job for job in jobs}
        try:
            for future in as_completed(waiting):
                found = future.result()
                if isinstance(found, str):
                    click.echo(f"{name(waiting[future])}: {found}", err=True)
                else:
                    yield found
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in staff:
                worker.end()


def elsewhere(
    jobs: list[Job], workplace: Workplace, measure: Callable[[Job], Row], name: Callable[[Job], str] = str
) -> Iterator[Row]:
    """`side_by_side` by an executor's workers."""
    waiting, losses = dict(enumerate(jobs)), 0
    while waiting and losses < MOST_LOSSES:
        sent = {workplace.submit(answered, measure, job): place for place, job in waiting.items()}
        if None in sent:
            workplace.renew()
        for future in as_completed(future for future in sent if future is not None):
            try:
                found = future.result()
            except BaseException as error:
                if not workplace.is_lost(error):
                    raise
                continue
            job = waiting.pop(sent[future])
            if isinstance(found, str):
                click.echo(f"{name(job)}: {found}", err=True)
            else:
                yield found
        losses += bool(waiting)
    for job in waiting.values():
        click.echo(f"{name(job)}: its workers were lost, {losses} times.", err=True)


def _when_warm(prepare: Callable[[], None], measure: Callable[[Any], Row], job: Any) -> Row:
    _once(prepare)
    return measure(job)


@cache
def _once(prepare: Callable[[], None]) -> None:
    """In each process."""
    prepare()


def answered(measure: Callable[[Any], Row], job: Any) -> Row | str:
    """The job's row, or why there is none."""
    try:
        return measure(job)
    except btfnet.BtfnetError as error:
        return str(error)
    except Exception:
        return traceback.format_exc()


class Worker:
    """A process that measures one job after another; a new one where the last has died."""

    def __init__(self, measure: Callable[[Any], Row], prepare: Callable[[], None]) -> None:
        self.measure, self.prepare = measure, prepare
        self.process: multiprocessing.process.BaseProcess | None = None
        self.pipe: Connection | None = None

    def ask(self, job: object, seconds: float | None) -> Row | str:
        """The job's row, or why there is none."""
        if self.process is None:
            self._begin()
        self.pipe.send(job)
        try:
            if self.pipe.poll(seconds):
                return self.pipe.recv()
            why = f"ended after {seconds:g} s, far more than it was given."
        except (EOFError, OSError):
            why = "its process was killed, perhaps for its memory."
        self.end()
        return why

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, self.measure, self.prepare, os.getpid()))
        self.process.start()
        theirs.close()

    def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.pipe.close()
            self.process = None


def _work(pipe: Connection, measure: Callable[[Any], Row], prepare: Callable[[], None], parent: int) -> None:
    """Whatever ends the parent, also without a word, ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    prepare()
    while True:
        job = pipe.recv()
        pipe.send(answered(measure, job))


def warm() -> None:
    """Compiles, or loads, what searches for small problems run."""
    for name in ("multiplier-2x2", "decoder-4"):
        problem = btfnet.load(name).problem
        warm_up_search(problem, precision="float32", jobs=1, quiet=True)
        btfnet.solve(problem, time_limit=20, jobs=1)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)

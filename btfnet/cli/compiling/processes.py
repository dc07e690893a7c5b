"""Compiling kernels before they are needed: in processes, on all cores, with a count of what is compiled.

The command itself only waits, so that it obeys signals at once. What the processes compile it then loads from the
cache; where no folder can be written to, from a temporary one. Whatever goes wrong there is left to be compiled
by the command itself.
"""

from __future__ import annotations

import atexit
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from numba import config

from btfnet.cli.compiling.tasks import TASKS, functions
from btfnet.engines.registry import engines_for
from btfnet.kernels import cache
from btfnet.machine import available_bytes, cores
from btfnet.problem.problem import Problem

SECONDS_BEFORE_MESSAGE = 2.0
BYTES_PER_PROCESS = 350_000_000
"""Memory of a process that compiles (scripts/benchmarks/first_minute.py), and some to spare."""
LOOK_SECONDS = 0.2
KILL_SECONDS = 2.0


def prepare(tasks: Sequence[str], *, quiet: bool, processes: int | None = None) -> None:
    """Compile what is missing of some tasks (see tasks.py); returns at once where nothing is.

    processes  at most so many side by side; None: one for each core, fewer where memory is short
    """
    if getattr(config, "DISABLE_JIT", False):
        return
    missing = [task for task in tasks if not cache.is_done(task)]
    if not missing or not sys.executable:
        return
    if cache.writable_folder() is None:
        cache.tell_nothing_is_kept()
        if not _use_temporary_folder():
            return
    shares = shared_out(missing, processes or processes_for(len(missing)))
    with _counter(_functions(shares), quiet=quiet) as count:
        _run(shares, count)


def processes_for(tasks: int) -> int:
    """How many processes may compile side by side on this machine."""
    free = available_bytes()
    fitting = tasks if free is None else max(1, free // BYTES_PER_PROCESS)
    return max(1, min(cores(), tasks, fitting))


def shared_out(tasks: Iterable[str], processes: int) -> list[list[str]]:
    """Lists of tasks of about the same length: the longest first, each to who has least; then in their order."""
    order = list(TASKS)
    shares: list[list[str]] = [[] for _ in range(processes)]
    for task in sorted(tasks, key=lambda task: -TASKS[task].seconds):
        min(shares, key=lambda share: sum(TASKS[other].seconds for other in share)).append(task)
    return [sorted(share, key=order.index) for share in shares if share]


def _functions(shares: list[list[str]]) -> int:
    return sum(functions(share) for share in shares)


def _use_temporary_folder() -> bool:
    """Let this process and those that it starts keep kernels where they are gone when it ends."""
    try:
        folder = tempfile.mkdtemp(prefix="btfnet-kernels-")
    except OSError:
        return False
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = folder
    return True


def _run(shares: list[list[str]], count: Callable[[int], None]) -> None:
    """Run a process for each share until all have ended; ended themselves when this one is interrupted."""
    running: list[subprocess.Popen[bytes]] = []
    try:
        running += [process for share in shares if (process := _start(share)) is not None]
        with selectors.DefaultSelector() as selector:
            for process in running:
                selector.register(process.stdout, selectors.EVENT_READ)  # type: ignore[arg-type]
            while selector.get_map():
                for key, _ in selector.select(LOOK_SECONDS):
                    dots = os.read(key.fd, 4096)
                    if not dots:
                        selector.unregister(key.fileobj)
                    count(len(dots))
                count(0)
        for process in running:
            process.wait()
    finally:
        for process in running:
            _end(process)


def _start(share: list[str]) -> subprocess.Popen[bytes] | None:
    """A process that compiles for this very package; -P: not for another in the working directory."""
    here = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", "btfnet.cli.compiling.child", *share]
    try:
        return subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()  # files of the cache appear whole or not at all
    process.wait(KILL_SECONDS)
    if process.stdout is not None:
        process.stdout.close()


@contextmanager
def _counter(total: int, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A function that is told how many more functions are compiled, and now and then that it goes on."""
    if quiet:
        yield lambda more: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            line = bar.add_task("Compiling kernels, once for this machine", total=total)
            yield lambda more: bar.update(line, completed=min(total, bar.tasks[line].completed + more))
    else:
        yield Line(total).add


class Line:
    """Says once on standard error what takes so long, when it has."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total, self.done, self._clock = total, 0, clock
        self._at = clock() + SECONDS_BEFORE_MESSAGE

    def add(self, more: int) -> None:
        """So many more functions are compiled."""
        self.done = min(self.total, self.done + more)
        if self._clock() >= self._at:
            self._at = float("inf")
            text = (
                f"Compiling kernels {self.done}/{self.total}, once for this machine: later runs load them …"
            )
            click.echo(text, err=True)


def warm_up_search(
    problem: Problem, *, precision: str, jobs: int | None, quiet: bool, engine: str = "auto"
) -> None:
    """What a search for the problem runs: what its engines say, making circuits smaller, and circuits."""
    engines = engines_for(problem, engine)
    needed = (name for spec in engines for name in spec.kernels_for(problem, precision, jobs))
    needed = (name for name in needed if name in TASKS)  # engines of plugins have kernels of their own
    tasks = list(dict.fromkeys((*needed, "circuits", "shrink")))
    prepare(tasks, quiet=quiet)
    for task in tasks:
        TASKS[task].run()


def warm_up_committee(*, quiet: bool) -> None:
    """What training a committee runs, and the model that is saved."""
    prepare(["walk", "committee"], quiet=quiet)
    TASKS["committee"].run()


def warm_up_tables(*, quiet: bool) -> None:
    """What learning a table runs: committees, exact free networks, and the circuit that is saved."""
    tasks = ["walk", "committee", "circuits", "shrink"]
    prepare(tasks, quiet=quiet)
    for task in tasks:
        TASKS[task].run()


def warm_up_rules(cell: str, *, quiet: bool) -> None:
    """What looking for the rule of an automaton runs, of one kind of cell, and the circuit that is saved."""
    tasks = [f"rules-{cell}", "circuits"]
    prepare(tasks, quiet=quiet)
    TASKS[tasks[0]].run()

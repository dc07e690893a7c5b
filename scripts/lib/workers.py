"""Processes that are warm: kernels compiled and loaded, several runs side by side."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

import click

import btfnet
from btfnet.cli.compiling.processes import warm_up_search
from btfnet.machine import cores

Job = TypeVar("Job")


def cores_of_each(workers: int) -> int:
    return max(1, cores() // workers)


def side_by_side(
    jobs: Iterable[Job],
    workers: int,
    measure: Callable[[Job], dict[str, Any]],
    name: Callable[[Job], str] = str,
) -> Iterator[dict[str, Any]]:
    """The rows of all jobs, each as soon as it is there; so many jobs at a time.

    A job that fails says why, and the others go on. Whoever ends this program, by whatever signal, ends the jobs.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _prepare, (os.getpid(),)) as pool:
        waiting = {pool.submit(measure, job): job for job in jobs}
        try:
            for future in as_completed(waiting):
                error = future.exception()
                if isinstance(error, btfnet.BtfnetError):
                    click.echo(f"{name(waiting[future])}: {error}", err=True)
                    continue
                if isinstance(error, BrokenProcessPool):
                    raise click.ClickException(
                        "The process of a run was killed, perhaps for its memory. The rows of all runs before are "
                        "kept: the same command goes on."
                    )
                yield future.result()
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            pool.shutdown(cancel_futures=True)
            raise


def _prepare(parent: int) -> None:
    """A process for jobs: it ends with its parent, and has compiled what searches for small problems run."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    for name in ("multiplier-2x2", "decoder-4"):
        problem = btfnet.load(name).problem
        warm_up_search(problem, precision="float32", jobs=1, quiet=True)
        btfnet.solve(problem, time_limit=20, jobs=1)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)

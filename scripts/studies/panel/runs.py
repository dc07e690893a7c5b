"""Runs of the panel, each in a process that is warm, several side by side."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import click

import btfnet
from btfnet.cli.compiling.prepare import warm_up_search
from btfnet.logic.aig.gates import aig_of
from scripts.studies.panel.cases import Job, Row, digest, key_of_job

OWN_TRIALS = 1000
"""With the problem files' settings time alone ends a search, as in the first panel."""
PROJECTIONS = ("rrr", "rrr+descent")


def cores_of_each(workers: int) -> int:
    return max(1, len(os.sched_getaffinity(0)) // workers)


def measured(job: Job) -> Row:
    """One search, as a row. Its kernels are compiled before."""
    problem, own = job.case.made(), job.settings == "own"
    warm_up_search(problem, precision="float32", jobs=job.cores, quiet=True)
    settings = btfnet.load(job.case.problem).settings if own else None
    options: dict[str, Any] = {"trials": OWN_TRIALS} if own else {}
    load, begun, worked = os.getloadavg()[0], time.monotonic(), time.process_time()
    result = btfnet.solve(
        problem, settings, engine=job.engine, seed=job.seed, jobs=job.cores, time_limit=job.limit, **options
    )
    seconds, processor = time.monotonic() - begun, time.process_time() - worked
    return {
        **key_of_job(job)._asdict(),
        "limit": job.limit,
        "sources": digest(),
        "seconds": round(seconds, 3),
        "cpu_seconds": round(processor, 3),
        "cores": job.cores,
        "load": round(load, 2),
        **_found(result),
        **_spent(result),
    }


def _found(result: btfnet.Result) -> Row:
    kept, problem, circuit = result.kept, result.problem, result.circuit
    circuit = circuit and circuit.simplified()
    constant_bits, constant_words = problem.constant_accuracy
    return {
        "exact": result.exact,
        "status": result.status.name.lower(),
        "found_by": kept.found_by,
        "sigma": kept.settings.sigma,
        "wrong_bits": kept.wrong_bits,
        "tests": problem.n_test,
        "test_bits": _number(result.score.test_bits),
        "test_words": _number(result.score.test_words),
        "constant_bits": constant_bits,
        "constant_words": constant_words,
        "gates": len(circuit.gates) if circuit else None,
        "ands": aig_of(circuit).n_ands if circuit and result.exact else None,
    }


def _spent(result: btfnet.Result) -> Row:
    """What all trials took: those that failed, and those that the exact one ended, too."""
    trials = result.trials
    return {
        "starts": len(trials),
        "iterations": result.kept.iterations,
        "all_iterations": sum(trial.iterations for trial in trials if trial.engine in PROJECTIONS),
        "all_sweeps": sum(trial.iterations for trial in trials if trial.engine not in PROJECTIONS),
        "trial_seconds": round(sum(trial.seconds for trial in trials), 3),
    }


def _number(value: float) -> float | None:
    return None if value != value else value


# -- side by side ---------------------------------------------------------------------------------------------


def side_by_side(
    jobs: Iterable[Job], workers: int, measure: Callable[[Job], Row] = measured
) -> Iterator[Row]:
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
                    click.echo(f"{waiting[future].case.name}: {error}", err=True)
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

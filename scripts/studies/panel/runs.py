"""One run of the panel, as a row."""

from __future__ import annotations

import os
import time
from typing import Any

import btfnet
from btfnet.cli.compiling.processes import warm_up_search
from btfnet.logic.aig.gates import aig_of
from scripts.lib.rows import Row, package_digest
from scripts.studies.panel.cases import Job, key_of_job

OWN_TRIALS = 1000
"""With the problem files' settings time alone ends a search, as in the first panel."""
PROJECTIONS = ("rrr", "rrr+descent")


def measured(job: Job) -> Row:
    """One search, as a row. Its kernels are compiled before."""
    problem, own = job.case.load(), job.settings == "own"
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
        "sources": package_digest(),
        "seconds": round(seconds, 3),
        "cpu_seconds": round(processor, 3),
        "cores": job.cores,
        "load": round(load, 2),
        **_outcome(result),
        **_spent(result),
    }


def _outcome(result: btfnet.Result) -> Row:
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

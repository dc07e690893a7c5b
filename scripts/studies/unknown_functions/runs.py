"""One run of btfnet on a benchmark, as a row: learned by `btfnet.solve` without settings, recognised by name, or
by the votes of a committee.

All on one core; what is recognised, and what is voted, stands in rows of its own.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

import btfnet
from btfnet.cli.compiling.processes import warm_up_committee, warm_up_search
from btfnet.problem.values import OutputKind
from scripts.lib.rows import Row, package_digest
from scripts.studies.unknown_functions.benchmarks import ENTRIES
from scripts.studies.unknown_functions.cases import COMMITTEE, LEARNED, MOST_ANDS, RECOGNISED, head
from scripts.studies.unknown_functions.items import Benchmark

SEED_STEP = 1000
"""Trial i of a run has the run's seed plus i."""


SYNTHESIS = 10.0
"""Seconds on the clock of `btfnet.optimise`, which comes after the run."""


class Run(NamedTuple):
    """One run that is wanted; the folder has others' data."""

    name: str
    seed: int
    method: str
    folder: Path | None
    limit: float


def measured(run: Run) -> Row:
    """A row of one of the project's methods; the synthesis of its circuit has seconds of its own."""
    given = ENTRIES[run.name].make(run.folder, run.seed)
    problem = problem_of(run.name, given)
    if run.method == COMMITTEE:
        warm_up_committee(quiet=True)
    else:
        warm_up_search(problem, precision="float32", jobs=1, quiet=True)
    begun, worked = time.monotonic(), time.process_time()
    found = {LEARNED: learned, RECOGNISED: recognised, COMMITTEE: voted}[run.method](problem, run)
    seconds, processor = time.monotonic() - begun, time.process_time() - worked
    return {
        **head(run.name, run.seed, run.method, given),
        **found.words,
        **figures(problem, found.circuit, given),
        "seconds": round(seconds, 3),
        "cpu_seconds": round(processor, 3),
        "limit": run.limit,
        "sources": package_digest(),
    }


class Found(NamedTuple):
    """What came of a run: a circuit, or none, and what a row says of how it came about."""

    circuit: btfnet.Circuit | None
    words: Row


def learned(problem: btfnet.Problem, run: Run) -> Found:
    result = btfnet.solve(problem, seed=SEED_STEP * run.seed, jobs=1, time_limit=run.limit, recognise=False)
    words = {
        "status": result.status.name.lower(),
        "exact": result.exact,
        "found_by": result.kept.found_by,
        "trials": len(result.trials),
        "votes": 0 if result.vote is None else len(result.vote.trials),
    }
    return Found(result.circuit, words)


def recognised(problem: btfnet.Problem, run: Run) -> Found:
    """A function of one output counts when it has a name, and a circuit that is small enough."""
    outputs = btfnet.recognise(problem, max_ands=MOST_ANDS) if problem.network.n_outputs == 1 else ()
    circuit = outputs[0].circuit if outputs else None
    return Found(circuit, {"recognised": outputs[0].name if circuit else None})


def voted(problem: btfnet.Problem, run: Run) -> Found:
    """A committee without settings."""
    ends = time.monotonic() + run.limit
    committee = btfnet.train_committee(problem, seed=run.seed, jobs=1, stop=lambda: time.monotonic() > ends)
    return Found(committee.circuit(), {"members": len(committee.members)})


def problem_of(name: str, given: Benchmark) -> btfnet.Problem:
    """Nobody gives widths. Items to train on, then those to choose by, then those to be judged by."""
    parts = [part for part in (given.train, given.validation, given.test) if part is not None]
    return btfnet.Problem.from_arrays(
        np.concatenate([part.inputs for part in parts]),
        np.concatenate([part.answers for part in parts]),
        btfnet.Network.free(given.n_inputs, given.n_outputs),
        output_kind=OutputKind.CLASS if given.classes else OutputKind.BITS,
        name=name,
        n_train=len(given.train),
        n_validation=len(given.validation) if given.validation else 0,
    )


def figures(problem: btfnet.Problem, circuit: btfnet.Circuit | None, given: Benchmark) -> Row:
    """How many answers are right, and what the circuit costs; nothing of no circuit."""
    if circuit is None:
        return {}
    answers = np.where(circuit.predict(problem.inputs > 0), 1, -1)
    n_train, n_seen = len(given.train), problem.n_items - len(given.test)
    small = circuit.simplified()
    optimised = btfnet.optimise(small, seconds=SYNTHESIS)
    bits, words = problem.fractions_right(answers[n_seen:], n_seen)
    chosen_by = problem.fractions_right(answers[n_train:n_seen], n_train)[0] if n_seen > n_train else None
    return {
        "train_accuracy": round(problem.fractions_right(answers[:n_train])[0], 6),
        "validation_accuracy": None if chosen_by is None else round(chosen_by, 6),
        "accuracy": round(bits, 6),
        "words": round(words, 6),
        "gates": len(small.gates),
        "ands": optimised.after.ands,
        "levels": optimised.after.and_depth,
        "optimise_seconds": round(optimised.seconds, 3),
    }

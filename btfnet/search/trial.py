"""One start: projections, watched for an exact circuit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from btfnet.boolnet import NetworkStepper
from btfnet.problem import Problem
from btfnet.rrr import Look, Status, run
from btfnet.search.look import Finding, look, schedule_for
from btfnet.search.records import Engine, Score, Trial
from btfnet.settings import Settings


@dataclass(frozen=True)
class Limits:
    """What a trial must heed besides its settings."""

    deadline: float | None
    cancelled: Callable[[], Status | None]
    precision: str = "float32"
    threads: int = 1


def run_trial(
    problem: Problem,
    settings: Settings,
    index: int,
    seed: int,
    limits: Limits,
    report: Callable[[int, Look, float], None],
) -> Trial:
    """Run one start to its end; its result depends on problem, settings, seed and precision only.

    report  is called with the trial's index, every look, and the iterations per second
    """
    begun = time.monotonic()
    stepper = NetworkStepper(
        problem, settings, np.random.default_rng(seed), precision=limits.precision, threads=limits.threads
    )
    best: Finding | None = None

    def watch(seen: Look) -> bool:
        nonlocal best
        finding = look(problem, stepper, settings.sigma)
        if finding is not None and (best is None or finding.wrong_bits < best.wrong_bits):
            best = finding
        report(index, seen, seen.iteration / max(seen.seconds, 1e-9))
        return best is not None and best.exact

    status, trace = run(
        stepper,
        settings,
        watch=watch,
        deadline=limits.deadline,
        schedule=schedule_for(problem),
        cancelled=limits.cancelled,
    )
    found = _finish(problem, stepper, settings, status, best)
    scores = stepper.scores()
    if found is not None and found.exact:
        status = Status.SOLVED
        scores = _circuit_scores(problem, found)
    return Trial(
        index=index,
        seed=seed,
        settings=settings,
        engine=Engine.RRR,
        found_by=Engine.RRR if found is not None and found.exact else None,
        status=status,
        exact=found is not None and found.exact,
        iterations=stepper.iteration,
        gap=stepper.gap,
        seconds=time.monotonic() - begun,
        score=Score(*scores),
        weights=stepper.weights,
        circuit=None if found is None else found.circuit.simplified(),
        wrong_bits=None if found is None else found.wrong_bits,
        trace=trace,
        doubts=() if found is None else found.doubts,
        codes=stepper.codes() if found is None else found.codes,
    )


def _finish(
    problem: Problem, stepper: NetworkStepper, settings: Settings, status: Status, best: Finding | None
) -> Finding | None:
    """A last, thorough look where weights that fit everything were not yet turned into an exact circuit."""
    if best is None or best.exact or status in (Status.STOPPED, Status.INTERRUPTED):
        return best
    if status is not Status.SOLVED and stepper.scores()[0] < 1:
        return best
    last = look(problem, stepper, settings.sigma, thorough=True)
    if last is None or last.wrong_bits > best.wrong_bits:
        return best
    return last


def _circuit_scores(problem: Problem, found: Finding) -> tuple[float, float, float, float]:
    """An exact circuit's scores, counted in whole bits."""
    if found.codes is not None or problem.n_test == 0:
        return 1.0, 1.0, float("nan"), float("nan")
    right = found.circuit.predict(problem.inputs[problem.n_train :] > 0) == problem.outputs[problem.n_train :]
    return 1.0, 1.0, float(right.mean()), float(right.all(axis=1).mean())

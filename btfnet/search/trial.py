"""One start: an engine, watched for an exact circuit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from btfnet.boolnet import NetworkStepper
from btfnet.descent import DescentStepper
from btfnet.problem import Problem
from btfnet.rrr import Look, Schedule, Status, run
from btfnet.search.handover import HandOver
from btfnet.search.look import Finding, check, checked, read, schedule_for
from btfnet.search.records import Engine, Score, Trial
from btfnet.settings import Settings

Scores = tuple[float, float, float, float]


@dataclass(frozen=True)
class Limits:
    """What a trial must heed besides its settings."""

    deadline: float | None
    cancelled: Callable[[], Status | None]
    precision: str = "float32"
    threads: int = 1

    def over(self) -> Status | None:
        late = self.deadline is not None and time.monotonic() >= self.deadline
        return self.cancelled() or (Status.TIME_LIMIT if late else None)


@dataclass(frozen=True)
class Assignment:
    """What one trial is to do."""

    index: int
    seed: int
    engine: Engine
    settings: Settings


Report = Callable[[int, Look, float], None]


def run_trial(problem: Problem, task: Assignment, limits: Limits, report: Report) -> Trial:
    """Run one start to its end; its result depends on problem, assignment and precision only.

    report  is called with the trial's index, every look, and the iterations per second
    """
    begun = time.monotonic()
    attempt = (_Descent if task.engine is Engine.DESCENT else _Projections)(problem, task, limits)

    def watch(seen: Look) -> bool:
        found = attempt.look()
        report(task.index, seen, seen.iteration / max(seen.seconds, 1e-9))
        return found

    status, trace = run(
        attempt.stepper,
        task.settings,
        watch=watch,
        deadline=limits.deadline,
        schedule=attempt.schedule,
        cancelled=limits.cancelled,
    )
    found = attempt.finish(status)
    exact = found is not None and found.exact
    return Trial(
        index=task.index,
        seed=task.seed,
        settings=task.settings,
        engine=task.engine,
        found_by=attempt.found_by if exact else None,
        status=Status.SOLVED if exact else status,
        exact=exact,
        iterations=attempt.stepper.iteration,
        gap=attempt.stepper.gap,
        seconds=time.monotonic() - begun,
        score=Score(*(_circuit_scores(problem, found) if found and exact else attempt.stepper.scores())),
        weights=attempt.weights(),
        circuit=None if found is None else found.circuit,
        wrong_bits=None if found is None else found.wrong_bits,
        trace=trace,
        doubts=() if found is None else found.doubts,
        codes=None if found is None else found.codes,
    )


class _Projections:
    """Reflect-reflect-relax, its weights completed to gates at every look, with or without gate descent."""

    def __init__(self, problem: Problem, task: Assignment, limits: Limits) -> None:
        self.problem, self.settings, self.limits = problem, task.settings, limits
        rng, other = (np.random.default_rng(seed) for seed in (task.seed, [task.seed, 1]))
        self.stepper = NetworkStepper(
            problem, task.settings, rng, precision=limits.precision, threads=limits.threads
        )
        self.schedule = schedule_for(problem)
        self.best: Finding | None = None
        self.found_by = Engine.RRR
        with_descent = task.engine is Engine.BOTH and problem.has_boolean_inputs
        self.hand_over = HandOver(problem, other, limits.over) if with_descent else None

    def look(self) -> bool:
        """Complete the weights to gates, and let descent go on from them; true when a circuit is exact."""
        if not self.problem.has_boolean_inputs:
            return False
        reading = read(self.problem, self.stepper, self.settings.sigma)
        self._keep(check(self.problem, reading), Engine.RRR)
        if self.hand_over is not None and not self._done():
            self._keep(self.hand_over.descend(reading, self.stepper.iteration), Engine.BOTH)
        return self._done()

    def _done(self) -> bool:
        return self.best is not None and self.best.exact

    def _keep(self, found: Finding | None, engine: Engine) -> None:
        if found is not None and (self.best is None or found.wrong_bits < self.best.wrong_bits):
            self.best, self.found_by = found, engine

    def finish(self, status: Status) -> Finding | None:
        """A last, thorough look where weights that fit everything were not yet turned into an exact circuit."""
        if self.best is None or self.best.exact or status in (Status.STOPPED, Status.INTERRUPTED):
            return self._simplified()
        if status is Status.SOLVED or self.stepper.scores()[0] == 1:
            last = check(self.problem, read(self.problem, self.stepper, self.settings.sigma, thorough=True))
            if last.wrong_bits <= self.best.wrong_bits:
                self.best, self.found_by = last, Engine.RRR
        return self._simplified()

    def _simplified(self) -> Finding | None:
        if self.best is None:
            return None
        best = self.best
        return Finding(best.circuit.simplified(), best.wrong_bits, best.codes, best.doubts)

    def weights(self) -> np.ndarray:
        return self.stepper.weights


class _Descent:
    """Gate descent alone, from random gates."""

    found_by = Engine.DESCENT
    schedule = Schedule(first=20, growth=1.5, longest=2000)

    def __init__(self, problem: Problem, task: Assignment, limits: Limits) -> None:
        self.problem = problem
        self.stepper = DescentStepper(problem, np.random.default_rng(task.seed))

    def look(self) -> bool:
        return self.stepper.walker.error == 0

    def finish(self, status: Status) -> Finding:
        return checked(self.problem, self.stepper.circuit(), self.stepper.walker.codes())

    def weights(self) -> np.ndarray:
        return self.stepper.walker.weights()


def _circuit_scores(problem: Problem, found: Finding) -> Scores:
    """An exact circuit's scores, counted in whole bits."""
    if found.codes is not None or problem.n_test == 0:
        return 1.0, 1.0, float("nan"), float("nan")
    right = found.circuit.predict(problem.inputs[problem.n_train :] > 0) == problem.outputs[problem.n_train :]
    return 1.0, 1.0, float(right.mean()), float(right.all(axis=1).mean())

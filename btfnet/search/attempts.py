"""What a trial drives: an engine, and how its state becomes gates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from btfnet.checkpoint import Record, named
from btfnet.engines.combined.handover import SHARE as HANDOVER_SHARE
from btfnet.engines.combined.handover import HandOver
from btfnet.engines.completion.completion_check import (
    Candidate,
    complete_and_verify,
    complete_at,
    iteration_ns,
    schedule_for,
    verify_completion,
)
from btfnet.engines.descent.local_search import NS_PER_WORD
from btfnet.engines.descent.stepper import DescentStepper
from btfnet.engines.descent.weights import scaled_weights
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Schedule, Status
from btfnet.search.persistence.saved import finding_of, finding_values
from btfnet.search.records import Engine
from btfnet.search.stop_token import UNFINISHED, StopToken
from btfnet.settings import Settings

Scores = tuple[float, float, float, float]


@dataclass(frozen=True)
class TrialSpec:
    """What one trial is to do."""

    index: int
    seed: int
    engine: Engine
    settings: Settings
    shrink: bool = True


class Projections:
    """Reflect-reflect-relax, its weights completed to gates at every look, with or without gate descent."""

    def __init__(
        self, problem: Problem, task: TrialSpec, guard: StopToken, precision: str, threads: int
    ) -> None:
        self.problem, self.settings = problem, task.settings
        rng, other = (np.random.default_rng(seed) for seed in (task.seed, [task.seed, 1]))
        self.stepper = NetworkStepper(
            problem, task.settings, rng, precision=precision, threads=threads, halt=guard.halt
        )
        self.schedule = schedule_for(problem)
        self.best: Candidate | None = None
        self.found_by = Engine.RRR
        with_descent = task.engine is Engine.BOTH and problem.has_boolean_inputs
        self.hand_over = (
            HandOver(problem, other, guard, sigma=task.settings.sigma, halt=guard.halt)
            if with_descent
            else None
        )

    def look(self) -> bool:
        """Complete the weights to gates, and let descent go on from them; true when a circuit is exact."""
        if not self.problem.has_boolean_inputs:
            return False
        reading = complete_at(self.problem, self.stepper, self.settings.sigma)
        self._keep(verify_completion(self.problem, reading), Engine.RRR)
        if self.hand_over is not None and not self._done():
            self._keep(self.hand_over.descend(reading, self.stepper.iteration), Engine.BOTH)
        return self._done()

    def _done(self) -> bool:
        return self.best is not None and self.best.exact

    def _keep(self, found: Candidate | None, engine: Engine) -> None:
        if found is not None and (self.best is None or found.wrong_bits < self.best.wrong_bits):
            self.best, self.found_by = found, engine

    def finish(self, status: Status) -> Candidate | None:
        """A last, thorough look where weights that fit everything were not yet turned into an exact circuit."""
        if self.best is None or self.best.exact or status in (Status.STOPPED, *UNFINISHED):
            return self._simplified()
        if status is Status.SOLVED or self.stepper.scores()[0] == 1:
            last = verify_completion(
                self.problem, complete_at(self.problem, self.stepper, self.settings.sigma, thorough=True)
            )
            if last.wrong_bits <= self.best.wrong_bits:
                self.best, self.found_by = last, Engine.RRR
        return self._simplified()

    def _simplified(self) -> Candidate | None:
        if self.best is None:
            return None
        best = self.best
        return replace(best, circuit=best.circuit.simplified())

    def weights(self, found: Candidate | None) -> np.ndarray:
        return self.stepper.weights

    def scores(self, found: Candidate | None) -> Scores:
        return self.stepper.scores()

    @property
    def work_ns(self) -> float:
        """Estimated nanoseconds so far, of which descent takes its share."""
        shares = 1 + (HANDOVER_SHARE if self.hand_over else 0)
        return shares * self.stepper.iteration * iteration_ns(self.problem)

    def export(self) -> Record:
        best, codes = finding_values(self.best)
        hand_over = self.hand_over.export() if self.hand_over else Record({}, {})
        arrays = {"stepper": self.stepper.export(), "best": codes, "hand_over": hand_over.arrays}
        values = {"best": best, "found_by": self.found_by.value, "hand_over": hand_over.values}
        return Record(values, {name: a for part in arrays for name, a in named(part, arrays[part]).items()})

    def restore(self, saved: Record) -> None:
        self.best = finding_of(saved.values["best"], saved.part("best"))
        self.found_by = Engine(saved.values["found_by"])
        self.stepper.restore(saved.part("stepper"))
        if self.hand_over is not None:
            self.hand_over.restore(Record(saved.values["hand_over"], saved.part("hand_over")))


class Descent:
    """Gate descent alone, from random gates."""

    found_by = Engine.DESCENT
    schedule = Schedule(first=20, growth=1.5, longest=2000)

    def __init__(self, problem: Problem, task: TrialSpec, guard: StopToken) -> None:
        self.problem, settings = problem, task.settings
        rng = np.random.default_rng(task.seed)
        self.stepper = DescentStepper(
            problem, rng, sigma=settings.sigma, widen=settings.widen, halt=guard.halt
        )

    def look(self) -> bool:
        return self.stepper.walker.error == 0

    def finish(self, status: Status) -> Candidate:
        problem, walker = self.problem, self.stepper.fitted()
        circuit = walker.circuit(problem.name, problem.input_names, problem.output_names)
        return complete_and_verify(problem, circuit, walker.codes(), weights=walker.integer_weights())

    def weights(self, found: Candidate | None) -> np.ndarray:
        assert found is not None
        assert found.weights is not None
        return scaled_weights(self.problem.network, found.weights)

    def scores(self, found: Candidate | None) -> Scores:
        return self.stepper.scores(None if found is None else found.circuit)

    @property
    def work_ns(self) -> float:
        """Estimated nanoseconds so far."""
        return self.stepper.walker.effort * NS_PER_WORD

    def export(self) -> Record:
        return Record({}, self.stepper.export())

    def restore(self, saved: Record) -> None:
        self.stepper.restore(saved.arrays)


Attempt = Projections | Descent


def attempt_for(problem: Problem, task: TrialSpec, guard: StopToken, precision: str, threads: int) -> Attempt:
    """An engine at the start of a trial."""
    if task.engine is Engine.DESCENT:
        return Descent(problem, task, guard)
    return Projections(problem, task, guard, precision, threads)


def circuit_scores(problem: Problem, found: Candidate) -> Scores:
    """An exact circuit's scores, counted in whole bits."""
    if found.codes is not None or problem.n_test == 0:
        return 1.0, 1.0, float("nan"), float("nan")
    outputs = found.circuit.predict(problem.inputs[problem.n_train :] > 0)
    return 1.0, 1.0, *problem.fractions_right(outputs, problem.n_train)

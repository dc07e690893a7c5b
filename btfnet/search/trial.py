"""One start: an engine, watched for an exact circuit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from btfnet.boolnet import NetworkStepper
from btfnet.checkpoint import Record
from btfnet.descent import DescentStepper
from btfnet.descent.walker import NS_PER_WORD, scaled_weights
from btfnet.halting import Halted
from btfnet.problem import Problem
from btfnet.rrr import Look, Schedule, Status, run
from btfnet.search.guard import UNFINISHED, Guard
from btfnet.search.handover import SHARE as HANDOVER_SHARE
from btfnet.search.handover import HandOver
from btfnet.search.look import Finding, check, checked, iteration_ns, read, schedule_for
from btfnet.search.records import Engine, Score, Shrinking, Trial, without_gap
from btfnet.search.saved import finding_of, finding_values, named, trace_of, trace_values, understood
from btfnet.search.shrinking import shrink_found
from btfnet.settings import Settings

Scores = tuple[float, float, float, float]


@dataclass(frozen=True)
class Assignment:
    """What one trial is to do."""

    index: int
    seed: int
    engine: Engine
    settings: Settings
    shrink: bool = True


Report = Callable[[int, Look, float], None]


def run_trial(
    problem: Problem,
    task: Assignment,
    guard: Guard,
    report: Report,
    *,
    precision: str = "float32",
    threads: int = 1,
    saved: Record | None = None,
) -> Trial:
    """Run one start to its end; its result depends on problem, assignment and precision only.

    guard   asked whether to stop, and shown what to save; when it ends the trial the status says so, even of an
            exact one, which was not yet made smaller: another session is to go on with that
    report  is called with the trial's index, every look, and the iterations per second
    saved   what an earlier session saved of this trial: it goes on from there
    """
    begun = time.monotonic()
    try:
        attempt = attempt_for(problem, task, guard, precision, threads)
        course = Course(attempt, task)
        if saved is not None:
            course.restore(saved)
    except Halted:
        return _not_begun(problem, task, guard.end(), time.monotonic() - begun)
    guard.watch(course.export)

    def watch(seen: Look) -> bool | Status | None:
        found = course.look()
        shown = without_gap(seen) if task.engine is Engine.DESCENT else seen
        report(task.index, shown, seen.iteration / max(seen.seconds, 1e-9))
        return found or guard.ended

    status, _ = run(
        attempt.stepper,
        task.settings,
        watch=watch,
        schedule=attempt.schedule,
        cancelled=guard,
        trace=course.trace,
        seconds_before=course.seconds_before,
    )
    found, shrunk = attempt.finish(status), None
    if guard.ended in UNFINISHED:  # whatever a last look has found: another session goes on from before it
        status = guard.ended
    elif found is not None and found.exact:
        guard.found()
        status = Status.SOLVED
        if task.shrink:
            found, shrunk, status = _shrunk(problem, course, found, guard)
    return _outcome(problem, course, found, status, shrunk)


def _shrunk(
    problem: Problem, course: Course, found: Finding, guard: Guard
) -> tuple[Finding, Shrinking | None, Status]:
    """The exact circuit made smaller; as it is where the guard ends that. What is saved repeats the last look."""
    task, course.looking = course.task, True
    try:
        small, shrunk = shrink_found(
            problem,
            found,
            sigma=task.settings.sigma,
            seed=task.seed,
            work_ns=course.attempt.work_ns,
            over=guard,
            halt=guard.halt,
        )
    except Halted:
        status = guard.end()
        return found, None, status if status in UNFINISHED else Status.SOLVED
    return small, shrunk, Status.SOLVED


def attempt_for(
    problem: Problem, task: Assignment, guard: Guard, precision: str, threads: int
) -> _Projections | _Descent:
    """An engine at the start of a trial."""
    if task.engine is Engine.DESCENT:
        return _Descent(problem, task, guard)
    return _Projections(problem, task, guard, precision, threads)


def _outcome(
    problem: Problem, course: Course, found: Finding | None, status: Status, shrunk: Shrinking | None
) -> Trial:
    attempt, task = course.attempt, course.task
    exact = found is not None and found.exact
    return Trial(
        index=task.index,
        seed=task.seed,
        settings=task.settings,
        engine=task.engine,
        found_by=attempt.found_by if exact else None,
        status=status,
        exact=exact,
        iterations=attempt.stepper.iteration,
        gap=None if task.engine is Engine.DESCENT else attempt.stepper.gap,
        seconds=course.seconds,
        score=Score(*(circuit_scores(problem, found) if found and exact else attempt.scores(found))),
        weights=attempt.weights(found),
        circuit=None if found is None else found.circuit,
        wrong_bits=None if found is None else found.wrong_bits,
        trace=course.trace,
        doubts=() if found is None else found.doubts,
        codes=None if found is None else found.codes,
        shrunk=shrunk,
        gates=found.weights if found is not None and exact else None,
    )


def _not_begun(problem: Problem, task: Assignment, status: Status, seconds: float) -> Trial:
    """Of a trial that was ended while it was being set up there is nothing to show."""
    nothing = float("nan")
    return Trial(
        index=task.index,
        seed=task.seed,
        settings=task.settings,
        engine=task.engine,
        found_by=None,
        status=status,
        exact=False,
        iterations=0,
        gap=None if task.engine is Engine.DESCENT else float("inf"),
        seconds=seconds,
        score=Score(nothing, nothing),
        weights=np.zeros(problem.network.n_edges),
        circuit=None,
        trace=[],
    )


class Course:
    """A trial under way, with its trace and its clock: what a checkpoint of it holds."""

    def __init__(self, attempt: _Projections | _Descent, task: Assignment) -> None:
        self.attempt, self.task, self.begun = attempt, task, time.monotonic()
        self.trace: list[Look] = []
        self.looking, self.seconds_before = False, 0.0

    @property
    def seconds(self) -> float:
        """Of this session and all earlier ones."""
        return self.seconds_before + time.monotonic() - self.begun

    def look(self) -> bool:
        self.looking = True
        found = self.attempt.look()
        self.looking = False
        return found

    def export(self) -> Record:
        """All of it, at a point where the engine's state is whole.

        A look that is under way has not been: it is repeated, and what it has paid for already is kept.
        """
        state = self.attempt.export()
        values = {
            "iterations": self.attempt.stepper.iteration,
            "limit": self.task.settings.max_iterations,
            "trial_seconds": self.seconds,
            "trace": trace_values(self.trace[:-1] if self.looking else self.trace),
            "attempt": state.values,
        }
        return Record(values, state.arrays)

    def restore(self, saved: Record) -> None:
        """Stand where `export` was called. Raises `DataError` when that does not fit."""
        with understood(f"trial {self.task.index + 1}"):
            self.trace[:] = trace_of(saved.values["trace"])
            self.seconds_before = float(saved.values["trial_seconds"])
            self.attempt.restore(Record(saved.values["attempt"], saved.arrays))


class _Projections:
    """Reflect-reflect-relax, its weights completed to gates at every look, with or without gate descent."""

    def __init__(
        self, problem: Problem, task: Assignment, guard: Guard, precision: str, threads: int
    ) -> None:
        self.problem, self.settings = problem, task.settings
        rng, other = (np.random.default_rng(seed) for seed in (task.seed, [task.seed, 1]))
        self.stepper = NetworkStepper(problem, task.settings, rng, precision=precision, threads=threads)
        self.schedule = schedule_for(problem)
        self.best: Finding | None = None
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
        if self.best is None or self.best.exact or status in (Status.STOPPED, *UNFINISHED):
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
        return replace(best, circuit=best.circuit.simplified())

    def weights(self, found: Finding | None) -> np.ndarray:
        return self.stepper.weights

    def scores(self, found: Finding | None) -> Scores:
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


class _Descent:
    """Gate descent alone, from random gates."""

    found_by = Engine.DESCENT
    schedule = Schedule(first=20, growth=1.5, longest=2000)

    def __init__(self, problem: Problem, task: Assignment, guard: Guard) -> None:
        self.problem, settings = problem, task.settings
        rng = np.random.default_rng(task.seed)
        self.stepper = DescentStepper(
            problem, rng, sigma=settings.sigma, widen=settings.widen, halt=guard.halt
        )

    def look(self) -> bool:
        return self.stepper.walker.error == 0

    def finish(self, status: Status) -> Finding:
        problem, walker = self.problem, self.stepper.fitted()
        circuit = walker.circuit(problem.name, problem.input_names, problem.output_names)
        return checked(problem, circuit, walker.codes(), weights=walker.integer_weights())

    def weights(self, found: Finding | None) -> np.ndarray:
        assert found is not None
        assert found.weights is not None
        return scaled_weights(self.problem.network, found.weights)

    def scores(self, found: Finding | None) -> Scores:
        return self.stepper.scores(None if found is None else found.circuit)

    @property
    def work_ns(self) -> float:
        """Estimated nanoseconds so far."""
        return self.stepper.walker.effort * NS_PER_WORD

    def export(self) -> Record:
        return Record({}, self.stepper.export())

    def restore(self, saved: Record) -> None:
        self.stepper.restore(saved.arrays)


def circuit_scores(problem: Problem, found: Finding) -> Scores:
    """An exact circuit's scores, counted in whole bits."""
    if found.codes is not None or problem.n_test == 0:
        return 1.0, 1.0, float("nan"), float("nan")
    outputs = found.circuit.predict(problem.inputs[problem.n_train :] > 0)
    return 1.0, 1.0, *problem.fractions_right(outputs, problem.n_train)

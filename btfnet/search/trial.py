"""One start: an engine, watched for an exact circuit."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from btfnet.checkpoint import Record
from btfnet.engines.completion.completion_check import Candidate
from btfnet.halting import Halted
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, TraceRow, run
from btfnet.search.attempts import Attempt, TrialSpec, attempt_for, circuit_scores
from btfnet.search.persistence.saved import trace_of, trace_values, understood
from btfnet.search.records import Engine, Score, Shrinking, Trial, without_gap
from btfnet.search.shrinking import shrink_found
from btfnet.search.stop_token import UNFINISHED, StopToken

Report = Callable[[int, TraceRow, float], None]


def run_trial(
    problem: Problem,
    task: TrialSpec,
    guard: StopToken,
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
        course = TrialRun(attempt, task)
        if saved is not None:
            course.restore(saved)
    except Halted:
        return _not_begun(problem, task, guard.end(), time.monotonic() - begun)
    guard.watch(course.export)

    def watch(seen: TraceRow) -> bool | Status | None:
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
    problem: Problem, course: TrialRun, found: Candidate, guard: StopToken
) -> tuple[Candidate, Shrinking | None, Status]:
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


def _outcome(
    problem: Problem, course: TrialRun, found: Candidate | None, status: Status, shrunk: Shrinking | None
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


def _not_begun(problem: Problem, task: TrialSpec, status: Status, seconds: float) -> Trial:
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


class TrialRun:
    """A trial under way, with its trace and its clock: what a checkpoint of it holds."""

    def __init__(self, attempt: Attempt, task: TrialSpec) -> None:
        self.attempt, self.task, self.begun = attempt, task, time.monotonic()
        self.trace: list[TraceRow] = []
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

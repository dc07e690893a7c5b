"""One start: an engine, watched for an exact circuit; when it must end, and what it saves."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from btfnet.checkpoint.file import Record
from btfnet.checkpoint.folder import SaveInterval
from btfnet.engines.completion.completion_check import Candidate, exact_scores
from btfnet.engines.descent.shrink import Shrinking, shrink_found
from btfnet.engines.protocol import Attempt, EngineSpec, Orders
from btfnet.halting import Halt, Halted
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, TraceRow, run
from btfnet.ranks.ranks import ALONE, Ranks
from btfnet.search.persistence.saved import trace_of, trace_values, understood
from btfnet.search.progress import without_gap
from btfnet.search.records import Trial
from btfnet.search.score import Score
from btfnet.settings import Settings


class StopToken:
    """Asked by a trial's own thread, again and again, between two steps of its engine.

    over  whether the trial must end here
    halt  ends what the trial runs within a step, when whoever watches it sets that
    save  saves a record of the trial; None to save nothing
    found called when the trial has found an exact circuit
    ranks which go through the trial together: the first one answers for all, and says when all save

    A trial that must end is saved once more, before anything is done to its state that an uninterrupted run
    would not have done.
    """

    def __init__(
        self,
        over: Callable[[], Status | None],
        save: Callable[[Record], bool] | None = None,
        found: Callable[[], None] = lambda: None,
        ranks: Ranks = ALONE,
    ) -> None:
        self._over, self._save, self.found, self.ranks = over, save, found, ranks
        self.halt = Halt()
        self._status: Status | None = None
        self._capture: Callable[[], Record] | None = None
        self._rhythm: SaveInterval | None = None

    def watch(self, capture: Callable[[], Record]) -> None:
        """From now on, save what `capture` returns."""
        self._capture = capture

    @property
    def ended(self) -> Status | None:
        """The status that ended the trial, if one has: what was under way then is not done."""
        return self._status

    def __call__(self) -> Status | None:
        """The status that ends the trial here and now, if one does."""
        if self._status is None:
            self._status = self.ranks.agreed(self._over())
            if self._save is not None and self._capture is not None:
                self._save_if_due(self._save, self._capture)
        return self._status

    def interrupt(self) -> None:
        """End the trial at once, where no other rank waits for what it does next: ranks ask, all together."""
        if not self.ranks.many:
            self.halt.set()

    def end(self) -> Status:
        """The status that ended a trial which was halted; what it stands at is saved, as whenever one must end."""
        return self() or Status.INTERRUPTED

    def _save_if_due(self, save: Callable[[Record], bool], capture: Callable[[], Record]) -> None:
        if self._rhythm is None:
            self._rhythm = SaveInterval(sum(array.nbytes for array in capture().arrays.values()))
        due = self._status.unfinished if self._status else self._rhythm.due()
        if self.ranks.agreed(due):
            with self._rhythm.measured():
                save(capture())


Report = Callable[[int, TraceRow, float], None]


@dataclass(frozen=True)
class TrialSpec:
    """What one trial is to do."""

    index: int
    seed: int
    engine: EngineSpec
    settings: Settings
    shrink: bool = True

    def begin(self, problem: Problem, token: StopToken, precision: str, threads: int) -> Attempt:
        orders = Orders(
            problem, self.settings, self.seed, precision, threads, token, token.halt, ranks=token.ranks
        )
        return self.engine.start(orders)


def run_trial(
    problem: Problem,
    spec: TrialSpec,
    token: StopToken,
    report: Report,
    *,
    precision: str = "float32",
    threads: int = 1,
    saved: Record | None = None,
) -> Trial:
    """Run one start to its end; its result depends on problem, spec and precision only.

    token   asked whether to stop, and shown what to save; when it ends the trial the status says so, even of an
            exact one, which was not yet made as small as can be: another session begins that anew
    report  is called with the trial's index, every look, and the iterations per second
    saved   what an earlier session saved of this trial: it goes on from there
    """
    begun = time.monotonic()
    try:
        attempt = spec.begin(problem, token, precision, threads)
        trial_run = TrialRun(attempt, spec)
        if saved is not None:
            trial_run.restore(saved)
    except Halted:
        return not_begun(problem, spec, token.end(), time.monotonic() - begun)
    token.watch(trial_run.export)

    def watch(seen: TraceRow) -> bool | Status | None:
        found = trial_run.look()
        shown = seen if spec.engine.measures_distance else without_gap(seen)
        report(spec.index, shown, seen.iteration / max(seen.seconds, 1e-9))
        return found or token.ended

    status, _ = run(
        attempt.stepper,
        spec.settings,
        watch=watch,
        schedule=attempt.schedule,
        cancelled=token,
        trace=trial_run.trace,
        seconds_before=trial_run.seconds_before,
    )
    trial_run.looking = True  # what is saved from here on repeats the last look
    found, shrunk = attempt.finish(status), None
    if token.ended and token.ended.unfinished:  # another session goes on from before what a last look found
        status = token.ended
    elif found is not None and found.exact:
        token.found()
        status = Status.SOLVED
        if spec.shrink and problem.network.shared is None:
            found, shrunk, status = _shrunk(problem, trial_run, found, token)
    return _outcome(problem, trial_run, found, status, shrunk)


def _shrunk(
    problem: Problem, trial_run: TrialRun, found: Candidate, token: StopToken
) -> tuple[Candidate, Shrinking | None, Status]:
    """The exact circuit made smaller, as far as the token lets it; with the status of one that was ended there."""
    spec = trial_run.spec
    small, by, whole = shrink_found(
        problem,
        found,
        sigma=spec.settings.sigma,
        seed=spec.seed,
        work_ns=trial_run.attempt.work_ns,
        over=token,
        halt=token.halt,
    )
    status = Status.SOLVED if whole else token.end()
    return small, by if whole else None, status if status.unfinished else Status.SOLVED


def _outcome(
    problem: Problem, trial_run: TrialRun, found: Candidate | None, status: Status, shrunk: Shrinking | None
) -> Trial:
    attempt, spec = trial_run.attempt, trial_run.spec
    exact = found is not None and found.exact
    return Trial(
        index=spec.index,
        seed=spec.seed,
        settings=spec.settings,
        engine=spec.engine.name,
        found_by=attempt.found_by if exact else None,
        status=status,
        exact=exact,
        iterations=attempt.stepper.iteration,
        gap=attempt.stepper.gap if spec.engine.measures_distance else None,
        seconds=trial_run.seconds,
        score=Score(*(exact_scores(problem, found) if found and exact else attempt.scores(found))),
        weights=attempt.weights(found),
        circuit=None if found is None else found.circuit,
        wrong_bits=None if found is None else found.wrong_bits,
        trace=trial_run.trace,
        doubts=() if found is None else found.doubts,
        codes=None if found is None else found.codes,
        shrunk=shrunk,
        integer_weights=found.weights if found is not None and exact else None,
        network=None if found is None else found.network,
        work_ns=attempt.work_ns,
    )


def not_begun(problem: Problem, spec: TrialSpec, status: Status, seconds: float = 0.0) -> Trial:
    """Of a trial that was ended before it was set up there is nothing to show."""
    nothing = float("nan")
    return Trial(
        index=spec.index,
        seed=spec.seed,
        settings=spec.settings,
        engine=spec.engine.name,
        found_by=None,
        status=status,
        exact=False,
        iterations=0,
        gap=float("inf") if spec.engine.measures_distance else None,
        seconds=seconds,
        score=Score(nothing, nothing),
        weights=np.zeros(problem.network.n_edges),
        circuit=None,
        trace=[],
    )


class TrialRun:
    """A trial under way, with its trace and its clock: what a checkpoint of it holds."""

    def __init__(self, attempt: Attempt, spec: TrialSpec) -> None:
        self.attempt, self.spec, self.begun = attempt, spec, time.monotonic()
        self.trace: list[TraceRow] = []
        self.looking, self.seconds_before = False, 0.0

    @property
    def seconds(self) -> float:
        """Of this session and all earlier ones."""
        return self.seconds_before + time.monotonic() - self.begun

    def look(self) -> bool | Status:
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
            "limit": self.spec.settings.max_iterations,
            "trial_seconds": self.seconds,
            "trace": trace_values(self.trace[:-1] if self.looking else self.trace),
            "attempt": state.values,
        }
        return Record(values, state.arrays)

    def restore(self, saved: Record) -> None:
        """Stand where `export` was called. Raises `DataError` when that does not fit."""
        with understood(f"trial {self.spec.index + 1}"):
            self.trace[:] = trace_of(saved.values["trace"])
            self.seconds_before = float(saved.values["trial_seconds"])
            self.attempt.restore(Record(saved.values["attempt"], saved.arrays))

"""Reflect-reflect-relax: the one loop that drives every engine.

    v ← v + β (P_B(2 P_A(v) - v) - P_A(v))

An engine is a `Stepper`: it holds v and knows how to do iterations. The loop owns everything else: when to
look, when to stop, what to record. Source: Elser & Lal, arXiv 2602.17493, section 3; β = 1 is
Douglas-Rachford.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import CALLED, check_range, need, optional, said
from btfnet.constraints.point import check_start, flat_numbers, need_projection, real_numbers
from btfnet.errors import ProjectionError, UsageError
from btfnet.halting import Halted, Stop, question
from btfnet.settings import Settings


class Status(Enum):
    """How a run ended; the value is the sentence that says what to do next."""

    SOLVED = "Solved."
    ITERATION_LIMIT = (
        "The iteration limit came first. Try another seed, let it tune, or raise max_iterations."
    )
    TIME_LIMIT = "The time limit came first. Allow more time, or start from the best state found."
    NOT_EXACT = (
        "No exact circuit was found, and the trials stood still. There may be none: allow a larger network or "
        "sigma, doubt the items, or take the nearest circuit."
    )
    INTERRUPTED = "Interrupted. The best state so far is in the result."
    STOPPED = "Stopped: another start was exact first."

    @property
    def key(self) -> str:
        """The status as the command line's JSON spells it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Look:
    """What the loop saw when it looked; gaps are root mean squares, NaN where an engine does not split them."""

    iteration: int
    gap: float
    least_gap: float
    seconds: float
    gap_w: float = float("nan")
    gap_x: float = float("nan")
    gap_y: float = float("nan")
    train_bits: float = float("nan")
    test_bits: float = float("nan")


class Stepper(Protocol):
    """What the loop needs from an engine."""

    @property
    def iteration(self) -> int:
        """Iterations done so far."""

    @property
    def gap(self) -> float:
        """Distance between P_A and P_B at the last iteration, infinite before the first."""

    def advance(self, iterations: int, stop_gap: float) -> None:
        """Do so many iterations; end early once the gap is at or below stop_gap."""

    def measure(self) -> dict[str, float]:
        """Further columns of a `Look`: gap parts, bits."""


@dataclass(frozen=True)
class Solution:
    """Where a run ended. `point` is what the engine offers as its answer: for `reconcile` the flat point."""

    point: NDArray[np.float64]
    status: Status
    gap: float
    iterations: int
    seconds: float
    trace: list[Look] = field(repr=False)
    seed: int | None = None

    @property
    def solved(self) -> bool:
        return self.status is Status.SOLVED


Watcher = Callable[[Look], "bool | Status | None"]


@dataclass
class Schedule:
    """When the loop looks: after `first` iterations, then ever more rarely, at steps of at most `longest`."""

    first: int = 100
    growth: float = 1.5
    longest: int = 10_000

    def next_look(self, iteration: int) -> int:
        if iteration < self.first:
            return self.first
        return iteration + max(self.first, min(self.longest, int(iteration * (self.growth - 1))))


def run(
    stepper: Stepper,
    settings: Settings,
    *,
    watch: Watcher | None = None,
    deadline: float | None = None,
    schedule: Schedule | None = None,
    cancelled: Callable[[], Status | None] = lambda: None,
    trace: list[Look] | None = None,
    seconds_before: float = 0.0,
) -> tuple[Status, list[Look]]:
    """Drive an engine until it solves, or a limit comes first.

    watch     is shown every `Look`; returning True ends the run as solved, a status ends it with that
    deadline  on the clock of `time.monotonic`
    cancelled asked often, and only where the engine's state is whole; a status ends the run with it
    trace     earlier looks of a run that goes on: the next look comes where it would have come
    Ctrl-C ends the run as interrupted: the engine keeps its state and the trace is returned. So does whoever halts
    the engine: the status is that of `cancelled` or the deadline then.
    """
    schedule, start = schedule or Schedule(), time.monotonic() - seconds_before
    trace = [] if trace is None else trace
    least, looked = (trace[-1].least_gap, trace[-1].iteration) if trace else (float("inf"), 0)
    status = None
    pace = _Pace(deadline, cancelled)
    try:
        while status is None:
            target = min(schedule.next_look(looked), settings.max_iterations)
            while stepper.iteration < target and stepper.gap > settings.gap and not pace.over():
                pace.advance(stepper, target - stepper.iteration, settings.gap)
            least = min(least, stepper.gap)
            look = Look(stepper.iteration, stepper.gap, least, time.monotonic() - start, **stepper.measure())
            looked = look.iteration
            trace.append(look)
            said = watch(look) if watch else None
            status = said if isinstance(said, Status) else _verdict(bool(said), stepper, settings, pace)
    except Halted:
        status = pace.over() or Status.INTERRUPTED
    except KeyboardInterrupt:
        status = Status.INTERRUPTED
    return status, trace


def _verdict(found: bool, stepper: Stepper, settings: Settings, pace: _Pace) -> Status | None:
    if found or stepper.gap <= settings.gap:
        return Status.SOLVED
    if stepper.iteration >= settings.max_iterations:
        return Status.ITERATION_LIMIT
    return pace.over()


class _Pace:
    """Cuts the way to the next look into calls short enough for time limits and Ctrl-C to be felt."""

    CALL_SECONDS = 0.02

    def __init__(self, deadline: float | None, cancelled: Callable[[], Status | None]) -> None:
        self.deadline = float("inf") if deadline is None else deadline
        self.cancelled = cancelled
        self.step = 1

    def over(self) -> Status | None:
        """The status that ends the run here and now, if one does."""
        return self.cancelled() or (Status.TIME_LIMIT if time.monotonic() >= self.deadline else None)

    def advance(self, stepper: Stepper, iterations: int, stop_gap: float) -> None:
        before, done = time.monotonic(), stepper.iteration
        stepper.advance(min(iterations, self.step), stop_gap)
        per_iteration = (time.monotonic() - before) / max(1, stepper.iteration - done)
        self.step = int(np.clip(self.CALL_SECONDS / max(per_iteration, 1e-9), 1, 2 * self.step))


# -- the general engine -----------------------------------------------------------------------------------


class Constraint(Protocol):
    """Anything that knows its nearest point."""

    def project(self, point: NDArray[np.float64]) -> NDArray[np.float64]:
        """The member of the set nearest to the point; flat float64, same shape; the point is not changed."""


def _checked_start(start: ArrayLike) -> NDArray[np.float64]:
    """A copy of it. Raises `UsageError` unless it is a flat array of finite numbers."""
    point = flat_numbers("start", start)
    if point.ndim != 1 or not point.size:
        raise UsageError(
            f"start is {said(start)}, of shape {point.shape}; give a flat array of finite numbers."
        )
    bad = np.flatnonzero(~np.isfinite(point))
    if bad.size:
        raise UsageError(
            f"start has the value {point[bad[0]]} at index {bad[0]}; give a flat array of finite numbers."
        )
    return point


class PairStepper:
    """The iteration for any two constraints, as the paper writes it."""

    def __init__(self, a: Constraint, b: Constraint, start: ArrayLike, beta: float) -> None:
        self.a, self.b, self.beta = a, b, beta
        self.v = _checked_start(start)
        self.point = self.v.copy()
        self._iteration, self._gap = 0, float("inf")

    @property
    def iteration(self) -> int:
        return self._iteration

    @property
    def gap(self) -> float:
        return self._gap

    def advance(self, iterations: int, stop_gap: float) -> None:
        for _ in range(iterations):
            in_a = self._project(self.a, self.v)
            in_b = self._project(self.b, 2 * in_a - self.v)
            self.v += self.beta * (in_b - in_a)
            self.point, self._gap = in_b, float(np.linalg.norm(in_b - in_a))
            self._iteration += 1
            if self._gap <= stop_gap:
                return

    def measure(self) -> dict[str, float]:
        return {}

    def _project(self, constraint: Constraint, point: NDArray[np.float64]) -> NDArray[np.float64]:
        nearest = real_numbers(constraint.project(point), f"{type(constraint).__name__}.project")
        if nearest.shape != point.shape:
            raise ProjectionError(
                f"{type(constraint).__name__}.project returned the shape {nearest.shape} "
                f"for a point of shape {point.shape}; return a point of the same shape."
            )
        if not np.isfinite(nearest).all():
            index = int(np.flatnonzero(~np.isfinite(nearest))[0])
            raise ProjectionError(
                f"{type(constraint).__name__}.project returned {nearest[index]} at index {index} "
                f"(iteration {self._iteration}); projections must be finite."
            )
        return nearest


def reconcile(
    a: Constraint,
    b: Constraint,
    start: ArrayLike,
    *,
    beta: float = 0.5,
    gap: float = 1e-6,
    max_iterations: int = 100_000,
    time_limit: float | None = None,
    watch: Callable[[Look, Any], bool | None] | None = None,
    stop: Stop | None = None,
) -> Solution:
    """Find a point in both of two sets, given their projections.

    a, b        objects with `project(point) -> point` on flat float64 arrays; use `on_copies` for more than two
    start       flat array of finite numbers; after it the iteration is deterministic. With `on_copies` it is
                `a.spread(point)`
    beta        step in (0, 2]; 1 is Douglas-Rachford
    gap         the run is solved once |P_B(2 P_A(v) - v) - P_A(v)| is at or below this
    time_limit  seconds
    watch       called with every `Look` and the current point of B; returning True ends the run as solved
    stop        asked some fifty times a second, between two iterations: an object with is_set(), such as
                threading.Event(), or a function; a true answer ends the run as interrupted

    Returns a `Solution`; not finding one is a status, not an error.
    Raises `ProjectionError` when a projection returns a wrong shape or a value that is no finite real number,
    `UsageError` for a start that a constraint refuses (its `check_start`, where it has one).
    Source: Elser & Lal, arXiv 2602.17493, section 3.
    """
    for name, constraint in (("a", a), ("b", b)):
        need_projection(constraint, f"reconcile: {name}")
    if time_limit is not None:
        check_range("time_limit", time_limit, low=0, high=1e9)
    need("reconcile", watch=(watch, optional(CALLED)))
    settings = Settings(beta=beta, gap=gap, max_iterations=max_iterations)
    stepper = PairStepper(a, b, start, settings.beta)
    for constraint in (a, b):
        check_start(constraint, stepper.v)
    deadline = None if time_limit is None else time.monotonic() + time_limit
    begun = time.monotonic()
    watcher = None if watch is None else lambda look: watch(look, stepper.point)
    stopped = question(stop)
    status, trace = run(
        stepper,
        settings,
        watch=watcher,
        deadline=deadline,
        cancelled=lambda: Status.INTERRUPTED if stopped() else None,
    )
    seconds = time.monotonic() - begun
    return Solution(stepper.point, status, stepper.gap, stepper.iteration, seconds, trace)

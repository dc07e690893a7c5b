"""The one loop that drives every engine.

An engine is a `Stepper`: it holds its state and knows how to do iterations. The loop owns everything else: when to
look, when to stop, what to record.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np

from btfnet.halting import Halted
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
    LEARNED = "As good as the data allow, as far as the validation items tell."
    STOPPED = "Stopped: another start was exact first."

    @property
    def key(self) -> str:
        """The status as the command line's JSON spells it."""
        return self.name.lower()

    @property
    def unfinished(self) -> bool:
        """Whether what ended so is to go on in another session."""
        return self in (Status.INTERRUPTED, Status.TIME_LIMIT)


@dataclass(frozen=True, slots=True)
class TraceRow:
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
        """Further columns of a `TraceRow`: gap parts, bits."""


Watcher = Callable[[TraceRow], "bool | Status | None"]


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
    trace: list[TraceRow] | None = None,
    seconds_before: float = 0.0,
) -> tuple[Status, list[TraceRow]]:
    """Drive an engine until it solves, or a limit comes first.

    watch     is shown every `TraceRow`; returning True ends the run as solved, a status ends it with that
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
            look = TraceRow(
                stepper.iteration, stepper.gap, least, time.monotonic() - start, **stepper.measure()
            )
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

"""`Crew`: what a search asks of those who run its trials; `Foreman`: what they ask of the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from btfnet.checkpoint.file import Record
from btfnet.engines.protocol import EngineSpec
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, TraceRow
from btfnet.ranks.ranks import ALONE, Ranks
from btfnet.search.records import Trial
from btfnet.settings import Settings


class Work(NamedTuple):
    """What is common to all trials of a search.

    precision  float32 or float64; shrink  whether exact circuits are made smaller
    seed       of trial 0; trial i has seed + i
    ranks      which share the items of a trial
    """

    problem: Problem
    precision: str
    shrink: bool
    seed: int
    ranks: Ranks = ALONE


@dataclass(frozen=True)
class Task:
    """One trial: its number, how it runs, and what was saved of it before."""

    index: int
    engine: EngineSpec
    settings: Settings
    saved: Record | None


class Foreman(Protocol):
    """The search, as its crew sees it; called on any thread."""

    def over(self, index: int) -> Status | None:
        """Whether a running trial must end."""

    def found(self, index: int) -> None:
        """A trial has found an exact circuit, which only shrinks from now on."""

    def report(self, index: int, look: TraceRow, rate: float) -> None: ...

    def saver(self, index: int) -> Callable[[Record], bool] | None:
        """What saves a running trial."""


class Crew(Protocol):
    """Runs trials. `size` may change."""

    @property
    def size(self) -> int:
        """Trials at a time."""

    @property
    def busy(self) -> int:
        """Trials that run now."""

    def begin(self, task: Task) -> None: ...

    def wait(self, seconds: float) -> list[Trial]:
        """Those that have ended, waited for so long at most. Raises what a trial raises."""

    def attend(self) -> None:
        """End the trials that must end, even where they are too busy to ask."""

    def close(self) -> list[Trial]:
        """No more trials: those that had ended or end now; what must end was told so."""

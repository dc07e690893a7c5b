"""What a tuner is: it gives the settings of an engine's trials, round by round, and judges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import NamedTuple, Protocol

from btfnet.projections.rrr import TraceRow
from btfnet.settings import Settings


class EndedTrial(Protocol):
    """What a tuner sees of a trial that has come to its own end (`btfnet.search.records.Trial`)."""

    @property
    def settings(self) -> Settings: ...
    @property
    def exact(self) -> bool: ...
    @property
    def iterations(self) -> int: ...
    @property
    def trace(self) -> list[TraceRow]: ...
    @property
    def wrong_bits(self) -> int | None: ...


class PastRound(NamedTuple):
    """A round whose trials have ended: its settings, which they took in turn."""

    settings: tuple[Settings, ...]
    trials: Sequence[EndedTrial]


class Tuner(Protocol):
    """Settings of the trials of one engine in one search.

    Budgets are iterations and work, never the clock, so that a trial is the same whatever the number of jobs.
    """

    @property
    def first_round(self) -> int:
        """Trials of the first round."""

    @property
    def later_round(self) -> int:
        """Trials of every other one."""

    def untuned(self, turn: int) -> Settings:
        """Where nothing is tuned: settings of the trial with this number among the engine's, from 0."""

    def next_round(self, past: Sequence[PastRound]) -> tuple[Settings, ...]:
        """The settings of the next round, from all rounds before it; its trials take them in turn."""


@dataclass(frozen=True)
class FixedSettings:
    """The tuner of an engine without one: every trial has the settings that were asked for."""

    base: Settings
    first_round: int = 1
    later_round: int = 1

    def untuned(self, turn: int) -> Settings:
        return self.base

    def next_round(self, past: Sequence[PastRound]) -> tuple[Settings, ...]:
        return (self.base,)


STALL = 0.95
"""A record that is still above this fraction of itself, while the iterations tripled, stands still."""
SIGMAS = (3.0, 5.0, 7.0)
"""Supports, sparse first."""


def decay(trial: EndedTrial) -> float:
    """The least gap of a whole trial over that of its first third; 1: it stood still, 0: exact.

    Of gate descent the gap is the number of wrong bits.
    """
    if trial.exact or not trial.trace:
        return 0.0 if trial.exact else 1.0
    first = [look.least_gap for look in trial.trace if look.iteration <= trial.iterations / 3]
    before = first[-1] if first else trial.trace[0].least_gap
    return trial.trace[-1].least_gap / before if before > 0 else 1.0


def stalled(trials: Sequence[EndedTrial]) -> bool:
    """Whether a round of trials gained so little in its last two thirds that more of the same will not help.

    Then the network may be unable to represent the items with gates of this support.
    """
    return not any(trial.exact for trial in trials) and median(map(decay, trials)) >= STALL


def score_key(trial: EndedTrial) -> tuple[float, ...]:
    """The lower, the better: exact and soon, then the decay of the gap, then the training bits that were right.

    The gap itself misleads: lively settings have large gaps early, and are exact sooner (docs/tuning.md).
    """
    return (0, trial.iterations, 0) if trial.exact else (1, decay(trial), -late_bits(trial))


def late_bits(trial: EndedTrial) -> float:
    """The mean fraction of training bits right in the second half of a trial; 0 without a look there."""
    late = [look.train_bits for look in trial.trace if look.iteration >= trial.iterations / 2]
    return fmean(late) if late else 0.0


def supports_from(first: float) -> tuple[float, ...]:
    """Supports to try, from the first on."""
    return (first, *(larger for larger in SIGMAS if larger > first))


def next_support(sigma: float, first: float) -> float:
    """The support after this one; after the largest, the first again."""
    return next((larger for larger in supports_from(first) if larger > sigma), first)

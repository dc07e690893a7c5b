"""What a tuner is: it gives the settings of an engine's trials, round by round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

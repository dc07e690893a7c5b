"""Settings of the trials of a search that learns: which σ does better on the validation items gets more trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from btfnet.engines.tuning.rounds import PastRound, Tuner, supports_from
from btfnet.problem.problem import Problem
from btfnet.search.records import Trial
from btfnet.settings import Settings


@dataclass(frozen=True)
class ValidatedSettings:
    """A `Tuner`: the two smallest σ at first, then always the better one of the last round and of all.

    untuned  of all trials where nothing is tuned
    """

    base: Settings
    first_round: int = 2
    later_round: int = 2

    def untuned(self, turn: int) -> Settings:
        return self.base.but(widen=1.0)

    def next_round(self, past: Sequence[PastRound]) -> tuple[Settings, ...]:
        if not past:
            return tuple(
                self.base.but(sigma=sigma, widen=1.0) for sigma in supports_from(self.base.sigma)[:2]
            )
        trials = [trial for round_ in past for trial in round_.trials if isinstance(trial, Trial)]
        best = max(trials, key=lambda trial: (trial.score.test_bits, -trial.settings.sigma))
        return (self.base.but(sigma=best.settings.sigma, widen=1.0),)


def tuner(problem: Problem, settings: Settings, in_turn: bool) -> Tuner:
    return ValidatedSettings(settings)

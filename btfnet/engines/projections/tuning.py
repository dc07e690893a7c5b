"""How β, γ and σ of the projections find themselves: a race."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from btfnet.engines.tuning.information import larger_for_random
from btfnet.engines.tuning.judge import next_support, score_key, stalled
from btfnet.engines.tuning.rounds import EndedTrial, PastRound
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

ENTRANTS = (
    (0.3, 3e-4), (0.5, 1e-3), (0.3, 1e-3), (0.5, 3e-4), (0.3, 1e-4), (0.5, 3e-3), (0.3, 3e-3), (0.5, 1e-4),
)  # fmt: skip
"""(β, γ), those that have worked elsewhere first."""
HEAT, GROWTH = 20_000, 4
"""Iterations of a trial in the first round of the race; a later round's trials get so many times more."""
FIELD = 4
"""Trials of a round after the first."""


@dataclass(frozen=True)
class Race:
    """A `Tuner`: successive halving over β and γ.

    Every entrant gets a short trial, the better half a trial four times as long, and so on. A round that stands
    still (see `stalled`) makes σ larger in the next one: 3, 5, 7, and 3 again. Data without structure get the σ
    that circuits are counted for (`information`).
    Source: K. Jamieson and A. Talwalkar, AISTATS (2016), 240.
    """

    problem: Problem
    base: Settings
    in_turn: bool
    first_round: int = len(ENTRANTS)
    later_round: int = FIELD

    def untuned(self, turn: int) -> Settings:
        return self.base.but(widen=1.0)

    def next_round(self, past: Sequence[PastRound]) -> tuple[Settings, ...]:
        if not past:
            return tuple(self._limited(HEAT, beta=beta, gamma=gamma) for beta, gamma in ENTRANTS)
        before = past[-1]
        sigma = self._support_after(before.settings[0].sigma, before.trials)
        iterations = HEAT * GROWTH ** len(past)
        return tuple(
            self._limited(iterations, sigma=sigma, beta=settings.beta, gamma=settings.gamma)
            for settings in _better_half(before)
        )

    def _support_after(self, sigma: float, trials: Sequence[EndedTrial]) -> float:
        larger = larger_for_random(self.problem, sigma, trials)
        if larger:
            return larger[-1]
        return next_support(sigma, self.base.sigma) if stalled(trials) else sigma

    def _limited(self, iterations: int, **changes: float) -> Settings:
        limit = min(self.base.max_iterations, iterations)
        return self.base.but(max_iterations=limit, widen=1.0, **changes)


def _better_half(before: PastRound) -> list[Settings]:
    """The better half of a round's settings, each judged by the best of its trials; on equal terms the first."""
    count = len(before.settings)
    best = [min(map(score_key, before.trials[turn::count])) for turn in range(count)]
    better = sorted(range(count), key=best.__getitem__)[: max(1, count // 2)]
    return [before.settings[turn] for turn in better]

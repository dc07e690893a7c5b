"""Settings for data that come without: a short race of the settings that have worked elsewhere."""

from __future__ import annotations

from btfnet.problem import Problem
from btfnet.search.records import Trial
from btfnet.settings import Settings

STEPS = ((0.3, 3e-4), (0.5, 2e-3), (0.3, 1e-4), (0.4, 1e-3))
"""(β, γ): best on the 32-wide circuits, the 2-bit multiplier, the autoencoders, and between."""


def candidates(problem: Problem) -> list[list[Settings]]:
    """The rounds of the race, each a list of trials."""
    iterations = 10_000
    return [[Settings(beta=beta, gamma=gamma, max_iterations=iterations) for beta, gamma in STEPS]]


def chosen(trials: list[Trial]) -> Settings:
    """The settings of the trial that came nearest, with the iterations of a full run."""
    best = min(trials, key=lambda trial: (-trial.score.train_bits, trial.gap))
    return best.settings.but(max_iterations=Settings().max_iterations)

"""Judging trials: which settings go on, and whether larger gates are called for."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

from btfnet.engines.tuning.rounds import EndedTrial

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

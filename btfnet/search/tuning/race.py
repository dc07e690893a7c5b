"""Judging trials: which is kept, which settings go on, and whether larger gates are called for."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, median

from btfnet.projections.rrr import Status
from btfnet.search.records import Trial

STALL = 0.95
"""A record that is still above this fraction of itself, while the iterations tripled, stands still."""
SIGMAS = (3.0, 5.0, 7.0)
"""Supports, sparse first."""


def decay(trial: Trial) -> float:
    """The least gap of a whole trial over that of its first third; 1: it stood still, 0: exact.

    Of gate descent the gap is the number of wrong bits.
    """
    if trial.exact or not trial.trace:
        return 0.0 if trial.exact else 1.0
    first = [look.least_gap for look in trial.trace if look.iteration <= trial.iterations / 3]
    before = first[-1] if first else trial.trace[0].least_gap
    return trial.trace[-1].least_gap / before if before > 0 else 1.0


def stalled(trials: Sequence[Trial]) -> bool:
    """Whether a round of trials gained so little in its last two thirds that more of the same will not help.

    Then the network may be unable to represent the items with gates of this support.
    """
    return not any(trial.exact for trial in trials) and median(map(decay, trials)) >= STALL


def standing(trial: Trial) -> tuple[float, ...]:
    """The lower, the better: exact and soon, then the decay of the gap, then the training bits that were right.

    The gap itself misleads: lively settings have large gaps early, and are exact sooner (docs/tuning.md).
    """
    return (0, trial.iterations, 0) if trial.exact else (1, decay(trial), -late_bits(trial))


def late_bits(trial: Trial) -> float:
    """The mean fraction of training bits right in the second half of a trial; 0 without a look there."""
    late = [look.train_bits for look in trial.trace if look.iteration >= trial.iterations / 2]
    return fmean(late) if late else 0.0


def ladder(first: float) -> tuple[float, ...]:
    """Supports to try, from the first on."""
    return (first, *(larger for larger in SIGMAS if larger > first))


def following(sigma: float, first: float) -> float:
    """The support after this one; after the largest, the first again."""
    return next((larger for larger in ladder(first) if larger > sigma), first)


def rank(trial: Trial, deterministic: bool) -> tuple[float, ...]:
    """Exact first (the lowest-numbered, or the quickest, shrunk ones first); then solved; then what fits."""
    if trial.exact:
        return (0, trial.index) if deterministic else (0, trial.shrunk is None, trial.seconds)
    wrong = float("inf") if trial.wrong_bits is None else trial.wrong_bits
    return (1, trial.status is not Status.SOLVED, -trial.score.train_words, -trial.score.train_bits, wrong)


def nearness(trial: Trial, deterministic: bool) -> tuple[float, ...]:
    """As `rank`, but of circuits that are not exact the one with the fewest wrong bits comes first.

    What is handed back is the circuit, however well the weights do from which it was read.
    """
    standing = rank(trial, deterministic)
    return standing if trial.exact else (standing[0], standing[-1], *standing[1:-1])


def stood_still(trials: Sequence[Trial]) -> bool:
    """Whether trials that reached their limit had gained next to nothing for two thirds of their way.

    Trials that were not looked at in their first third say nothing about it.
    """
    judged = [
        trial for trial in trials
        if trial.status is Status.ITERATION_LIMIT and trial.trace
        and trial.trace[0].iteration <= trial.iterations / 3
    ]  # fmt: skip
    return bool(judged) and stalled(judged)

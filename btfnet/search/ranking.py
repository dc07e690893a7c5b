"""Which of the trials is kept, and what they say together."""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.engines.tuning.judge import stalled
from btfnet.projections.rrr import Status
from btfnet.search.records import Trial


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
    key = rank(trial, deterministic)
    return key if trial.exact else (key[0], key[-1], *key[1:-1])


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

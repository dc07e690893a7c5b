"""`Progress`: what a running search tells whoever watches it; and looks as people read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from btfnet.projections.rrr import TraceRow


@dataclass(frozen=True, slots=True)
class Progress:
    """What a running search tells its spectator, once per look (from the thread that runs the trial).

    exact  the numbers of the trials that are exact so far: integer gates reproduce every training item
    ended  so many trials have ended
    """

    trial: int
    n_trials: int
    look: TraceRow
    iterations_per_second: float
    best_trial: int
    best_train_bits: float
    seconds: float
    note: str = ""
    exact: tuple[int, ...] = ()
    ended: int = 0


Spectator = Callable[[Progress], None]


def gaps_as_distances(trace: list[TraceRow], gap: float | None) -> list[TraceRow]:
    """A trial's looks: those of gate descent, which ends without a gap, have no distance but a count."""
    return trace if gap is not None else list(map(without_gap, trace))


def without_gap(look: TraceRow) -> TraceRow:
    """A look of gate descent, whose measure is no distance."""
    return replace(look, gap=float("nan"), least_gap=float("nan"))

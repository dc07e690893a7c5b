"""`btfnet.solve`: the door to everything."""

from __future__ import annotations

from btfnet.problem import Problem
from btfnet.search.records import Result, Spectator
from btfnet.settings import Settings


def solve(
    problem: Problem,
    settings: Settings | None = None,
    *,
    trials: int = 10,
    all_trials: bool = False,
    time_limit: float | None = None,
    jobs: int | None = None,
    seed: int = 0,
    deterministic: bool = False,
    tune: bool | None = None,
    precision: str = "float32",
    spectator: Spectator | None = None,
) -> Result:
    """Learn a circuit of threshold gates that reproduces every training item.

    settings       None: settings that find themselves (`tune`)
    trials         at most so many starts; the first exact one ends the run, unless all_trials
    time_limit     seconds for everything
    jobs           processor cores to use, None for all
    deterministic  keep the lowest-numbered exact trial, whatever finishes first
    tune           None: tune when no settings are given
    precision      float32 or float64
    spectator      called with a `Progress` at every look; Ctrl-C ends the run as interrupted
    """
    raise NotImplementedError

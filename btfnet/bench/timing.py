"""Timing on a machine that is never quiet: tasks take turns, and medians are taken over the rounds.

Whatever slows the machine for a while (other programs, a clock that steps down) then meets all tasks alike;
a ratio of two tasks is taken within each round, before the median. The quickest call of all is kept beside the
medians: where other programs hold the cores most of the time, it is nearest to what the machine can do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Task = Callable[[], object]


@dataclass(frozen=True)
class Times:
    """Seconds of one call: the median call of each round, and the quickest of all."""

    rounds: tuple[float, ...]
    least: float

    @property
    def median(self) -> float:
        return float(np.median(self.rounds))

    @property
    def spread(self) -> float:
        """Distance of the quartiles over the rounds, relative to the median."""
        low, high = np.percentile(self.rounds, [25, 75])
        return float((high - low) / self.median)

    def per(self, count: float) -> Times:
        """Of one of so many equal parts."""
        return Times(tuple(seconds / count for seconds in self.rounds), self.least / count)

    def over(self, other: Times) -> float:
        """Median over the rounds of the ratio to another task's."""
        return float(np.median(np.divide(self.rounds, other.rounds)))


def alternate(tasks: Mapping[str, Task], *, rounds: int, turn_seconds: float) -> dict[str, Times]:
    """Time tasks that take turns; each turn lasts at least so long and at least one call."""
    taken: dict[str, list[list[float]]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            taken[name].append(_turn(task, turn_seconds))
    return {
        name: Times(tuple(float(np.median(turn)) for turn in turns), min(map(min, turns)))
        for name, turns in taken.items()
    }


def _turn(task: Task, turn_seconds: float) -> list[float]:
    """Seconds of the calls of one turn."""
    calls: list[float] = []
    begun = now = time.perf_counter()
    while not calls or now - begun < turn_seconds:
        task()
        before, now = now, time.perf_counter()
        calls.append(now - before)
    return calls

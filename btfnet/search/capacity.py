"""How many trials fit into memory side by side."""

from __future__ import annotations

from btfnet.boolnet import state_bytes
from btfnet.machine import available_bytes
from btfnet.problem import Problem

SHARE = 0.9
"""Part of the free memory that the states of trials may take."""


def workers_that_fit(problem: Problem, precision: str, workers: int) -> int:
    """At most so many workers, and at least one: `NetworkStepper` says when not even that fits."""
    free = available_bytes()
    if free is None:
        return workers
    return max(1, min(workers, int(SHARE * free / max(1, state_bytes(problem, precision)))))

"""`reconcile`: the iteration for any two constraints, as the paper writes it.

    v ← v + β (P_B(2 P_A(v) - v) - P_A(v))

Source: Elser & Lal, arXiv 2602.17493, section 3; β = 1 is Douglas-Rachford.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import CALLED, must_be, need, number, optional, said
from btfnet.errors import UsageError
from btfnet.halting import Stop, question
from btfnet.projections.point import Constraint, check_start, flat_numbers, need_projection, projected
from btfnet.projections.rrr import Status, TraceRow, run
from btfnet.settings import Settings


@dataclass(frozen=True)
class Solution:
    """Where a run ended. `point` is what the engine offers as its answer: for `reconcile` the flat point."""

    point: NDArray[np.float64]
    status: Status
    gap: float
    iterations: int
    seconds: float
    trace: list[TraceRow] = field(repr=False)
    seed: int | None = None

    @property
    def solved(self) -> bool:
        return self.status is Status.SOLVED


def _checked_start(start: ArrayLike) -> NDArray[np.float64]:
    """A copy of it. Raises `UsageError` unless it is a flat array of finite numbers."""
    point = flat_numbers("start", start)
    if point.ndim != 1 or not point.size:
        raise UsageError(
            f"start is {said(start)}, of shape {point.shape}; give a flat array of finite numbers."
        )
    bad = np.flatnonzero(~np.isfinite(point))
    if bad.size:
        raise UsageError(
            f"start has the value {point[bad[0]]} at index {bad[0]}; give a flat array of finite numbers."
        )
    return point


class PairStepper:
    """The iteration for any two constraints, as the paper writes it."""

    def __init__(self, a: Constraint, b: Constraint, start: ArrayLike, beta: float) -> None:
        self.a, self.b, self.beta = a, b, beta
        self.v = _checked_start(start)
        self.point = self.v.copy()
        self._iteration, self._gap = 0, float("inf")

    @property
    def iteration(self) -> int:
        return self._iteration

    @property
    def gap(self) -> float:
        return self._gap

    def advance(self, iterations: int, stop_gap: float) -> None:
        for _ in range(iterations):
            where = f"iteration {self._iteration}"
            in_a = projected(self.a, self.v, where)
            in_b = projected(self.b, 2 * in_a - self.v, where)
            self.v += self.beta * (in_b - in_a)
            self.point, self._gap = in_b, float(np.linalg.norm(in_b - in_a))
            self._iteration += 1
            if self._gap <= stop_gap:
                return

    def measure(self) -> dict[str, float]:
        return {}


def reconcile(
    a: Constraint,
    b: Constraint,
    start: ArrayLike,
    *,
    beta: float = 0.5,
    gap: float = 1e-6,
    max_iterations: int = 100_000,
    time_limit: float | None = None,
    watch: Callable[[TraceRow, Any], bool | None] | None = None,
    stop: Stop | None = None,
) -> Solution:
    """Find a point in both of two sets, given their projections.

    a, b        objects with `project(point) -> point` on flat float64 arrays; use `on_copies` for more than two
    start       flat array of finite numbers; after it the iteration is deterministic. With `on_copies` it is
                `a.spread(point)`
    beta        step in (0, 2]; 1 is Douglas-Rachford
    gap         the run is solved once |P_B(2 P_A(v) - v) - P_A(v)| is at or below this
    time_limit  seconds
    watch       called with every `TraceRow` and the current point of B; returning True ends the run as solved
    stop        asked some fifty times a second, between two iterations: an object with is_set(), such as
                threading.Event(), or a function; a true answer ends the run as interrupted

    Returns a `Solution`; not finding one is a status, not an error.
    Raises `ProjectionError` when a projection returns a wrong shape or a value that is no finite real number,
    `UsageError` for a start that a constraint refuses (its `check_start`, where it has one).
    Source: Elser & Lal, arXiv 2602.17493, section 3.
    """
    for name, constraint in (("a", a), ("b", b)):
        need_projection(constraint, f"reconcile: {name}")
    if time_limit is not None:
        must_be("time_limit", time_limit, number(0, 1e9))
    need("reconcile", watch=(watch, optional(CALLED)))
    settings = Settings(beta=beta, gap=gap, max_iterations=max_iterations)
    stepper = PairStepper(a, b, start, settings.beta)
    for constraint in (a, b):
        check_start(constraint, stepper.v)
    deadline = None if time_limit is None else time.monotonic() + time_limit
    begun = time.monotonic()
    watcher = None if watch is None else lambda look: watch(look, stepper.point)
    stopped = question(stop)
    status, trace = run(
        stepper,
        settings,
        watch=watcher,
        deadline=deadline,
        cancelled=lambda: Status.INTERRUPTED if stopped() else None,
    )
    seconds = time.monotonic() - begun
    return Solution(stepper.point, status, stepper.gap, stepper.iteration, seconds, trace)

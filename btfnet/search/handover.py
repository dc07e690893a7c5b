"""The hand-over: gate descent goes on from where the projections are, for as long as they took to get there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from btfnet.descent import Walker
from btfnet.problem import Problem
from btfnet.rrr import Status
from btfnet.search.look import Finding, Reading, checked, iteration_ns

SHARE = 1.0
"""Time for descent over time for projections."""
FRESH = 0.3
"""Part of a descent spent on the newest completion before it must be better than the best so far."""
CHUNK = 10
"""Rounds between questions whether to stop."""


class HandOver:
    """Descends from completions, and keeps the best state to go on from.

    Budgets are counted in rounds, estimated from sizes alone: a trial must not depend on timing.
    """

    def __init__(self, problem: Problem, rng: np.random.Generator, over: Callable[[], Status | None]) -> None:
        self.problem, self.over, self.rng = problem, over, rng
        self.fresh, self.best = Walker.of(problem, rng), Walker.of(problem, rng)
        self.started, self.paid = False, 0

    def descend(self, reading: Reading, iteration: int) -> Finding | None:
        """Descend from a reading of the weights at an iteration; the finding when it is the best so far."""
        rounds = self._rounds(iteration - self.paid)
        self.paid = iteration
        self.fresh.start_from(reading.completion.weights, reading.inputs)
        self._walk(self.fresh, 1 + int(FRESH * rounds))
        if not self.started or self.fresh.error <= self.best.error:
            self.fresh, self.best, self.started = self.best, self.fresh, True
        self._walk(self.best, rounds - int(FRESH * rounds))
        circuit = self.best.circuit(self.problem.name, self.problem.input_names, self.problem.output_names)
        if self.best.error and self.problem.input_kind.known:
            return Finding(circuit, self.best.error, None)
        return checked(self.problem, circuit, self.best.codes())

    def _walk(self, walker: Walker, rounds: int) -> None:
        while rounds > 0 and walker.error and not self.over():
            walker.walk(min(CHUNK, rounds))
            rounds -= CHUNK

    def _rounds(self, iterations: int) -> int:
        """Rounds that take as long as so many iterations."""
        return 1 + int(SHARE * iterations * iteration_ns(self.problem) / round_ns(self.problem))


def round_ns(problem: Problem) -> float:
    """Estimated nanoseconds of one round: two sweeps over all nodes."""
    network, words = problem.network, -(-problem.n_train // 64)
    per_node = 2500 + 4.0 * network.n_nodes + 30.0 * words * (network.n_edges / network.n_btf)
    return 2 * network.n_btf * per_node

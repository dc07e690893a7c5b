"""The hand-over: gate descent goes on from where the projections are, for as long as they took to get there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from btfnet.checkpoint import Record
from btfnet.descent import Walker
from btfnet.problem import Problem
from btfnet.rrr import Status
from btfnet.search.look import Finding, Reading, checked, iteration_ns
from btfnet.search.saved import named

SHARE = 1.0
"""Time for descent over time for projections."""
FRESH = 0.3
"""Part of a descent spent on the newest completion before it must be better than the best so far."""
CHUNK_NS = 10e6
"""Estimated nanoseconds between questions whether to stop; they change nothing else."""

_COUNTERS = ("started", "paid", "fresh_rounds", "best_rounds", "chosen")


class HandOver:
    """Descends from completions, and keeps the best state to go on from.

    Budgets are counted in rounds, estimated from sizes alone: a trial must not depend on timing.
    """

    def __init__(self, problem: Problem, rng: np.random.Generator, over: Callable[[], Status | None]) -> None:
        self.problem, self.over, self.rng = problem, over, rng
        self.fresh, self.best = Walker.of(problem, rng), Walker.of(problem, rng)
        self.started, self.paid = False, 0
        self.chunk = max(1, int(CHUNK_NS / round_ns(problem)))
        self.fresh_rounds, self.best_rounds, self.chosen = 0, 0, True  # what is left of a descent

    def descend(self, reading: Reading, iteration: int) -> Finding | None:
        """Descend from a reading of the weights at an iteration; the finding when it is the best so far.

        A descent that was saved halfway goes on from there.
        """
        if self.paid != iteration:
            self._begin(reading, iteration)
        if not self.chosen:
            self._walk_fresh()
            self._choose()
        self._walk_best()
        circuit = self.best.circuit(self.problem.name, self.problem.input_names, self.problem.output_names)
        if self.best.error and self.problem.input_kind.known:
            return Finding(circuit, self.best.error, None)
        return checked(self.problem, circuit, self.best.codes())

    def _begin(self, reading: Reading, iteration: int) -> None:
        rounds = self._rounds(iteration - self.paid)
        self.fresh_rounds, self.best_rounds = 1 + int(FRESH * rounds), rounds - int(FRESH * rounds)
        self.paid, self.chosen = iteration, False
        self.fresh.start_from(reading.completion.weights, reading.inputs)

    def _walk_fresh(self) -> None:
        while self.fresh_rounds > 0 and self.fresh.error and not self.over():
            self.fresh.walk(min(self.chunk, self.fresh_rounds))
            self.fresh_rounds -= self.chunk

    def _choose(self) -> None:
        """Go on from the better of the two; on equal terms from the newer one."""
        self.chosen = True
        if not self.started or self.fresh.error <= self.best.error:
            self.fresh, self.best, self.started = self.best, self.fresh, True

    def _walk_best(self) -> None:
        while self.best_rounds > 0 and self.best.error and not self.over():
            self.best.walk(min(self.chunk, self.best_rounds))
            self.best_rounds -= self.chunk

    # -- going on later -------------------------------------------------------------------------------

    def export(self) -> Record:
        """All of it, between two walks."""
        values = {name: getattr(self, name) for name in _COUNTERS}
        values["rng"] = self.rng.bit_generator.state
        return Record(values, {**named("fresh", self.fresh.export()), **named("best", self.best.export())})

    def restore(self, saved: Record) -> None:
        """Stand where `export` was called. Raises `DataError` when that does not fit."""
        for name in _COUNTERS:
            setattr(self, name, type(getattr(self, name))(saved.values[name]))
        self.rng.bit_generator.state = saved.values["rng"]
        self.fresh.restore(saved.part("fresh"))
        self.best.restore(saved.part("best"))

    # -- budgets --------------------------------------------------------------------------------------

    def _rounds(self, iterations: int) -> int:
        """Rounds that take as long as so many iterations."""
        return 1 + int(SHARE * iterations * iteration_ns(self.problem) / round_ns(self.problem))


def round_ns(problem: Problem) -> float:
    """Estimated nanoseconds of one round: two sweeps over all nodes."""
    network, words = problem.network, -(-problem.n_train // 64)
    per_node = 2500 + 4.0 * network.n_nodes + 30.0 * words * (network.n_edges / network.n_btf)
    return 2 * network.n_btf * per_node

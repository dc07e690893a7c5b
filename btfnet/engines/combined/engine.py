"""The engine `rrr+descent`: projections, and gate descent from where they are.

The hand-over: descent goes on from the projections' gates for as long as they took to get there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from btfnet.checkpoint.file import Record, named
from btfnet.engines.completion.completion_check import (
    Candidate,
    CompletedNetwork,
    complete_and_verify,
    iteration_ns,
)
from btfnet.engines.descent.engine import ENGINE as DESCENT
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.projections.engine import ENGINE as PROJECTIONS
from btfnet.engines.projections.engine import ProjectionsAttempt
from btfnet.engines.protocol import Orders
from btfnet.engines.registry import Engine
from btfnet.halting import Halt
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.ranks.ranks import ALONE, Ranks

SHARE = 1.0
"""Time for descent over time for projections."""
FRESH = 0.4
"""Part of a descent spent on the newest completion before it must be better than the best so far."""
GROWTH = 1.25
"""A descent begins when the projections have done so many times the iterations of the last one."""
CHUNK_NS = 10e6
"""Nanoseconds of work between questions whether to stop; they change nothing else."""

_COUNTERS = ("started", "paid", "fresh_words", "best_words", "chosen")


class HandOver:
    """Descends from completions, and keeps the best state to go on from.

    Budgets are work as the searches count it, not time: a trial must not depend on the clock.
    """

    def __init__(
        self,
        problem: Problem,
        rng: np.random.Generator,
        over: Callable[[], Status | None],
        *,
        sigma: float = 3.0,
        halt: Halt | None = None,
        ranks: Ranks = ALONE,
    ) -> None:
        self.problem, self.over, self.ranks = problem, over, ranks
        self.fresh, self.best = (
            GateSearch.of(problem, rng, sigma=sigma, codes_after=1, begin=False, halt=halt, ranks=ranks)
            for _ in range(2)
        )  # which share the generator
        self.started, self.paid = False, 0
        self.fresh_words, self.best_words, self.chosen = 0, 0, True  # what is left of a descent

    def descend(self, reading: CompletedNetwork, iteration: int) -> Candidate | None:
        """Descend from a reading of the weights at an iteration, if it is time to; the best so far.

        A descent that was saved halfway goes on from there.
        """
        if iteration >= GROWTH * self.paid and iteration != self.paid:
            self._begin(reading, iteration)
        if not self.chosen or self.best_words > 0:
            self._descend()
        if not self.started:
            return None
        circuit = self.best.circuit(self.problem.name, self.problem.input_names, self.problem.output_names)
        if self.best.error and self.problem.input_kind.known:
            return Candidate(circuit, self.best.error, None)
        codes, weights = self.best.codes(), self.best.integer_weights()
        return self.ranks.from_first(
            lambda: complete_and_verify(self.problem, circuit, codes, weights=weights)
        )

    def _begin(self, reading: CompletedNetwork, iteration: int) -> None:
        budget = SHARE * (iteration - self.paid) * iteration_ns(self.problem) / self.fresh.ns_per_word
        self.fresh.start_from(reading.completion.weights, reading.inputs)  # halted, it begins anew
        self.fresh_words, self.best_words = int(FRESH * budget), int((1 - FRESH) * budget)
        self.paid, self.chosen = iteration, False

    def _descend(self) -> None:
        """First the newest start, then the better of that and the best so far; on equal terms the newest."""
        if not self.chosen:
            while self.fresh_words > 0 and self.fresh.error and not self.over():
                for words in _rounds(self.fresh, self.fresh_words):
                    self.fresh_words -= words
            if self.over():
                return
            if not self.started or self.fresh.error <= self.best.error:
                self.fresh, self.best, self.started = self.best, self.fresh, True
            self.chosen = True
        while self.best_words > 0 and self.best.error and not self.over():  # which may save all this
            for words in _rounds(self.best, self.best_words):
                self.best_words -= words

    # -- going on later -------------------------------------------------------------------------------

    def export(self) -> Record:
        """All of it, between two walks."""
        values = {name: getattr(self, name) for name in _COUNTERS}
        return Record(values, {**named("fresh", self.fresh.export()), **named("best", self.best.export())})

    def restore(self, saved: Record) -> None:
        """Stand where `export` was called. Raises `DataError` when that does not fit."""
        for name in _COUNTERS:
            setattr(self, name, type(getattr(self, name))(saved.values[name]))
        self.fresh.restore(saved.part("fresh"))
        self.best.restore(saved.part("best"))


def _rounds(search: GateSearch, budget: int) -> Iterator[int]:
    """Walk for CHUNK_NS, but not beyond the budget; the work of every round, as soon as it is done.

    Work as `effort` counts it, and what single rounds cost besides.
    """
    done, most = 0, min(search.words_in(CHUNK_NS), budget)
    while search.error and done < most:
        before = search.effort
        search.walk(1)
        words = search.effort - before + search.call_effort
        done += words
        yield words


class CombinedAttempt(ProjectionsAttempt):
    """An `Attempt` (see the protocol) of both. Each has a generator: the projections go the way they go alone."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(orders)
        rng = np.random.default_rng([orders.seed, 1])
        sigma = orders.settings.sigma
        self.hand_over = HandOver(
            orders.problem, rng, orders.over, sigma=sigma, halt=orders.halt, ranks=orders.ranks
        )

    def look(self) -> bool:
        """Complete the weights to gates, and let descent go on from them."""
        completed = self.complete()
        if not self.exact:
            self.keep(self.hand_over.descend(completed, self.stepper.iteration), Engine.BOTH)
        return self.exact

    @property
    def work_ns(self) -> float:
        """Of which descent takes its share."""
        return (1 + SHARE) * super().work_ns

    def export(self) -> Record:
        whole, descent = super().export(), self.hand_over.export()
        values = {**whole.values, "hand_over": descent.values}
        return Record(values, {**whole.arrays, **named("hand_over", descent.arrays)})

    def restore(self, saved: Record) -> None:
        super().restore(saved)
        self.hand_over.restore(Record(saved.values["hand_over"], saved.part("hand_over")))


def kernels_for(problem: Problem, precision: str, jobs: int | None) -> tuple[str, ...]:
    return tuple(
        name for engine in (PROJECTIONS, DESCENT) for name in engine.kernels_for(problem, precision, jobs)
    )


ENGINE = replace(
    PROJECTIONS,
    name=Engine.BOTH,
    start=CombinedAttempt,
    takes_analog=False,
    kernel_tasks={},
    kernels_for=kernels_for,
)

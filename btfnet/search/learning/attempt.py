"""An engine at work, of which the best state by the validation items is kept, until nothing better comes for long.

Source: early stopping by a validation set, L. Prechelt, in Neural Networks: Tricks of the Trade (1998), 55; here
as soon as the last gain is as long ago as it took to get there.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record, named
from btfnet.engines.completion.completion_check import (
    Candidate,
    Scores,
    candidate_of,
    candidate_values,
)
from btfnet.engines.protocol import Attempt, EngineSpec, Orders
from btfnet.engines.registry import engine_named
from btfnet.halting import Halted
from btfnet.problem.network import Network
from btfnet.projections.rrr import Schedule, Status, Stepper
from btfnet.search.learning.simpler import simpler
from btfnet.search.learning.task import LearningTask, Verdict

LEAST_NS, MOST_NS = 0.5e9, 40e9
"""Bounds of a trial's work, in nanoseconds: it goes on for the one without a gain, and never beyond the other."""
LEAST_SWEEPS = 1000
"""It goes on for so many iterations without a gain, too: a network that hears many inputs begins slowly."""
PATIENCE = 1.0
"""It goes on for so many times the work that it took to its last gain."""


class ValidatedAttempt:
    """An `Attempt` of another engine on what a task fits; its circuit is the best one by the validation items.

    simplify  whether the circuit is made simpler at the end (simpler.py); never where nodes share gates, which
              would not share them any longer
    """

    def __init__(
        self, task: LearningTask, spec: EngineSpec, orders: Orders, *, simplify: bool = True
    ) -> None:
        self.task, self.orders = task, orders
        self.simplify = simplify and orders.problem.network.shared is None
        self.attempt: Attempt = spec.start(orders)
        first = min(self.attempt.schedule.first, 200)
        self.schedule = Schedule(first=first, growth=1.1, longest=self.attempt.schedule.longest)
        self.best: Candidate | None = None
        self.verdict = Verdict(np.inf, np.inf)
        self.gained_work, self.gained_iteration = 0.0, 0

    @property
    def found_by(self) -> str:
        return self.attempt.found_by

    @property
    def stepper(self) -> Stepper:
        return self.attempt.stepper

    @property
    def work_ns(self) -> float:
        return self.attempt.work_ns

    def look(self) -> bool | Status:
        """Judge the present circuit; a status once it is good enough, or nothing better came for long."""
        found = self.attempt.look()
        self._judge(self.attempt.present())
        if found or self.task.accepts(self.verdict):
            return Status.LEARNED
        work = self.work_ns
        waited = work - self.gained_work
        longer = max(LEAST_NS, PATIENCE * self.gained_work)
        waits = waited < longer or self.stepper.iteration - self.gained_iteration < LEAST_SWEEPS
        return False if waits and work < MOST_NS else Status.LEARNED

    def _judge(self, candidate: Candidate | None) -> None:
        if candidate is None:
            return
        verdict = self.task.judged(candidate.circuit)
        if verdict.bits < self.verdict.bits:
            self.best, self.verdict = candidate, verdict
            self.gained_work, self.gained_iteration = self.work_ns, self.stepper.iteration

    def present(self) -> Candidate | None:
        return self.best

    def finish(self, status: Status) -> Candidate | None:
        """The best circuit, made simpler where there is time for that."""
        if status.unfinished:
            return self.best or self.attempt.present()
        best, last, orders = self.best, self.attempt.finish(status), self.orders
        if last is not None and self.task.judged(last.circuit) < self.verdict:
            best = last
        if best is None or not self.simplify:
            return best
        try:
            small = simpler(
                self.task, best, seed=orders.seed, work_ns=self.work_ns, over=orders.over, halt=orders.halt
            )
            return small if self._good_enough(small) or not self._good_enough(best) else best
        except Halted:
            orders.over()
        return best

    def _good_enough(self, candidate: Candidate) -> bool:
        return self.task.accepts(self.task.judged(candidate.circuit))

    def weights(self, candidate: Candidate | None) -> NDArray[np.float64]:
        return self.attempt.weights(candidate)

    def scores(self, candidate: Candidate | None) -> Scores:
        """Of the circuit; of the weights where there is none."""
        if candidate is None:
            return self.attempt.scores(None)
        problem = self.task.fitting
        return problem.scores(candidate.circuit.predict(problem.items.bits()))

    def export(self) -> Record:
        state = self.attempt.export()
        best, arrays = candidate_values(self.best)
        if self.best is not None and self.best.network is not None:
            network = self.best.network
            arrays |= {"starts": network.fan_in_start, "senders": network.fan_in}
        values = {
            "attempt": state.values,
            "best": best,
            "verdict": None if self.best is None else [self.verdict.bits, self.verdict.words],
            "gained_work": self.gained_work,
            "gained_iteration": self.gained_iteration,
        }
        return Record(values, {**named("attempt", state.arrays), **named("best", arrays)})

    def restore(self, saved: Record) -> None:
        values = saved.values
        arrays = saved.part("best")
        best = candidate_of(values["best"], arrays)
        if best is not None and "starts" in arrays:
            ends, starts = self.task.problem.network, arrays["starts"]
            grown = Network(len(starts) - 1, ends.n_inputs, ends.n_outputs, starts, arrays["senders"])
            best = replace(best, network=grown)
        self.best = best
        if self.best is not None:
            self.verdict = Verdict(*map(float, values["verdict"]))
        self.gained_work, self.gained_iteration = (
            float(values["gained_work"]),
            int(values["gained_iteration"]),
        )
        self.attempt.restore(Record(values["attempt"], saved.part("attempt")))


def validated(task: LearningTask, spec: EngineSpec, *, simplify: bool = True) -> EngineSpec:
    """The engine, its attempts `ValidatedAttempt`s.

    In two trials items that stay wrong come to weigh more, in the next two not, in turn, as their seeds say: that
    leads to circuits that get all right, and may lead away from good ones where many items stay wrong
    (docs/learning.md).
    simplify  as there
    """

    def start(orders: Orders) -> ValidatedAttempt:
        repeats = orders.seed // 2 % 2 == 0
        return ValidatedAttempt(task, spec, orders._replace(repeats=repeats), simplify=simplify)

    made_by = partial(_validated_by_name, task, spec.name, simplify=simplify)
    return replace(spec, start=start, made_by=made_by)


def _validated_by_name(task: LearningTask, name: str, *, simplify: bool) -> EngineSpec:
    return validated(task, engine_named(name), simplify=simplify)

"""Gate descent at work in a trial, from random gates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record
from btfnet.engines.completion.completion_check import Candidate, Scores, complete_and_verify
from btfnet.engines.descent.local_search import NS_PER_WORD
from btfnet.engines.descent.stepper import DescentStepper
from btfnet.engines.descent.weights import scaled_weights
from btfnet.engines.registry import Engine
from btfnet.halting import Halt
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Schedule, Status
from btfnet.settings import Settings


class DescentAttempt:
    """An `Attempt` (see the protocol) of gate descent alone; it has no floats and runs on one thread."""

    found_by: str = Engine.DESCENT

    def __init__(
        self,
        problem: Problem,
        settings: Settings,
        seed: int,
        *,
        precision: str,
        threads: int,
        over: Callable[[], Status | None],
        halt: Halt,
    ) -> None:
        self.problem, self.schedule = problem, Schedule(first=20, growth=1.5, longest=2000)
        rng = np.random.default_rng(seed)
        self.stepper = DescentStepper(problem, rng, sigma=settings.sigma, widen=settings.widen, halt=halt)

    def look(self) -> bool:
        return self.stepper.search.error == 0

    def finish(self, status: Status) -> Candidate:
        problem, search = self.problem, self.stepper.fitted()
        circuit = search.circuit(problem.name, problem.input_names, problem.output_names)
        return complete_and_verify(problem, circuit, search.codes(), weights=search.integer_weights())

    def weights(self, candidate: Candidate | None) -> NDArray[np.float64]:
        assert candidate is not None
        assert candidate.weights is not None
        return scaled_weights(self.problem.network, candidate.weights)

    def scores(self, candidate: Candidate | None) -> Scores:
        return self.stepper.scores(None if candidate is None else candidate.circuit)

    @property
    def work_ns(self) -> float:
        return self.stepper.search.effort * NS_PER_WORD

    def export(self) -> Record:
        return Record({}, self.stepper.export())

    def restore(self, saved: Record) -> None:
        self.stepper.restore(saved.arrays)

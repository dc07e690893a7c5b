"""Projections at work in a trial: reflect-reflect-relax, its weights completed to gates at every look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record, named
from btfnet.engines.completion.completion_check import (
    Candidate,
    CompletedNetwork,
    Scores,
    complete_at,
    iteration_ns,
    schedule_for,
    verify_completion,
)
from btfnet.engines.completion.saved_candidate import candidate_of, candidate_values
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.engines.registry import Engine, engine_named
from btfnet.halting import Halt
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.settings import Settings


class ProjectionsAttempt:
    """An `Attempt` (see the protocol) of the projections alone."""

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
        self.problem, self.settings = problem, settings
        rng = np.random.default_rng(seed)
        self.stepper = NetworkStepper(problem, settings, rng, precision=precision, threads=threads, halt=halt)
        self.schedule = schedule_for(problem)
        self.best: Candidate | None = None
        self.found_by: str = Engine.RRR

    @property
    def exact(self) -> bool:
        """Whether the best candidate is."""
        return self.best is not None and self.best.exact

    def look(self) -> bool:
        """Complete the weights to gates; analog inputs have none to check."""
        if self.problem.has_boolean_inputs:
            self.complete()
        return self.exact

    def complete(self, *, thorough: bool = False) -> CompletedNetwork:
        """The weights completed to gates, which become the best candidate if they are better."""
        completed = complete_at(self.problem, self.stepper, self.settings.sigma, thorough=thorough)
        self.keep(verify_completion(self.problem, completed), Engine.RRR, or_equal=thorough)
        return completed

    def keep(self, candidate: Candidate | None, engine: str, *, or_equal: bool = False) -> None:
        """Take it for the best, if it is better than that."""
        if candidate is not None and (
            self.best is None or candidate.wrong_bits < self.best.wrong_bits + or_equal
        ):
            self.best, self.found_by = candidate, engine

    def finish(self, status: Status) -> Candidate | None:
        """A last, thorough look where weights that fit everything were not yet turned into an exact circuit."""
        if self.best is None:
            return None
        ended = self.exact or status is Status.STOPPED or status.unfinished
        if not ended and (status is Status.SOLVED or self.stepper.scores()[0] == 1):
            self.complete(thorough=True)
        return replace(self.best, circuit=self.best.circuit.simplified())

    def weights(self, candidate: Candidate | None) -> NDArray[np.float64]:
        return self.stepper.weights

    def scores(self, candidate: Candidate | None) -> Scores:
        return self.stepper.scores()

    @property
    def work_ns(self) -> float:
        return self.stepper.iteration * iteration_ns(self.problem)

    def export(self) -> Record:
        best, arrays = candidate_values(self.best)
        return Record(
            {"best": best, "found_by": str(self.found_by)},
            {**named("stepper", self.stepper.export()), **named("best", arrays)},
        )

    def restore(self, saved: Record) -> None:
        self.best = candidate_of(saved.values["best"], saved.part("best"))
        self.found_by = engine_named(saved.values["found_by"]).name
        self.stepper.restore(saved.part("stepper"))

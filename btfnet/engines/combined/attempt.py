"""Projections in a trial, and gate descent that goes on from what they have found at every look."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from btfnet.checkpoint.file import Record, named
from btfnet.engines.combined.handover import SHARE, HandOver
from btfnet.engines.projections.attempt import ProjectionsAttempt
from btfnet.engines.registry import Engine
from btfnet.halting import Halt
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.settings import Settings


class CombinedAttempt(ProjectionsAttempt):
    """An `Attempt` (see the protocol) of both. Each has a generator: the projections go the way they go alone."""

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
        super().__init__(problem, settings, seed, precision=precision, threads=threads, over=over, halt=halt)
        rng = np.random.default_rng([seed, 1])
        self.hand_over = HandOver(problem, rng, over, sigma=settings.sigma, halt=halt)

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

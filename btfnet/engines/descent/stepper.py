"""`DescentStepper`: gate descent as the loop drives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.widening import WideStart
from btfnet.halting import Halt
from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem


class DescentStepper:
    """Gate descent from random gates (a `btfnet.projections.rrr.Stepper`).

    An iteration is a sweep over the nodes; the gap is the number of wrong output bits, 0 for an exact circuit.

    widen  1, or by how much wider its hidden layers are at first (see `WideStart`)
    halt   see `GateSearch`
    """

    def __init__(
        self,
        problem: Problem,
        rng: np.random.Generator,
        *,
        sigma: float = 3.0,
        widen: float = 1.0,
        halt: Halt | None = None,
    ) -> None:
        self.problem = problem
        self.search: GateSearch | WideStart
        if widen > 1:
            self.search = WideStart(problem, rng, widen, sigma=sigma, halt=halt)
        else:
            self.search = GateSearch.of(problem, rng, sigma=sigma, halt=halt)

    @property
    def iteration(self) -> int:
        return self.search.sweeps

    @property
    def gap(self) -> float:
        return float(self.search.error)

    def advance(self, iterations: int, stop_gap: float) -> None:
        if self.search.error > stop_gap:
            self.search.walk(max(1, iterations // 2))

    def measure(self) -> dict[str, float]:
        scores = self.scores()
        return {"train_bits": scores[0], "test_bits": scores[2]}

    def export(self) -> dict[str, NDArray[Any]]:
        """All that decides what follows, by name; see `GateSearch.export`."""
        return self.search.export()

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        self.search.restore(saved)

    def fitted(self) -> GateSearch:
        """The present gates in the problem's network, which drops some while it is still wider."""
        return self.search.fitted() if isinstance(self.search, WideStart) else self.search

    def circuit(self) -> Circuit:
        """The present gates; while they are in wider layers, of those."""
        problem = self.problem
        return self.search.circuit(problem.name, problem.input_names, problem.output_names)

    def scores(self, circuit: Circuit | None = None) -> tuple[float, float, float, float]:
        """Fractions of training bits and words, test bits and words, of a circuit, the present one by default."""
        known = self.problem.input_kind.known
        inputs = self.problem.inputs > 0 if known else self.search.codes()
        return self.problem.scores((circuit or self.circuit()).predict(inputs))

"""`DescentStepper`: gate descent as the loop drives it."""

from __future__ import annotations

import numpy as np

from btfnet.circuit import Circuit
from btfnet.descent.walker import Walker
from btfnet.problem import Problem


class DescentStepper:
    """Gate descent from random gates (a `btfnet.rrr.Stepper`).

    An iteration is a sweep over the nodes; the gap is the number of wrong output bits, 0 for an exact circuit.
    """

    def __init__(self, problem: Problem, rng: np.random.Generator, *, sigma: float = 3.0) -> None:
        self.problem, self.walker = problem, Walker.of(problem, rng, sigma=sigma)

    @property
    def iteration(self) -> int:
        return self.walker.sweeps

    @property
    def gap(self) -> float:
        return float(self.walker.error)

    def advance(self, iterations: int, stop_gap: float) -> None:
        if self.walker.error > stop_gap:
            self.walker.walk(max(1, iterations // 2))

    def measure(self) -> dict[str, float]:
        return {
            "train_bits": 1 - self.walker.error / self.walker.output_bits,
            "test_bits": self.scores()[2],
        }

    def circuit(self) -> Circuit:
        problem = self.problem
        return self.walker.circuit(problem.name, problem.input_names, problem.output_names)

    def scores(self) -> tuple[float, float, float, float]:
        """Fractions of training bits and words, test bits and words; NaN where there are no such items."""
        problem = self.problem
        n_train, known = problem.n_train, problem.input_kind.known
        inputs = problem.inputs > 0 if known else self.walker.codes()
        outputs = problem.outputs if known else problem.outputs[:n_train]
        right = self.circuit().predict(inputs) == outputs
        return (*_fractions(right[:n_train]), *_fractions(right[n_train:]))


def _fractions(right: np.ndarray) -> tuple[float, float]:
    if len(right) == 0:
        return float("nan"), float("nan")
    return float(right.mean()), float(right.all(axis=1).mean())

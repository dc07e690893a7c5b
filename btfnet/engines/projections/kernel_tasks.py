"""What the projections compile, on four items: sweeps, and the way from weights to gates."""

from __future__ import annotations

import numpy as np

from btfnet.engines.completion.evidence import evidence
from btfnet.engines.projections.attempt import ProjectionsAttempt
from btfnet.engines.projections.stepper import warm_up
from btfnet.engines.protocol import KernelTask
from btfnet.halting import Halt
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status
from btfnet.settings import Settings

BITS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def _complete(outputs: list[list[int]], sigma: float) -> None:
    """A look at weights, from which gates are made and checked."""
    problem = Problem.from_bits(BITS, outputs, hidden=(2,))
    attempt = ProjectionsAttempt(
        problem, Settings(sigma=sigma), 0, precision="float32", threads=1, over=lambda: None, halt=Halt()
    )
    attempt.stepper.advance(20, 0.0)
    attempt.look()
    attempt.finish(Status.ITERATION_LIMIT)


def _large_gates() -> None:
    """Gates beyond majorities of three, which are fitted one by one, and what the items say of them."""
    _complete([[0], [1], [1], [0]], sigma=9)
    evidence(Circuit(2, (Gate(2, (1, 2)),), (3,)), np.array(BITS, dtype=bool))


ADVANCE, SHARED = ("projections.sweep.advance",), ("projections.sweep.advance_threads",)
KERNEL_TASKS = {
    "sweep-float32": KernelTask(lambda: warm_up("float32", 1), ADVANCE, 2),
    "sweep-float64": KernelTask(lambda: warm_up("float64", 1), ADVANCE, 2),
    "shared-float32": KernelTask(lambda: warm_up("float32", 2), SHARED, 4),
    "shared-float64": KernelTask(lambda: warm_up("float64", 2), SHARED, 4),
    "fit": KernelTask(
        lambda: _complete([[0], [0], [0], [1]], sigma=3),
        ("completion.fit_gate.complete_network", "bits.evaluate_gates", "bits.count_ones"),
        4,
    ),
    "large-gates": KernelTask(
        _large_gates,
        (
            "completion.fit_gate.fit_small_gate",
            "completion.fit_gate.best_pair",
            "completion.triples.exact_triples",
        ),
        4,
    ),
}

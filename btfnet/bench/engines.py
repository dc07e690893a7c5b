"""Gate descent and prediction."""

from __future__ import annotations

from typing import Any

import numpy as np

from btfnet.bench.kernel import random_problem
from btfnet.bench.plan import Plan
from btfnet.bench.timing import alternate
from btfnet.circuit import Circuit, Gate
from btfnet.circuit.evaluate import evaluate_words
from btfnet.descent import Walker

SWEEPS_BEFORE = 40
"""A walk begins with many improvements; what lasts is what comes later."""

ROUNDS_A_CALL = 2
SWEEPS_A_ROUND = 2


def measure_descent(plan: Plan) -> dict[str, Any]:
    """Sweeps over all gates per second, one thread, on random items that no circuit fits."""
    walker = Walker.of(random_problem(plan.descent_widths, plan.items), np.random.default_rng(1))
    walker.walk(SWEEPS_BEFORE // SWEEPS_A_ROUND)
    tasks = {"descent": lambda: walker.walk(ROUNDS_A_CALL)}
    times = alternate(tasks, rounds=plan.rounds, turn_seconds=plan.turn_seconds)
    return {
        "network": "-".join(map(str, plan.descent_widths)),
        "items": plan.items,
        "sweeps_per_second": ROUNDS_A_CALL * SWEEPS_A_ROUND / times["descent"].median,
    }


def measure_prediction(plan: Plan) -> dict[str, float | None]:
    """Items per second through a circuit of majorities; None: not in this version."""
    circuit = majorities(plan)
    size = (plan.widths[0], plan.words)
    words = np.random.default_rng(0).integers(0, 2**64, size, dtype=np.uint64)
    tasks = {"bit_sliced": lambda: evaluate_words(circuit, words)}
    times = alternate(tasks, rounds=plan.rounds, turn_seconds=plan.turn_seconds)
    return {"bit_sliced": 64 * plan.words / times["bit_sliced"].median, "packed": None}


def majorities(plan: Plan) -> Circuit:
    """As many nodes as the network has, each a majority of three random nodes of the layer below."""
    rng, widths = np.random.default_rng(0), plan.widths
    firsts = np.cumsum([1, *widths]).tolist()
    gates = [
        Gate(2, tuple(int(node) for node in first + rng.choice(below, 3, replace=False)))
        for first, below, width in zip(firsts, widths, widths[1:], strict=False)
        for _ in range(width)
    ]
    n_nodes = sum(widths)
    return Circuit(widths[0], tuple(gates), tuple(range(n_nodes - widths[-1] + 1, n_nodes + 1)))

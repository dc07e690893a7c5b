"""Gate descent and prediction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from btfnet.bench.kernel import random_problem
from btfnet.bench.sizes import BenchSizes
from btfnet.bench.timing import Task, alternate
from btfnet.engines.descent.local_search import GateSearch
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.packed_model import PackedModel
from btfnet.machine import cores

SWEEPS_BEFORE = 40
"""A walk begins with many improvements; what lasts is what comes later."""

ROUNDS_A_CALL = 2
SWEEPS_A_ROUND = 2


def measure_descent(sizes: BenchSizes) -> dict[str, Any]:
    """Sweeps over all gates per second, one thread, on random items that no circuit fits."""
    search = GateSearch.of(random_problem(sizes.descent_widths, sizes.items), np.random.default_rng(1))
    search.walk(SWEEPS_BEFORE // SWEEPS_A_ROUND)
    tasks = {"descent": lambda: search.walk(ROUNDS_A_CALL)}
    times = alternate(tasks, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)
    return {
        "network": "-".join(map(str, sizes.descent_widths)),
        "items": sizes.items,
        "sweeps_per_second": ROUNDS_A_CALL * SWEEPS_A_ROUND / times["descent"].median,
    }


def measure_prediction(sizes: BenchSizes) -> dict[str, float | None]:
    """Items per second through a circuit of majorities; None: not in this version."""
    circuit = majorities(sizes)
    size = (sizes.widths[0], sizes.words)
    words = np.random.default_rng(0).integers(0, 2**64, size, dtype=np.uint64)
    tasks = {"bit_sliced": lambda: circuit.program.words(words)}
    times = alternate(tasks, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)
    return {"bit_sliced": 64 * sizes.words / times["bit_sliced"].median, "packed": None}


def measure_bit_sliced(sizes: BenchSizes) -> dict[str, Any]:
    """Random And, Or and Maj3 gates on as many nodes as the network has, from words and from rows of bytes."""
    circuit, rng = random_gates(sizes.widths, np.random.default_rng(0)), np.random.default_rng(1)
    program, n_items, every = circuit.program, 64 * sizes.words, cores()
    words = rng.integers(0, 2**64, (sizes.widths[0], sizes.words), dtype=np.uint64)
    rows = rng.integers(0, 2, (n_items, sizes.widths[0]), dtype=np.uint8)
    tasks: dict[str, Task] = {
        "one_thread": lambda: program.words(words, threads=1),
        "all_threads": lambda: program.words(words, threads=every),
        "rows, one_thread": lambda: program.rows(rows, threads=1),
        "rows, all_threads": lambda: program.rows(rows, threads=every),
    }
    times = alternate(tasks, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds)
    gate_items, names = len(circuit.gates) * n_items, ("one_thread", "all_threads")
    return {
        "gates": len(circuit.gates),
        "gate_items_per_second": {name: gate_items / times[name].median for name in names},
        "gate_items_per_second_quickest": {name: gate_items / times[name].least for name in names},
        "rows_per_second": {name: n_items / times[f"rows, {name}"].median for name in names},
    }


def random_gates(widths: Sequence[int], rng: np.random.Generator) -> Circuit:
    """Layers of And and Or gates of two or three literals and majorities of three, with random signs."""
    gates, first = [], 1
    for below, width in pairwise(widths):
        for at_least, size in rng.choice([(1, 2), (2, 2), (1, 3), (2, 3), (3, 3)], width).tolist():
            nodes = first + rng.choice(below, min(size, below), replace=False)
            gates.append(Gate(at_least, tuple((nodes * rng.choice([-1, 1], nodes.size)).tolist())))
        first += below
    return Circuit(widths[0], tuple(gates), tuple(range(first, first + widths[-1])))


def majorities(sizes: BenchSizes) -> Circuit:
    """As many nodes as the network has, each a majority of three random nodes of the layer below."""
    rng, widths = np.random.default_rng(0), sizes.widths
    firsts = np.cumsum([1, *widths]).tolist()
    gates = [
        Gate(2, tuple(int(node) for node in first + rng.choice(below, 3, replace=False)))
        for first, below, width in zip(firsts, widths, widths[1:], strict=False)
        for _ in range(width)
    ]
    n_nodes = sum(widths)
    return Circuit(widths[0], tuple(gates), tuple(range(n_nodes - widths[-1] + 1, n_nodes + 1)))


def packed_predictions(sizes: BenchSizes) -> float:
    """Items per second through the circuit of majorities, rows of packed words, one thread."""
    model = PackedModel.from_circuit(majorities(sizes))
    size = (64 * sizes.words, -(-model.n_inputs // 64))
    rows = np.random.default_rng(0).integers(0, 2**64, size, dtype=np.uint64)
    model.predict(rows[:1])
    times = alternate(
        {"packed": lambda: model.predict(rows)}, rounds=sizes.rounds, turn_seconds=sizes.turn_seconds
    )
    return len(rows) / times["packed"].median

"""What gate descent compiles, on four items: walks, moves of codes, and making circuits smaller."""

from __future__ import annotations

import numpy as np

from btfnet.engines.descent.local_search import CODES_AFTER, GateSearch
from btfnet.engines.descent.shrink import shrink
from btfnet.engines.descent.stepper import DescentStepper
from btfnet.engines.protocol import KernelTask
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

BITS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=bool)


def conjunction() -> Problem:
    """The smallest problem with a hidden layer."""
    return Problem.from_bits(BITS, BITS.all(axis=1, keepdims=True), hidden=(2,))


def _walk() -> None:
    DescentStepper(conjunction(), np.random.default_rng(0)).advance(2, 0.0)


def _codes() -> None:
    """Inputs that are ours to choose; outputs that are too much for one gate after another."""
    outputs = np.column_stack([BITS, BITS.all(axis=1), BITS.any(axis=1)])
    search = GateSearch(
        Network.layered([1, 1, 4]), BITS[:, :1], outputs, np.random.default_rng(0), unknown=True
    )
    search.walk(CODES_AFTER)


def _shrink() -> None:
    search = GateSearch.of(conjunction(), np.random.default_rng(0), repeats=False, begin=False)
    conjunctions = np.zeros(search.network.n_edges, dtype=np.int64)
    for node in search.network.btf_nodes:
        conjunctions[search.network.edges(node)][:3] = 1  # of two senders: the third is the constant
    search.start_from(conjunctions, BITS)
    shrink(search, 1)


GATE_SEARCH = (
    "descent.best_gate.random_gate",
    "descent.gate_arrays.evaluate",
    "descent.walk.separate_kinds",
    "descent.breakout.fill_slots",
    "descent.walk.copy_gates",
)
KERNEL_TASKS = {
    "walk": KernelTask(_walk, (*GATE_SEARCH, "descent.walk.walk"), 15),
    "codes": KernelTask(_codes, ("descent.walk.improve_codes",), 3),
    "shrink": KernelTask(_shrink, ("descent.cheapest_gate.total_cost", "descent.shrink.shrink_sweep"), 6),
}
"""In the order in which one process compiles them: shrinking needs what walking compiles first."""

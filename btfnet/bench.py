"""How fast this machine is: the kernel per edge, item and iteration, beside the plain copy of its memory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from btfnet import boolnet
from btfnet.circuit import Circuit, Gate
from btfnet.circuit.evaluate import evaluate_words
from btfnet.network import Network
from btfnet.problem import Problem
from btfnet.settings import Settings

WIDTHS = (32, 32, 32, 32, 32, 32)
N_ITEMS = 512
BYTES_PER_EDGE_ITEM = 8
"""What one iteration must read and write of each edge and item in float32: w and x."""

ROUNDS = 5
TIMES_A_ROUND = 7
ITERATIONS_AT_ONCE = 5
WORDS_OF_ITEMS = 4096


def warm_up() -> None:
    """Compile whatever is measured."""
    for threads in {1, cores()}:
        boolnet.warm_up(threads=threads)
    evaluate_words(_majorities(), np.zeros((WIDTHS[0], 1), dtype=np.uint64))


def measure() -> dict[str, Any]:
    """Times in nanoseconds; every figure is the best of some rounds' medians, the rounds taking turns.

    ns_per_edge_item_iteration   of the kernel, float32, with one thread and with one for each core
    copy_ns_per_16_bytes         time to copy 8 bytes (8 read, 8 written) of a buffer of the size of w and x
    ratio_to_copy                the first divided by the second
    state_bytes_per_edge_item    memory held while running
    predictions_per_second       items through a circuit of 160 majorities; None: not in this version
    """
    problem = random_problem()
    settings = Settings(beta=0.3, gamma=3e-4)
    steppers = [
        boolnet.NetworkStepper(problem, settings, np.random.default_rng(1), threads=threads)
        for threads in (1, cores())
    ]
    source = np.ones(problem.edge_items * BYTES_PER_EDGE_ITEM, dtype=np.uint8)
    target = np.zeros_like(source)
    circuit, words = _majorities(), _random_words()
    copy, one, every, sliced = _best_medians([
        lambda: np.copyto(target, source),
        lambda: steppers[0].advance(ITERATIONS_AT_ONCE, 0.0),
        lambda: steppers[1].advance(ITERATIONS_AT_ONCE, 0.0),
        lambda: evaluate_words(circuit, words),
    ])  # fmt: skip
    copy_ns = 1e9 * copy / problem.edge_items
    kernel = {
        "one_thread": 1e9 * one / (problem.edge_items * ITERATIONS_AT_ONCE),
        "all_threads": 1e9 * every / (problem.edge_items * ITERATIONS_AT_ONCE),
    }
    return {
        "network": "-".join(map(str, WIDTHS)),
        "items": N_ITEMS,
        "edges": problem.network.n_edges,
        "precision": "float32",
        "threads": cores(),
        "ns_per_edge_item_iteration": kernel,
        "copy_ns_per_16_bytes": copy_ns,
        "ratio_to_copy": {name: value / copy_ns for name, value in kernel.items()},
        "state_bytes_per_edge_item": steppers[0].state_bytes / problem.edge_items,
        "predictions_per_second": {"bit_sliced": 64 * WORDS_OF_ITEMS / sliced, "packed": None},
    }


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def random_problem() -> Problem:
    """Random items on the network of the contract."""
    rng = np.random.default_rng(0)
    inputs = np.where(rng.random((N_ITEMS, WIDTHS[0])) < 0.5, np.float32(-1), np.float32(1))
    outputs = np.where(rng.random((N_ITEMS, WIDTHS[-1])) < 0.5, -1, 1)
    return Problem("bench", Network.layered(WIDTHS), inputs, outputs)


def _best_medians(tasks: list[Callable[[], Any]]) -> list[float]:
    """Seconds of each task; they take turns, so that a busy moment of the machine meets all of them."""
    rounds = [[_median_seconds(task) for task in tasks] for _ in range(ROUNDS)]
    return [min(seconds) for seconds in zip(*rounds, strict=True)]


def _median_seconds(task: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(TIMES_A_ROUND):
        started = time.perf_counter()
        task()
        seconds.append(time.perf_counter() - started)
    return float(np.median(seconds))


def _majorities() -> Circuit:
    """As many nodes as the network has, each a majority of three random nodes of the layer below."""
    rng = np.random.default_rng(0)
    gates = [
        Gate(2, tuple(int(node) for node in first + rng.choice(below, 3, replace=False)))
        for first, below, width in _layers()
        for _ in range(width)
    ]
    n_nodes = sum(WIDTHS)
    return Circuit(WIDTHS[0], tuple(gates), tuple(range(n_nodes - WIDTHS[-1] + 1, n_nodes + 1)))


def _layers() -> list[tuple[int, int, int]]:
    """First node and width of the layer below, and the layer's own width."""
    firsts = np.cumsum([1, *WIDTHS]).tolist()
    return list(zip(firsts, WIDTHS, WIDTHS[1:], strict=False))


def _random_words() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 2**64, (WIDTHS[0], WORDS_OF_ITEMS), dtype=np.uint64)

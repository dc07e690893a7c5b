"""The way back: the projections start anew from a circuit's weights and values, what is settled frozen.

What it is worth is measured in docs/strategy-handback.md; no engine uses it by default.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.completion.completion_check import CompletedNetwork, complete_at
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.projections.start import Start
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

ITERATIONS = 500
"""Enough to leave the circuit, too few to lose it (docs/strategy-handback.md)."""
STOP_GAP = 1e-4
"""One wrong bit among many items is a small gap: only a gap far below that of a solved run means none."""


def hand_back(
    problem: Problem,
    walker: GateSearch,
    settings: Settings,
    rng: np.random.Generator,
    *,
    free: NDArray[np.bool_] | None = None,
    noise: float = 0.0,
    iterations: int = ITERATIONS,
) -> CompletedNetwork:
    """Project from where a walker stands, and read the weights as gates, from which descent can go on.

    free   bool, (n_nodes,): nodes that are not frozen; None: those on which wrong outputs depend
    noise  added to weights and values of free nodes: uniform, of this size
    Deterministic for a generator. Raises `UsageError` for a mask of another shape.
    """
    start = start_of(problem, walker, unsettled(problem, walker) if free is None else free, noise, rng)
    stepper = NetworkStepper(problem, settings, rng, start=start)
    stepper.advance(iterations, STOP_GAP)
    return complete_at(problem, stepper, settings.sigma)


def unsettled(problem: Problem, walker: GateSearch) -> NDArray[np.bool_]:
    """Bool, (n_nodes,): outputs with a wrong bit, and all threshold nodes that their values depend on."""
    network = problem.network
    outputs = slice(network.output_nodes.start, network.n_nodes)
    wrong = walker.values()[:, outputs] != (problem.outputs[: problem.n_train] > 0)
    if problem.train_care is not None:
        wrong &= problem.train_care
    found = np.zeros(network.n_nodes, dtype=bool)
    found[outputs] = wrong.any(axis=0)
    for node in reversed(network.btf_nodes):
        if found[node]:
            found[list(walker.gate(node))] = True
    found[: network.n_inputs + 1] = False
    return found


def start_of(
    problem: Problem, walker: GateSearch, free: NDArray[np.bool_], noise: float, rng: np.random.Generator
) -> Start:
    """A walker's weights and values, with noise on what belongs to free nodes; the others are frozen."""
    network = problem.network
    weights, values = walker.weights(), np.where(walker.values(), 1.0, -1.0)
    if noise:
        receivers = np.repeat(np.arange(network.n_nodes), np.diff(network.fan_in_start))
        weights += noise * free[receivers] * rng.uniform(-1, 1, weights.size)
        values += noise * free * rng.uniform(-1, 1, values.shape)
    return Start(weights, values, ~free)

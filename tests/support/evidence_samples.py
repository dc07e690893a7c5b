"""Rows of all inputs, and networks of float weights that mean a circuit's gates."""

from __future__ import annotations

import itertools

import numpy as np

from btfnet.engines.completion.evidence import weights_of
from btfnet.problem.network import Network


def square(n):
    return np.array(list(itertools.product((-1, 1), repeat=n)), dtype=np.int8)


def network_of(circuit):
    """A network with exactly the circuit's gates, as float weights with a little noise."""
    edges, weights = [], []
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        for sender, weight in sorted({0: 0, **weights_of(gate)}.items()):
            edges.append((node, sender))
            weights.append(weight)
    noise = np.random.default_rng(3).normal(0, 0.02, len(weights))
    network = Network.from_edges(circuit.n_inputs, len(circuit.outputs), [e for e in edges if e[1]])
    return network, np.array(weights) + noise

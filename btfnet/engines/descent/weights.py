"""Gates as integer weights of a network's edges, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.descent.gate_arrays import GateArrays
from btfnet.problem.network import Network


def gate_of(gates: GateArrays, node: int) -> dict[int, int]:
    """A node's gate: its senders' integer weights."""
    weights: dict[int, int] = {}
    for place in range(int(gates.arity[node])):
        sender = int(gates.sender[node, place])
        weights[sender] = weights.get(sender, 0) + int(gates.sign[node, place])
    return weights


def set_gate(gates: GateArrays, network: Network, node: int, row: NDArray[np.int64], sigma: int) -> None:
    """Take the gate of integer weights, (fan-in,); of one too large, the three largest weights' signs."""
    literals = _literals(row, gates.sender.shape[1], sigma)
    gates.arity[node] = literals.size
    gates.sender[node, : literals.size] = network.senders(node)[literals]
    gates.sign[node, : literals.size] = np.where(row[literals] < 0, -1, 1)


def _literals(row: NDArray[np.int64], most: int, sigma: int) -> NDArray[np.intp]:
    """The places of a gate's literals, a weight of two twice."""
    largest = np.argsort(-np.abs(row), kind="stable")
    literals = np.repeat(largest, np.abs(row[largest]))
    if literals.size % 2 == 1 and literals.size <= most and (row**2).sum() <= sigma:
        return literals
    return largest[: 3 if largest.size >= 3 and row[largest[2]] != 0 else 1]


def integer_weights(network: Network, gates: GateArrays) -> NDArray[np.int64]:
    """The gates as integer weights; (n_edges,)."""
    weights = np.zeros(network.n_edges, dtype=np.int64)
    for node in network.btf_nodes:
        row, gate = weights[network.edges(node)], gate_of(gates, node)
        row[np.searchsorted(network.senders(node), list(gate))] = list(gate.values())
    return weights


def scaled_weights(network: Network, weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Integer weights of gates, each node's scaled to norm sqrt(fan-in); (n_edges,) both."""
    scaled = weights.astype(np.float64)
    for node in network.btf_nodes:
        row = scaled[network.edges(node)]
        row *= np.sqrt(row.size / (row**2).sum())
    return scaled

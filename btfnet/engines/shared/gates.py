"""Shared gates as integer weights of all nodes, and back: the cell of which they are copies."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import UsageError
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.network import Network
from btfnet.problem.sharing import Cell

PAIRS = ((0, 1, 2), (0, 2, 1), (1, 2, 0))
"""Two literals of a gate, and the third."""


def weights_of_copies(
    network: Network, sender: NDArray[np.int64], sign: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The gates of all nodes as integer weights on the network's edges, int64, (n_edges,).

    sender, sign  (n_gates, 3): majorities of three literals, of all cells in order; node numbers within the cell,
                  and ±1
    Where two literals of a node are of the same node, as in copies beyond whose cell there is nothing but the
    constant, its gate is the Copy that they leave.
    """
    shared, n_nodes = network.shared, network.n_nodes
    assert shared is not None
    keys = network.edge_receiver.astype(np.int64) * n_nodes + network.fan_in
    weights, gate = np.zeros(network.n_edges, dtype=np.int64), 0
    for index, cell in enumerate(shared.cells):
        places = shared.places(index).astype(np.int64)
        for node in cell.btf_nodes:
            nodes = places[:, sender[gate]]
            edges = np.searchsorted(keys, places[:, node, None] * n_nodes + nodes)
            taken = _taken(nodes, sign[gate])
            for literal in range(3):
                rows = taken[:, literal]
                weights[edges[rows, literal]] = sign[gate, literal]
            gate += 1
    return weights


def _taken(nodes: NDArray[np.int64], sign: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which literals of a majority make a node's gate; (n_copies, 3). nodes  (n_copies, 3);  sign  (3,)"""
    taken = np.ones(nodes.shape, dtype=bool)
    left = np.ones(len(nodes), dtype=bool)
    for first, second, third in PAIRS:
        equal = left & (nodes[:, first] == nodes[:, second])
        taken[equal] = False
        taken[equal, first if sign[first] == sign[second] else third] = True
        left &= ~equal
    return taken


def circuit_of(
    network: Cell,
    weights: NDArray[np.int64],
    name: str = "",
    input_names: tuple[str, ...] = (),
    output_names: tuple[str, ...] = (),
) -> Circuit:
    """One gate for each threshold node, from integer weights, (n_edges,); not simplified."""
    gates = tuple(
        Gate.from_weights({
            int(sender): int(weight)
            for sender, weight in zip(network.senders(node), weights[network.edges(node)], strict=True)
            if weight
        })
        for node in network.btf_nodes
    )  # fmt: skip
    return Circuit(network.n_inputs, gates, tuple(network.output_nodes), input_names, output_names, name)


def cells_of(network: Network, weights: NDArray[np.int64]) -> tuple[Circuit, ...]:
    """The cells of a network whose nodes share gates, as circuits, from integer weights, (n_edges,).

    A gate is read from a copy whose senders are all different nodes. Raises `UsageError` for a network that shares
    no gates, for weights that differ from copy to copy, and where no copy of a gate has different senders.
    """
    shared = network.shared
    if shared is None:
        raise UsageError(f"{network!r} has no cells: its nodes share no gates. Use Network.unrolled.")
    circuits = []
    for index, cell in enumerate(shared.cells):
        places = shared.places(index)
        rows = np.zeros(cell.n_edges, dtype=np.int64)
        for node in cell.btf_nodes:
            rows[cell.edges(node)] = _row(network, weights, places[:, cell.senders(node)], places[:, node])
        circuits.append(circuit_of(cell, rows, "cell").simplified())
    return tuple(circuits)


def _row(
    network: Network, weights: NDArray[np.int64], senders: NDArray[np.int32], nodes: NDArray[np.int32]
) -> NDArray[np.int64]:
    """The weights of a gate, in the order of its senders in the cell; senders  (n_copies, fan-in)."""
    ordered = np.sort(senders, axis=1)
    apart = np.flatnonzero((ordered[:, 1:] != ordered[:, :-1]).all(axis=1))
    if not apart.size:
        raise UsageError(
            "no copy of the cell hears different nodes with all its inputs, so that its gates cannot be told from "
            "what they are in the network; use more cells than a cell has neighbours."
        )
    found = [
        weights[network.edges(int(nodes[copy]))][np.searchsorted(ordered[copy], senders[copy])]
        for copy in apart
    ]
    if any((a != b).any() for a, b in pairwise(found)):
        raise UsageError("the copies of the cell have different gates; take the weights of a shared search.")
    return found[0]

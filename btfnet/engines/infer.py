"""Plain inference: what a network computes with given weights, node by node, sgn(w·x) with 0 → -1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.problem.network import Network


def infer(
    network: Network, weights: NDArray[np.float64], inputs: NDArray[np.floating]
) -> NDArray[np.float32]:
    """The preactivations w·x of all threshold nodes.

    weights  (n_edges,); inputs  (n_items, n_inputs), ±1 or analog
    Returns float32, (n_btf, n_items). Source: arXiv 2602.17493, section 4.
    """
    values = np.empty((network.n_nodes, len(inputs)), dtype=np.float32)
    values[0] = -1
    values[1 : network.n_inputs + 1] = inputs.T
    preactivations = np.empty((network.n_btf, len(inputs)), dtype=np.float32)
    for group in network.groups:
        senders = network.senders(group.start)
        edges = slice(network.edges(group.start).start, network.edges(group[-1]).stop)
        matrix = weights[edges].reshape(len(group), senders.size).astype(np.float32)
        rows = slice(group.start - network.n_inputs - 1, group.stop - network.n_inputs - 1)
        preactivations[rows] = matrix @ values[senders]
        values[group.start : group.stop] = signs(preactivations[rows])
    return preactivations


def signs(values: NDArray[np.floating]) -> NDArray[np.int8]:
    """+1 where positive, -1 elsewhere, at 0 too."""
    return np.where(values > 0, np.int8(1), np.int8(-1))

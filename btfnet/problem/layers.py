"""Layers of a network: runs of nodes that hear the same, and how deep nodes lie."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from btfnet.problem.network_checks import CONSTANT

Senders = Callable[[int], NDArray[np.int32]]
"""The senders of a node, ascending."""


def runs_of(nodes: Iterable[int], senders: Senders) -> list[range]:
    """Runs of consecutive nodes that listen to the same senders."""
    runs: list[range] = []
    for node in nodes:
        if runs and np.array_equal(senders(node), senders(runs[-1][0])):
            runs[-1] = range(runs[-1].start, node + 1)
        else:
            runs.append(range(node, node + 1))
    return runs


def layered(n_inputs: int, runs: Sequence[range], senders: Senders) -> bool:
    """Whether every run listens to the constant and all of the run before it, the first to the inputs."""
    below = range(1, n_inputs + 1)
    for run in runs:
        if not np.array_equal(senders(run[0]), [CONSTANT, *below]):
            return False
        below = run
    return True


def levels(n_nodes: int, nodes: Iterable[int], senders: Senders) -> NDArray[np.int64]:
    """Threshold nodes on the longest path to each node, itself counted; (n_nodes,)."""
    level = np.zeros(n_nodes, dtype=np.int64)
    for node in nodes:
        level[node] = 1 + level[senders(node)].max()
    return level


def layered_edges(widths: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Where each node's senders begin, and the senders, of a network of layers: see `Network.layered`."""
    first = np.cumsum([1, *widths])
    fan_in = [
        np.tile(np.r_[CONSTANT, first[layer - 1] : first[layer]].astype(np.int32), widths[layer])
        for layer in range(1, len(widths))
    ]
    sizes = np.repeat([0, *(width + 1 for width in widths[:-1])], [widths[0] + 1, *widths[1:]])
    return np.concatenate([[0], np.cumsum(sizes)]), np.concatenate(fan_in)

"""From float weights to gates, with every means: rounding, all small gates, and an integer program.

The support theorem bounds the support of a node that saw all patterns; a node deep in a network did not.
So nothing is assumed: each node's gate is checked on the patterns that it sees, and the nodes that no gate
reproduces are named. Source: arXiv 2602.17493, section 2; method page, section 6.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.circuit.fit import Completion, Sheet, fit_gate, wrong_outputs
from btfnet.circuit.integer import SECONDS, smallest_weights
from btfnet.kernels.bits import WORD_BITS, unpack_bits
from btfnet.kernels.gates import apply_weights
from btfnet.network import Network

LARGEST_WEIGHT = 9
ALL_SECONDS = 30.0
"""Time for the integer programs of one network."""


@dataclass(frozen=True)
class Rationalised:
    completion: Completion
    doubts: tuple[str, ...]


def rationalise(
    network: Network, float_weights: NDArray[np.float64], sheet: Sheet, sigma: float
) -> Rationalised:
    """A gate for every node that reproduces its values on the patterns it sees, where there is one.

    Hidden nodes are to give what plain inference gives; outputs, the data. A node for which no small gate
    is right gets the smallest integer weights (|w| ≤ 9) that are, by integer programming; if there are none, or
    none is found in time, it keeps its best gate and `doubts` says so.
    """
    values = np.zeros((network.n_nodes, sheet.mask.size), dtype=np.uint64)
    values[: network.n_inputs + 1] = sheet.inputs
    weights = np.zeros(network.n_edges, dtype=np.int64)
    wrong = np.zeros(network.n_nodes, dtype=np.int64)
    doubts: list[str] = []
    deadline = time.monotonic() + ALL_SECONDS
    for node in network.btf_nodes:
        edges, columns, target = network.edges(node), values[network.senders(node)], sheet.targets[node]
        seen = sheet.seen_by(node)
        misses = fit_gate(columns, target, float_weights[edges], seen, sigma, weights[edges])
        if misses:
            larger, doubt = _integer_gate(columns, target, seen.mask, deadline - time.monotonic())
            if larger is None:
                doubts.append(f"Node {node}: {doubt}; its best gate misses {misses} of {seen.n_items} items.")
            else:
                weights[edges], misses = larger, 0
        wrong[node] = misses
        apply_weights(columns, weights[edges], values[node])
    return Rationalised(
        Completion(network, weights, wrong, wrong_outputs(network, values, sheet)), tuple(doubts)
    )


def _integer_gate(
    columns: NDArray[np.uint64], target: NDArray[np.uint64], mask: NDArray[np.uint64], seconds: float
) -> tuple[NDArray[np.int64] | None, str]:
    """The smallest integer weights for the distinct patterns seen at the mask's items, or why there are none."""
    rows = unpack_bits(np.concatenate([columns, target[None], mask[None]]), WORD_BITS * mask.size)
    items = np.flatnonzero(rows[:, -1])
    rows = rows[items, :-1]
    patterns, first, group = np.unique(rows[:, :-1], axis=0, return_index=True, return_inverse=True)
    wanted = rows[first, -1]
    clash = np.flatnonzero(rows[:, -1] != wanted[group])
    if clash.size:
        item = int(clash[0])
        return (
            None,
            f"it sees the same inputs at items {items[first[group[item]]]} and {items[item]} "
            f"but should differ there",
        )
    if seconds <= 0:
        return None, f"no time was left for its integer program ({ALL_SECONDS:g} s for the network)"
    signs = np.where(patterns, 1, -1).astype(np.int8)
    weights = smallest_weights(
        signs, np.where(wanted, 1, -1).astype(np.int8), largest=LARGEST_WEIGHT, seconds=min(seconds, SECONDS)
    )
    if weights is None:
        return (
            None,
            f"no weights up to {LARGEST_WEIGHT} reproduce its {len(patterns)} patterns, or none in time",
        )
    return weights, ""

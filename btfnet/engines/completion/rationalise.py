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

from btfnet.engines.completion.fit import Completion, TargetBits, fit_gate, wrong_outputs
from btfnet.engines.completion.integer import LARGEST, SECONDS, Smallest, smallest_weights
from btfnet.kernels.bits import WORD_BITS, unpack_bits
from btfnet.kernels.completion.fit_gate import apply_weights
from btfnet.problem.network import Network

ALL_SECONDS = 30.0
"""Time for the integer programs of one network."""
SMALL = 3
"""Σ|w| of And, Or and Maj3: what `fit_gate` finds up to here is not looked at again."""


@dataclass(frozen=True)
class Rationalised:
    """Gates for all nodes.

    doubts  sentences naming the nodes that no gate reproduces
    proven  bool, (n_nodes,): the node's gate is right on all patterns that it sees, and none of less Σ|w| is
    """

    completion: Completion
    doubts: tuple[str, ...]
    proven: NDArray[np.bool_]


def rationalise(
    network: Network,
    float_weights: NDArray[np.float64],
    sheet: TargetBits,
    sigma: float,
    *,
    seconds: float = ALL_SECONDS,
) -> Rationalised:
    """A gate for every node that reproduces its values on the patterns it sees, where there is one.

    Hidden nodes are to give what the sheet says (plain inference, say); outputs, the data. A node for which no
    Copy, And, Or or Maj3 is right gets the smallest integer weights (|w| ≤ 9) that are, by integer programming,
    whatever σ is; if there are none, or none is found in time, it keeps its best gate and `doubts` says so.

    seconds  for all integer programs together; one takes 5 at most
    """
    values = np.zeros((network.n_nodes, sheet.mask.size), dtype=np.uint64)
    values[: network.n_inputs + 1] = sheet.inputs
    weights = np.zeros(network.n_edges, dtype=np.int64)
    wrong = np.zeros(network.n_nodes, dtype=np.int64)
    proven = np.zeros(network.n_nodes, dtype=bool)
    doubts: list[str] = []
    deadline = time.monotonic() + seconds
    for node in network.btf_nodes:
        edges, columns, target = network.edges(node), values[network.senders(node)], sheet.targets[node]
        seen = sheet.seen_by(node)
        misses = fit_gate(columns, target, float_weights[edges], seen, sigma, weights[edges])
        size = int(np.abs(weights[edges]).sum())
        proven[node] = misses == 0 and size == 1
        if misses or size > SMALL:
            time_left = min(SECONDS, deadline - time.monotonic())
            found, doubt = _smallest(columns, target, float_weights[edges], seen.mask, time_left)
            if found.weights is not None and (misses or np.abs(found.weights).sum() <= size):
                weights[edges], misses, proven[node] = found.weights, 0, found.proven
            elif misses:
                doubts.append(f"Node {node}: {doubt}; its best gate misses {misses} of {seen.n_items} items.")
        elif size == SMALL:
            proven[node] = True  # all Copies were looked at before any majority
        wrong[node] = misses
        apply_weights(columns, weights[edges], values[node])
    completion = Completion(network, weights, wrong, wrong_outputs(network, values, sheet))
    return Rationalised(completion, tuple(doubts), proven)


def _smallest(
    columns: NDArray[np.uint64],
    target: NDArray[np.uint64],
    float_weights: NDArray[np.float64],
    mask: NDArray[np.uint64],
    seconds: float,
) -> tuple[Smallest, str]:
    """The smallest integer weights for the distinct patterns seen at the mask's items, or why there are none."""
    rows = unpack_bits(np.concatenate([columns, target[None], mask[None]]), WORD_BITS * mask.size)
    items = np.flatnonzero(rows[:, -1])
    rows = rows[items, :-1]
    patterns, first, group = np.unique(rows[:, :-1], axis=0, return_index=True, return_inverse=True)
    wanted = rows[first, -1]
    clash = np.flatnonzero(rows[:, -1] != wanted[group])
    if clash.size:
        item = int(clash[0])
        return Smallest(None, True), (
            f"it sees the same inputs at items {items[first[group[item]]] + 1} and {items[item] + 1} "
            f"but should differ there"
        )
    order = np.argsort(-np.abs(float_weights), kind="stable")
    signs = np.where(patterns[:, order], 1, -1).astype(np.int8)
    found = smallest_weights(
        signs, np.where(wanted, 1, -1).astype(np.int8), seconds=seconds, hint=float_weights[order]
    )
    if found.weights is None:
        reason = "reproduce" if found.proven else "were found in time that reproduce"
        return found, f"no weights up to {LARGEST} {reason} its {len(patterns)} patterns"
    weights = np.empty_like(found.weights)
    weights[order] = found.weights
    return Smallest(weights, found.proven), ""

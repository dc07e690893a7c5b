"""Completing a network discretely: one gate for every node, chosen by what it must compute.

The gap closes last; the weights point at the right gates long before. Node by node in order, the smallest
gate is taken that best fits the value which plain inference gives the node (the data, for outputs), over
inputs recomputed with the gates already chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import pack_bits, pad_mask
from btfnet.kernels.completion.fit_gate import (
    FitTask,
    apply_weights,
    best_pair,
    complete_network,
    count_at_least,
    fit_small_gate,
)
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.network import Network

MOST_CANDIDATES = 48
"""Senders, by falling |weight|, that enter majorities: 48 make 17 296 triples."""


@dataclass(frozen=True)
class Completion:
    """Integer weights for every node, and how often each misses its target.

    weights      int64, (n_edges,)
    wrong        int64, (n_nodes,): training items at which a node's gate misses its target
    wrong_bits   wrong output bits over all training items; 0 means exact
    """

    network: Network
    weights: NDArray[np.int64]
    wrong: NDArray[np.int64]
    wrong_bits: int

    @property
    def exact(self) -> bool:
        return self.wrong_bits == 0

    def circuit(
        self, name: str, input_names: tuple[str, ...] = (), output_names: tuple[str, ...] = ()
    ) -> Circuit:
        """The gates, one for each threshold node, not simplified."""
        network = self.network
        gates = tuple(
            Gate.from_weights(dict(zip(network.senders(node).tolist(), row.tolist(), strict=True)))
            for node in network.btf_nodes
            for row in (self.weights[network.edges(node)],)
        )
        return Circuit(network.n_inputs, gates, tuple(network.output_nodes), input_names, output_names, name)


@dataclass(frozen=True)
class TargetBits:
    """The packed values that gates are fitted to; row 0 of inputs is the constant -1.

    inputs   uint64, (n_inputs + 1, n_words); targets  uint64, (n_nodes, n_words); mask (n_words,)
    n_items  items in the mask
    care     uint64, (n_outputs, n_words): the output bits that count; None where all do
    """

    inputs: NDArray[np.uint64]
    targets: NDArray[np.uint64]
    mask: NDArray[np.uint64]
    n_items: int
    care: NDArray[np.uint64] | None = None

    @classmethod
    def of(
        cls,
        network: Network,
        inputs: NDArray[np.bool_],
        hidden: NDArray[np.bool_],
        outputs: NDArray[np.bool_],
        care: NDArray[np.bool_] | None = None,
    ) -> TargetBits:
        """From Booleans: inputs (n_items, n_inputs), hidden (n_items, n_hidden), outputs (n_items, n_outputs)."""
        rows = pack_bits(np.concatenate([inputs, hidden, outputs], axis=1))
        constant = np.zeros((1, rows.shape[1]), dtype=np.uint64)
        targets = np.concatenate([constant, rows])
        return cls(
            np.ascontiguousarray(targets[: network.n_inputs + 1]),
            targets,
            pad_mask(len(inputs)),
            len(inputs),
            None if care is None else pack_bits(care),
        )

    def seen_by(self, node: int) -> TargetBits:
        """The same with the items alone at which the node's target counts."""
        output = node - len(self.targets) + (0 if self.care is None else len(self.care))
        if self.care is None or output < 0:
            return self
        mask = self.care[output]
        return replace(self, mask=mask, n_items=int(np.bitwise_count(mask).sum()))


def complete(
    network: Network, float_weights: NDArray[np.float64], sheet: TargetBits, sigma: float
) -> Completion:
    """The best small gates for all nodes. Copy, Not and Maj3 first; larger ones grow from these up to σ."""
    values = np.zeros((network.n_nodes, sheet.mask.size), dtype=np.uint64)
    values[: network.n_inputs + 1] = sheet.inputs
    weights = np.zeros(network.n_edges, dtype=np.int64)
    if sigma < 5 and sheet.care is None:
        task = FitTask(
            network.n_inputs, network.fan_in_start, network.fan_in, sheet.targets, sheet.mask, sheet.n_items
        )
        wrong = complete_network(task, float_weights, MOST_CANDIDATES, values, weights)
    else:
        wrong = np.zeros(network.n_nodes, dtype=np.int64)
        for node in network.btf_nodes:
            edges = network.edges(node)
            columns = values[network.senders(node)]
            wrong[node] = fit_gate(
                columns,
                sheet.targets[node],
                float_weights[edges],
                sheet.seen_by(node),
                sigma,
                weights[edges],
            )
            apply_weights(columns, weights[edges], values[node])
    return Completion(network, weights, wrong, wrong_outputs(network, values, sheet))


def wrong_outputs(network: Network, values: NDArray[np.uint64], sheet: TargetBits) -> int:
    """Output bits that count and differ from the data, over all items."""
    rows = slice(network.output_nodes.start, network.n_nodes)
    counted = sheet.mask if sheet.care is None else sheet.care
    return int(np.bitwise_count((values[rows] ^ sheet.targets[rows]) & counted).sum())


def fit_gate(
    columns: NDArray[np.uint64],
    target: NDArray[np.uint64],
    float_weights: NDArray[np.float64],
    sheet: TargetBits,
    sigma: float,
    weights: NDArray[np.int64],
) -> int:
    """The best gate whose integer weights have Σ w² ≤ σ; writes them, returns the wrong items.

    Candidates: all Copies and Maj3; the rounded weights of every odd support; and what grows from the best
    of these by adding two literals at a time.
    """
    order = np.argsort(-np.abs(float_weights), kind="stable")
    mask, n_items = sheet.mask, sheet.n_items
    wrong = fit_small_gate(columns, target, order, mask, n_items, MOST_CANDIDATES, weights)
    if wrong == 0 or sigma < 5:
        return int(wrong)
    marks = np.ascontiguousarray(columns[order[:MOST_CANDIDATES]] ^ target)
    best, best_wrong = weights.copy(), int(wrong)
    for candidate in rounded(float_weights, sigma):
        count = _wrong(columns, target, candidate, mask)
        if count < best_wrong:
            best, best_wrong = candidate, count
    grown = best
    while best_wrong > 0:
        grown, count = _grown(marks, order, grown, mask, n_items, best_wrong)
        if count >= best_wrong or (grown**2).sum() > sigma:
            break
        best, best_wrong = grown, count
    weights[:] = best
    return best_wrong


def rounded(float_weights: NDArray[np.float64], sigma: float) -> list[NDArray[np.int64]]:
    """The signs of the s largest weights for every odd s ≤ σ; method: the ±1 pattern of best cosine per s."""
    order = np.argsort(-np.abs(float_weights), kind="stable")
    patterns = []
    for support in range(1, min(int(sigma), float_weights.size) + 1, 2):
        pattern = np.zeros(float_weights.size, dtype=np.int64)
        pattern[order[:support]] = np.where(float_weights[order[:support]] > 0, 1, -1)
        patterns.append(pattern)
    return patterns


def _wrong(
    columns: NDArray[np.uint64],
    target: NDArray[np.uint64],
    weights: NDArray[np.int64],
    mask: NDArray[np.uint64],
) -> int:
    out = np.empty_like(mask)
    apply_weights(columns, weights, out)
    return int(np.bitwise_count((out ^ target) & mask).sum())


def _grown(
    marks: NDArray[np.uint64],
    order: NDArray[np.int64],
    weights: NDArray[np.int64],
    mask: NDArray[np.uint64],
    n_items: int,
    bound: int,
) -> tuple[NDArray[np.int64], int]:
    """The gate with two more literals that is wrong least often, if that is less than bound."""
    half = (int(np.abs(weights).sum()) + 3) // 2
    at_least = np.empty((3, mask.size), dtype=np.uint64)
    in_order = weights[order[: len(marks)]]
    count_at_least(marks, in_order, np.array([half - 2, half - 1, half]), at_least)
    chosen, signs = np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64)
    wrong = best_pair(at_least, marks, mask, n_items, bound, chosen, signs)
    grown = weights.copy()
    if wrong < bound:
        for column, sign in zip(chosen, signs, strict=True):
            grown[order[column]] += sign
    return grown, int(wrong)


__all__ = ["Completion", "TargetBits", "complete", "fit_gate", "rounded"]

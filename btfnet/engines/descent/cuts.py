"""Narrow cuts: where items of different outputs must be told apart on purpose, since chance would not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.descent.cuts import Cuts
from btfnet.problem.network import Network

SPARE = 0.75
"""Where more codes are left over, walks find their way better without a fence; 2-bit multiplication, whose nine
products go through four or five nodes, stood still behind one."""
TRIES = 20_000
"""Random changes of gates at most, for each cut and item, until all kinds of items differ there."""


def kinds_of(outputs: NDArray[np.bool_]) -> NDArray[np.int64]:
    """A number for every item, the same for items with the same outputs; (n_items,)."""
    if outputs.shape[1] == 1:  # sorting thousands of items takes as long as a small walk
        return (outputs[:, 0] & ~outputs.all()).astype(np.int64)
    _, kind = np.unique(outputs, axis=0, return_inverse=True)
    return kind.reshape(-1).astype(np.int64)


def narrow_cuts(
    network: Network, outputs: NDArray[np.bool_], care: NDArray[np.bool_] | None, *, unknown: bool
) -> Cuts:
    """Cuts of w nodes that have hardly a code to spare for K kinds of items: K > SPARE · 2^w.

    A cut lies behind the inputs and behind every run of nodes with the same senders: the nodes up to there
    that are heard beyond. Inputs are a cut only where they are ours to choose. With output bits that do not
    count, no two items need differ, and there are no cuts.
    """
    rows, kind = [], np.zeros(0, dtype=np.int64)
    if care is None or care.all():
        rows = [cut for cut in _cuts(network, inputs=unknown) if len(cut) < 31]
        most = min(len(outputs), 2.0 ** outputs.shape[1])  # kinds that there can be
        if any(most > SPARE * 2 ** len(cut) for cut in rows):
            kind = kinds_of(outputs)
        n_kinds = int(kind.max(initial=-1)) + 1
        rows = [cut for cut in rows if n_kinds > SPARE * 2 ** len(cut)]
    kind = kind if rows else kind[:0]
    places = 1 << int(4 * kind.size).bit_length()
    return Cuts(
        start=np.cumsum([0, *map(len, rows)], dtype=np.int64),
        node=np.concatenate([np.zeros(0, dtype=np.int64), *rows]),
        kind=kind,
        unseparated=np.zeros(len(rows), dtype=np.int64),
        key=np.zeros(kind.size, dtype=np.uint64),
        table=np.zeros(places, dtype=np.uint64),
    )


def _cuts(network: Network, *, inputs: bool) -> list[NDArray[np.int64]]:
    last_heard = np.zeros(network.n_nodes, dtype=np.int64)
    np.maximum.at(last_heard, network.fan_in, network.edge_receiver)
    ends = [network.n_inputs] if inputs else []
    ends += [run[-1] for run in network.groups if run[-1] < network.output_nodes.start]
    return [1 + np.flatnonzero(last_heard[1 : end + 1] > end) for end in ends]


def distinct_codes(outputs: NDArray[np.bool_], n_inputs: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Random codes, different for items of different outputs while there are enough; (n_items, n_inputs)."""
    kind = kinds_of(outputs)
    n_kinds = int(kind.max()) + 1
    if n_inputs > 2 * np.log2(n_kinds) + 8 or 2**n_inputs < n_kinds:
        return rng.random((n_kinds, n_inputs))[kind] < 0.5
    numbers = rng.permutation(2**n_inputs)[:n_kinds]
    return ((numbers[:, None] >> np.arange(n_inputs)) & 1 > 0)[kind]

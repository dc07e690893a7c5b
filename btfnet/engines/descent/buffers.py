"""Memory for a gate search, made once: gates, values, and slots for items that are repeated."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.halting import Halt
from btfnet.kernels.bits import WORD_BITS, words_for
from btfnet.kernels.descent.bitrows import LANES
from btfnet.kernels.descent.breakout import ItemWeights
from btfnet.kernels.descent.cheapest_gate import CANDIDATES, ShrinkBuffers
from btfnet.kernels.descent.gate_arrays import GateArrays, WalkBuffers, planes_for
from btfnet.problem.network import Network

PATIENCE = 10
"""Rounds without a gain until the wrong items are repeated (docs/strategy.md)."""
SLOT_WORDS = 16
"""Words of slots for items that are repeated: as many as there are words of items, but at most so many."""


def whole_vectors(n_words: int) -> int:
    """Words, filled up to whole vectors."""
    return -(-n_words // LANES) * LANES


def slots_for(n_items: int, *, some: bool) -> ItemWeights:
    """Empty slots behind so many items, or none at all."""
    n_words = words_for(n_items)
    n_slots = whole_vectors(n_words + min(n_words, SLOT_WORDS)) - n_words if some else 0
    slots = np.full(WORD_BITS * n_slots, -1, dtype=np.int64)
    return ItemWeights(PATIENCE, n_items, n_words, slots, np.zeros(2, dtype=np.int64))


def no_gates(n_nodes: int, literals: int) -> GateArrays:
    """Gates of at most so many literals, none of them set."""
    return GateArrays(
        np.zeros(n_nodes, dtype=np.int64),
        np.zeros((n_nodes, literals), dtype=np.int64),
        np.ones((n_nodes, literals), dtype=np.int64),
    )


def buffers_for(network: Network, n_words: int, literals: int, halt: Halt) -> WalkBuffers:
    """For values of so many words, and gates of at most so many literals; `halt` ends work in it."""
    widest = int(np.diff(network.fan_in_start).max())

    def words(rows: int) -> NDArray[np.uint64]:
        return np.zeros((rows, n_words), dtype=np.uint64)

    return WalkBuffers(
        values=words(network.n_nodes),
        flipped=words(network.n_nodes),
        changed=np.zeros(network.n_nodes, dtype=bool),
        wrong=words(network.n_outputs),
        planes=words(planes_for(network.n_outputs)),
        columns=words(widest),
        sign=np.ones(widest, dtype=np.int64),
        correlation=np.zeros(widest, dtype=np.int64),
        order=np.zeros(widest + 7, dtype=np.int64),
        chosen=np.zeros((3, literals), dtype=np.int64),
        held=np.zeros((2, literals), dtype=np.int64),
        masks=words(6),
        gains=np.zeros((2, widest + 7), dtype=np.int64),
        products=np.zeros(8, dtype=np.int64),
        effort=np.zeros(1, dtype=np.int64),
        halt=halt.flag,
    )


def shrink_buffers(network: Network, n_words: int) -> ShrinkBuffers:
    """For sweeps that make an exact circuit smaller, on values of so many words."""
    n_nodes, widest = network.n_nodes, int(np.diff(network.fan_in_start).max())
    literals = 2 * min(widest, CANDIDATES)

    def words(rows: int, columns: int) -> NDArray[np.uint64]:
        return np.zeros((rows, columns), dtype=np.uint64)

    return ShrinkBuffers(
        mask=words(1, n_words)[0],
        error_set=words(literals, n_words),
        compatible=words(literals, words_for(literals)),
        sender=np.zeros(widest, dtype=np.int64),
        cost=np.zeros(literals, dtype=np.int64),
        price=np.zeros(n_nodes, dtype=np.int64),
        in_use=np.zeros(n_nodes, dtype=bool),
        cones=words(n_nodes, words_for(n_nodes)),
        chosen=np.zeros(3, dtype=np.int64),
    )

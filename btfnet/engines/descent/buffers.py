"""Memory of gate descent, made once: values and scratch, and which words of the rows a rank has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.halting import Halt
from btfnet.kernels.bits import words_for
from btfnet.kernels.descent.bitrows import LANES
from btfnet.kernels.descent.cheapest_gate import CANDIDATES, ShrinkBuffers
from btfnet.kernels.descent.gate_arrays import WalkBuffers, planes_for
from btfnet.kernels.shared_rows import Share
from btfnet.problem.network import Network
from btfnet.ranks.ranks import ALONE, Ranks

SLOT_WORDS = 16
"""Words of slots for items that are repeated: as many as there are words of items, but at most so many."""


def buffers_for(
    network: Network, n_words: int, literals: int, halt: Halt, share: Share | None = None
) -> WalkBuffers:
    """For values of so many words, and gates of at most so many literals; `halt` ends work in it.

    share  the ranks that hold the other words; None: there are none
    """
    widest = int(np.diff(network.fan_in_start).max())
    share = share_of(network, n_words, ALONE) if share is None else share

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
        listed=np.zeros(widest, dtype=np.int64),
        chosen=np.zeros((3, literals), dtype=np.int64),
        held=np.zeros((2, literals), dtype=np.int64),
        masks=words(6),
        gains=np.zeros((2, widest + 7), dtype=np.int64),
        products=np.zeros(8, dtype=np.int64),
        effort=np.zeros(1, dtype=np.int64),
        halt=halt.flag,
        share=share,
    )


def share_of(network: Network, n_words: int, ranks: Ranks) -> Share:
    """This rank's run of whole vectors of rows of so many words."""
    vectors = ranks.share(n_words // LANES)
    widest = int(np.diff(network.fan_in_start).max())
    sums = np.zeros(2 * max(network.n_nodes, widest, SLOT_WORDS + LANES) + 2, dtype=np.int64)
    whole = np.zeros(n_words if ranks.many else 0, dtype=np.uint64)
    address = ranks.combining(sums)
    return Share(ranks.size, LANES * vectors.start, n_words, address, sums, sums.view(np.uint64), whole)


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

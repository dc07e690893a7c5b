"""Smaller is truer: an exact circuit walks to simpler ones without ever getting a bit wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from btfnet.engines.descent.local_search import GateSearch
from btfnet.halting import Halted
from btfnet.kernels.bits import words_for
from btfnet.kernels.descent.cheapest_gate import CANDIDATES, MinimiseBuffers, total_cost
from btfnet.kernels.descent.shrink import shrink_sweep

PATIENCE = 500
"""It ends after so many sweeps without improvement, or as many as it took to the last one if these are more."""


def shrink(walker: GateSearch, budget: int, over: Callable[[], object] = lambda: None) -> int:
    """Sweep over an exact walker's nodes; each takes the cheapest gate that keeps the error at 0.

    budget  work at most, as `GateSearch.effort` counts it
    over    asked between sweeps; a true answer ends it

    Returns the sweeps done. Raises `Halted` when it was ended, by that or by the walker's halt, within a sweep.
    The walker is exact at any time, and a sweep never raises
    the cost: live gates first, then their senders. Deterministic for the walker's generator.
    """
    if walker.error != 0:
        raise ValueError(f"{walker.error} output bits are wrong, but only exact circuits can be shrunk")
    shape, gates, work = walker.shape, walker.gates, walker.buffers
    room = _room(walker)
    last, sweeps, improved = walker.effort + budget, 0, 0
    least = total_cost(shape, gates, room)
    while walker.effort < last and sweeps - improved < max(PATIENCE, improved):
        if over():
            raise Halted
        walker.error += int(shrink_sweep(shape, gates, work, room, walker.rng))
        walker.check_halt()
        sweeps += 1
        cost = total_cost(shape, gates, room)
        if cost < least:
            least, improved = cost, sweeps
    return sweeps


def _room(walker: GateSearch) -> MinimiseBuffers:
    n_nodes, n_words = walker.network.n_nodes, walker.shape.targets.shape[1]
    widest = int(np.diff(walker.network.fan_in_start).max())
    literals = 2 * min(widest, CANDIDATES)

    def words(rows: int, columns: int) -> np.ndarray:
        return np.zeros((rows, columns), dtype=np.uint64)

    return MinimiseBuffers(
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

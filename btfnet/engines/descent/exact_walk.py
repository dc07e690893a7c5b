"""A walk among exact circuits of a free network, to small ones, and what they say together of unseen items.

An exact circuit does without one of its gates, which makes some bits wrong, and walks until it is exact again,
in a network with some room beside the gates needed. Without room it hardly ever comes back, with a quarter more
nodes nearly always, and what comes back has fewer gates more often than more (docs/free.md). All circuits on the
way reproduce the items, and each is wrong on others in its own way: the majority of them is right more often than
the smallest. A few sweeps of shrinking (shrink.py) in each step lead to small ones sooner.

Source: own; large neighbourhoods (Shaw, CP 1998) with a gate for a neighbourhood.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.buffers import shrink_buffers
from btfnet.engines.descent.local_search import NS_SHRINKING, GateSearch
from btfnet.engines.descent.rearrange import move_gates, needed_nodes, places, shuffled
from btfnet.engines.descent.votes import VOTERS
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.kernels.descent.removal import bypass_copies, price_copies
from btfnet.kernels.descent.shrink import shrink_sweep

ROOM, SPARE = 1.3, 4
"""Nodes of the network: so many times those needed, and some more."""
LOOSEST = 1.6
"""A network of up to so many times the nodes needed is kept, for it takes time to make another."""
CHEAPEST = 8
"""A step does without one of so many gates, those that it costs least to miss; the cheapest most often."""
SWEEPS = 3
"""Of shrinking, where it has become exact again."""
ROUNDS = 2
"""Of the walk, between two questions whether a step is over."""
STEP_WORDS = 15_000_000
"""Work of a step beside its walk, as `GateSearch.effort` counts it: another network, and the gates moved there;
measured with 64 to 512 items and 20 to 120 nodes."""
LEAST_STEPS = 30
"""It has stood still when as many steps as before, and so many at least, brought no smaller circuit."""

Bits = NDArray[np.bool_]


class ExactWalk:
    """From an exact search on; `smallest` is the circuit with the fewest gates needed so far.

    make     a search with so many hidden nodes, of the same items
    unseen   (n_unseen, n_inputs): the items of which every circuit is asked; none where there are none
    patience  work, as `GateSearch.effort` counts it, that the walk of a step may take
    Deterministic for the generator.
    """

    def __init__(
        self,
        search: GateSearch,
        make: Callable[[int], GateSearch],
        rng: np.random.Generator,
        *,
        unseen: Bits,
        patience: int,
    ) -> None:
        self.rng, self._make, self._unseen, self._patience = rng, make, unseen, patience
        self.present, self.effort, self.steps, self._last_gain = search, 0, 0, 0
        bypass_copies(search.shape, search.gates)
        self.smallest, self.size = search, needed_nodes(search).size
        self._spare: GateSearch | None = None
        self._answers: list[NDArray[np.uint64]] = []

    @property
    def stands_still(self) -> bool:
        return self.steps - self._last_gain >= max(LEAST_STEPS, self._last_gain)

    def step(self) -> bool:
        """Do without a gate, walk until exact again, and shrink; whether that went well.

        Raises `Halted` once halted.
        """
        search = self._copied()
        self._do_without(search)
        begun = search.effort
        while search.error > 0 and search.effort - begun < self._patience:
            search.walk(ROUNDS)
            search.check_halt()  # quick walks do not look, and a step may take minutes of them
        self.effort += search.effort - begun + STEP_WORDS
        if search.error == 0:
            self._shrink(search)
        self.steps += 1
        if search.error > 0:
            self._spare = search
            return False
        self._spare = None if self.present is self.smallest else self.present
        self.present = search
        self._note()
        return True

    def _shrink(self, search: GateSearch) -> None:
        """Cheaper gates where these keep it exact."""
        begun, buffers = search.effort, shrink_buffers(search.network, search.shape.targets.shape[1])
        for _ in range(SWEEPS):
            search.error += int(shrink_sweep(search.shape, search.gates, search.buffers, buffers, search.rng))
            search.check_halt()
        shrinking = search.effort - begun
        self.effort += int(shrinking * NS_SHRINKING / search.ns_per_word)

    def _copied(self) -> GateSearch:
        """The present circuit in another search, in another order."""
        needed = needed_nodes(self.present)
        most, least = LOOSEST * needed.size + SPARE, needed.size + SPARE
        search, self._spare = self._spare, None
        if search is None or not least <= search.network.n_hidden <= most:
            search = self._make(ceil(ROOM * needed.size) + SPARE)
        order = shuffled(self.present, needed, self.rng)
        move_gates(self.present, search, places(self.present, search.network, order))
        return search

    def _do_without(self, search: GateSearch) -> None:
        """One of the gates that it costs least to miss becomes a Copy."""
        nodes = needed_nodes(search)
        if not nodes.size:
            return
        prices = np.zeros((nodes.size, 3), dtype=np.int64)
        price_copies(search.shape, search.gates, search.buffers, nodes, prices)
        order = np.lexsort((self.rng.random(nodes.size), prices[:, 0]))
        chosen = order[int(min(nodes.size, CHEAPEST) * self.rng.random() ** 2)]
        search.gates.arity[nodes[chosen]] = 1
        search.gates.sender[nodes[chosen], 0], search.gates.sign[nodes[chosen], 0] = prices[chosen, 1:]
        search.stand_here()

    def _note(self) -> None:
        bypass_copies(self.present.shape, self.present.gates)
        size = needed_nodes(self.present).size
        if size < self.size:
            self.smallest, self.size, self._last_gain = self.present, size, self.steps
        if len(self._unseen):
            self._answers.append(pack_bits(self.present.circuit("").predict(self._unseen) > 0))

    def agreed(self) -> NDArray[np.float64]:
        """The part of the later half of the circuits that says 1; (n_unseen, n_outputs), or no row for too few."""
        later = self._answers[len(self._answers) // 2 :]
        if len(later) < VOTERS:
            return np.zeros((0, self.present.network.n_outputs))
        n_unseen = len(self._unseen)
        share: NDArray[np.float64] = np.mean([unpack_bits(rows, n_unseen) for rows in later], axis=0)
        return share

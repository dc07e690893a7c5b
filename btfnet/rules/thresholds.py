"""Threshold nodes on a cell's neighbours: as a rule, and as walks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import CapacityError, UsageError
from btfnet.kernels.cells.thresholds import (
    Nodes,
    ThresholdWalks,
    anneal_nodes,
    price_nodes,
    remember_nodes,
    see_for_nodes,
)
from btfnet.rules.arrays import PackedRun
from btfnet.rules.lattice import Neighbourhood
from btfnet.rules.rule import TableRule

CHANCES_KEPT = 256
MAX_TABLE = 20
"""Neighbours of a rule that is shown as a table."""


@dataclass(frozen=True)
class ThresholdForm:
    """What nodes may look like.

    above   for each node, whether its sum must reach its bound; else it must not exceed it
    joined  whether all nodes must agree; else one is enough
    signed  whether weights may be -1, besides 0 and 1
    bounds  of the nodes; None where they are to be found
    """

    above: tuple[bool, ...] = (True, False)
    joined: bool = True
    signed: bool = False
    bounds: tuple[int, ...] | None = None

    def check(self, size: int) -> None:
        """Raise `UsageError` for bounds under which a cell of so many neighbours never changes, or always does."""
        if self.bounds is not None and len(self.bounds) != len(self.above):
            raise UsageError(f"bounds are {self.bounds}; expected {len(self.above)}, one for each sum.")
        for above, bound in zip(self.above, self.bounds or (), strict=False):
            least = -size if self.signed else 0
            always = bound <= least if above else bound >= size
            never = bound > size if above else bound < least
            if never if self.joined else always:
                sign, often = (">=" if above else "<="), ("never" if never else "always")
                raise UsageError(
                    f"bounds are {self.bounds}, but a sum of {size} neighbours lies between {least} and {size}: "
                    f"{sign} {bound} {often} holds, and the rule is constant; give others."
                )


@dataclass(frozen=True, eq=False)
class ThresholdRule:
    """True where all nodes say so (or one of them): the sum of some neighbours reaches a bound, or stays
    below one.

    weights  int8, (n_nodes, neighbourhood.size): -1, 0 or 1
    bounds   of each node
    """

    neighbourhood: Neighbourhood
    weights: NDArray[np.int8] = field(repr=False)
    bounds: tuple[int, ...]
    form: ThresholdForm
    n_states: int = 2

    def next_states(self, seen: NDArray[np.int64]) -> NDArray[np.int64]:
        sums = self.weights.astype(np.int64) @ seen
        says = [
            total >= bound if above else total <= bound
            for total, bound, above in zip(sums, self.bounds, self.form.above, strict=True)
        ]
        joined = np.logical_and.reduce(says) if self.form.joined else np.logical_or.reduce(says)
        return joined.astype(np.int64)

    def key(self) -> bytes:
        """Equal for equal functions of few neighbours, and for equal nodes of many."""
        if self.neighbourhood.size <= MAX_TABLE // 2:
            return self.as_table().key()
        return self.weights.tobytes() + repr(self.bounds).encode()

    def as_table(self) -> TableRule:
        """All patterns. Raises `CapacityError` for more than 20 neighbours."""
        size = self.neighbourhood.size
        if size > MAX_TABLE:
            raise CapacityError(f"a table of {size} neighbours has 2^{size} entries; 2^{MAX_TABLE} at most.")
        seen = np.arange(1 << size)[None] >> np.arange(size)[::-1, None] & 1
        return TableRule(self.neighbourhood, self.next_states(seen), np.zeros(1 << size, dtype=bool))


class ThresholdCell:
    """Walks over the threshold nodes of a cell; arguments as of `TableCell`."""

    def __init__(
        self, packed_run: PackedRun, n_walks: int, rng: np.random.Generator, form: ThresholdForm
    ) -> None:
        self.run, self.form, self._scratch = packed_run, form, packed_run.scratch(tables=False)
        start, size = packed_run.observed.start, packed_run.neighbourhood.size
        nodes = len(form.above)
        self.unknown = ~packed_run.observations.bits(0)[1][0]
        loose = np.flatnonzero(self.unknown).astype(np.int64)
        starts = np.tile(start, (n_walks, 1, 1))
        self.walks = ThresholdWalks(
            np.zeros((n_walks, nodes, size), dtype=np.int8),
            np.zeros((n_walks, nodes), dtype=np.int64),
            np.array(form.above, dtype=np.uint8),
            int(form.signed),
            int(form.bounds is None),
            int(form.joined),
            starts,
            np.zeros(n_walks, dtype=np.int64),
            np.zeros((n_walks, CHANCES_KEPT), dtype=np.int64),
            loose,
            np.zeros(n_walks, dtype=np.int64),
            np.zeros((n_walks, nodes, size), dtype=np.int8),
            np.zeros((n_walks, nodes), dtype=np.int64),
            starts.copy(),
        )
        self._nodes = empty_nodes(nodes, packed_run, form)
        for walk in range(n_walks):
            self.begin(walk, rng)

    def begin(self, walk: int, rng: np.random.Generator) -> None:
        """From random weights, and bounds that their sums reach and exceed alike."""
        walks, form = self.walks, self.form
        shape = walks.weights.shape[1:]
        walks.weights[walk] = rng.integers(-1 if form.signed else 0, 2, size=shape)
        if form.bounds is None:
            density = self.run.observations.flat[0].clip(0).mean()
            walks.bounds[walk] = np.rint(walks.weights[walk].sum(axis=1) * density)
        else:
            walks.bounds[walk] = form.bounds
        walks.start[walk] = self.run.observed.start
        for cell in np.flatnonzero(self.unknown):
            if rng.random() < 0.5:
                walks.start[walk, 0, cell >> 6] ^= np.uint64(1 << int(cell & 63))
        walks.wrong[walk] = price_nodes(walks, walk, self._nodes, self.run.observed, self._scratch)
        remember_nodes(walks, walk)

    @property
    def wrong(self) -> NDArray[np.int64]:
        return self.walks.wrong

    @property
    def least(self) -> NDArray[np.int64]:
        return self.walks.least

    @property
    def chances(self) -> NDArray[np.int64]:
        return self.walks.chances

    def anneal(self, walk: int, moves: int, target: int, rng: np.random.Generator) -> tuple[int, int, int]:
        """Changes tried, for the worse, and of these stayed."""
        return anneal_nodes(
            self.walks, walk, moves, target, self._nodes, self.run.observed, self._scratch, rng
        )

    def found(self, walk: int) -> tuple[ThresholdRule, NDArray[np.int64]]:
        """The best nodes of a walk, and the states at step 0 under which they were best; (n_runs, n_cells)."""
        bounds = tuple(map(int, self.walks.best_bounds[walk]))
        rule = ThresholdRule(self.run.neighbourhood, self.walks.best[walk].copy(), bounds, self.form)
        return rule, self.run.states(self.walks.best_start[walk])


def empty_nodes(n_nodes: int, run: PackedRun, form: ThresholdForm) -> Nodes:
    """Room for so many nodes."""
    size, words = run.neighbourhood.size, run.n_words
    first = np.zeros((size + 1, words), dtype=np.uint64)
    see_for_nodes(run.observed.start, run.observed.cells, run.scratch(tables=False), first)
    return Nodes(
        np.zeros((n_nodes, size), dtype=np.int64),
        np.zeros(n_nodes, dtype=np.int64),
        np.zeros(n_nodes, dtype=np.int64),
        np.zeros(n_nodes, dtype=np.uint8),
        int(form.joined),
        first,
        np.zeros((size + 1, words), dtype=np.uint64),
        np.zeros((n_nodes, size), dtype=np.int8),
        np.zeros(n_nodes, dtype=np.int64),
    )

"""Threshold nodes on a cell's neighbours: as a rule, and as walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log2

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import FLAG, is_list, is_whole, must_be, said
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
from btfnet.rules.lattice import MAX_INPUTS, MAX_NEIGHBOURS, Neighbourhood
from btfnet.rules.rule import TableRule
from btfnet.rules.tempering import CHANCES_KEPT, Walkers

MAX_TABLE = 20
"""Neighbours of a rule that is shown as a table."""
MOST_NODES = 16


@dataclass(frozen=True)
class ThresholdForm:
    """What nodes may look like.

    above   for each node, 16 at most, whether its sum must reach its bound; else it must not exceed it
    joined  whether all nodes must agree; else one is enough
    signed  whether weights may be -1, besides 0 and 1
    bounds  of the nodes, -62 … 62; None where they are to be found
    Raises `UsageError`.
    """

    above: tuple[bool, ...] = (True, False)
    joined: bool = True
    signed: bool = False
    bounds: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        must_be("joined", self.joined, FLAG)
        must_be("signed", self.signed, FLAG)
        above, bounds = self.above, self.bounds
        if not is_list(above) or not 1 <= len(above) <= MOST_NODES or not all(map(FLAG.fits, above)):
            raise UsageError(
                f"above is {said(above)}; expected True or False for each of 1 to {MOST_NODES} nodes."
            )
        object.__setattr__(self, "above", tuple(map(bool, above)))
        if bounds is None:
            return
        good = is_list(bounds) and all(is_whole(each) and abs(each) <= MAX_NEIGHBOURS for each in bounds)
        if not good or len(bounds) != len(above):
            raise UsageError(
                f"bounds are {said(bounds)}; expected a whole number of -{MAX_NEIGHBOURS} to {MAX_NEIGHBOURS} for "
                f"each of the nodes, {len(above)}, or None."
            )
        object.__setattr__(self, "bounds", tuple(map(int, bounds)))


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

    @property
    def information(self) -> float:
        """Bits that tell this rule from all others of its kind."""
        return self.weights.size * log2(3 if self.form.signed else 2) + len(self.bounds) * log2(
            1 + self.neighbourhood.size
        )

    def key(self) -> bytes:
        """Equal for equal functions of few neighbours, and for equal nodes of many."""
        if self.neighbourhood.size <= MAX_INPUTS:
            return self.as_table().key()
        return self.weights.tobytes() + repr(self.bounds).encode()

    def as_table(self) -> TableRule:
        """All patterns. Raises `CapacityError` for more than 20 neighbours."""
        size = self.neighbourhood.size
        if size > MAX_TABLE:
            raise CapacityError(f"a table of {size} neighbours has 2^{size} entries; 2^{MAX_TABLE} at most.")
        seen = np.arange(1 << size)[None] >> np.arange(size)[::-1, None] & 1
        return TableRule(self.neighbourhood, self.next_states(seen), np.zeros(1 << size, dtype=bool))


class ThresholdCell(Walkers):
    """Walks over the threshold nodes of a cell; arguments as of `TableCell`."""

    walks: ThresholdWalks

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

    def sound(self) -> bool:
        """Whether no walk reads what is not there, whatever was written into it."""
        return True

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

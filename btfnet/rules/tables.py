"""Tables that walk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.cells.anneal import TableWalks, anneal_tables, price, remember
from btfnet.kernels.cells.lookup import LEAST_INPUTS
from btfnet.rules.arrays import PackedRun, packed
from btfnet.rules.rule import TableRule, without_unseen
from btfnet.rules.tempering import CHANCES_KEPT, Walkers


class TableCell(Walkers):
    """Walks over the tables of a cell.

    n_walks  of them, side by side
    """

    walks: TableWalks

    def __init__(self, packed_run: PackedRun, n_walks: int, rng: np.random.Generator) -> None:
        self.run, self._scratch = packed_run, packed_run.scratch()
        observed, seen = packed_run.observed, packed_run.observations
        n_inputs = max(LEAST_INPUTS, packed_run.n_inputs)
        channels, words = observed.start.shape
        loose = np.argwhere(~seen.bits(0)[1]).astype(np.int64)
        self.entries = entries(seen.n_states, packed_run.neighbourhood.size, channels)
        shows = np.zeros((0, 0), dtype=np.uint64)
        if not len(loose):
            shows = packed_run.shown_at_start(packed_run.n_inputs)
        shape = (n_walks, channels, 1 << (n_inputs - 2))
        self.walks = TableWalks(
            np.zeros(shape, dtype=np.uint8),
            np.tile(observed.start, (n_walks, 1, 1)),
            np.zeros((n_walks, channels, words), dtype=np.uint64),
            np.zeros(n_walks, dtype=np.int64),
            np.zeros((n_walks, CHANCES_KEPT), dtype=np.int64),
            self.entries,
            shows,
            loose,
            seen.n_states,
            np.zeros(n_walks, dtype=np.int64),
            np.zeros(shape, dtype=np.uint8),
            np.tile(observed.start, (n_walks, 1, 1)),
        )
        for walk in range(n_walks):
            self.begin(walk, rng)

    def begin(self, walk: int, rng: np.random.Generator) -> None:
        """From a random table."""
        walks = self.walks
        patterns = self.entries[:: walks.nibbles.shape[1], 1]
        chosen = np.argwhere(self._random_bits(len(patterns), rng))
        chosen[:, 1] = patterns[chosen[:, 1]]
        table = np.zeros((walks.nibbles.shape[1], 4 * walks.nibbles.shape[2]), dtype=np.uint8)
        table[chosen[:, 0], chosen[:, 1]] = 1
        walks.nibbles[walk] = np.packbits(table.reshape(*table.shape[:1], -1, 4), axis=2, bitorder="little")[
            ..., 0
        ]
        walks.start[walk] = self.run.observed.start
        if len(walks.loose):
            unknown = ~self.run.observations.bits(0)[1]
            walks.start[walk] ^= packed(self._random_bits(unknown.shape[1], rng) & unknown)
        else:
            walks.after[walk] = 0
            for channel, pattern in chosen:
                walks.after[walk, channel] ^= walks.shows[pattern]
        walks.wrong[walk] = price(walks, walk, self.run.observed, self._scratch)
        remember(walks, walk)

    def _random_bits(self, n_states: int, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Bits of so many random states, the most significant first; (n_channels, n_states)."""
        drawn, channels = rng.integers(self.walks.n_states, size=n_states), self.walks.nibbles.shape[1]
        return (drawn >> np.arange(channels)[::-1, None] & 1).astype(bool)

    def sound(self) -> bool:
        """Whether no walk reads what is not there, whatever was written into it."""
        return True

    def anneal(self, walk: int, moves: int, target: int, rng: np.random.Generator) -> tuple[int, int, int]:
        """Changes tried, for the worse, and of these stayed."""
        return anneal_tables(self.walks, walk, moves, target, self.run.observed, self._scratch, rng)

    def found(self, walk: int) -> tuple[TableRule, NDArray[np.int64]]:
        """The best table of a walk, and the states at step 0 under which it was best; (n_runs, n_cells)."""
        seen = self.run.observations
        nibbles = self.walks.best[walk]
        bits = np.unpackbits(nibbles[..., None], axis=2, count=4, bitorder="little").reshape(len(nibbles), -1)
        weights = 1 << np.arange(len(nibbles))[::-1]
        values = (weights @ bits.astype(np.int64))[: 1 << self.run.n_inputs]
        first = self.run.states(self.walks.best_start[walk])
        rule = TableRule(self.run.neighbourhood, values, np.zeros(values.shape, dtype=bool), seen.n_states)
        return without_unseen(rule, first, seen.steps, seen.lattice), first


def entries(n_states: int, size: int, n_channels: int) -> NDArray[np.int64]:
    """Channels and patterns of all entries whose cells are in states that there are; (n_entries, 2)."""
    patterns = np.arange(1 << size * n_channels)
    there = np.ones(patterns.shape, dtype=bool)
    for cell in range(size):
        there &= (patterns >> cell * n_channels & (1 << n_channels) - 1) < n_states
    patterns = patterns[there]
    return np.array(
        [(channel, pattern) for pattern in patterns for channel in range(n_channels)], dtype=np.int64
    )

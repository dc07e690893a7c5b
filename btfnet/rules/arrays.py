"""Observations and lattices as the kernels take them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import WORD_BITS, pack_bits, unpack_bits
from btfnet.kernels.cells.follow import Observed, Scratch
from btfnet.kernels.cells.lookup import FUNCTIONS, LEAST_INPUTS, VECTOR
from btfnet.kernels.cells.rows import Neighbours
from btfnet.rules.lattice import OUTSIDE, Neighbourhood
from btfnet.rules.observations import Observations
from btfnet.rules.rule import patterns_of, seen_by_cells


@dataclass(frozen=True, eq=False)
class PackedRun:
    """Observations under a neighbourhood, packed.

    frame  how far a row is turned at each step, so that a ring's cells read nothing before themselves
    """

    observations: Observations
    neighbourhood: Neighbourhood
    observed: Observed
    frame: int

    @classmethod
    def of(cls, observations: Observations, neighbourhood: Neighbourhood) -> PackedRun:
        lattice, frame = observations.lattice, 0
        if len(lattice.shape) == 1 and lattice.periodic and observations.n_runs == 1:
            frame = min(offset[0] for offset in neighbourhood.offsets)
        known, care = [], []
        for index, time in enumerate(observations.times):
            rows, cares = (np.roll(bits, frame * time, axis=1) for bits in observations.bits(index))
            known.append(packed(rows))
            care.append(packed(cares))
        observed = Observed(
            packed_neighbours(observations, neighbourhood, frame),
            np.array(observations.times[1:], dtype=np.int64),
            np.stack(known[1:]),
            np.stack(care[1:]),
            known[0],
        )
        return cls(observations, neighbourhood, observed, frame)

    @property
    def n_inputs(self) -> int:
        """Bits that a cell sees."""
        return self.neighbourhood.size * self.observations.n_channels

    @property
    def n_words(self) -> int:
        return int(self.observed.start.shape[1])

    def scratch(self, *, tables: bool = True) -> Scratch:
        """For one walk at a time; of tables, whose rows grow with them, or not."""
        channels, words = self.observed.start.shape
        inputs = len(self.observed.cells.source)
        return Scratch(
            np.zeros((2, channels, words), dtype=np.uint64),
            np.zeros((channels, 2 * words + VECTOR), dtype=np.uint64),
            np.zeros((inputs, words), dtype=np.uint64),
            np.zeros((FUNCTIONS, words), dtype=np.uint64),
            np.zeros((1 << (inputs - LEAST_INPUTS) if tables else 0, words), dtype=np.uint64),
        )

    def states(self, rows: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Packed states at step 0, (n_channels, n_words), as (n_runs, n_cells)."""
        bits = unpack_bits(rows, self.observed.cells.n_cells).astype(np.int64)
        weights = 1 << np.arange(bits.shape[1])[::-1]
        return (bits @ weights).reshape(self.observations.n_runs, -1)

    def shown_at_start(self, n_inputs: int) -> NDArray[np.uint64]:
        """The cells that show each pattern at step 0, their inputs turned as at step 1; (2^n_inputs, n_words)."""
        seen = seen_by_cells(self.states(self.observed.start), self.observations.lattice, self.neighbourhood)
        patterns = np.roll(patterns_of(seen, self.observations.n_channels), self.frame)
        rows = [packed((patterns == pattern)[None]) for pattern in range(1 << n_inputs)]
        return np.concatenate(rows)


def packed(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Rows of bits, (n_rows, n_bits), as rows of words, a multiple of VECTOR of them."""
    words = pack_bits(np.ascontiguousarray(bits.T))
    return np.pad(words, ((0, 0), (0, -words.shape[1] % VECTOR)))


def packed_neighbours(observations: Observations, neighbourhood: Neighbourhood, frame: int) -> Neighbours:
    """Rotations of rows for what cells see: every input's cells, grouped by how far they are."""
    lattice, runs, channels = observations.lattice, observations.n_runs, observations.n_channels
    n_bits = runs * lattice.n_cells
    empty = max(0, LEAST_INPUTS - neighbourhood.size * channels)
    source, start, shifts, masks, whole = [0] * empty, [0] * (empty + 1), [], [], [0] * empty
    here, base = np.arange(n_bits), np.arange(runs)[:, None] * lattice.n_cells
    for offset in neighbourhood.offsets:
        read = lattice.reads((offset[0] - frame, *offset[1:]))
        there = np.where(read == OUTSIDE, OUTSIDE, base + read).ravel()
        distance = np.where(there == OUTSIDE, OUTSIDE, (there - here) % n_bits)
        found = [shift for shift in np.unique(distance) if shift != OUTSIDE]
        for channel in range(channels):
            source.append(channel)
            shifts += found
            masks += [distance == shift for shift in found]
            start.append(len(shifts))
            whole.append(int(len(found) == 1 and (distance == found[0]).all()))
    one_row = channels == 1 and n_bits <= VECTOR * WORD_BITS
    return Neighbours(
        n_bits,
        packed(np.ones((1, n_bits), dtype=bool))[0],
        np.array(source, dtype=np.int64),
        np.array(start, dtype=np.int64),
        np.array(shifts, dtype=np.int64),
        packed(np.array(masks, dtype=bool).reshape(-1, n_bits)),
        np.array(whole, dtype=np.uint8),
        int(one_row and all(whole[empty:]) and max(shifts, default=0) < WORD_BITS),
    )

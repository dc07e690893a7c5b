"""Circuits that walk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import pack_bits
from btfnet.kernels.cells.gates import (
    SENDERS,
    GateWalks,
    anneal_gates,
    keep_outputs,
    make_table,
    price_gates,
    remember_gates,
)
from btfnet.kernels.cells.lookup import LEAST_INPUTS
from btfnet.logic.circuit import Circuit, Gate
from btfnet.rules.arrays import PackedRun, packed
from btfnet.rules.gates import GateRule
from btfnet.rules.tempering import CHANCES_KEPT, Walkers


class GateCell(Walkers):
    """Walks over circuits of n_gates majority gates; other arguments as of `TableCell`."""

    walks: GateWalks

    def __init__(self, packed_run: PackedRun, n_walks: int, rng: np.random.Generator, n_gates: int) -> None:
        self.run, self._scratch = packed_run, packed_run.scratch()
        start, inputs = packed_run.observed.start, packed_run.n_inputs
        self.unknown = ~packed_run.observations.bits(0)[1]
        table = np.arange(1 << max(LEAST_INPUTS, inputs))
        columns = (table[:, None] >> np.arange(inputs)[::-1] & 1).astype(bool)
        given = pack_bits(np.column_stack([np.zeros(len(table), dtype=bool), columns]))
        words, channels = given.shape[1], start.shape[0]
        starts = np.tile(start, (n_walks, 1, 1))
        self.walks = GateWalks(
            np.zeros((n_walks, n_gates, SENDERS), dtype=np.int64),
            np.zeros((n_walks, n_gates), dtype=np.int64),
            np.concatenate([given, np.zeros((n_gates, words), dtype=np.uint64)]),
            np.zeros((channels, len(table) // 4), dtype=np.uint8),
            np.zeros((n_walks, channels, words), dtype=np.uint64),
            starts,
            np.zeros(n_walks, dtype=np.int64),
            np.zeros((n_walks, CHANCES_KEPT), dtype=np.int64),
            np.argwhere(self.unknown).astype(np.int64),
            np.zeros(n_walks, dtype=np.int64),
            np.zeros((n_walks, n_gates, SENDERS), dtype=np.int64),
            np.zeros((n_walks, n_gates), dtype=np.int64),
            starts.copy(),
        )
        for walk in range(n_walks):
            self.begin(walk, rng)

    def begin(self, walk: int, rng: np.random.Generator) -> None:
        """From random gates."""
        walks, inputs = self.walks, self.run.n_inputs
        for gate in range(walks.senders.shape[1]):
            walks.senders[walk, gate] = rng.integers(0, inputs + 1 + gate, size=SENDERS)
            walks.flips[walk, gate] = rng.integers(0, 1 << SENDERS)
        walks.start[walk] = self.run.observed.start ^ packed(
            (rng.random(self.unknown.shape) < 0.5) & self.unknown
        )
        make_table(walks, walk)
        keep_outputs(walks, walk)
        walks.wrong[walk] = price_gates(walks, walk, self.run.observed, self._scratch)
        remember_gates(walks, walk)

    def sound(self) -> bool:
        """Whether no walk reads what is not there, whatever was written into it."""
        walks, least = self.walks, self.run.n_inputs + 1
        most = least + np.arange(walks.senders.shape[1])[:, None]
        senders = (walks.senders, walks.best_senders)
        return all(((each >= 0) & (each < most)).all() for each in senders)

    def anneal(self, walk: int, moves: int, target: int, rng: np.random.Generator) -> tuple[int, int, int]:
        """Changes tried, for the worse, and of these stayed."""
        return anneal_gates(self.walks, walk, moves, target, self.run.observed, self._scratch, rng)

    def found(self, walk: int) -> tuple[GateRule, NDArray[np.int64]]:
        """The best circuit of a walk, and the states at step 0 under which it was best; (n_runs, n_cells)."""
        seen, channels = self.run.observations, self.walks.made.shape[1]
        inputs, n_gates = self.run.n_inputs, self.walks.senders.shape[1]
        gates = [
            _gate(senders, int(flips))
            for senders, flips in zip(self.walks.best_senders[walk], self.walks.best_flips[walk], strict=True)
        ]
        outputs = tuple(inputs + n_gates - channels + 1 + channel for channel in range(channels))
        circuit = Circuit(inputs, tuple(gates), outputs).simplified()
        return GateRule(self.run.neighbourhood, circuit, seen.n_states), self.run.states(
            self.walks.best_start[walk]
        )


def _gate(senders: NDArray[np.int64], flips: int) -> Gate:
    """A majority of three literals; false ones, or their complements, move the bound."""
    literals, needed = [], 2
    for index, sender in enumerate(senders):
        flipped = flips >> index & 1
        if sender:
            literals.append(-int(sender) if flipped else int(sender))
        elif flipped:
            needed -= 1
    return Gate(needed, tuple(literals))

"""A search for shared gates: the problem as arrays for the kernels, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import generator_state, overwrite, set_generator_state
from btfnet.engines.shared.gates import weights_of_copies
from btfnet.errors import DataError
from btfnet.halting import Halt
from btfnet.kernels.bits import pack_bits, words_for
from btfnet.kernels.shared.copies import CopiesRoom, CopiesShape
from btfnet.kernels.shared.tempering import Remembered, Replicas, draw_gates, stand, temper
from btfnet.logic.evaluate import exhaustive_words
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

REPLICAS = 8
COLDEST = 1.0
"""The lowest temperature, in wrong bits: one bit more is taken in 37 of 100 cases."""
HOTTEST, LEAST_HOT = 0.04, 3.0
"""The highest, over the number of output bits, and at least."""
REMEMBERED = 4096
"""Tables of cells whose costs are remembered: a power of two."""
MOST_TABLE = 64
"""Words of the tables of all cells; with more, or more than a quarter of the copies', there are none."""
NS_PER_GATE = 4.0
"""Estimated nanoseconds to evaluate a gate on a word, and what else belongs to it."""


class CopiesSearch:
    """Gates for the cells of a network that shares them, changed at random until the copies get all bits right.

    An iteration is a round of `temper`. Deterministic for the generator, however the rounds are cut into calls.
    halt  ends a round between two changes; it goes on from there
    ladder  temperatures in wrong bits, rising, of which those between the ends find themselves; None: REPLICAS
            of them, as far apart as the problem is large
    """

    def __init__(
        self,
        problem: Problem,
        rng: np.random.Generator,
        *,
        halt: Halt | None = None,
        ladder: Sequence[float] | None = None,
    ) -> None:
        shared = problem.network.shared
        assert shared is not None
        self.network, self.rng, self._halt = problem.network, rng, halt or Halt()
        n_words = words_for(problem.n_train)
        words = table_words(problem.network, n_words)
        self.shape = shape_of(problem, words)
        self.n_bits = sum(int(word).bit_count() for word in self.shape.care.ravel())
        n_table = sum(n * cell.n_outputs for n, cell in zip(words, shared.cells, strict=True))
        self.room = room_for(problem, self.shape, n_table, self._halt)
        self.replicas = replicas_for(shared.n_gates, n_table, ladder or ladder_for(self.n_bits))
        n_remembered = REMEMBERED if n_table else 1
        self.memory = Remembered(
            np.zeros((n_remembered, n_table), dtype=np.uint64), np.full(n_remembered, -1, dtype=np.int64)
        )
        draw_gates(self.shape, self.replicas, self.room, rng)

    @property
    def rounds(self) -> int:
        return int(self.replicas.place[0])

    @property
    def error(self) -> int:
        """Wrong output bits of the best gates so far."""
        return int(self.replicas.best_cost[0])

    @property
    def work_ns(self) -> float:
        return NS_PER_GATE * float(self.room.effort[0])

    def run(self, rounds: int) -> None:
        """So many more rounds, fewer where nothing is wrong any more. Raises `Halted` once halted."""
        temper(self.shape, self.replicas, self.room, self.memory, self.rounds + rounds, self.rng)
        self._halt.check()

    def integer_weights(self) -> NDArray[np.int64]:
        """The best gates so far as integer weights of all nodes; (n_edges,)."""
        sign = np.where(self.replicas.best_flip > 0, -1, 1)
        return weights_of_copies(self.network, self.replicas.best_sender, sign)

    # -- going on later -------------------------------------------------------------------------------

    def export(self) -> dict[str, NDArray[Any]]:
        """All that decides what follows, by name."""
        return {**self._decisive(), "generator": generator_state(self.rng)}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        overwrite(self._decisive(), saved)
        set_generator_state(self.rng, saved.get("generator"))
        replicas, effort = self.replicas, int(self.room.effort[0])
        ordered = np.sort(replicas.at)
        hot = replicas.temperature
        sound = (
            np.array_equal(ordered, np.arange(hot.size)) and (replicas.place >= 0).all() and (hot > 0).all()
        )
        if not sound or not all(map(self._heard, (*replicas.sender, replicas.best_sender))):
            raise DataError("The checkpoint holds gates or temperatures that this network cannot have.")
        kept = replicas.cost.copy()
        for replica in range(hot.size):
            stand(self.shape, replicas, self.room, replica)
        self.room.effort[0] = effort
        if not np.array_equal(kept, replicas.cost):
            raise DataError("The checkpoint's gates do not get as many bits wrong as it says.")

    def _heard(self, sender: NDArray[np.int64]) -> bool:
        """Whether every gate hears what it may."""
        start, may_hear = self.shape.heard_start, self.shape.may_hear
        return all(
            np.isin(row, may_hear[start[gate] : start[gate + 1]]).all() for gate, row in enumerate(sender)
        )

    def _decisive(self) -> dict[str, NDArray[Any]]:
        memory = {f"remembered_{name}": array for name, array in self.memory._asdict().items()}
        return {**self.replicas._asdict(), **memory, "effort": self.room.effort}


def table_words(network: Network, n_words: int) -> list[int]:
    """Words of the table of each cell; 0 for all where tables take too long beside the copies on so many words."""
    shared = network.shared
    assert shared is not None
    words = [1 << max(0, cell.n_inputs - 6) for cell in shared.cells]
    most = min(MOST_TABLE, max(1, shared.n_copies * n_words // 4))
    outputs = [cell.n_outputs for cell in shared.cells]
    if max(words) > most or sum(n * out for n, out in zip(words, outputs, strict=True)) > MOST_TABLE:
        return [0] * len(words)
    return words


def shape_of(problem: Problem, words: list[int]) -> CopiesShape:
    """The problem as arrays; words  of the tables of its cells."""
    network = problem.network
    shared = network.shared
    assert shared is not None
    cells = shared.cells
    ends = [np.array([getattr(cell, name) for cell in cells]) for name in ("n_inputs", "n_outputs", "n_btf")]
    fan_ins = [cell.senders(node) for cell in cells for node in cell.btf_nodes]
    signal_of, heard = _signals(network)
    items = slice(problem.n_train)
    care = np.ones((problem.n_train, network.n_outputs), dtype=bool)
    patterns = exhaustive_words(max(cell.n_inputs for cell in cells), 0, max(words)) if max(words) else None
    return CopiesShape(
        first_gate=np.r_[0, np.cumsum(ends[2])],
        n_cell_inputs=ends[0],
        n_cell_outputs=ends[1],
        heard_start=np.r_[0, np.cumsum([row.size for row in fan_ins])],
        may_hear=np.concatenate(fan_ins).astype(np.int64),
        kind=shared.kind.astype(np.int64),
        signal_start=np.r_[0, np.cumsum(ends[0][shared.kind])],
        signal=heard,
        first_made=1 + network.n_inputs,
        outputs=signal_of[list(network.output_nodes)],
        targets=_rows(problem.outputs[items] > 0),
        care=_rows(care if problem.train_care is None else problem.train_care),
        patterns=np.zeros((1, 1), dtype=np.uint64) if patterns is None else patterns,
        table_words=np.array(words, dtype=np.int64),
    )


def _rows(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Bits packed 64 items to a word; (n_words, n_columns)."""
    return np.ascontiguousarray(pack_bits(bits).T)


def _signals(network: Network) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The signal that each node is, (n_nodes,), and those that the inputs of each copy hear, flat."""
    shared = network.shared
    assert shared is not None
    made = np.concatenate(shared.output_nodes())
    signal_of = np.zeros(network.n_nodes, dtype=np.int64)
    signal_of[1 : network.n_inputs + 1] = np.arange(1, network.n_inputs + 1)
    signal_of[made] = 1 + network.n_inputs + np.arange(made.size)
    inputs = [shared.cells[kind].n_inputs for kind in shared.kind.tolist()]
    heard = [
        shared.place[first + 1 : first + 1 + n]
        for first, n in zip(shared.start.tolist(), inputs, strict=False)
    ]
    return signal_of, signal_of[np.concatenate(heard)]


def room_for(problem: Problem, shape: CopiesShape, n_table: int, halt: Halt) -> CopiesRoom:
    """Room for the kernels, the constant and the inputs of the training items in their places."""
    n_signals = shape.first_made + int(shape.n_cell_outputs[shape.kind].sum())
    n_gates = int(shape.first_gate[-1])
    signals = np.zeros((shape.targets.shape[0], n_signals), dtype=np.uint64)
    signals[:, 1 : shape.first_made] = _rows(problem.inputs[: problem.n_train] > 0)
    return CopiesRoom(
        signals=signals,
        nodes=np.zeros(1 + int((shape.n_cell_inputs + np.diff(shape.first_gate)).max()), dtype=np.uint64),
        needed=np.zeros(n_gates, dtype=bool),
        order=np.zeros(n_gates, dtype=np.int64),
        n_needed=np.zeros(shape.n_cell_inputs.size, dtype=np.int64),
        table=np.zeros(n_table, dtype=np.uint64),
        held_sender=np.zeros(3, dtype=np.int64),
        held_flip=np.zeros(3, dtype=np.uint64),
        effort=np.zeros(1, dtype=np.int64),
        halt=halt.flag,
    )


def ladder_for(n_bits: int) -> list[float]:
    """Temperatures for so many output bits, at even steps of their logarithms."""
    hottest = max(LEAST_HOT, HOTTEST * n_bits)
    return [float(each) for each in np.geomspace(COLDEST, hottest, REPLICAS)]


def replicas_for(n_gates: int, n_table: int, ladder: Sequence[float]) -> Replicas:
    """No gates yet, one replica at each temperature."""
    count = len(ladder)
    return Replicas(
        sender=np.zeros((count, n_gates, 3), dtype=np.int64),
        flip=np.zeros((count, n_gates, 3), dtype=np.uint64),
        cost=np.zeros(count, dtype=np.int64),
        table=np.zeros((count, n_table), dtype=np.uint64),
        at=np.arange(count),
        temperature=np.array(ladder, dtype=np.float64),
        rate=np.zeros(count),
        place=np.zeros(4, dtype=np.int64),
        best_sender=np.zeros((n_gates, 3), dtype=np.int64),
        best_flip=np.zeros((n_gates, 3), dtype=np.uint64),
        best_cost=np.full(1, np.iinfo(np.int64).max),
    )

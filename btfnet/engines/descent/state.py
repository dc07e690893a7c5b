"""Where a gate search stands: gates, the items' values, what is kept between walks, and memory made once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import generator_state, overwrite, set_generator_state
from btfnet.engines.descent.buffers import SLOT_WORDS, buffers_for, share_of
from btfnet.engines.descent.cuts import narrow_cuts
from btfnet.errors import DataError
from btfnet.halting import Halt
from btfnet.kernels.bits import WORD_BITS, pack_bits, unpack_bits, words_for
from btfnet.kernels.descent.bitrows import LANES
from btfnet.kernels.descent.breakout import ItemWeights, count_wrong, fill_slots
from btfnet.kernels.descent.gate_arrays import (
    GateArrays,
    Shape,
    evaluate,
    literals_for,
)
from btfnet.kernels.descent.walk import copy_gates
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.network import Network
from btfnet.problem.packed_bits import Bits, columns_of
from btfnet.ranks.ranks import Ranks


def gate_of(gates: GateArrays, node: int) -> dict[int, int]:
    """A node's gate: its senders' integer weights."""
    weights: dict[int, int] = {}
    for place in range(int(gates.arity[node])):
        sender = int(gates.sender[node, place])
        weights[sender] = weights.get(sender, 0) + int(gates.sign[node, place])
    return weights


def set_gate(gates: GateArrays, network: Network, node: int, row: NDArray[np.int64], sigma: int) -> None:
    """Take the gate of integer weights, (fan-in,); of one too large, the three largest weights' signs."""
    literals = _literals(row, gates.sender.shape[1], sigma)
    gates.arity[node] = literals.size
    gates.sender[node, : literals.size] = network.senders(node)[literals]
    gates.sign[node, : literals.size] = np.where(row[literals] < 0, -1, 1)


def _literals(row: NDArray[np.int64], most: int, sigma: int) -> NDArray[np.intp]:
    """The places of a gate's literals, a weight of two twice."""
    largest = np.argsort(-np.abs(row), kind="stable")
    literals = np.repeat(largest, np.abs(row[largest]))
    if literals.size % 2 == 1 and literals.size <= most and (row**2).sum() <= sigma:
        return literals
    return largest[: 3 if largest.size >= 3 and row[largest[2]] != 0 else 1]


def integer_weights(network: Network, gates: GateArrays) -> NDArray[np.int64]:
    """The gates as integer weights; (n_edges,)."""
    weights = np.zeros(network.n_edges, dtype=np.int64)
    for node in network.btf_nodes:
        row, gate = weights[network.edges(node)], gate_of(gates, node)
        row[np.searchsorted(network.senders(node), list(gate))] = list(gate.values())
    return weights


def scaled_weights(network: Network, weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Integer weights of gates, each node's scaled to norm sqrt(fan-in); (n_edges,) both."""
    scaled = weights.astype(np.float64)
    for node in network.btf_nodes:
        row = scaled[network.edges(node)]
        row *= np.sqrt(row.size / (row**2).sum())
    return scaled


PATIENCE = 10
"""Rounds without a gain until the wrong items are repeated (docs/strategy.md)."""


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


class SearchState:
    """The arrays of a search, what they say, and saving them; `GateSearch` moves them.

    shape            what stays as it is: the network, targets, the bits that count, cuts
    gates            the present gate of every node; kept_gates where the last walk stood, best_gates what it shows
    buffers          values of all nodes, and room for what kernels compute
    item_weights     items that stand more than once
    kept_input_rows  packed inputs where the last walk stood

    Arguments as for `GateSearch`. Gates are not set yet.
    """

    def __init__(
        self,
        network: Network,
        inputs: Bits,
        outputs: NDArray[np.bool_],
        rng: np.random.Generator,
        *,
        care: NDArray[np.bool_] | None,
        unknown: bool,
        one_hot: bool,
        sigma: float,
        repeats: bool,
        halt: Halt,
        most_seen: int,
        ranks: Ranks,
    ) -> None:
        self.network, self.n_items, self.rng, self.unknown = network, len(outputs), rng, unknown
        self.item_weights, self.ranks = slots_for(self.n_items, some=repeats and not one_hot), ranks
        n_words = whole_vectors(words_for(self.n_items) + self.item_weights.item.size // WORD_BITS)
        self.share = share_of(network, n_words, ranks)
        vectors = ranks.share(n_words // LANES)
        self._own = slice(LANES * vectors.start, LANES * vectors.stop)
        self.shape = Shape(
            n_inputs=network.n_inputs,
            first_output=network.output_nodes.start,
            sigma=int(sigma),
            fan_in_start=network.fan_in_start,
            fan_in=network.fan_in,
            targets=self.packed_rows(outputs),
            care=self._everywhere() if care is None else self.packed_rows(care),
            cuts=narrow_cuts(network, outputs, care, unknown=unknown and not one_hot),
            most_seen=most_seen,
        )
        self.n_literals = literals_for(sigma)
        self.gates, self.kept_gates, self.best_gates = (
            no_gates(network.n_nodes, self.n_literals) for _ in range(3)
        )
        self.buffers = buffers_for(network, self.shape.targets.shape[1], self.n_literals, halt, self.share)
        self.set_inputs(inputs)
        self.kept_input_rows = self.input_rows.copy() if unknown else self.input_rows
        self.sweeps = 0
        self.error = 0

    @property
    def input_rows(self) -> NDArray[np.uint64]:
        """Rows of the inputs, a view."""
        return self.buffers.values[1 : self.network.n_inputs + 1]

    def set_inputs(self, inputs: Bits) -> None:
        words = columns_of(inputs)[:, self._own]  # slots and what is added besides are empty
        self.input_rows[:, : words.shape[1]] = words
        self.input_rows[:, words.shape[1] :] = 0

    def _everywhere(self) -> NDArray[np.uint64]:
        """A row for each output, of which all items count."""
        row = self.packed_rows(np.ones((self.n_items, 1), dtype=bool))
        return np.repeat(row, self.network.n_outputs, axis=0)

    def packed_rows(self, bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
        """Packed columns, whole vectors of words each; slots and what is added besides are empty. This rank's."""
        rows = np.pad(words := pack_bits(bits), ((0, 0), (0, self.share.words - words.shape[1])))
        return np.ascontiguousarray(rows[:, self._own])

    def whole_rows(self, rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Rows of all ranks' words, from this one's."""
        if not self.ranks.many:
            return rows
        return np.ascontiguousarray(self.ranks.gathered(np.ascontiguousarray(rows.T)).T)

    # -- what it has found ----------------------------------------------------------------------------

    @property
    def effort(self) -> int:
        """Work so far, in words read; a visit to a node counts as some more. The same at any load, however the
        walks were cut (see `call_effort`)."""
        return int(self.buffers.effort[0])

    def add_work(self, sweeps: int, effort: int) -> None:
        """Count work done elsewhere, on the way to its gates."""
        self.sweeps += sweeps
        self.buffers.effort[0] += effort

    def codes(self) -> NDArray[np.bool_]:
        """The inputs as they are now; (n_items, n_inputs)."""
        return unpack_bits(self.whole_rows(self.input_rows), self.n_items)

    def values(self) -> NDArray[np.bool_]:
        """What every node computes; (n_items, n_nodes), the constant and the inputs first."""
        return unpack_bits(self.whole_rows(self.buffers.values), self.n_items)

    def gate(self, node: int) -> dict[int, int]:
        """A node's gate: its senders' integer weights."""
        return gate_of(self.gates, node)

    def integer_weights(self) -> NDArray[np.int64]:
        """The gates as integer weights; (n_edges,)."""
        return integer_weights(self.network, self.gates)

    def weights(self) -> NDArray[np.float64]:
        """The gates as integer weights, each node's scaled to norm sqrt(fan-in); (n_edges,)."""
        return scaled_weights(self.network, self.integer_weights())

    def circuit(
        self, name: str, input_names: tuple[str, ...] = (), output_names: tuple[str, ...] = ()
    ) -> Circuit:
        """The gates, one for each threshold node, not simplified."""
        network = self.network
        gates = tuple(Gate.from_weights(self.gate(node)) for node in network.btf_nodes)
        return Circuit(network.n_inputs, gates, tuple(network.output_nodes), input_names, output_names, name)

    # -- going on later -------------------------------------------------------------------------------

    def export(self) -> dict[str, NDArray[Any]]:
        """Where it stands between two walks, by name, its generator too; only the latter is a copy."""
        counts = np.array([self.sweeps, self.effort])
        return {**self._decisive(), "work": counts, "generator": generator_state(self.rng)}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        done = np.zeros(2, dtype=np.int64)
        decisive = self._decisive()
        overwrite({**decisive, "work": done}, saved)
        if self.ranks.many:
            self.input_rows[:] = decisive["inputs"][:, self._own]
        set_generator_state(self.rng, saved.get("generator"))
        if not ((self.item_weights.item >= -1) & (self.item_weights.item < self.n_items)).all():
            raise DataError(f"The checkpoint repeats items that do not exist; there are {self.n_items}.")
        self.item_weights.state[0] %= max(1, self.item_weights.item.size)
        fill_slots(self.shape, self.buffers, self.item_weights)
        copy_gates(self.gates, self.best_gates)
        evaluate(self.shape, self.gates, self.buffers)
        self.error = int(count_wrong(self.buffers, self.item_weights.first_word))
        self.sweeps, self.buffers.effort[0] = int(done[0]), int(done[1])

    def _decisive(self) -> dict[str, NDArray[Any]]:
        """Gates, inputs, and which items are repeated; everything else follows from them."""
        kept = {f"kept_{name}": array for name, array in self.kept_gates._asdict().items()}
        return {
            **self.gates._asdict(),
            **kept,
            "inputs": self.whole_rows(self.input_rows),
            **({"kept_inputs": self.kept_input_rows} if self.unknown else {}),
            "repeated": self.item_weights.item,
            "repeats_state": self.item_weights.state,
        }

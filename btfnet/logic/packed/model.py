"""`PackedModel`: a circuit as bit masks and thresholds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from btfnet.arguments import a, need
from btfnet.errors import DataError
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.packed import checks
from btfnet.logic.packed.weights import MOST_PLANES, WORD_BITS, Terms, terms_of, weights_of

if TYPE_CHECKING:
    from btfnet.logic.packed.effort import Effort
    from btfnet.logic.packed.rows import Kind
    from btfnet.logic.packed.schedule import PackedSchedule
    from btfnet.logic.packed.sharing import SharedModel, Unit
    from btfnet.logic.training_fit import TrainingFit

FREE_LITERALS = 1 << 20
"""So many literals a circuit may always have, and beyond that …"""
LITERALS_PER_BIT = 16
"""… so many for each weight bit of the model: a few bytes may not ask for gigabytes."""


@dataclass(frozen=True, eq=False)
class PackedModel:
    """Threshold gates in layers, their ±1/0 weights as bit masks.

        model = btfnet.PackedModel.from_circuit(circuit)
        model.predict([[0, 1, 1, 0]])

    layers    int64, (n_layers,): gates of each layer; a layer's gates use inputs and earlier layers only
    at_least  int64, (n_gates,): so many literals must be true; 0 to total + 1, which are true and false
    terms     the weights, as `btfnet.logic.packed.weights` explains them; integer weights are planes 1, 2, 4, …
    outputs   int64, (n_outputs,): signed nodes as in `Circuit`: inputs from 1 on, then the gates
    training  how far it reproduces its training items, as of `Circuit`; models that differ in it alone are equal

    The values of an item are one row of bits: first the inputs, then each layer, from a new word on.
    Raises `DataError` when these do not fit together.
    """

    layers: NDArray[np.int64]
    at_least: NDArray[np.int64]
    terms: Terms
    outputs: NDArray[np.int64]
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    name: str = "circuit"
    training: TrainingFit | None = None

    def __post_init__(self) -> None:
        n_gates = self.at_least.size
        if (self.layers < 1).any() or int(self.layers.sum()) != n_gates:
            raise DataError(
                f"{self.name}: the layers hold {int(self.layers.sum())} gates, expected {n_gates}."
            )
        if self.terms.start.shape != (n_gates + 1,) or self.terms.start[-1] != self.terms.word.size:
            raise DataError(f"{self.name}: the terms are not those of {n_gates} gates.")
        for what, names, count in (
            ("input", self.input_names, self.n_inputs),
            ("output", self.output_names, self.outputs.size),
        ):
            if len(names) != count or len(set(names)) != count:
                twice = [name for name, times in Counter(names).items() if times > 1]
                found = f"{twice[0]!a} twice" if twice else f"{len(names)} names"
                raise DataError(f"{self.name}: found {found}, expected {count} distinct {what} names.")
        own_words = np.repeat(self.first_words, self.layers)
        checks.check(self.name, self.places, own_words, self.at_least, self.terms, self.outputs)
        for array in (self.layers, self.at_least, *self.terms, self.outputs):
            array.flags.writeable = False

    @property
    def n_inputs(self) -> int:
        return len(self.input_names)

    @property
    def n_outputs(self) -> int:
        return len(self.output_names)

    @property
    def n_gates(self) -> int:
        return int(self.at_least.size)

    @cached_property
    def first_words(self) -> NDArray[np.int64]:
        """The first word of the row of values that each layer writes, (n_layers,)."""
        return first_words(self.n_inputs, self.layers)

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """Where each node stands in the row of values, (n_inputs + n_gates,)."""
        return row_places(self.n_inputs, self.layers)

    @property
    def row_words(self) -> int:
        """Words of the row of values."""
        return int(self.places[-1]) // WORD_BITS + 1 if self.places.size else 0

    @property
    def weights(self) -> csr_array:
        """Integer weights of the gates over the places of the row, int64, (n_gates, 64 row_words)."""
        return weights_of(self.terms, WORD_BITS * self.row_words)

    def predict(self, rows: ArrayLike, *, kind: Kind | None = None, threads: int = 1) -> NDArray[Any]:
        """Outputs for rows of inputs, of the same kind.

        rows     (n_items, n_inputs): bool, 0/1 or ±1; or packed words: uint64, (n_items, ceil(n_inputs / 64)),
                 input j is bit j % 64 of word j // 64
        kind     "bool", "bits" (0/1), "signs" (±1) or "words"; when not given: words for uint64, bool for bool,
                 signs where a -1 stands, else bits
        threads  the items are shared out among so many
        Returns bool; int8 0/1 or ±1; or words, (n_items, ceil(n_outputs / 64)), pad bits 0.

        Raises `DataError` when the rows are of another kind or width, `UsageError` for another kind's name.
        """
        from btfnet.logic.packed.rows import predict

        return predict(self.program, self, rows, kind=kind, threads=threads)

    @cached_property
    def program(self) -> PackedSchedule:
        """As the kernel reads it."""
        from btfnet.logic.packed.schedule import program_of

        return program_of(self)

    def shared(self, unit: Unit = "bit") -> SharedModel:
        """The same function with gates of a layer computed from one another; see `btfnet.logic.packed.sharing`.

        unit  what the spanning tree saves: "bit" (weights that differ: hardware) or "word" (terms: processors)
        """
        from btfnet.logic.packed.sharing import share

        return share(self, unit)

    def effort(self) -> Effort:
        """The arithmetic of one prediction."""
        from btfnet.logic.packed.effort import effort_of

        return effort_of(self.terms, self.at_least)

    @classmethod
    def from_circuit(cls, circuit: Circuit) -> PackedModel:
        """The same function: gates by level, a node's literals of one gate summed to one weight.

        Raises `DataError` for a weight of 2^32 or more.
        """
        need("from_circuit", circuit=(circuit, a(Circuit)))
        levels = circuit.levels[circuit.n_inputs + 1 :]
        order = np.argsort(levels, kind="stable")
        node = np.zeros(
            circuit.n_nodes + 1, dtype=np.int64
        )  # of each node, from 1, in the order of the layers
        node[1 : circuit.n_inputs + 1] = np.arange(1, circuit.n_inputs + 1)
        node[circuit.n_inputs + 1 + order] = circuit.n_inputs + 1 + np.arange(order.size)
        layers = np.unique(levels, return_counts=True)[1].astype(np.int64)
        places = row_places(circuit.n_inputs, layers)
        gates = [circuit.gates[index] for index in order]
        weights = _weights(circuit.name, gates, places[node[1:] - 1])
        terms = terms_of(weights)
        totals = terms.totals()
        lengths = np.array([len(gate.literals) for gate in gates], dtype=np.int64)
        opposed = (lengths - totals) // 2  # +i and -i together are always one true literal
        at_least = np.array(
            [
                min(max(gate.at_least - int(less), 0), int(most) + 1)
                for gate, less, most in zip(gates, opposed, totals, strict=True)
            ],
            dtype=np.int64,
        )
        signed = np.array(circuit.outputs, dtype=np.int64)
        outputs = np.sign(signed) * node[np.abs(signed)]
        names = (circuit.input_names, circuit.output_names, circuit.name)
        return cls(layers, at_least, terms, outputs, *names, circuit.training)

    def to_circuit(self) -> Circuit:
        """The circuit, gates in the order of the layers; an integer weight is a repeated literal.

        Raises `DataError` when large weights make it more than 2^20 + 16 · (weight bits) literals.
        """
        totals, bits = self.terms.totals(), int(np.bitwise_count(self.terms.mask).sum())
        if int(totals.sum()) > FREE_LITERALS + LITERALS_PER_BIT * bits:
            raise DataError(
                f"{self.name}: as a circuit it has {totals.sum()} literals, since weights become repeated "
                f"literals; at most {FREE_LITERALS + LITERALS_PER_BIT * bits} are made. Use the packed model."
            )
        weights, node = self.weights, np.zeros(WORD_BITS * self.row_words, dtype=np.int64)
        node[self.places] = np.arange(1, self.places.size + 1)
        gates = []
        for gate, at_least in enumerate(self.at_least.tolist()):
            own = slice(weights.indptr[gate], weights.indptr[gate + 1])
            value = weights.data[own]
            literals = np.repeat(np.sign(value) * node[weights.indices[own]], np.abs(value))
            gates.append(Gate(at_least, tuple(literals.tolist())))
        return Circuit(
            self.n_inputs,
            tuple(gates),
            tuple(self.outputs.tolist()),
            self.input_names,
            self.output_names,
            self.name,
            self.training,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedModel) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        arrays = (self.layers, self.at_least, *self.terms, self.outputs)
        return (*(array.tobytes() for array in arrays), self.input_names, self.output_names, self.name)


def first_words(n_inputs: int, layers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first word of the row of values that each layer writes, (n_layers,)."""
    words = -(-np.concatenate([[n_inputs], layers]) // WORD_BITS)
    return np.cumsum(words, dtype=np.int64)[:-1]


def row_places(n_inputs: int, layers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the inputs and the gates stand in the row of values, (n_inputs + n_gates,)."""
    within = np.arange(int(layers.sum())) - np.repeat(np.cumsum(layers) - layers, layers)
    gates = WORD_BITS * np.repeat(first_words(n_inputs, layers), layers) + within
    return np.concatenate([np.arange(n_inputs), gates]).astype(np.int64)


def _weights(name: str, gates: list[Gate], places: NDArray[np.int64]) -> csr_array:
    """The literals as integer weights over the places of their nodes; places (n_nodes,)."""
    lengths = [len(gate.literals) for gate in gates]
    literals = np.array([literal for gate in gates for literal in gate.literals], dtype=np.int64)
    gate = np.repeat(np.arange(len(gates)), lengths)
    entries = (np.sign(literals), (gate, places[np.abs(literals) - 1]))
    n_places = int(places.max(initial=-1)) + 1
    weights = csr_array(entries, shape=(len(gates), n_places), dtype=np.int64)
    weights.sum_duplicates()
    weights.eliminate_zeros()
    largest = int(np.abs(weights.data).max(initial=0))
    if largest >= 1 << MOST_PLANES:
        raise DataError(f"{name}: a literal stands {largest} times in a gate; at most 2^{MOST_PLANES} - 1.")
    return weights

"""`PackedGates`: gates in layers, their weights as bit masks; from a circuit, and to flat arrays."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from btfnet.errors import DataError
from btfnet.logic.netlist import FlatGates, Netlist
from btfnet.logic.packed import checks
from btfnet.logic.packed.weights import MOST_PLANES, WORD_BITS, Terms, terms_of, weights_of
from btfnet.logic.training_fit import TrainingFit
from btfnet.matching.columns import Ports

F = TypeVar("F", bound=FlatGates)


@dataclass(frozen=True, eq=False)
class PackedGates:
    """Layers, thresholds, weights and names, checked: the base of `PackedModel`, which says what they mean."""

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
        own_words = np.repeat(_first_words(self.n_inputs, self.layers), self.layers)
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

    @property
    def ports(self) -> Ports:
        """The names, for rows whose columns have names too."""
        return Ports(self.name, self.input_names, self.output_names)

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """Where each node stands in the row of values, (n_inputs + n_gates,)."""
        return _places(self.n_inputs, self.layers)

    @property
    def row_words(self) -> int:
        """Words of the row of values."""
        return int(self.places[-1]) // WORD_BITS + 1 if self.places.size else 0

    @property
    def weights(self) -> csr_array:
        """Integer weights of the gates over the places of the row, int64, (n_gates, 64 row_words)."""
        return weights_of(self.terms, WORD_BITS * self.row_words)

    @classmethod
    def pack(cls, circuit: Netlist) -> Self:
        """The same function: gates by level, a node's literals of one gate summed to one weight.

        Raises `DataError` for a weight of 2^32 or more.
        """
        flat, n_inputs = FlatGates.of(circuit), circuit.n_inputs
        levels = circuit.levels[n_inputs + 1 :]
        order = np.argsort(levels, kind="stable")
        node = np.arange(circuit.n_nodes + 1)  # of each node, its number in the order of the layers
        node[n_inputs + 1 + order] = n_inputs + 1 + np.arange(order.size)
        layers = np.unique(levels, return_counts=True)[1].astype(np.int64)
        terms = terms_of(_weights(circuit.name, flat, node, _places(n_inputs, layers)))
        totals = terms.totals()
        opposed = (np.diff(flat.gate_start)[order] - totals) // 2  # +i and -i together are one true literal
        at_least = np.clip(flat.at_least[order] - opposed, 0, totals + 1)
        outputs = np.sign(flat.outputs) * node[np.abs(flat.outputs)]
        names = (circuit.input_names, circuit.output_names, circuit.name)
        return cls(layers, at_least, terms, outputs, *names, circuit.training)

    def flat(self, flat_type: type[F]) -> F:
        """Gates in the order of the layers; an integer weight is a repeated literal."""
        weights, node = self.weights, np.zeros(WORD_BITS * self.row_words, dtype=np.int64)
        node[self.places] = np.arange(1, self.places.size + 1)
        literals = np.repeat(np.sign(weights.data) * node[weights.indices], np.abs(weights.data))
        start = np.concatenate([[0], np.cumsum(self.terms.totals())])
        return flat_type(self.n_inputs, start, literals, self.at_least, self.outputs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PackedGates) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        arrays = (self.layers, self.at_least, *self.terms, self.outputs)
        return (*(array.tobytes() for array in arrays), self.input_names, self.output_names, self.name)


def _first_words(n_inputs: int, layers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first word of the row of values that each layer writes, (n_layers,)."""
    words = -(-np.concatenate([[n_inputs], layers]) // WORD_BITS)
    return np.cumsum(words, dtype=np.int64)[:-1]


def _places(n_inputs: int, layers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where the inputs and the gates stand in the row of values, (n_inputs + n_gates,)."""
    within = np.arange(int(layers.sum())) - np.repeat(np.cumsum(layers) - layers, layers)
    gates = WORD_BITS * np.repeat(_first_words(n_inputs, layers), layers) + within
    return np.concatenate([np.arange(n_inputs), gates]).astype(np.int64)


def _weights(name: str, flat: FlatGates, node: NDArray[np.int64], places: NDArray[np.int64]) -> csr_array:
    """The literals as integer weights over the places of their nodes; rows in the order of the layers.

    node    (n_nodes + 1,): the number of each node in the order of the layers
    places  (n_nodes,): of those numbers, from 1
    """
    n_gates = flat.at_least.size
    place = np.concatenate([[0], places])[node]
    gate = np.repeat(node[flat.n_inputs + 1 :] - flat.n_inputs - 1, np.diff(flat.gate_start))
    entries = (np.sign(flat.literals), (gate, place[np.abs(flat.literals)]))
    weights = csr_array(entries, shape=(n_gates, int(places.max(initial=-1)) + 1), dtype=np.int64)
    weights.sum_duplicates()
    weights.eliminate_zeros()
    largest = int(np.abs(weights.data).max(initial=0))
    if largest >= 1 << MOST_PLANES:
        raise DataError(f"{name}: a literal stands {largest} times in a gate; at most 2^{MOST_PLANES} - 1.")
    return weights

"""The first layer of a committee: from raw inputs to the features that its members hear, by counting alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.committee.comparisons import Comparisons
from btfnet.kernels.bits import WORD_BITS, pack_bits, words_for
from btfnet.kernels.columns import gather_columns
from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate, literal_over

PACKED_AT_ONCE = 64 * WORD_BITS


class Layer(Protocol):
    """Comparisons of raw inputs, and gates over these that all members share.

    comparisons  raw inputs to bits
    n_features   what members may hear
    """

    @property
    def comparisons(self) -> Comparisons: ...
    @property
    def n_features(self) -> int: ...

    def features(self, inputs: NDArray[np.float32]) -> NDArray[np.bool_]:
        """(n_items, n_features) from raw inputs, (n_items, n_inputs)."""
        ...

    def circuit(self, features: Sequence[int]) -> Circuit:
        """The comparisons' bits in, these features out."""
        ...


@dataclass(frozen=True, eq=False)
class PlainLayer:
    """Features are the comparisons' bits."""

    comparisons: Comparisons

    @classmethod
    def of_bits(cls, n_inputs: int) -> PlainLayer:
        """Of inputs that are bits: the features are the inputs."""
        return cls(Comparisons.of_inputs(n_inputs, np.arange(n_inputs), np.zeros(n_inputs)))

    @property
    def n_features(self) -> int:
        return self.comparisons.n_bits

    def features(self, inputs: NDArray[np.float32]) -> NDArray[np.bool_]:
        return self.comparisons.encode(inputs)

    def circuit(self, features: Sequence[int]) -> Circuit:
        return Circuit(self.n_features, (), tuple(feature + 1 for feature in features))


class Features(NamedTuple):
    """Features of items, packed twice: members are fitted to some items, and evaluated on all of them.

    rows     uint64, (n_items, n_words): an item's features, feature f is bit f % 64 of word f // 64
    columns  uint64, (n_features, n_words): a feature's items, packed as `btfnet.kernels.bits` says
    """

    rows: NDArray[np.uint64]
    columns: NDArray[np.uint64]

    @property
    def n_items(self) -> int:
        return len(self.rows)

    def some(self, items: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Columns of some items, (64 n_words, ceil(n / 64)), pad bits 0."""
        columns = np.empty((WORD_BITS * self.rows.shape[1], words_for(len(items))), dtype=np.uint64)
        gather_columns(self.rows, items, columns, np.empty(WORD_BITS, dtype=np.uint64))
        return columns

    @classmethod
    def of(cls, layer: Layer, parts: Iterator[NDArray[np.float32]], n_items: int) -> Features:
        """Of raw inputs, which come in parts of any length, n_items in all."""
        rows = np.zeros((n_items, words_for(layer.n_features)), dtype=np.uint64)
        columns = np.zeros((layer.n_features, words_for(n_items)), dtype=np.uint64)
        left, done = np.zeros((0, layer.n_features), dtype=bool), 0
        for part in parts:
            for first in range(0, len(part), PACKED_AT_ONCE):
                bits = layer.features(part[first : first + PACKED_AT_ONCE])
                rows[done : done + len(bits)] = row_words(bits)
                whole = np.concatenate([left, bits])
                n_whole = len(whole) // WORD_BITS * WORD_BITS
                start = (done - len(left)) // WORD_BITS
                columns[:, start : start + n_whole // WORD_BITS] = pack_bits(whole[:n_whole])
                left, done = whole[n_whole:], done + len(bits)
        if len(left):
            columns[:, -1:] = pack_bits(left)
        return cls(rows, columns)


def row_words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Rows of Booleans as rows of words; (n_items, n) bool in, (n_items, ceil(n / 64)) out."""
    packed = np.packbits(bits, axis=1, bitorder="little")
    padded = np.zeros((len(bits), 8 * words_for(bits.shape[1])), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view("<u8").astype(np.uint64, copy=False)


@dataclass(frozen=True, eq=False)
class JoinedLayer:
    """The features of several layers over the same raw inputs, one layer's after the other's."""

    parts: tuple[Layer, ...]

    @cached_property
    def comparisons(self) -> Comparisons:
        return Comparisons.joined([part.comparisons for part in self.parts])

    @property
    def n_features(self) -> int:
        return sum(part.n_features for part in self.parts)

    def features(self, inputs: NDArray[np.float32]) -> NDArray[np.bool_]:
        return np.concatenate([part.features(inputs) for part in self.parts], axis=1)

    def circuit(self, features: Sequence[int]) -> Circuit:
        n_bits, first, shift = self.comparisons.n_bits, 0, 0
        gates: list[Gate] = []
        outputs = [0] * len(features)
        for part in self.parts:
            places = [
                place for place, feature in enumerate(features) if 0 <= feature - first < part.n_features
            ]
            own = part.circuit([features[place] - first for place in places])
            nodes = [0, *range(shift + 1, shift + 1 + own.n_inputs)]
            for gate in own.gates:
                gates.append(gate.over(nodes))
                nodes.append(n_bits + len(gates))
            for place, output in zip(places, own.outputs, strict=True):
                outputs[place] = literal_over(output, nodes)
            first, shift = first + part.n_features, shift + own.n_inputs
        return Circuit(n_bits, tuple(gates), tuple(outputs))

"""Inputs to try, 64 to a word, and the values of an and-inverter graph on them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import WORD_BITS, evaluate_gates
from btfnet.logic.aig.aig import Aig

WORDS = 64
"""Words to begin with: 4096 inputs."""
SEED = 20_260_217


class RandomPatterns:
    """Inputs that tell nodes apart: random ones of many densities, and neighbours of counterexamples.

    words   (n_inputs, n_words) uint64
    """

    def __init__(self, n_inputs: int) -> None:
        self._rng = np.random.default_rng(SEED)
        words = self._random((n_inputs, WORDS))
        for sparser in range(
            1, 4
        ):  # every quarter of the words is twice as sparse, every other word is dense
            words[:, sparser * WORDS // 4 :] &= self._random((n_inputs, WORDS - sparser * WORDS // 4))
        words[:, 1::2] ^= ~np.uint64(0)
        self.words = words

    def add(self, inputs: NDArray[np.bool_]) -> NDArray[np.uint64]:
        """Append a word that holds these inputs (item 0) and 63 that differ in few of them; (n_inputs, 1)."""
        n_inputs = len(inputs)
        flips = np.zeros((n_inputs, WORD_BITS), dtype=bool)
        for item in range(1, WORD_BITS):
            flips[self._rng.integers(0, n_inputs, 1 + item % 3) if n_inputs else [], item] = True
        bits = flips ^ inputs[:, None]
        word = np.packbits(bits, axis=1, bitorder="little").view("<u8").astype(np.uint64)
        self.words = np.hstack([self.words, word])
        return word

    def _random(self, shape: tuple[int, int]) -> NDArray[np.uint64]:
        return self._rng.integers(0, 1 << 64, shape, dtype=np.uint64)


class AigSimulator:
    """Evaluates an and-inverter graph on words."""

    def __init__(self, graph: Aig) -> None:
        self.graph = graph
        nodes = graph.ands >> 1
        self._literals = np.where(graph.ands & 1, -nodes, nodes).ravel()
        self._start = np.arange(graph.n_ands + 1, dtype=np.int64) * 2
        self._at_least = np.full(graph.n_ands, 2, dtype=np.int64)

    def values(self, words: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Of every variable; (n_inputs, n_words) in, (n_variables, n_words) out."""
        values = np.empty((self.graph.n_variables, words.shape[1]), dtype=np.uint64)
        values[0] = 0
        values[1 : self.graph.n_inputs + 1] = words
        evaluate_gates(self.graph.n_inputs, self._start, self._literals, self._at_least, values)
        return values


def of_literal(values: NDArray[np.uint64], literal: int) -> NDArray[np.uint64]:
    """The values of a literal; a row out of (n_variables, n_words)."""
    row: NDArray[np.uint64] = values[literal >> 1]
    return ~row if literal & 1 else row


def first_difference(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> int | None:
    """The first item on which two rows of words differ."""
    where = np.flatnonzero(a != b)
    if not len(where):
        return None
    different = int(a[where[0]] ^ b[where[0]])
    return WORD_BITS * int(where[0]) + (different & -different).bit_length() - 1


def column(words: NDArray[np.uint64], item: int) -> NDArray[np.bool_]:
    """One item; (n_rows,) out of (n_rows, n_words)."""
    bits: NDArray[np.bool_] = (words[:, item // WORD_BITS] >> np.uint64(item % WORD_BITS) & np.uint64(1)) == 1
    return bits

"""Bits from numbers: inputs, and random sums and differences of a few, compared with levels seen in training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError
from btfnet.kernels.bits import WORD_BITS, pack_bits, unpack_bits, words_for
from btfnet.kernels.columns import compare_columns
from btfnet.matching.columns import numbered

TERMS = (2, 4, 8)
"""Inputs in a sum, half of them with a minus; each number is as likely (docs/digits.md)."""

MOST_LEVELS = 31
"""Of an input of many values: quantiles."""
LEAST_DRAWN, MOST_DRAWN = 256, 2048
"""Random sums and differences: as many as levels, within these bounds."""
SEEN = 10_000
"""Items that levels come from, at most."""


class Parts(NamedTuple):
    """Bits that compare one input alone, which input that is, and the weights of the others, (n_inputs, n)."""

    alone: NDArray[np.bool_]
    input_of: NDArray[np.int64]
    weight: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Bit t is true where Σ weight[t, i] · input i is above level[t]: drawn at random, not learned.

    weight  int8, (n_bits, n_inputs): ±1 and 0
    level   float64, (n_bits,)
    """

    weight: NDArray[np.int8]
    level: NDArray[np.float64]

    @property
    def n_bits(self) -> int:
        return len(self.level)

    @property
    def n_inputs(self) -> int:
        return int(self.weight.shape[1])

    @classmethod
    def draw(cls, inputs: NDArray[np.float32], n_bits: int, rng: np.random.Generator) -> Comparisons:
        """Random weights; a level is half-way between neighbouring sums, one of them a random item's.

        inputs  (n_items, n_inputs): the training items alone; one that never changes in them is not compared
        Raises `DataError` when no input changes.
        """
        changing = np.flatnonzero(np.ptp(inputs, axis=0) > 0)
        if not changing.size:
            raise DataError("No input changes in the training items, so nothing can tell the classes apart.")
        weight = np.zeros((n_bits, inputs.shape[1]), dtype=np.int8)
        for row, terms in zip(weight, rng.choice(TERMS, n_bits), strict=True):
            some = rng.choice(changing, min(terms, changing.size), replace=False)
            row[some[::2]], row[some[1::2]] = 1, -1
        sums = inputs.astype(np.float64) @ weight.T
        return cls(weight, np.array([_level(column, rng) for column in sums.T]))

    @classmethod
    def of_inputs(cls, n_inputs: int, inputs: NDArray[np.intp], level: NDArray[np.float64]) -> Comparisons:
        """Each bit says whether one input is above a level; inputs, level  (n_bits,)."""
        weight = np.zeros((len(level), n_inputs), dtype=np.int8)
        weight[np.arange(len(level)), inputs] = 1
        return cls(weight, level)

    @classmethod
    def of_table(cls, inputs: NDArray[np.float32], rng: np.random.Generator) -> Comparisons:
        """Levels of each input, between values seen in training, and as many random sums and differences.

        inputs  (n_items, n_inputs): the training items alone
        """
        inputs = inputs[rng.permutation(len(inputs))[:SEEN]]
        inputs_of, levels = [], []
        for index, column in enumerate(inputs.T.astype(np.float64)):
            seen = np.unique(column)
            between = (seen[1:] + seen[:-1]) / 2
            if len(between) > MOST_LEVELS:
                places = np.linspace(0, 1, MOST_LEVELS + 2)[1:-1]
                wanted = np.quantile(column, places)
                between = np.unique(between[np.searchsorted(between, wanted).clip(0, len(between) - 1)])
            inputs_of += [index] * len(between)
            levels += between.tolist()
        alone = cls.of_inputs(inputs.shape[1], np.array(inputs_of, dtype=np.intp), np.array(levels))
        drawn = cls.draw(inputs, min(max(LEAST_DRAWN, len(levels)), MOST_DRAWN), rng)
        return cls.joined([alone, drawn])

    def said(self, number: int, names: Sequence[str], *, is_bit: bool = False) -> str:
        """What a bit says when it is true, such as `age > 37.5`.

        names   of the raw inputs
        is_bit  raw inputs are bits, so that one alone is called as it is
        """
        weight = self.weight[number]
        some = weight.nonzero()[0].tolist()
        if is_bit and len(some) == 1:
            return names[some[0]]
        signs = [("- " if weight[place] < 0 else "+ ") + names[place] for place in some]
        text = " ".join(sorted(signs, key=lambda sign: sign[0] == "-")).removeprefix("+ ")
        return f"{text or '0'} > {self.level[number]:.6g}"

    def names(self, names: Sequence[str], *, is_bit: bool = False) -> tuple[str, ...]:
        """What each bit says, as a distinct name without blanks, such as `age>37.5`."""
        said = (self.said(number, names, is_bit=is_bit) for number in range(self.n_bits))
        return numbered(text if is_bit else text.replace(" ", "") for text in said)

    def columns(self, inputs: NDArray[np.float32]) -> NDArray[np.uint64]:
        """The same bits as `encode`'s, packed as `btfnet.kernels.bits` says; (n_bits, n_words)."""
        rows = np.ascontiguousarray(inputs, dtype=np.float32)
        columns = np.zeros((self.n_bits, words_for(len(rows))), dtype=np.uint64)
        parts = self._parts
        found = np.zeros((len(parts.input_of), columns.shape[1]), dtype=np.uint64)
        block = np.zeros((rows.shape[1], WORD_BITS), dtype=np.float32)
        compare_columns(rows, parts.input_of, self.level[parts.alone], found, block)
        columns[parts.alone] = found
        if len(found) < self.n_bits:
            columns[~parts.alone] = pack_bits(
                rows.astype(np.float64) @ parts.weight > self.level[~parts.alone]
            )
        return columns

    @cached_property
    def _parts(self) -> Parts:
        alone = (self.weight.sum(axis=1) == 1) & (np.count_nonzero(self.weight, axis=1) == 1)
        return Parts(alone, self.weight[alone].argmax(axis=1), self.weight[~alone].T.astype(np.float64))

    def encode(self, inputs: ArrayLike) -> NDArray[np.bool_]:
        """(n_items, n_bits) from (n_items, n_inputs), rounded to float32 as training items are.

        Raises `DataError` for rows of another length.
        """
        rows = np.asarray(inputs, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != self.weight.shape[1]:
            raise DataError(
                f"inputs of the shape {rows.shape}; expected rows of {self.weight.shape[1]} values, "
                f"as in the training items."
            )
        return unpack_bits(self.columns(rows), len(rows))

    @classmethod
    def joined(cls, several: list[Comparisons]) -> Comparisons:
        """The bits of all, one after the other."""
        return cls(
            np.concatenate([each.weight for each in several]),
            np.concatenate([each.level for each in several]),
        )


def _level(sums: NDArray[np.float64], rng: np.random.Generator) -> float:
    """Between a random item's sum and the next one seen; sums that differ often are hit more often."""
    seen = np.unique(sums)
    between = (seen[1:] + seen[:-1]) / 2
    if not between.size:
        return float(seen[0])
    gap = int(np.searchsorted(seen, rng.choice(sums))) - int(rng.integers(2))
    return float(between[np.clip(gap, 0, between.size - 1)])

"""Bits from analog inputs: comparisons with levels that lie between the values seen in training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError


@dataclass(frozen=True, eq=False)
class Thresholds:
    """Bit t is true where input column[t] is above level[t].

    n_inputs   inputs of an item
    column     int64, (n_bits,): 0 … n_inputs - 1
    level      float64, (n_bits,)
    """

    n_inputs: int
    column: NDArray[np.int64]
    level: NDArray[np.float64]

    @classmethod
    def draw(cls, inputs: NDArray[np.float32], levels: int, rng: np.random.Generator) -> Thresholds:
        """For every input up to so many different levels, each half-way between two neighbouring values.

        A bit has one level, which is the bit itself; an input that never changes has none.
        inputs  (n_items, n_inputs): the training items alone
        """
        columns, chosen = [], []
        for column, values in enumerate(inputs.T.astype(np.float64)):
            seen = np.unique(values)
            between = (seen[1:] + seen[:-1]) / 2
            some = np.sort(rng.permutation(between)[:levels])
            columns += [column] * some.size
            chosen += some.tolist()
        if not columns:
            raise DataError("No input changes in the training items, so nothing can tell the classes apart.")
        return cls(inputs.shape[1], np.array(columns), np.array(chosen))

    @classmethod
    def union(cls, several: list[Thresholds]) -> Thresholds:
        """All that occur, each once, by input and level."""
        pairs = np.unique(
            np.concatenate([np.column_stack([one.column, one.level]) for one in several]), axis=0
        )
        return cls(several[0].n_inputs, pairs[:, 0].astype(np.int64), pairs[:, 1])

    def places(self, whole: Thresholds) -> NDArray[np.int64]:
        """Where each of these stands in a union that holds them."""
        place = {pair: index for index, pair in enumerate(whole.pairs())}
        return np.array([place[pair] for pair in self.pairs()])

    def pairs(self) -> list[tuple[int, float]]:
        return list(zip(self.column.tolist(), self.level.tolist(), strict=True))

    def encode(self, inputs: ArrayLike) -> NDArray[np.bool_]:
        """(n_items, n_bits) from (n_items, n_inputs). Raises `DataError` for rows of another length."""
        rows = np.asarray(inputs, dtype=np.float64)
        if rows.ndim != 2 or rows.shape[1] != self.n_inputs:
            raise DataError(
                f"inputs of the shape {rows.shape}; expected rows of {self.n_inputs} values, "
                f"as in the training items."
            )
        return rows[:, self.column] > self.level

    def names(self, inputs: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A name for each bit: `in_0_3>0.25`."""
        inputs = inputs or tuple(f"x{index}" for index in range(self.n_inputs))
        return tuple(f"{inputs[column]}>{level:g}" for column, level in self.pairs())

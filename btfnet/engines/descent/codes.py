"""Unknown one-hot codes: which of the inputs is true for an item, moved by exact prices.

Codes may repeat, as in the projection (+1 at the largest): with the gates as they are, every item takes the code
that serves it best. There are only n_inputs codes, so each is evaluated once for all items.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.kernels.descent.gate_arrays import GateArrays, Shape, WalkBuffers, evaluate


class OneHotCodes:
    """Prices and moves of the codes; a code is the number of the input that is true, from 0.

    shape  of the search over n_items items; work  room to evaluate n_inputs items
    """

    def __init__(self, shape: Shape, n_items: int, work: WalkBuffers) -> None:
        self.n_inputs, self.work = shape.n_inputs, work
        none = np.zeros((shape.targets.shape[0], work.values.shape[1]), dtype=np.uint64)
        self.shape = shape._replace(targets=none, care=none)
        care, targets = unpack_bits(shape.care, n_items), unpack_bits(shape.targets, n_items)
        self.signs = np.where(care, np.where(targets, 1, -1), 0).astype(np.float32)
        self.counting = np.abs(self.signs).sum(axis=1, keepdims=True)
        words = pack_bits(np.eye(self.n_inputs, dtype=bool))
        work.values[1 : self.n_inputs + 1, : words.shape[1]] = words

    def prices(self, gates: GateArrays) -> NDArray[np.int64]:
        """Wrong output bits of every item with every code; (n_items, n_inputs)."""
        evaluate(self.shape, gates, self.work)
        outputs = unpack_bits(self.work.values[self.shape.first_output :], self.n_inputs)
        offered = np.where(outputs, 1, -1).astype(np.float32)
        return ((self.counting - self.signs @ offered.T) / 2).astype(np.int64)

    def best(self, prices: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.intp]:
        """For every item a code with the fewest wrong bits, at random among equals; (n_items,).

        Items do not see each other, so all of them move at once.
        """
        codes: NDArray[np.intp] = (prices + 0.5 * rng.random(prices.shape)).argmin(axis=1)
        return codes

    def effort(self) -> int:
        """About what a move costs, in words read (see `WalkBuffers.effort`)."""
        n_items, n_outputs = self.signs.shape
        return 4 * self.work.values.size + n_items * self.n_inputs * (10 + n_outputs // 8)

"""The arithmetic of one prediction, in operations on 64-bit words and on single bits."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.packed.weights import Terms


@dataclass(frozen=True)
class Effort:
    """Operations for one item; copying bits from word to word is not counted.

    xnor_words   XNOR of 64 values with 64 signs, and as many masks
    popcounts    of those words
    adds         of numbers: popcounts to a gate's count, and a parent's count to its child's
    compares     one for each gate that is not constant
    xnor_bits    XNOR of one value with one weight bit
    bit_adds     one-bit additions: a counter for each weight bit, and all digits of a sum with a parent's count
                 and of a comparison
    """

    xnor_words: int
    popcounts: int
    adds: int
    compares: int
    xnor_bits: int
    bit_adds: int

    @property
    def word_operations(self) -> int:
        """XNOR, mask, popcount, add, compare."""
        return 2 * self.xnor_words + self.popcounts + self.adds + self.compares

    @property
    def bit_operations(self) -> int:
        return self.xnor_bits + self.bit_adds

    def as_dict(self) -> dict[str, int]:
        totals = {"word_operations": self.word_operations, "bit_operations": self.bit_operations}
        return {**asdict(self), **totals}


def effort_of(
    terms: Terms,
    at_least: NDArray[np.int64],
    *,
    totals: NDArray[np.int64] | None = None,
    children: NDArray[np.bool_] | None = None,
) -> Effort:
    """Of gates that are computed by such terms.

    totals    literals of the gates, where the terms are differences; they say how long the counters are
    children  (n_gates,): gates that start from a parent's count
    """
    totals = terms.totals() if totals is None else totals
    children = np.zeros(at_least.shape, dtype=bool) if children is None else children
    compared = (at_least > 0) & (at_least <= totals)
    per_gate = np.diff(terms.start)
    adds = np.maximum(per_gate - 1, 0) + np.where(per_gate > 0, 1, 0) * children
    digits = np.ceil(np.log2(totals + 1)).astype(np.int64)
    bits = int(np.bitwise_count(terms.mask).sum())
    return Effort(
        xnor_words=terms.word.size,
        popcounts=terms.word.size,
        adds=int(adds.sum()),
        compares=int(compared.sum()),
        xnor_bits=bits,
        bit_adds=bits + int(digits[compared].sum() + digits[children & (per_gate > 0)].sum()),
    )

"""Integer weights as planes of bit masks, and back.

A weight w of ±1 inputs is sign(w) Σ_p 2^p m_p with bits m_p: plane p of a gate is a vector of ±1 and 0 that
counts 2^p times, and weights of ±1 need plane 0 only. A term is 64 places of one plane of one gate:

    sign   bit b is 1 where the weight is positive
    mask   bit b is 1 where plane p of the weight is 1; sign ⊆ mask

and it adds 2^p popcount(XNOR(values, sign) & mask) to the gate's count of true literals. Terms without a one
are left out, so that sparse gates cost what they have.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

WORD_BITS = 64
MOST_PLANES = 32
"""Weights are below 2^32, so that sums of 2^25 terms stay below 2^63."""
MOST_TERMS = 1 << 25


class Terms(NamedTuple):
    """The terms of all gates, ordered by gate, word and plane.

    start       int64, (n_gates + 1,): where the terms of each gate begin
    word        int64, (n_terms,): which word of the row of values
    plane       int64, (n_terms,): p, for 2^p
    sign, mask  uint64, (n_terms,)
    """

    start: NDArray[np.int64]
    word: NDArray[np.int64]
    plane: NDArray[np.int64]
    sign: NDArray[np.uint64]
    mask: NDArray[np.uint64]

    @property
    def gate(self) -> NDArray[np.int64]:
        """The gate of each term, (n_terms,)."""
        return np.repeat(np.arange(self.start.size - 1), np.diff(self.start))

    def totals(self) -> NDArray[np.int64]:
        """The sum of the |weights| of each gate, (n_gates,): its literals."""
        sums = np.concatenate([[0], np.cumsum(np.bitwise_count(self.mask).astype(np.int64) << self.plane)])
        return sums[self.start[1:]] - sums[self.start[:-1]]


def terms_of(weights: csr_array) -> Terms:
    """The terms of integer weights, int64 (n_gates, n_places), |weight| < 2^32."""
    entries = weights.tocoo()
    gate, place, value = entries.row.astype(np.int64), entries.col.astype(np.int64), entries.data
    size = np.abs(value)
    planes = [np.flatnonzero(size >> plane & 1) for plane in range(int(size.max(initial=0)).bit_length())]
    which = np.concatenate([np.zeros(0, np.int64), *planes])
    plane = np.repeat(np.arange(len(planes)), [in_plane.size for in_plane in planes])
    order = np.lexsort((plane, place[which] // WORD_BITS, gate[which]))
    which, plane = which[order], plane[order]
    keys = np.stack([gate[which], place[which] // WORD_BITS, plane])
    new = np.ones(which.size, dtype=bool)
    new[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    first = np.flatnonzero(new)
    bit = np.uint64(1) << (place[which] % WORD_BITS).astype(np.uint64)
    positive = np.where(value[which] > 0, bit, np.uint64(0))
    start = np.searchsorted(keys[0, first], np.arange(weights.shape[0] + 1))
    return Terms(start, keys[1, first], keys[2, first], _union(positive, first), _union(bit, first))


def weights_of(terms: Terms, n_places: int) -> csr_array:
    """The integer weights of terms, int64 (n_gates, n_places), without zeros."""
    octets = terms.mask.astype("<u8").view(np.uint8).reshape(-1, 8)
    term, bit = np.nonzero(np.unpackbits(octets, axis=1, bitorder="little"))
    positive = terms.sign[term] >> bit.astype(np.uint64) & np.uint64(1)
    value = np.where(positive == 1, 1, -1) << terms.plane[term]
    place = terms.word[term] * WORD_BITS + bit
    weights = csr_array((value, (terms.gate[term], place)), shape=(terms.start.size - 1, n_places))
    weights.sum_duplicates()
    return weights


def _union(bits: NDArray[np.uint64], first: NDArray[np.int64]) -> NDArray[np.uint64]:
    return np.bitwise_or.reduceat(bits, first) if first.size else np.zeros(0, dtype=np.uint64)

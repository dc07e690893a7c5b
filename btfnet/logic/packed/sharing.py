"""Sharing across nodes: gates of one layer computed from one another along a spanning tree.

Where the weights w of a gate and v of its parent differ in few places, so do their counts of true literals:

    count(w) = count(v) + count(w - v) + (|w| - |v| - |w - v|) / 2

with |w| = Σ |w_i|, because 2 count(w) = Σ w_i x_i + |w| for ±1 values x. The differences are integer weights
again. The tree that spans a layer's gates and the zero vector at the
least total distance says which gate follows from which: a gate beside the zero vector is computed in full.

The distance is the number of places that differ (Hamming), or of 64-bit words that hold such places.
Source: weight reuse in Fu et al., arXiv 1810.02068, whose graphs span the kernels of a convolution.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from btfnet.errors import UsageError
from btfnet.logic.packed.effort import Effort, effort_of
from btfnet.logic.packed.gates import PackedGates
from btfnet.logic.packed.weights import Terms, terms_of

Unit = Literal["bit", "word"]
"""What the distance counts: places, or 64-bit words with such places."""
MOST_GATES = 2048
"""Wider layers are spanned in stretches of so many gates …"""
MOST_WORK = 1 << 30
"""… or of fewer, so that no more words than this are compared in all (some seconds), …"""
MOST_WORDS = 1 << 22
"""… and no more are held at a time. Where not even two gates fit, nothing is shared."""


@dataclass(frozen=True, eq=False)
class SharedGates:
    """Packed gates that are computed from one another, as far as their effort is to be counted; the same function.

    plain   the gates that it was made from
    parent  int64, (n_gates,): the gate of the same layer that a gate is computed from; -1 for none
    terms   of the differences to the parent's weights
    """

    plain: PackedGates
    parent: NDArray[np.int64]
    terms: Terms

    def effort(self) -> Effort:
        """The arithmetic of one prediction."""
        totals = self.plain.terms.totals()
        return effort_of(self.terms, self.plain.at_least, totals=totals, children=self.parent >= 0)


def share(model: PackedGates, unit: Unit) -> SharedGates:
    """See `PackedModel.shared`."""
    if unit not in get_args(Unit):
        raise UsageError(f"unit is {unit!a}; choose one of {', '.join(get_args(Unit))}.")
    parent = np.full(model.n_gates, -1, dtype=np.int64)
    for first, end in _stretches(model):
        above = spanning_tree(_masks(model.terms, first, end), unit)
        parent[first:end] = np.where(above >= 0, above + first, -1)
    weights = model.weights
    differences = weights - _rows(weights, parent)
    differences.eliminate_zeros()
    return SharedGates(model, parent, terms_of(differences))


def spanning_tree(masks: NDArray[np.uint64], unit: Unit) -> NDArray[np.int64]:
    """The tree over vectors and the zero vector at the least total distance.

    masks  uint64, (n, words, planes, 2): masks and signs; two weights differ where any of theirs differ
    Returns the parent of each vector, -1 for the zero vector, (n,).
    The nearest vector outside the tree joins it (Prim); the first of equals does, and keeps its first parent.
    Cost: n² words operations, n words of memory.
    """
    n = len(masks)
    distance = _distances(masks, np.zeros_like(masks[:1]), unit)
    parent, outside = np.full(n, -1, dtype=np.int64), np.ones(n, dtype=bool)
    for _ in range(n):
        nearest = int(np.argmin(np.where(outside, distance, np.iinfo(np.int64).max)))
        outside[nearest] = False
        new = _distances(masks, masks[nearest : nearest + 1], unit)
        closer = outside & (new < distance)
        distance[closer], parent[closer] = new[closer], nearest
    return parent


def _distances(masks: NDArray[np.uint64], vector: NDArray[np.uint64], unit: Unit) -> NDArray[np.int64]:
    """To one vector, (n,): places that differ in any plane, or words of a plane that do."""
    differ = masks ^ vector
    if unit == "word":
        return np.count_nonzero(np.bitwise_or.reduce(differ, axis=3), axis=(1, 2)).astype(np.int64)
    places = np.bitwise_or.reduce(differ, axis=(2, 3))
    return np.bitwise_count(places).sum(axis=1, dtype=np.int64)


def _stretches(model: PackedGates) -> Iterator[tuple[int, int]]:
    """Gates first … end - 1 of one layer, few enough for time and memory."""
    ends = np.cumsum(model.layers)
    layers = [(end - width, end) for end, width in zip(ends.tolist(), model.layers.tolist(), strict=True)]
    sizes = [(first, end, _size(model.terms, first, end)) for first, end in layers if end > first + 1]
    work = sum((end - first) * size for first, end, size in sizes)
    for first, end, size in sizes:
        length = min(MOST_GATES, MOST_WORK // max(1, work), MOST_WORDS // max(1, size))
        if length > 1:
            yield from ((at, min(at + length, end)) for at in range(first, end, length))


def _size(terms: Terms, first: int, end: int) -> int:
    """Words that the masks of one gate take among these gates."""
    own = slice(terms.start[first], terms.start[end])
    return 2 * np.unique(terms.word[own]).size * np.unique(terms.plane[own]).size


def _masks(terms: Terms, first: int, end: int) -> NDArray[np.uint64]:
    """Signs and masks of some gates as one block, (gates, words, planes, 2): the words and planes they use."""
    own = slice(terms.start[first], terms.start[end])
    words, word = np.unique(terms.word[own], return_inverse=True)
    planes, plane = np.unique(terms.plane[own], return_inverse=True)
    masks = np.zeros((end - first, words.size, planes.size, 2), dtype=np.uint64)
    gate = np.repeat(np.arange(end - first), np.diff(terms.start[first : end + 1]))
    masks[gate, word, plane, 0], masks[gate, word, plane, 1] = terms.mask[own], terms.sign[own]
    return masks


def _rows(weights: csr_array, parent: NDArray[np.int64]) -> csr_array:
    """Each gate's parent's weights; none where there is no parent."""
    child = np.flatnonzero(parent >= 0)
    choose = (np.ones(child.size, dtype=np.int64), (child, parent[child]))
    return csr_array(choose, shape=(parent.size, parent.size)) @ weights


Report = dict[str, dict[str, int]]


def effort_report(gates: PackedGates) -> Report:
    """Operations for one item: "plain", and "shared_bits" and "shared_words" along either spanning tree."""
    return {
        "plain": effort_of(gates.terms, gates.at_least).as_dict(),
        "shared_bits": share(gates, "bit").effort().as_dict(),
        "shared_words": share(gates, "word").effort().as_dict(),
    }


def effort_words(report: Report) -> list[str]:
    """Two lines: operations on 64-bit words and on single bits, plain and shared."""
    plain = report["plain"]
    words, bits = plain["word_operations"], plain["bit_operations"]
    return [
        f"{words:,} operations on 64-bit words ({plain['popcounts']:,} popcounts); "
        f"{report['shared_words']['word_operations']:,} when gates share sums",
        f"{bits:,} operations on single bits; {report['shared_bits']['bit_operations']:,} when gates share sums",
    ]

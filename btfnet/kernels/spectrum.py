"""Interactions of inputs with an output: which one, two or three of them tell something together.

With signs (-1)^x for bits x, the product of a set S of inputs is χ_S = (-1)^(Σ x), the exclusive or as a sign.
Two sums over the items, w their weights and y the output, hold all that three inputs say of it:

    M_S = Σ w χ_S = Σ w - 2 (weight of the items at which the exclusive or of S is 1)
    C_S = Σ w y χ_S, the Walsh coefficients; the same with the output in the exclusive or.

The three inputs split the items into eight cells c. A Walsh-Hadamard transform of M over the subsets of S gives
the cells' weights n_c, of C the sums of y in them, and so the means m_c. The contrast D = Σ χ_S(c) m_c is what S
says of the output beyond what its subsets say, whatever the inputs' own frequencies are. Where S says nothing,

    z² = D² / (v Σ 1/n_c),   v = 1 - (mean of y)² ,

is a χ² of one degree of freedom, and less where subsets of S tell something. For inputs that are uniform and
independent, z = C_S / sqrt(Σ w v): a coefficient in units of what chance gives. A cell that is so small that
chance would put fewer than LEAST of the rarer answer into it decides nothing: z = 0.

All arrays are those of `Spectrum`. Whole vectors: n_words is a multiple of LANES.

Roofline. A set of three takes two counts a vector and plane, and a horizontal sum; rows of 256 inputs and 6400
items lie in the second-level cache. Contrasts, some 100 instructions, are formed of few. Measured (one core with
VPOPCNTDQ): 22 ns a set of three on 6400 items, 0.06 s for all of 256 inputs, 0.5 s of 512; all pairs of 768
inputs on 60 000 items 0.06 s.
Source: O'Donnell, Analysis of Boolean Functions (2014), for the coefficients; contrasts of a factorial with two
levels (Yates, 1937). Twin: tests/kernels/test_spectrum.py, naive_interaction.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.bits import NONE
from btfnet.kernels.compiled import compiled
from btfnet.kernels.fill import fill
from btfnet.kernels.vectors import VECTOR_BYTES, emitted, integer

LANES = VECTOR_BYTES // 8
"""Words in a vector: 512 items."""
LEAST = 2.0
"""Of the rarer answer so many must be expected in a cell."""
SCREEN = 9.0
"""Sets of three whose plain correlation has a smaller z² are passed over; what is sought has 30 at least."""


class Spectrum(NamedTuple):
    """Inputs and one output as rows of words, and room for what is found."""

    rows: np.ndarray  # uint64, (n + 7, n_words): inputs, candidates for partners first
    planes: np.ndarray  # uint64, (n_planes, n_words): bit p of the items' weights; 0 where nothing counts
    target: np.ndarray  # uint64, (n_words,): the output
    ones: np.ndarray  # int64, (2, n): weight of the items with x = 1; with x ≠ y
    pairs: np.ndarray  # int64, (2, n_partners, n): the same of x_i ≠ x_j, for i a partner and j > i
    total: np.ndarray  # int64, (2,): weight of all items; of those with y = 1
    pair: np.ndarray  # uint64, (n_words,): scratch
    counts: np.ndarray  # int64, (2, 8): scratch
    cells: np.ndarray  # float64, (2, 8): scratch
    strength: np.ndarray  # float64, (3, n): the largest z² of a set with this input, by the set's size
    others: np.ndarray  # int64, (3, n, 2): the others of that set, -1 for none


def _emit_weigh_eight(emit, spectrum, pair, first):
    builder, words = emit.builder, emit.words(LANES)
    rows = [spectrum.rows.at(emit.add(first, index)) for index in range(8)]
    sums = [[words.register(0) for _ in rows] for _ in range(2)]
    n_planes = spectrum.planes.size(0)
    with emit.loop(n_planes) as step:
        plane = spectrum.planes.at(builder.sub(builder.sub(n_planes, step), integer(1)))
        for register in (*sums[0], *sums[1]):
            words.set(register, builder.shl(words.get(register), words.constant(1)))
        with emit.loop(pair.size(-1), LANES) as word:
            weight, bits = words.load(plane, word), words.load(pair.data, word)
            wanted = words.load(spectrum.target.data, word)
            for row, plain, signed in zip(rows, *sums, strict=True):
                odd = builder.xor(bits, words.load(row, word))
                for register, differs in ((plain, odd), (signed, builder.xor(odd, wanted))):
                    ones = words.call("ctpop", builder.and_(weight, differs))
                    words.set(register, builder.add(words.get(register), ones))
    for part, registers in enumerate(sums):
        found = words.sums_of_eight([words.get(register) for register in registers])
        words.store(found, spectrum.counts.at(part))


@emitted(_emit_weigh_eight)
def weigh_eight(spectrum, pair, first):
    """Weights of the items at which a row differs from eight inputs, and from these with the output.

    spectrum  Spectrum. Writes spectrum.counts alone
    pair      uint64, (n_words,);  first  the first of the eight inputs
    Cost: two counts an input, vector and plane.
    """
    for index in range(8):
        odd = pair ^ spectrum.rows[first + index]
        for part, differs in enumerate((odd, odd ^ spectrum.target)):
            spectrum.counts[part, index] = sum(
                int(np.bitwise_count(plane & differs).sum()) << power
                for power, plane in enumerate(spectrum.planes)
            )


@compiled
def contrast(spectrum, size):
    """z² of the interaction of all inputs of a set, from spectrum.cells, which hold M and C of all its subsets.

    size  of the set, 1 to 3; subsets are numbered by their bits. Writes spectrum.cells; returns a float64
    """
    weight, mean = spectrum.cells[0], spectrum.cells[1]
    n_cells = 1 << size
    share = spectrum.total[1] / max(1, spectrum.total[0])
    if share <= 0 or share >= 1:
        return 0.0
    least = LEAST * n_cells / min(share, 1 - share)
    for part in range(2):
        row, width = spectrum.cells[part], 1
        while width < n_cells:
            for first in range(0, n_cells, 2 * width):
                for index in range(first, first + width):
                    a, b = row[index], row[index + width]
                    row[index], row[index + width] = a + b, a - b
            width *= 2
    difference, spread = 0.0, 0.0
    for cell in range(n_cells):
        if weight[cell] < least:
            return 0.0
        odd = (cell ^ (cell >> 1) ^ (cell >> 2)) & 1
        share_of_cell = mean[cell] / weight[cell]
        difference += -share_of_cell if odd else share_of_cell
        spread += n_cells / weight[cell]
    return difference * difference / (4 * share * (1 - share) * spread)


@compiled
def keep(spectrum, size, squared, a, b, c):
    """Note z², squared, of a set of inputs a, b, c, those beyond its size -1, where it is the largest so far.

    size  of the set. Writes spectrum.strength and spectrum.others.
    """
    order = size - 1
    for _ in range(size):
        if squared > spectrum.strength[order, a]:
            spectrum.strength[order, a] = squared
            spectrum.others[order, a, 0] = b
            spectrum.others[order, a, 1] = c
        if size == 2:
            a, b = b, a
        else:
            a, b, c = b, c, a


@compiled
def put(spectrum, subset, ones, differing):
    """M and C of a subset, numbered by its bits, from the weights at which it, and it and the output, differ.

    ones, differing  int64. Writes spectrum.cells
    """
    spectrum.cells[0, subset] = spectrum.total[0] - 2 * ones
    spectrum.cells[1, subset] = spectrum.total[0] - 2 * differing


@compiled
def is_plain(spectrum, index):
    """Whether a set whose two weights are counts[:, index] is far from what chance gives it, its subsets apart.

    spectrum  Spectrum. Returns a Boolean, z² ≥ SCREEN for the correlation of χ_S with the output; writes nothing.
    """
    total, ones = spectrum.total[0], spectrum.total[1]
    if total == 0:
        return False
    product, signed = total - 2 * spectrum.counts[0, index], total - 2 * spectrum.counts[1, index]
    mean = (total - 2 * ones) / total
    difference = signed - mean * product
    return difference * difference >= SCREEN * (1 - mean * mean) * (total - product * product / total)


@compiled
def find_singles(spectrum):
    """What inputs tell alone. Writes spectrum.ones, strength, others and the scratch."""
    ones, n = spectrum.ones, spectrum.strength.shape[1]
    fill(spectrum.pair, NONE)
    for first in range(0, n, 8):
        weigh_eight(spectrum, spectrum.pair, first)
        for index in range(min(8, n - first)):
            a = first + index
            ones[0, a], ones[1, a] = spectrum.counts[0, index], spectrum.counts[1, index]
            put(spectrum, 0, 0, spectrum.total[1])
            put(spectrum, 1, ones[0, a], ones[1, a])
            keep(spectrum, 1, contrast(spectrum, 1), a, -1, -1)


@compiled
def find_pairs(spectrum, i):
    """What input i, a partner, tells together with one that comes after it.

    Reads spectrum.ones. Writes spectrum.pairs[:, i], strength, others and the scratch.
    """
    ones, pairs, n = spectrum.ones, spectrum.pairs, spectrum.strength.shape[1]
    for first in range(i + 1, n, 8):
        weigh_eight(spectrum, spectrum.rows[i], first)
        for index in range(min(8, n - first)):
            j = first + index
            pairs[0, i, j], pairs[1, i, j] = spectrum.counts[0, index], spectrum.counts[1, index]
            put(spectrum, 0, 0, spectrum.total[1])
            put(spectrum, 1, ones[0, i], ones[1, i])
            put(spectrum, 2, ones[0, j], ones[1, j])
            put(spectrum, 3, pairs[0, i, j], pairs[1, i, j])
            keep(spectrum, 2, contrast(spectrum, 2), i, j, -1)


@compiled
def find_triples(spectrum, i):
    """What input i tells together with a partner that comes after it, and one after both.

    Reads spectrum.ones and pairs, of all partners. Writes spectrum.strength, others and the scratch.
    """
    ones, pairs, n = spectrum.ones, spectrum.pairs, spectrum.strength.shape[1]
    pair = spectrum.pair
    for j in range(i + 1, pairs.shape[1]):
        for word in range(pair.shape[0]):
            pair[word] = spectrum.rows[i, word] ^ spectrum.rows[j, word]
        for first in range(j + 1, n, 8):
            weigh_eight(spectrum, pair, first)
            for index in range(min(8, n - first)):
                k = first + index
                if not is_plain(spectrum, index):
                    continue
                put(spectrum, 0, 0, spectrum.total[1])
                put(spectrum, 1, ones[0, i], ones[1, i])
                put(spectrum, 2, ones[0, j], ones[1, j])
                put(spectrum, 3, pairs[0, i, j], pairs[1, i, j])
                put(spectrum, 4, ones[0, k], ones[1, k])
                put(spectrum, 5, pairs[0, i, k], pairs[1, i, k])
                put(spectrum, 6, pairs[0, j, k], pairs[1, j, k])
                put(spectrum, 7, spectrum.counts[0, index], spectrum.counts[1, index])
                keep(spectrum, 3, contrast(spectrum, 3), i, j, k)

"""Polynomials of bits: sums modulo 2 of inputs (parities), and of products of two or three inputs.

Of few inputs the best parity is the largest Walsh coefficient. Else coefficients solve linear equations over
GF(2), one for each item, so that elimination finds them where the items decide them. A few items that are wrong
are left out by chance: elimination takes as many random items as there are coefficients, and tries again.

Source of the form: I. I. Zhegalkin, Matem. sbornik 34 (1927), 9; D. E. Muller, IRE Trans. EC-3 (1954), 6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from btfnet.families.evidence import Bits, Sample
from btfnet.families.gate_builder import TRUE, GateBuilder

Terms = list[tuple[int, ...]]
CHECKS = 64
"""Equations more than unknowns: a wrong system of them has a solution once in 2^64 times."""
TRIES = 24
"""Draws of items for a parity. With 1 % of the items wrong, 1 in 3 draws of 100 items has none of these."""
TRANSFORMED = 20
"""Inputs up to which all parities are looked at, errors or not: a fast Walsh transform of 2^20 takes 0.1 s."""
MOST_TERMS = 5200
"""Unknowns beyond which elimination takes more than about two seconds."""
HIGHEST = 3


@dataclass(frozen=True, eq=False)
class Polynomial:
    """An output as the parity of products of inputs; the empty product is 1."""

    terms: tuple[tuple[int, ...], ...]
    n_inputs: int

    @property
    def name(self) -> str:
        """In words, such as "parity of all inputs", or "polynomial of degree 2 over GF(2), 17 terms"."""
        products = [term for term in self.terms if term]
        if self.degree > 1:
            return f"polynomial of degree {self.degree} over GF(2), {len(products)} terms"
        which = "all" if len(products) == self.n_inputs else f"{len(products)} of {self.n_inputs}"
        return f"{'complement of the ' if () in self.terms else ''}parity of {which} inputs"

    @property
    def degree(self) -> int:
        return max(map(len, self.terms), default=0)

    def answers(self, inputs: Bits) -> Bits:
        total = np.zeros(len(inputs), dtype=bool)
        for term in self.terms:
            total ^= inputs[:, list(term)].all(axis=1)
        return total

    def build(self, builder: GateBuilder) -> int:
        products = [builder.all_of(*(index + 1 for index in term)) for term in self.terms if term]
        parity = builder.parity(products)
        return -parity if () in self.terms else parity if products else -TRUE


def parities(sample: Sample) -> Iterator[tuple[int, Polynomial]]:
    """Parities of some inputs that explain outputs, as (output, polynomial)."""
    few = len(sample.varying) <= TRANSFORMED
    for output in sample.outputs_in_time():
        for found in (_strongest if few else _drawn)(sample, output):
            if sample.explained(output, found.answers(sample.inputs), float(len(sample.varying))):
                yield output, found
                break


def _drawn(sample: Sample, output: int) -> Iterator[Polynomial]:
    """Parities that some randomly drawn items obey."""
    rng = np.random.default_rng(output)
    terms: Terms = [(), *((int(index),) for index in sample.varying)]
    for _ in range(TRIES):
        if sample.over():
            return
        found = _solved(sample, output, terms, rng, 0 if sample.error else 1)
        if found:
            yield found


def _strongest(sample: Sample, output: int) -> Iterator[Polynomial]:
    """The parity that the most training items obey, or the fewest: the largest Walsh coefficient of all."""
    n, counted = len(sample.varying), np.flatnonzero(sample.care[: sample.n_train, output])
    numbers = sample.inputs[np.ix_(counted, sample.varying)] @ (1 << np.arange(n, dtype=np.int64))
    votes = np.where(sample.outputs[counted, output], -1.0, 1.0)
    spectrum = np.bincount(numbers, weights=votes, minlength=1 << n)
    for digit in range(n):
        halves = spectrum.reshape(-1, 2, 1 << digit)
        spectrum = np.stack([halves[:, 0] + halves[:, 1], halves[:, 0] - halves[:, 1]], axis=1)
    spectrum = spectrum.reshape(-1)
    spectrum[0] = 0  # the constant is no parity
    mask = int(np.abs(spectrum).argmax())
    chosen: Terms = [(int(sample.varying[digit]),) for digit in range(n) if mask >> digit & 1]
    yield Polynomial(tuple([()] * bool(spectrum[mask] < 0) + chosen), sample.n_inputs)


def polynomials(sample: Sample) -> Iterator[tuple[int, Polynomial]]:
    """Polynomials of the highest degree that the items decide and `HIGHEST` allows; items without errors only."""
    n, limit = len(sample.varying), min(sample.n_train - 2 * CHECKS, MOST_TERMS)
    degrees = [d for d in range(2, HIGHEST + 1) if sum(comb(n, size) for size in range(d + 1)) <= limit]
    if not degrees:
        return
    terms = [term for size in range(degrees[-1] + 1) for term in combinations(sample.varying.tolist(), size)]
    for output in sample.outputs_in_time():
        found = _solved(sample, output, terms, np.random.default_rng(output), CHECKS)
        if found and sample.explained(output, found.answers(sample.inputs)):
            yield output, found


def _solved(
    sample: Sample, output: int, terms: Terms, rng: np.random.Generator, n_checks: int
) -> Polynomial | None:
    """The coefficients from randomly drawn training items, and so many items more, with which they must agree."""
    counted = np.flatnonzero(sample.care[: sample.n_train, output] & sample.distinct)
    if len(counted) < len(terms) + n_checks:
        return None
    items = rng.permutation(counted)[: len(terms) + n_checks]
    inputs = sample.inputs[items]
    columns = [inputs[:, list(term)].all(axis=1) for term in terms]
    coefficients = solve_mod_2(np.stack([*columns, sample.outputs[items, output]], axis=1))
    if coefficients is None:
        return None
    return Polynomial(tuple(terms[index] for index in np.flatnonzero(coefficients)), sample.n_inputs)


def solve_mod_2(equations: Bits) -> Bits | None:
    """One solution of linear equations over GF(2), (n_equations, n_unknowns + 1), right sides last; free unknowns
    are 0. None where they contradict each other. Gauss-Jordan elimination, 64 unknowns to a word.
    """
    n_equations, n_unknowns = equations.shape[0], equations.shape[1] - 1
    rows = _words(equations)
    pivots: list[int] = []
    for unknown in range(n_unknowns):
        word, mask = unknown >> 6, np.uint64(1 << (unknown & 63))
        has = (rows[:, word] & mask) != 0
        below = np.flatnonzero(has[len(pivots) :])
        if not below.size:
            continue
        row, pivot = len(pivots), len(pivots) + int(below[0])
        rows[[row, pivot]] = rows[[pivot, row]]
        has[pivot] = has[row]
        has[row] = False
        rows[has, word:] ^= rows[row, word:]
        pivots.append(unknown)
        if len(pivots) == n_equations:
            break
    right = (rows[:, n_unknowns >> 6] >> np.uint64(n_unknowns & 63) & np.uint64(1)).astype(bool)
    if right[len(pivots) :].any():
        return None
    solution = np.zeros(n_unknowns, dtype=bool)
    solution[pivots] = right[: len(pivots)]
    return solution


def _words(bits: Bits) -> NDArray[np.uint64]:
    """Rows of bits as words of 64, the first one lowest."""
    packed = np.packbits(bits, axis=1, bitorder="little")
    padded = np.zeros((len(bits), -(-packed.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view("<u8").astype(np.uint64)

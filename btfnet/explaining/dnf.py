"""The fewest products of literals of which one holds exactly when a function is true: a minimal DNF.

Prime implicants by merging (W. V. Quine, Amer. Math. Monthly 62 (1955), 627; E. J. McCluskey, Bell Syst. Tech. J.
35 (1956), 1417), the fewest that cover all by an integer program (HiGHS), of equally many those with few literals.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_INPUTS = 8
MOST_PRIMES = 600
SECONDS = 1.0
TERM = 1000
"""A term weighs more than any number of literals."""

Term = tuple[int, int]
"""The inputs that a product hears, and which of them must be true, as bits."""


def minimal_terms(table: NDArray[np.bool_]) -> list[Term] | None:
    """The products of a table, (2^n,), of which input j is bit j of an entry's number; proven to be the fewest.

    None where there are too many inputs or products, or the time is up.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # half a second that few need

    n = len(table).bit_length() - 1
    if n > MOST_INPUTS:
        return None
    ones = np.flatnonzero(table)
    if len(ones) in (0, len(table)):
        return [(0, 0)] if len(ones) else []
    primes = _primes(n, set(ones.tolist()))
    if len(primes) > MOST_PRIMES:
        return None
    covers = np.array([[(one & care) == value for care, value in primes] for one in ones.tolist()])
    prices = np.array([TERM + care.bit_count() for care, _ in primes], dtype=float)
    found = milp(
        prices,
        constraints=LinearConstraint(covers.astype(float), lb=1),
        integrality=np.ones(len(primes)),
        bounds=Bounds(0, 1),
        options={"time_limit": SECONDS},
    )
    if found.status != 0:
        return None
    terms = [term for term, taken in zip(primes, found.x, strict=True) if taken > 0.5]
    return sorted(terms, key=lambda term: (term[0].bit_count(), [-(term[0] >> j & 1) for j in range(n)]))


def _primes(n: int, ones: set[int]) -> list[Term]:
    """Products that are true at these entries only and stop being so when a literal is dropped."""
    full = (1 << n) - 1
    level = {(full, one) for one in ones}
    primes: list[Term] = []
    while level:
        merged, used = set[Term](), set[Term]()
        for care, value in level:
            for index in range(n):
                bit = 1 << index
                partner = (care, value ^ bit)
                if care & bit and partner in level:
                    merged.add((care & ~bit, value & ~bit))
                    used |= {(care, value), partner}
        primes += sorted(level - used, key=lambda term: (-term[0], term[1]))
        level = merged
    return primes

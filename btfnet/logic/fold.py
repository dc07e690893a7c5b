"""One gate made lighter: the same function of the same nodes."""

from __future__ import annotations

from collections import Counter
from math import gcd

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.gate import Gate

TRUE, FALSE = Gate(0, ()), Gate(1, ())

EXHAUSTIVE_LITERALS = 10
"""Up to so many distinct literals, lighter weights are checked on all their values."""


def fold_gate(gate: Gate) -> Gate:
    """The same function of the same nodes: lighter, literals sorted by node; `TRUE` or `FALSE` if constant.

    - a literal and its negation together always count 1
    - a literal that can never decide is dropped
    - a weight above k, or above the number of false literals that make the gate false, decides alone and
      need not be larger
    - weights are divided by their common divisor, and lowered where the values on all literals
      (up to `EXHAUSTIVE_LITERALS`) show that nothing changes
    """
    at_least, weights = _collect(gate)
    while True:
        if at_least <= 0:
            return TRUE
        if at_least > sum(weights.values()):
            return FALSE
        if max(weights.values()) == 1:
            break
        lighter = _clamp(at_least, weights)
        lighter = _drop_irrelevant(*lighter)
        lighter = _lower(*_divide(*lighter))
        if lighter == (at_least, weights):
            break
        at_least, weights = lighter
    return Gate(at_least, tuple(lit for lit in sorted(weights, key=abs) for _ in range(weights[lit])))


def _collect(gate: Gate) -> tuple[int, dict[int, int]]:
    """Weights of distinct nodes' literals; a pair (+i, -i) counts 1 whatever i is."""
    counts = Counter(gate.literals)
    pairs = {literal: min(count, counts[-literal]) for literal, count in counts.items()}
    at_least = gate.at_least - sum(pairs.values()) // 2
    rest = {literal: count - pairs[literal] for literal, count in counts.items()}
    return at_least, {literal: rest[literal] for literal in sorted(rest, key=abs) if rest[literal]}


def _clamp(at_least: int, weights: dict[int, int]) -> tuple[int, dict[int, int]]:
    """A weight ≥ k makes the gate true alone: k is enough. By duality the same for making it false."""
    weights = {literal: min(weight, at_least) for literal, weight in weights.items()}
    to_fail = sum(weights.values()) - at_least + 1
    clamped = {literal: min(weight, to_fail) for literal, weight in weights.items()}
    return sum(clamped.values()) - to_fail + 1, clamped


def _drop_irrelevant(at_least: int, weights: dict[int, int]) -> tuple[int, dict[int, int]]:
    """A literal of weight w matters only if the others can sum to k-w … k-1.

    Bit s of `reachable` is 1 where some of the other literals sum to s. Nodes that do not matter one by one
    do not matter together.
    """
    sizes = Counter(weights.values())
    irrelevant = set()
    for size in sizes:
        reachable = 1
        for other, count in (sizes - Counter([size])).items():
            for _ in range(count):
                reachable |= reachable << other
        if not (reachable << size) >> at_least & ((1 << size) - 1):
            irrelevant.add(size)
    return at_least, {literal: weight for literal, weight in weights.items() if weight not in irrelevant}


def _divide(at_least: int, weights: dict[int, int]) -> tuple[int, dict[int, int]]:
    divisor = gcd(*weights.values()) or 1
    return -(-at_least // divisor), {literal: weight // divisor for literal, weight in weights.items()}


def _lower(at_least: int, weights: dict[int, int]) -> tuple[int, dict[int, int]]:
    """Lower by one a single weight, or all equal ones together, as long as all 2^m values stay the same."""
    if not 1 <= len(weights) <= EXHAUSTIVE_LITERALS:
        return at_least, weights
    literals, vector = list(weights), np.array(list(weights.values()), dtype=np.int64)
    values = np.arange(1 << len(vector))[:, None] >> np.arange(len(vector)) & 1
    is_true = values @ vector >= at_least
    if is_true.all() or not is_true.any():
        return at_least, weights
    lowered = True
    while lowered:
        lowered = False
        for fewer in _lower_weights(vector):
            sums = values @ fewer
            if sums[is_true].min() > sums[~is_true].max():
                at_least, vector, lowered = int(sums[is_true].min()), fewer, True
                break
    return at_least, dict(zip(literals, vector.tolist(), strict=True))


def _lower_weights(vector: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    sizes = [size for size in np.unique(vector)[::-1] if size > 1]
    together = [np.where(vector == size, vector - 1, vector) for size in sizes]
    single = [vector - np.eye(len(vector), dtype=np.int64)[index] for index in np.flatnonzero(vector > 1)]
    return [*together, *single]

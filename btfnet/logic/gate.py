"""`Gate`, the one gate type, its literals, and a gate made lighter.

Two codings of literals occur in this room and no other:

    signed     +i is node i, -i its negation, nodes count from 1: gates and circuits, and kernels that run them
    AIGER's    2 v is variable v, 2 v + 1 its negation, variable 0 is false: x ^ 1 negates, and a constant is a
               literal like any other. Graphs that are built, hashed and proven: `aig`, `simulation.xmg`, `proof`

They meet where gates become graphs (`aig.gates`) and in `btfnet.logic.aig.aig.signed_literal`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import Wanted, is_list, is_whole, need

WHOLE = Wanted("a whole number", is_whole)
LITERALS = Wanted("a list of literals, signed node numbers from 1", is_list)


@dataclass(frozen=True, slots=True)
class Gate:
    """True when at least so many of its literals are true.

    literals   signed node numbers: +i is node i, -i its negation; a literal may stand more than once,
               which is an integer weight
    at_least   k of m literals: k = m is And, k = 1 is Or, the middle Majority, m = 1 Copy or Not;
               k ≤ 0 is the constant true, k > m the constant false

    Source: the ±1 networks of arXiv 2602.17493, with the bias folded into k.
    """

    at_least: int
    literals: tuple[int, ...]

    def __post_init__(self) -> None:
        if type(self.at_least) is not int or type(self.literals) is not tuple:
            need("Gate", at_least=(self.at_least, WHOLE), literals=(self.literals, LITERALS))
            object.__setattr__(self, "at_least", int(self.at_least))
            object.__setattr__(self, "literals", tuple(self.literals))

    @classmethod
    def from_weights(cls, weights: dict[int, int]) -> Gate:
        """The gate of y = sgn(Σ w_i x_i) with integer weights over ±1 nodes; node 0 is the constant -1.

        The sign of 0 is -1, as in the paper's inference.
        """
        bias = weights.get(0, 0)
        literals = tuple(
            (node if weight > 0 else -node)
            for node, weight in sorted(weights.items())
            if node != 0
            for _ in range(abs(weight))
        )
        return cls((len(literals) + bias) // 2 + 1, literals)

    @property
    def kind(self) -> str:
        """One of const, copy, not, and, or, maj, threshold."""
        m, k = len(self.literals), self.at_least
        if k <= 0 or k > m:
            return "const"
        if m == 1:
            return "copy" if self.literals[0] > 0 else "not"
        if len(set(map(abs, self.literals))) < m:
            return "threshold"
        if k in (1, m):
            return "or" if k == 1 else "and"
        return "maj" if 2 * k == m + 1 else "threshold"

    @property
    def constant(self) -> bool | None:
        """The value of a constant gate, None for all others."""
        if self.at_least <= 0:
            return True
        return False if self.at_least > len(self.literals) else None

    def over(self, literal_of: Sequence[int]) -> Gate:
        """The same function of other nodes: literal_of[i] takes the place of node i."""
        return Gate(self.at_least, tuple(literal_over(literal, literal_of) for literal in self.literals))

    def dual(self) -> Gate:
        """The gate that is true exactly when this one is false."""
        m = len(self.literals)
        return Gate(m - self.at_least + 1, tuple(-literal for literal in self.literals))

    def __str__(self) -> str:
        names = [f"{'~' if literal < 0 else ''}n{abs(literal)}" for literal in self.literals]
        if self.kind == "const":
            return "true" if self.constant else "false"
        if self.kind in ("copy", "not"):
            return names[0]
        if self.kind == "threshold":
            return f"at least {self.at_least} of ({', '.join(names)})"
        title = {"and": "And", "or": "Or", "maj": f"Maj{len(names)}"}[self.kind]
        return f"{title}({', '.join(names)})"


def literal_over(literal: int, literal_of: Sequence[int]) -> int:
    """What a literal becomes where literal_of[i] takes the place of node i."""
    return literal_of[literal] if literal > 0 else -literal_of[-literal]


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

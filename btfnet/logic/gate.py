"""`Gate`, the one gate type, and its literals.

Two codings of literals occur in this room and no other:

    signed     +i is node i, -i its negation, nodes count from 1: gates and circuits, and kernels that run them
    AIGER's    2 v is variable v, 2 v + 1 its negation, variable 0 is false: x ^ 1 negates, and a constant is a
               literal like any other. Graphs that are built, hashed and proven: `aig`, `simulation.xmg`, `proof`

They meet where gates become graphs (`aig.gates`) and in `btfnet.logic.aig.aig.signed_literal`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

"""`GateBuilder`: threshold gates from the inputs up; constants are folded, equal gates found, not made again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate, fold_gate, literal_over

TRUE = 1 << 60
"""The constant true as a literal; no node has so large a number."""
FALSE = -TRUE

Word = Sequence[int]
"""Literals of a word's bits, the least significant one first."""


class TooManyGates(Exception):
    """A builder has made as many gates as it may."""


class GateBuilder:
    """Makes the gates of a `Circuit`. Literals are signed nodes, as everywhere in `btfnet.logic`, or constants.

    most_gates   raise `TooManyGates` beyond so many; None: as many as are needed
    """

    def __init__(self, n_inputs: int, most_gates: int | None = None) -> None:
        self.n_inputs = n_inputs
        self._most_gates = most_gates
        self._gates: list[Gate] = []
        self._known: dict[Gate, int] = {}

    def __len__(self) -> int:
        """Gates so far."""
        return len(self._gates)

    def circuit(
        self,
        outputs: Sequence[int],
        *,
        input_names: tuple[str, ...] = (),
        output_names: tuple[str, ...] = (),
        name: str = "circuit",
    ) -> Circuit:
        """The gates that the outputs need."""
        gates, literals = list(self._gates), list(outputs)
        if any(abs(literal) == TRUE for literal in literals):
            gates.append(Gate(0, ()))
            constant = self.n_inputs + len(gates)
            literals = [
                constant if literal == TRUE else -constant if literal == FALSE else literal
                for literal in literals
            ]
        gates, literals = _needed(self.n_inputs, gates, literals)
        return Circuit(self.n_inputs, tuple(gates), tuple(literals), input_names, output_names, name)

    # -- gates ----------------------------------------------------------------------------------------

    def at_least(self, count: int, literals: Iterable[int]) -> int:
        """At least so many of these are true."""
        kept = []
        for literal in literals:
            if literal == TRUE:
                count -= 1
            elif literal != FALSE:
                kept.append(literal)
        if count <= 0 or count > len(kept):
            return TRUE if count <= 0 else FALSE
        gate = Gate(count, tuple(sorted(kept, key=abs)))
        if len(set(map(abs, kept))) < len(kept):
            gate = fold_gate(gate)
            if gate.constant is not None:
                return TRUE if gate.constant else FALSE
        return self._node(gate)

    def all_of(self, *literals: int) -> int:
        return self.at_least(len(literals), literals)

    def any_of(self, *literals: int) -> int:
        return self.at_least(1, literals)

    def majority(self, a: int, b: int, c: int) -> int:
        return self.at_least(2, (a, b, c))

    def borrow(self, a: int, b: int, below: int) -> int:
        """What a - b - below takes from the next digit."""
        return self.majority(-a, b, below)

    def differ(self, a: int, b: int) -> int:
        """a xor b."""
        return self.half_add(a, b)[0]

    def choose(self, chooser: int, if_true: int, if_false: int) -> int:
        """One of two, in two gates."""
        if if_true == if_false or chooser == TRUE:
            return if_true
        if chooser == FALSE:
            return if_false
        if if_true == -if_false:
            return self.differ(chooser, if_false)
        if abs(if_true) == TRUE or abs(if_false) == TRUE:
            return self._choose_constant(chooser, if_true, if_false)
        first = self.all_of(chooser, if_true)
        return self.at_least(2, (first, first, -chooser, if_false))

    def _choose_constant(self, chooser: int, if_true: int, if_false: int) -> int:
        if if_true == TRUE:
            return self.any_of(chooser, if_false)
        if if_true == FALSE:
            return self.all_of(-chooser, if_false)
        return self.any_of(-chooser, if_true) if if_false == TRUE else self.all_of(chooser, if_true)

    def half_add(self, a: int, b: int) -> tuple[int, int]:
        """Sum and carry of two bits: two gates."""
        for one, other in ((a, b), (b, a)):
            if abs(one) == TRUE:
                return (-other, other) if one == TRUE else (other, FALSE)
        if abs(a) == abs(b):
            return (FALSE, a) if a == b else (TRUE, FALSE)
        sign = 1 if (a > 0) == (b > 0) else -1  # one gate for a xor b, and for a xor not b
        carry = self.all_of(a, b)
        both = self.all_of(abs(a), abs(b))
        total = self._node(Gate(3, (*sorted((abs(a), abs(b))), -both, -both)))
        return sign * total, carry

    def add(self, a: int, b: int, c: int) -> tuple[int, int]:
        """Sum and carry of three bits: the majority, and a + b + c - 2 carry ≥ 1, which is one gate more."""
        literals = (a, b, c)
        for index, literal in enumerate(literals):
            one, other = literals[index - 1], literals[index - 2]
            if literal == FALSE:
                return self.half_add(one, other)
            if literal == TRUE:
                total, carry = self.half_add(one, other)
                return -total, self.any_of(one, other)
            if abs(one) == abs(other):
                return (literal, one) if one == other else (-literal, literal)
        carry = self.majority(a, b, c)
        return self._node(Gate(3, (*sorted(literals, key=abs), -carry, -carry))), carry

    def parity(self, literals: Iterable[int]) -> int:
        """Whether an odd number of these are true; three at a time."""
        waiting = list(literals)
        while len(waiting) > 1:
            waiting += [FALSE] * (-len(waiting) % 3)
            waiting = [self.add(*waiting[first : first + 3])[0] for first in range(0, len(waiting), 3)]
        return waiting[0] if waiting else FALSE

    def table(self, address: Word, entries: Sequence[bool]) -> int:
        """The entry that an address names; entries beyond the last do not matter."""
        if len(set(entries)) <= 1:
            return TRUE if any(entries) else FALSE
        half = 1 << (len(entries) - 1).bit_length() - 1
        low, high = list(entries[:half]), list(entries[half:])
        high += low[len(high) :]
        digit = half.bit_length() - 1
        return self.choose(address[digit], self.table(address, high), self.table(address, low))

    def _node(self, gate: Gate) -> int:
        """The node of a gate; its dual counts as the same one negated."""
        if len(gate.literals) == 1:
            return gate.literals[0]
        dual = gate.dual()
        if dual in self._known:
            return -self._known[dual]
        if gate not in self._known:
            if len(self._gates) == self._most_gates:
                raise TooManyGates
            self._gates.append(gate)
            self._known[gate] = self.n_inputs + len(self._gates)
        return self._known[gate]


class AndBuilder(GateBuilder):
    """Adders of Ands and Ors: five gates where `GateBuilder` makes two, but 7 Ands where it takes 10."""

    def differ(self, a: int, b: int) -> int:
        return self.all_of(self.any_of(a, b), -self.all_of(a, b))

    def borrow(self, a: int, b: int, below: int) -> int:
        """Shares what `differ(b, below)` needs."""
        return self.any_of(self.all_of(b, below), self.all_of(-a, self.differ(b, below)))

    def half_add(self, a: int, b: int) -> tuple[int, int]:
        return self.differ(a, b), self.all_of(a, b)

    def add(self, a: int, b: int, c: int) -> tuple[int, int]:
        first, carry = self.half_add(a, b)
        total, other_carry = self.half_add(first, c)
        return total, self.any_of(carry, other_carry)


def _needed(n_inputs: int, gates: list[Gate], outputs: list[int]) -> tuple[list[Gate], list[int]]:
    """Gates on which an output depends, numbered anew."""
    alive = {abs(output) for output in outputs}
    for node in range(n_inputs + len(gates), n_inputs, -1):
        if node in alive:
            alive.update(abs(literal) for literal in gates[node - n_inputs - 1].literals)
    new, kept = list(range(n_inputs + 1)), list[Gate]()
    for index, gate in enumerate(gates):
        new.append(n_inputs + 1 + len(kept))
        if n_inputs + 1 + index in alive:
            kept.append(gate.over(new))
    return kept, [literal_over(output, new) for output in outputs]

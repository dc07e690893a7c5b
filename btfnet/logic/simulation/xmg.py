"""From threshold gates to steps of at most three operands, one machine operation each.

And, Or and Majority of two or three literals are one step. Wider conjunctions become trees; thresholds become
counters of full adders (a parity and a majority each). Copies, negations and constants cost nothing: they are
signs of the values that others read. Equal steps are one; steps that no output needs are left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from btfnet.logic.aig.aig import FALSE, TRUE, Builder, Earliest
from btfnet.logic.aig.gates import add_circuit
from btfnet.logic.aig.thresholds import count
from btfnet.logic.netlist import Netlist


@dataclass(frozen=True, slots=True)
class Step:
    """One operation, named as in `btfnet.kernels.logic.program.OPS`, of earlier values."""

    op: str
    operands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Xmg:
    """A circuit as operations: value 0 is false, 1 … n_inputs the inputs, then the steps' results in order.

    outputs  literals: 2 v is value v, 2 v + 1 its negation
    """

    n_inputs: int
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]


def lower(circuit: Netlist) -> Xmg:
    """The circuit's steps. Thresholds are counted: a full adder is two steps, where a comparator is as many."""
    lowering = _Lowering(circuit.n_inputs)
    outputs = add_circuit(lowering, circuit, count)
    return _needed(circuit.n_inputs, lowering.steps, outputs)


class _Lowering(Builder):
    """The builder of and-inverter graphs, with richer operations than its And."""

    def __init__(self, n_inputs: int) -> None:
        super().__init__(n_inputs)
        self.steps: list[Step] = []
        self._known_steps: dict[Step, int] = {}

    def both(self, a: int, b: int) -> int:
        return self.all_of([a, b])

    def all_of(self, literals: list[int]) -> int:
        """Their conjunction; the early ones are joined first."""
        distinct = set(literals) - {TRUE}
        if FALSE in distinct or any(literal ^ 1 in distinct for literal in distinct):
            return FALSE
        waiting = Earliest(self.by_depth, distinct)
        while len(waiting) > 1:
            waiting.put(self._and(waiting.take(3 if len(waiting) != 4 else 2)))
        return waiting.take(1)[0] if waiting else TRUE

    def add(self, a: int, b: int, c: int) -> tuple[int, int]:
        """Sum and carry of three bits: a parity and a majority."""
        return self._parity([a, b, c]), self.majority(a, b, c)

    def majority(self, a: int, b: int, c: int) -> int:
        """Of three."""
        for x, y, z in ((a, b, c), (b, c, a), (c, a, b)):
            if x == y:
                return x
            if x ^ y == 1:
                return z
            if x <= TRUE:
                return self.both(y, z) if x == FALSE else self.either(y, z)
        negated, plain = _by_sign([a, b, c])
        turned = len(negated) > 1
        if turned:
            negated, plain = plain, negated
        return self._step("maj3_not" if negated else "maj3", [*negated, *plain]) ^ turned

    def _and(self, literals: list[int]) -> int:
        """Of two or three different values. What would be all negated is the complement of an Or."""
        negated, plain = _by_sign(literals)
        if not plain:
            return self._step(f"or{len(literals)}", negated) ^ 1
        name = f"and{len(literals)}" if not negated else f"but{len(literals)}"
        return self._step("neither3" if len(negated) > 1 else name, [*negated, *plain])

    def _parity(self, literals: list[int]) -> int:
        """Whether an odd number is true; signs come out of it."""
        odd = sorted(
            value for value, count in Counter(x >> 1 for x in literals).items() if count % 2 and value
        )
        sign = sum(literals) & 1
        if len(odd) < 2:
            return (2 * odd[0] if odd else FALSE) ^ sign
        return self._step(f"xor{len(odd)}", odd) ^ sign

    def _step(self, op: str, operands: list[int]) -> int:
        step = Step(op, tuple(operands))
        if step not in self._known_steps:
            self._level.append(1 + max(self._level[value] for value in operands))
            self.steps.append(step)
            self._known_steps[step] = 2 * (self.n_inputs + len(self.steps))
        return self._known_steps[step]


def _by_sign(literals: list[int]) -> tuple[list[int], list[int]]:
    """The values of the negated and of the plain literals, each sorted."""
    return sorted(x >> 1 for x in literals if x & 1), sorted(x >> 1 for x in literals if not x & 1)


def _needed(n_inputs: int, steps: list[Step], outputs: list[int]) -> Xmg:
    """Only what the outputs need, numbered anew."""
    needed, first = {output >> 1 for output in outputs}, n_inputs + 1
    for index in range(len(steps) - 1, -1, -1):
        if first + index in needed:
            needed.update(steps[index].operands)
    new = list(range(first))
    used: list[Step] = []
    for index, step in enumerate(steps):
        new.append(first + len(used))
        if first + index in needed:
            used.append(Step(step.op, tuple(new[value] for value in step.operands)))
    return Xmg(n_inputs, tuple(used), tuple(2 * new[output >> 1] + (output & 1) for output in outputs))

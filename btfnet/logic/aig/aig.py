"""`Aig`: a circuit as an and-inverter graph, which is what netlist tools and solvers take.

`Builder` makes one; `btfnet.logic.aig.gates` says what it makes of threshold gates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError
from btfnet.logic.gate import Gate

Key = tuple[bool, int, int]
"""What decides which literal is earlier, and at the end the literal itself."""


class Earliest:
    """A queue by `Builder.by_depth`; n literals go in and out in O(n log n), where sorting anew takes n²."""

    def __init__(self, key: Callable[[int], Key], literals: Iterable[int]) -> None:
        self._key = key
        self._heap = [self._key(literal) for literal in literals]
        heapify(self._heap)

    def __len__(self) -> int:
        return len(self._heap)

    def take(self, count: int) -> list[int]:
        """The so many earliest, or all that there are."""
        return [heappop(self._heap)[-1] for _ in range(min(count, len(self._heap)))]

    def put(self, literal: int) -> None:
        heappush(self._heap, self._key(literal))


FALSE, TRUE = 0, 1
"""The constant literals."""


@dataclass(frozen=True, eq=False)
class Aig:
    """Two-input Ands and inverters, numbered as in the AIGER format.

    Variable 0 is the constant false, 1 … n_inputs are the inputs, And j (from 0) is variable
    n_inputs + 1 + j. Literal 2 v is variable v, 2 v + 1 its negation.

    ands     int64, (n_ands, 2): the literals of each And, of earlier variables, the larger one first
    outputs  literals

    Raises `DataError` for a literal of no earlier variable.
    """

    n_inputs: int
    ands: NDArray[np.int64]
    outputs: tuple[int, ...]
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    name: str = "circuit"

    def __post_init__(self) -> None:
        ands = np.asarray(self.ands, dtype=np.int64).reshape(-1, 2)
        object.__setattr__(self, "ands", ands)
        object.__setattr__(self, "outputs", tuple(int(output) for output in self.outputs))
        variables = self.n_inputs + 1 + np.arange(len(ands))[:, None]
        bad = np.argwhere((ands < 0) | (ands >= 2 * variables))
        if bad.size:
            index = int(bad[0, 0])
            raise DataError(
                f"{self.name}: And {index} has the literals {ands[index].tolist()}; "
                f"expected 0 to {2 * int(variables[index, 0]) - 1}, those of earlier variables."
            )
        for index, output in enumerate(self.outputs):
            if not 0 <= output < 2 * self.n_variables:
                raise DataError(
                    f"{self.name}: output {index} is the literal {output}; "
                    f"expected 0 to {2 * self.n_variables - 1}."
                )

    @property
    def n_variables(self) -> int:
        """The constant, inputs and Ands."""
        return self.n_inputs + 1 + len(self.ands)

    @property
    def n_ands(self) -> int:
        return len(self.ands)

    @cached_property
    def levels(self) -> NDArray[np.int64]:
        """Ands on the longest path from an input to each variable; (n_variables,)."""
        level = [0] * (self.n_inputs + 1)
        for first, second in self.ands.tolist():
            level.append(1 + max(level[first >> 1], level[second >> 1]))
        return np.array(level, dtype=np.int64)

    @property
    def depth(self) -> int:
        """Ands on the longest path from an input to an output."""
        return int(max((self.levels[output >> 1] for output in self.outputs), default=0))

    def as_gates(self) -> tuple[tuple[Gate, ...], tuple[int, ...]]:
        """And gates and signed outputs, as of a circuit over the same inputs; a constant where an output is one.

        Raises `DataError` where an And takes a constant, which `cleaned` folds.
        """
        gates = []
        for index, literals in enumerate(self.ands.tolist()):
            if min(literals) <= TRUE:
                raise DataError(f"{self.name}: And {index} takes a constant; fold it first with cleaned().")
            gates.append(Gate(2, (signed_literal(literals[0]), signed_literal(literals[1]))))
        constant = self.n_inputs + 1 + self.n_ands
        if any(output <= TRUE for output in self.outputs):
            gates.append(Gate(1, ()))
        signed = {FALSE: constant, TRUE: -constant}
        return tuple(gates), tuple(signed.get(output) or signed_literal(output) for output in self.outputs)

    def cleaned(self) -> Aig:
        """Constants folded, equal Ands shared, none without a use."""
        builder = Builder(self.n_inputs)
        literal_of = [2 * variable for variable in range(self.n_inputs + 1)]
        for first, second in self.ands.tolist():
            a, b = literal_of[first >> 1] ^ (first & 1), literal_of[second >> 1] ^ (second & 1)
            literal_of.append(builder.both(a, b))
        outputs = [literal_of[output >> 1] ^ (output & 1) for output in self.outputs]
        return builder.finish(outputs, self.input_names, self.output_names, self.name)


def signed_literal(literal: int) -> int:
    """The literal of a gate (see `btfnet.logic.gate`) for one of an and-inverter graph that is no constant."""
    return -(literal >> 1) if literal & 1 else literal >> 1


class Builder:
    """Makes an `Aig` from the inputs up; an And that exists already is found, not made again."""

    def __init__(self, n_inputs: int) -> None:
        self.n_inputs = n_inputs
        self._ands: list[tuple[int, int]] = []
        self._known: dict[tuple[int, int], int] = {}
        self._level = [0] * (n_inputs + 1)

    @property
    def n_variables(self) -> int:
        """The constant, inputs and Ands so far."""
        return self.n_inputs + 1 + len(self._ands)

    def fan_in(self, variable: int) -> tuple[int, int]:
        """The literals of an And."""
        return self._ands[variable - self.n_inputs - 1]

    def both(self, a: int, b: int) -> int:
        """a and b."""
        a, b = max(a, b), min(a, b)
        if b == FALSE or a ^ b == 1:
            return FALSE
        if b == TRUE or a == b:
            return a
        if (a, b) not in self._known:
            self._known[a, b] = 2 * (self.n_inputs + 1 + len(self._ands))
            self._ands.append((a, b))
            self._level.append(1 + max(self._level[a >> 1], self._level[b >> 1]))
        return self._known[a, b]

    def either(self, a: int, b: int) -> int:
        """a or b."""
        return self.both(a ^ 1, b ^ 1) ^ 1

    def all_of(self, literals: list[int]) -> int:
        """Their conjunction, the early ones first, so that it is not deeper than need be."""
        waiting = Earliest(self.by_depth, set(literals))
        while len(waiting) > 1:
            waiting.put(self.both(*waiting.take(2)))
        return waiting.take(1)[0] if waiting else TRUE

    def add(self, a: int, b: int, c: int) -> tuple[int, int]:
        """Sum and carry of three bits: 7 Ands, 3 where one of them is constant."""
        a, b, c = sorted((a, b, c), key=self.by_depth)
        if a <= TRUE:  # the constant counts as earliest
            both, either = self.both(b, c), self.either(b, c)
            differ = self.both(either, both ^ 1)
            return (differ ^ 1, either) if a == TRUE else (differ, both)
        both = self.both(a, b)
        differ = self.both(self.either(a, b), both ^ 1)
        once_more = self.both(differ, c)
        total = self.both(self.either(differ, c), once_more ^ 1)
        return total, self.either(both, once_more)

    def majority(self, a: int, b: int, c: int) -> int:
        """Of three: 4 Ands."""
        a, b, c = sorted((a, b, c), key=self.by_depth)
        return self.either(self.both(a, b), self.both(c, self.either(a, b)))

    def by_depth(self, literal: int) -> tuple[bool, int, int]:
        """The order in which bits are joined: constants first, then the early ones."""
        return literal > TRUE, self._level[literal >> 1], literal

    def finish(
        self, outputs: list[int], input_names: tuple[str, ...], output_names: tuple[str, ...], name: str
    ) -> Aig:
        """The graph of what the outputs need."""
        first = self.n_inputs + 1
        needed = [False] * len(self._ands)
        waiting = [output >> 1 for output in outputs]
        while waiting:
            index = waiting.pop() - first
            if index >= 0 and not needed[index]:
                needed[index] = True
                waiting += [literal >> 1 for literal in self._ands[index]]
        new = list(range(first))
        used: list[tuple[int, int]] = []
        for index, (a, b) in enumerate(self._ands):
            new.append(first + len(used))
            if needed[index]:
                used.append((2 * new[a >> 1] + (a & 1), 2 * new[b >> 1] + (b & 1)))
        return Aig(
            self.n_inputs,
            np.array(used, dtype=np.int64).reshape(-1, 2),
            tuple(2 * new[output >> 1] + (output & 1) for output in outputs),
            input_names,
            output_names,
            name,
        )

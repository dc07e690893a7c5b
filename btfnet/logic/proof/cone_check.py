"""Small cones: two nodes that depend on few inputs are compared on all of these, 64 at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import words_for
from btfnet.logic.aig.aig import Aig, Builder
from btfnet.logic.evaluate import WORDS_AT_ONCE, exhaustive_words
from btfnet.logic.proof.deadline import Deadline
from btfnet.logic.proof.random_patterns import AigSimulator, first_difference, of_literal


class ConeCheck:
    """Are two literals of a `Builder` equal? Tried on every value of the inputs that they depend on."""

    def __init__(self, builder: Builder, deadline: Deadline) -> None:
        self._builder, self._deadline = builder, deadline
        self._support = [0, *(1 << index for index in range(builder.n_inputs))]
        self.calls = 0

    def equal(self, a: int, b: int, operations: int) -> bool | NDArray[np.bool_] | None:
        """True when proven, inputs on which they differ, None when that takes more operations on words.

        Inputs come as (n_inputs,) bool. Raises `OutOfTime`.
        """
        support = self._support_of(a >> 1) | self._support_of(b >> 1)
        n_words = words_for(1 << support.bit_count())
        if n_words > operations:
            return None
        inputs = [index for index in range(self._builder.n_inputs) if support >> index & 1]
        cone = self._cone(inputs, a, b)
        if n_words * cone.n_ands > operations:
            return None
        self.calls += 1
        item = self._search(cone, n_words)
        if item is None:
            return True
        example = np.zeros(self._builder.n_inputs, dtype=bool)
        example[inputs] = item >> np.arange(len(inputs)) & 1
        return example

    def _search(self, cone: Aig, n_words: int) -> int | None:
        """The first item on which the two outputs differ."""
        simulator = AigSimulator(cone)
        for first in range(0, n_words, WORDS_AT_ONCE):
            self._deadline.check()
            words = exhaustive_words(cone.n_inputs, first, min(WORDS_AT_ONCE, n_words - first))
            values = simulator.values(words)
            item = first_difference(*(of_literal(values, output) for output in cone.outputs))
            if item is not None:
                return 64 * first + item
        return None

    def _cone(self, inputs: list[int], a: int, b: int) -> Aig:
        """The graph of the two literals over the inputs that they depend on."""
        new = {0: 0, **{index + 1: place + 1 for place, index in enumerate(inputs)}}
        needed, waiting = set(new), [a >> 1, b >> 1]
        while waiting:
            variable = waiting.pop()
            if variable not in needed:
                needed.add(variable)
                waiting += [literal >> 1 for literal in self._builder.fan_in(variable)]
        ands: list[list[int]] = []
        for variable in sorted(needed - set(new)):
            new[variable] = len(inputs) + 1 + len(ands)
            ands.append([2 * new[literal >> 1] + (literal & 1) for literal in self._builder.fan_in(variable)])
        outputs = tuple(2 * new[literal >> 1] + (literal & 1) for literal in (a, b))
        return Aig(len(inputs), np.array(ands, dtype=np.int64).reshape(-1, 2), outputs)

    def _support_of(self, variable: int) -> int:
        """Bit j is 1 where the variable may depend on input j."""
        for later in range(len(self._support), variable + 1):
            a, b = self._builder.fan_in(later)
            self._support.append(self._support[a >> 1] | self._support[b >> 1])
        return self._support[variable]

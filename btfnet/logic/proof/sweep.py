"""SAT sweeping: what is equal inside two circuits is proven equal and merged, from the inputs up.

Two circuits that compute the same mostly have many nodes that do, and each pair is easy to prove once the pairs
below it are one node. The outputs come last, and are often one node already.

What a solver does not get past are sums added in another order; `adders` knows these.

Candidates are nodes whose values agree on all patterns; a refuted pair gives a pattern that parts it.
Source: A. Kuehlmann, "Dynamic transition relation simplification for bounded property checking", ICCAD 2004;
A. Mishchenko, S. Chatterjee, R. Jiang, R. Brayton, "FRAIGs: A unifying representation for logic synthesis and
verification", ERL technical report, Berkeley 2005.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.aig.aig import Aig, Builder
from btfnet.logic.proof.adders import merge_sums
from btfnet.logic.proof.cone_check import ConeCheck
from btfnet.logic.proof.deadline import Deadline
from btfnet.logic.proof.random_patterns import (
    AigSimulator,
    RandomPatterns,
    column,
    first_difference,
    of_literal,
)
from btfnet.logic.proof.sat import SOLVERS, SatSolver

CONFLICTS, OPERATIONS = 30, 1 << 22
"""What one question may cost in the first round: conflicts of the solver, operations on words."""
HARDER = 8
"""By how much more in the next round, and for an output."""


@dataclass(slots=True)
class Effort:
    """What a proof took.

    ands          of the graph that holds both circuits
    rounds        through the graph
    merged, sums  nodes proven equal by solver and cones, and by the algebra of adders
    solver_calls  of the SAT solver
    cones         pairs of nodes tried on all inputs that they depend on
    """

    ands: int = 0
    rounds: int = 0
    merged: int = 0
    sums: int = 0
    solver_calls: int = 0
    cones: int = 0


class Different(Exception):
    """Inputs on which two outputs differ; (n_inputs,) bool."""

    def __init__(self, inputs: NDArray[np.bool_]) -> None:
        super().__init__("the circuits differ")
        self.inputs = inputs


def prove(graph: Aig, deadline: Deadline, effort: Effort) -> None:
    """Return when the first half of the graph's outputs equals the second one, pair by pair.

    Raises `Different` when it does not, and `OutOfTime`.
    """
    patterns = RandomPatterns(graph.n_inputs)
    _try_patterns(graph, patterns.words)
    original, share = graph, 1
    while open_pairs(graph):
        effort.rounds += 1
        graph = _Round(graph, patterns, deadline, effort, share).run()
        if share == 1 and open_pairs(graph):  # the merged graph has lost the shape of the adders
            merged = _with_equal_sums_merged(original, patterns, deadline, effort)
            graph = merged if effort.sums else graph
        share *= HARDER


def _with_equal_sums_merged(graph: Aig, patterns: RandomPatterns, deadline: Deadline, effort: Effort) -> Aig:
    """See `adders`; that the outputs stay is tried on all patterns too."""
    merged, effort.sums = merge_sums(graph, deadline)
    before, after = (AigSimulator(each).values(patterns.words) for each in (graph, merged))
    for old, new in zip(graph.outputs, merged.outputs, strict=True):
        if first_difference(of_literal(before, old), of_literal(after, new)) is not None:
            raise AssertionError(f"{graph.name}: merging sums changed an output")
    return merged


def open_pairs(graph: Aig) -> list[tuple[int, int]]:
    """Outputs of the two halves that are not one literal yet."""
    half = len(graph.outputs) // 2
    pairs = zip(graph.outputs[:half], graph.outputs[half:], strict=True)
    return sorted({pair for pair in pairs if pair[0] != pair[1]})


def _try_patterns(graph: Aig, words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The values of all variables; raises `Different` where outputs are."""
    values = AigSimulator(graph).values(words)
    for a, b in open_pairs(graph):
        item = first_difference(of_literal(values, a), of_literal(values, b))
        if item is not None:
            raise Different(column(words, item))
    return values


class _Round:
    """One way through the graph, into a new one without what was proven equal."""

    def __init__(
        self, graph: Aig, patterns: RandomPatterns, deadline: Deadline, effort: Effort, share: int
    ) -> None:
        self.graph, self.patterns, self.deadline, self.effort, self.share = (
            graph,
            patterns,
            deadline,
            effort,
            share,
        )
        self.solver = SOLVERS[(effort.rounds - 1) % len(SOLVERS)]
        self.builder = Builder(graph.n_inputs)
        self.new = [2 * variable for variable in range(graph.n_inputs + 1)]
        self.hashes = np.zeros(graph.n_variables, dtype=np.uint64)
        values = _try_patterns(graph, patterns.words)
        self.flip = (values[:, 0] & np.uint64(1)).astype(np.int64).tolist()
        self._part(values)

    def run(self) -> Aig:
        """The new graph. Raises `Different` and `OutOfTime`."""
        self.cone_check = ConeCheck(self.builder, self.deadline)
        with SatSolver(self.builder, self.deadline, self.solver) as self.sat:
            try:
                for a, b in self.graph.ands.tolist():
                    self.deadline.check()
                    self._next(self.builder.both(self._literal(a), self._literal(b)))
                outputs = [self._literal(output) for output in self.graph.outputs]
                self._merge_outputs(outputs)
            finally:
                self.effort.solver_calls += self.sat.calls
                self.effort.cones += self.cone_check.calls
        return self.builder.finish(outputs, (), (), self.graph.name)

    def _literal(self, old: int) -> int:
        return self.new[old >> 1] ^ (old & 1)

    def _next(self, literal: int) -> None:
        """The next variable is `literal`, or an earlier one that is proven equal."""
        variable = len(self.new)
        literal ^= self.flip[variable]
        while True:
            earlier = self.first.setdefault(int(self.hashes[variable]), literal)
            answer = earlier == literal or self._equal(earlier, literal, self.share)
            if answer is None or isinstance(answer, bool):
                break
            self._part(_try_patterns(self.graph, self.patterns.add(answer)))
        self.effort.merged += answer is True and earlier != literal
        self.new.append((earlier if answer else literal) ^ self.flip[variable])

    def _merge_outputs(self, outputs: list[int]) -> None:
        """Ask for the outputs themselves, with more patience."""
        half = len(outputs) // 2
        for index in range(half):
            a, b = outputs[index], outputs[half + index]
            answer = a == b or self._equal(a, b, HARDER * self.share)
            if answer is None:
                continue
            if not isinstance(answer, bool):
                raise Different(answer)
            outputs[half + index] = a

    def _equal(self, a: int, b: int, share: int) -> bool | NDArray[np.bool_] | None:
        answer = self.sat.equal(a, b, CONFLICTS * share)
        return self.cone_check.equal(a, b, OPERATIONS * share) if answer is None else answer

    def _part(self, values: NDArray[np.uint64]) -> None:
        """Take new values into the hashes: equal hashes are what is worth a question."""
        flip = np.where(np.array(self.flip, dtype=bool), ~np.uint64(0), np.uint64(0))
        for word in values.T ^ flip:
            self.hashes = (self.hashes ^ word) * np.uint64(0x9E37_79B9_7F4A_7C15)
            self.hashes ^= self.hashes >> np.uint64(32)
        self.first: dict[int, int] = {}
        for variable, literal in enumerate(self.new):
            self.first.setdefault(int(self.hashes[variable]), literal ^ self.flip[variable])

"""A SAT solver that knows a growing and-inverter graph, asked in small pieces so that it can be stopped."""

from __future__ import annotations

from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from pysat.solvers import Solver

from btfnet.logic.aig.aig import FALSE, Builder
from btfnet.logic.proof.deadline import Deadline

SOLVERS = ("minisat-gh", "glucose4")
"""Names of pysat's. The first is quickest with many small questions; either proves what the other does not."""
SLICE = 200
"""Conflicts in one call of the solver. Between calls the time limit and Ctrl-C are looked at."""
SLICE_PROPAGATIONS = 200_000


class SatSolver:
    """Are two literals of a `Builder` equal? Clauses come in when they are needed, and learned ones stay."""

    def __init__(self, builder: Builder, deadline: Deadline, solver: str = SOLVERS[0]) -> None:
        self._builder, self._deadline = builder, deadline
        self._solver = Solver(solver)
        self._solver.add_clause([-1])  # variable 0 of the graph, the constant false
        self._known = {0}
        self.calls = 0

    def __enter__(self) -> SatSolver:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._solver.delete()

    def equal(self, a: int, b: int, conflicts: int) -> bool | NDArray[np.bool_] | None:
        """True when proven, inputs on which they differ, None when that takes more conflicts.

        Inputs come as (n_inputs,) bool. Raises `OutOfTime`.
        """
        self._load(a >> 1)
        self._load(b >> 1)
        for first, second in ((a, b ^ 1), (a ^ 1, b)):
            satisfiable = self._both_true(first, second, conflicts)
            if satisfiable is None:
                return None
            if satisfiable:
                return self._inputs()
        self._solver.add_clause([_signed(a), _signed(b ^ 1)])
        self._solver.add_clause([_signed(a ^ 1), _signed(b)])
        return True

    def _both_true(self, a: int, b: int, conflicts: int) -> bool | None:
        if FALSE in (a, b):
            return False
        while conflicts > 0:
            self._deadline.check()
            self._solver.conf_budget(min(SLICE, conflicts))
            self._solver.prop_budget(SLICE_PROPAGATIONS)
            self.calls += 1
            # With expect_interrupt pysat leaves Ctrl-C to Python, which raises after the call.
            answer: bool | None = self._solver.solve_limited([_signed(a), _signed(b)], expect_interrupt=True)
            if answer is not None:
                return answer
            conflicts -= SLICE
        return None

    def _inputs(self) -> NDArray[np.bool_]:
        inputs = np.zeros(self._builder.n_inputs, dtype=bool)
        for literal in self._solver.get_model():
            if 1 < literal <= 1 + len(inputs):
                inputs[literal - 2] = True
        return inputs

    def _load(self, variable: int) -> None:
        """Tell the solver what defines a variable."""
        first = self._builder.n_inputs + 1
        waiting = [variable]
        while waiting:
            variable = waiting.pop()
            if variable in self._known:
                continue
            self._known.add(variable)
            if variable >= first:
                a, b = self._builder.fan_in(variable)
                out = 2 * variable
                for clause in ((out ^ 1, a), (out ^ 1, b), (out, a ^ 1, b ^ 1)):
                    self._solver.add_clause([_signed(literal) for literal in clause])
                waiting += [a >> 1, b >> 1]


def _signed(literal: int) -> int:
    """A solver's literal: variable v of the graph is the solver's v + 1."""
    return -(literal >> 1) - 1 if literal & 1 else (literal >> 1) + 1

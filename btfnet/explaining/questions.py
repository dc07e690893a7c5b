"""A SAT solver that knows a circuit: can an output be so, with inputs as in a row but for a few?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pysat.card import ITotalizer
from pysat.solvers import Solver

from btfnet.logic.aig.aig import FALSE, TRUE
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit
from btfnet.logic.proof.deadline import Deadline
from btfnet.logic.proof.sat import SLICE, SLICE_PROPAGATIONS, SOLVERS

Row = NDArray[np.bool_]


class Clauses:
    """A SAT solver that grows, and ends when its time is up.

    n_variables   so many are in use already; `new` makes further ones
    """

    def __init__(self, n_variables: int) -> None:
        self.n_variables = n_variables
        self.solver = Solver(SOLVERS[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.solver.delete()

    def new(self) -> int:
        """A variable that nothing speaks of yet."""
        self.n_variables += 1
        return self.n_variables

    def add(self, clause: Iterable[int]) -> None:
        self.solver.add_clause(list(clause))

    def ask(self, assumptions: Sequence[int], deadline: Deadline) -> bool:
        """Whether all of these can hold together. Raises `OutOfTime`."""
        while True:
            deadline.check()
            self.solver.conf_budget(SLICE)
            self.solver.prop_budget(SLICE_PROPAGATIONS)
            answer: bool | None = self.solver.solve_limited(list(assumptions), expect_interrupt=True)
            if answer is not None:
                return answer

    def true(self, literals: Iterable[int]) -> list[int]:
        """Which of these hold in the answer to the last question."""
        model = self.solver.get_model()
        return [x for x in literals if len(model) >= abs(x) and model[abs(x) - 1] == x]

    def needed(self) -> set[int]:
        """Assumptions of the last question, which had no answer, that alone leave it without one."""
        return set(self.solver.get_core() or ())


class Questions(Clauses):
    """The solver, about one row of a circuit: variable i is input i (from 1) being true.

    row       bool, (n_inputs,)
    possible  clauses over inputs, signed numbers from 1, that every input must satisfy
    """

    def __init__(self, circuit: Circuit, row: Row, possible: Iterable[Sequence[int]] = ()) -> None:
        graph = aig_of(circuit)
        super().__init__(graph.n_variables)
        self.row = row
        self._constant = graph.n_variables  # variable 0 of the graph, negated
        self._outputs = [self._signed(output) for output in graph.outputs]
        self.add([self._constant])
        for out, (first, second) in enumerate(graph.ands.tolist(), start=graph.n_inputs + 1):
            a, b = self._signed(first), self._signed(second)
            for clause in ([-out, a], [-out, b], [out, -a, -b]):
                self.add(clause)
        for given in possible:
            self.add(given)
        self.solver.set_phases([self.kept(index) for index in range(graph.n_inputs)])

    def kept(self, index: int) -> int:
        """The literal that says that an input (from 0) is as in the row."""
        return index + 1 if self.row[index] else -index - 1

    def output(self, index: int, value: bool) -> int:
        """The literal that says that an output has a value."""
        return self._outputs[index] if value else -self._outputs[index]

    def changed(self, inputs: Iterable[int]) -> list[int]:
        """Which of these inputs differ from the row in the answer to the last question."""
        return [abs(x) - 1 for x in self.true(-self.kept(index) for index in inputs)]

    def _signed(self, literal: int) -> int:
        if literal in (FALSE, TRUE):
            return self._constant if literal == TRUE else -self._constant
        return -(literal >> 1) if literal & 1 else literal >> 1


class AtMost:
    """At most k of some literals are true, as an assumption, for any k.

    Source: O. Bailleux, Y. Boufkhad, Efficient CNF encoding of Boolean cardinality constraints, CP 2003.
    """

    FIRST = 4
    """Counted up to this; further when more is asked for."""

    def __init__(self, clauses: Clauses, literals: Sequence[int]) -> None:
        self._clauses, self._literals, self._sent = clauses, list(literals), 0
        first = min(self.FIRST, len(self._literals))
        self._totalizer = ITotalizer(self._literals, first, clauses.n_variables)
        self._send()

    def bound(self, count: int) -> list[int]:
        """Assumptions that say so; none where it always holds."""
        if count >= len(self._literals):
            return []
        if count >= len(self._totalizer.rhs):
            most = min(2 * count, len(self._literals))
            self._totalizer.increase(ubound=most, top_id=self._clauses.n_variables)
            self._send()
        return [-self._totalizer.rhs[count]]

    def _send(self) -> None:
        for clause in self._totalizer.cnf.clauses[self._sent :]:
            self._clauses.add(clause)
        self._sent = len(self._totalizer.cnf.clauses)
        self._clauses.n_variables = max(self._clauses.n_variables, self._totalizer.top_id)

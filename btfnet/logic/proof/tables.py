"""Do the lines of a table contradict each other? Asked of a SAT solver, so that no cube is ever expanded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pysat.solvers import Solver

from btfnet.logic.proof.sat import SLICE, SLICE_PROPAGATIONS, SOLVERS
from btfnet.logic.truth_table import EITHER, OFF, ON, OPEN, TRUE, Table


class Contradiction(NamedTuple):
    """An input for which lines put an output into ON and into OFF, and nothing leaves it open.

    inputs  (n_inputs,) bool
    on, off lines of the file
    """

    inputs: NDArray[np.bool_]
    output: int
    on: int
    off: int


def contradiction_of(table: Table) -> Contradiction | None:
    """A contradiction of the table, None where there is none.

    For each output one question: is there an input that some line of ON covers, some line of OFF, and no line
    of OPEN?
    """
    on, off = ((table.marks & kind > 0).any(axis=0) for kind in (ON, OFF))
    torn: list[int] = np.flatnonzero(on & off).tolist()
    if not torn or table.parity:
        return None
    with Solver(SOLVERS[0]) as solver:
        for clause in _clauses(table, torn):
            solver.add_clause(clause)
        for number, output in enumerate(torn):
            asked = table.n_inputs + table.n_lines + 1 + number
            if _answer(solver, asked):
                return _contradiction_at(table, output, solver.get_model())
    return None


def _clauses(table: Table, outputs: list[int]) -> Iterator[list[int]]:
    """Variables: the inputs, from 1; for each line, that it covers the input; for each output, that it is
    asked about. An output that is asked about has a line of ON, one of OFF, and none of OPEN.
    """
    first = table.n_inputs + 1
    literals = [_literals(cube) for cube in table.cubes]
    for line, held in enumerate(literals):
        yield from ([-(first + line), literal] for literal in held)
    for number, output in enumerate(outputs):
        asked = first + table.n_lines + number
        for kind in (ON, OFF):
            yield [-asked, *(first + np.flatnonzero(table.marks[:, output] & kind)).tolist()]
        for line in np.flatnonzero(table.marks[:, output] & OPEN).tolist():
            yield [-asked, *(-literal for literal in literals[line])]


def _literals(cube: NDArray[np.uint8]) -> list[int]:
    held = np.flatnonzero(cube != EITHER)
    literals: list[int] = np.where(cube[held] == TRUE, held + 1, -held - 1).tolist()
    return literals


def _answer(solver: Any, assumed: int) -> bool:
    """Solve in slices, between which Ctrl-C is looked at."""
    while True:
        solver.conf_budget(SLICE)
        solver.prop_budget(SLICE_PROPAGATIONS)
        answer = solver.solve_limited([assumed], expect_interrupt=True)
        if answer is not None:
            return bool(answer)


def _contradiction_at(table: Table, output: int, model: list[int]) -> Contradiction:
    inputs = np.zeros(table.n_inputs, dtype=bool)
    for literal in model[: table.n_inputs]:  # an input that no clause names has no value, and may be either
        if literal > 0:
            inputs[literal - 1] = True
    meets = ((table.cubes == EITHER) | (table.cubes == inputs)).all(axis=1)
    on, off = (np.flatnonzero(meets & (table.marks[:, output] & kind > 0))[0] for kind in (ON, OFF))
    return Contradiction(inputs, output, table.lines[on], table.lines[off])

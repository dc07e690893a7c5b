"""Is there another rule? A SAT solver is asked, for as long as a budget of conflicts lasts.

Variables are the table's bits, all states in between, and those of the first states that were not seen. A cell's
next state is the entry of its pattern: two clauses for every cell, step, channel and pattern.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pysat.solvers import Solver

from btfnet.halting import Halt
from btfnet.rules.lattice import OUTSIDE
from btfnet.rules.observations import Observations
from btfnet.rules.rule import TableRule

SOLVER = "glucose4"
MOST_CLAUSES = 1_500_000
CONFLICTS = 20_000
SLICE, SLICE_PROPAGATIONS, SLICE_CLAUSES = 500, 500_000, 10_000
MOST_RULES = 16
"""Others that are looked for."""


def other_tables(
    rule: TableRule, observations: Observations, halt: Halt
) -> tuple[list[NDArray[np.int64]], bool]:
    """Values of other tables that explain the observations, and whether these are all there are.

    Bits that no cell asked for under the first rule may differ in the others, which then count as one.
    Raises `Halted`.
    """
    cells = observations.n_channels * observations.flat.shape[1] * observations.steps
    if 2 * cells * len(rule.values) > MOST_CLAUSES:
        return [], False
    encoding = _Encoding(rule, observations)
    found: list[NDArray[np.int64]] = []
    with Solver(SOLVER) as solver:
        for number, clause in enumerate(encoding.clauses()):
            if number % SLICE_CLAUSES == 0:
                halt.check()
            solver.add_clause(clause)
        solver.add_clause(encoding.unlike(rule.values, rule.unseen))
        left = CONFLICTS
        while len(found) < MOST_RULES:
            answer, left = _asked(solver, left, halt)
            if answer is None:
                return found, False
            if not answer:
                return found, True
            values = encoding.values(solver.get_model())
            found.append(values)
            solver.add_clause(encoding.unlike(values, rule.unseen))
    return found, False


def _asked(solver: Solver, left: int, halt: Halt) -> tuple[bool | None, int]:
    while left > 0:
        halt.check()
        solver.conf_budget(min(SLICE, left))
        solver.prop_budget(SLICE_PROPAGATIONS)
        answer: bool | None = solver.solve_limited(expect_interrupt=True)
        if answer is not None:
            return answer, left
        left -= SLICE
    return None, 0


class _Encoding:
    def __init__(self, rule: TableRule, observations: Observations) -> None:
        self.rule, self.observations = rule, observations
        self.channels, self.n_patterns = observations.n_channels, len(rule.values)
        shape = observations.steps + 1, self.channels, observations.n_runs * observations.lattice.n_cells
        first = 1 + self.n_patterns * self.channels
        self.outside = first + math.prod(shape)
        self.state = np.arange(first, self.outside).reshape(shape)

    def entry(self, pattern: int, channel: int) -> int:
        """The variable of a bit of the table."""
        return 1 + pattern * self.channels + channel

    def clauses(self) -> Iterator[list[int]]:
        yield from self._no_state()
        for index, time in enumerate(self.observations.times):
            bits, known = self.observations.bits(index)
            signs = np.where(bits, 1, -1) * self.state[time]
            yield from ([int(literal)] for literal in signs[known])
        cells, runs = self.observations.lattice.n_cells, np.arange(self.observations.n_runs)[:, None]
        yield [-self.outside]
        reads = [self.observations.lattice.reads(offset) for offset in self.rule.neighbourhood.offsets]
        places = [np.where(read == OUTSIDE, OUTSIDE, runs * cells + read).ravel() for read in reads]
        width = self.channels * len(places)
        # a literal is true where the pattern's digit is not what the cell sees
        digits = np.where(np.arange(self.n_patterns)[:, None] >> np.arange(width)[::-1] & 1, -1, 1)
        for step in range(self.observations.steps):
            seen = [
                np.where(place == OUTSIDE, self.outside, self.state[step][channel][place])
                for place in places
                for channel in range(self.channels)
            ]
            for cell, shown in enumerate(np.array(seen).T):
                for pattern, unlike in enumerate((digits * shown).tolist()):
                    for channel, after in enumerate(self.state[step + 1][:, cell].tolist()):
                        bit = self.entry(pattern, channel)
                        yield [*unlike, -bit, after]
                        yield [*unlike, bit, -after]

    def _no_state(self) -> Iterator[list[int]]:
        """No entry, and no first state, is one of the states that do not exist."""
        entries = np.arange(1, 1 + self.n_patterns * self.channels).reshape(-1, self.channels)
        for state in range(self.rule.n_states, 1 << self.channels):
            signs = np.where(state >> np.arange(self.channels)[::-1] & 1, -1, 1)
            yield from (np.concatenate([entries, self.state[0].T]) * signs).tolist()

    def unlike(self, values: NDArray[np.int64], ignored: NDArray[np.bool_]) -> list[int]:
        """A clause: at least one bit that counts is another one."""
        clause = []
        for pattern in np.flatnonzero(~ignored):
            for channel in range(self.channels):
                bit = self.entry(int(pattern), channel)
                clause.append(-bit if values[pattern] >> (self.channels - 1 - channel) & 1 else bit)
        return clause

    def values(self, model: list[int]) -> NDArray[np.int64]:
        """The table of a model."""
        true = np.zeros(self.n_patterns * self.channels + 1, dtype=np.int64)
        for literal in model[: len(true) - 1]:
            true[abs(literal)] = literal > 0
        return true[1:].reshape(self.n_patterns, self.channels) @ (1 << np.arange(self.channels)[::-1])

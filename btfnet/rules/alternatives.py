"""Is there another rule? A SAT solver is asked, for as long as a budget of conflicts lasts.

Variables are the table's bits, all states in between, and those of the first states that were not seen. A cell's
next state is the entry of its pattern: two clauses for every cell, step, channel and pattern.
"""

from __future__ import annotations

from itertools import count

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
SLICE, SLICE_PROPAGATIONS = 500, 500_000
MOST_RULES = 16
"""Others that are looked for."""


def other_tables(
    rule: TableRule, observations: Observations, halt: Halt
) -> tuple[list[NDArray[np.int64]], bool]:
    """Values of other tables that explain the observations, and whether these are all there are.

    Bits that no cell asked for under the first rule may differ in the others, which then count as one.
    Raises `Halted`.
    """
    encoding = _Encoding(rule, observations)
    if encoding.n_clauses > MOST_CLAUSES:
        return [], False
    found: list[NDArray[np.int64]] = []
    with Solver(SOLVER) as solver:
        for clause in encoding.clauses():
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
        self.n_bits = observations.n_runs * observations.lattice.n_cells
        self._next = count(1 + self.n_patterns * self.channels)
        states = observations.steps + 1
        self.state = np.array(
            [
                [[next(self._next) for _ in range(self.n_bits)] for _ in range(self.channels)]
                for _ in range(states)
            ]
        )
        self.n_clauses = 2 * self.channels * self.n_bits * observations.steps * self.n_patterns

    def entry(self, pattern: int, channel: int) -> int:
        """The variable of a bit of the table."""
        return 1 + pattern * self.channels + channel

    def clauses(self) -> list[list[int]]:
        found = []
        for index, time in enumerate(self.observations.times):
            bits, known = self.observations.bits(index)
            signs = np.where(bits, 1, -1) * self.state[time]
            found += [[int(literal)] for literal in signs[known]]
        cells, runs = self.observations.lattice.n_cells, np.arange(self.observations.n_runs)[:, None]
        outside = next(self._next)
        found.append([-outside])
        reads = [self.observations.lattice.reads(offset) for offset in self.rule.neighbourhood.offsets]
        places = [np.where(read == OUTSIDE, OUTSIDE, runs * cells + read).ravel() for read in reads]
        width = self.channels * len(places)
        # a literal is true where the pattern's digit is not what the cell sees
        digits = np.where(np.arange(self.n_patterns)[:, None] >> np.arange(width)[::-1] & 1, -1, 1)
        for step in range(self.observations.steps):
            seen = [
                np.where(place == OUTSIDE, outside, self.state[step][channel][place])
                for place in places
                for channel in range(self.channels)
            ]
            rows = (digits[None] * np.array(seen).T[:, None, :]).tolist()
            for channel in range(self.channels):
                after = self.state[step + 1][channel].tolist()
                for cell, patterns in enumerate(rows):
                    for pattern, unlike in enumerate(patterns):
                        bit = self.entry(pattern, channel)
                        found.append([*unlike, -bit, after[cell]])
                        found.append([*unlike, bit, -after[cell]])
        return found

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

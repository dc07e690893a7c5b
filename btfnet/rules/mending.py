"""First states that were seen wrong: turned over one by one, wherever that explains more than it costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.halting import Halt
from btfnet.rules.observations import Observations
from btfnet.rules.records import AnyRule, wrong_states
from btfnet.rules.rule import TableRule, run


def mended(
    rule: AnyRule, first: NDArray[np.int64], observations: Observations, halt: Halt
) -> tuple[AnyRule, NDArray[np.int64], int]:
    """Rule and states at step 0, (n_runs, n_cells), after all single changes that lessen the wrong bits.

    A known bit of the first states that is changed counts as a wrong one. Entries of a table change, too.
    Raises `Halted`.
    """
    first, wrong = first.copy(), errors(rule, first, observations)
    improved = wrong > 0
    while improved:
        improved = False
        for place in np.ndindex(first.shape):
            halt.check()
            kept = int(first[place])
            for state in range(observations.n_states):
                first[place] = state
                fewer = errors(rule, first, observations) if state != kept else wrong
                if fewer < wrong:
                    kept, wrong, improved = state, fewer, True
            first[place] = kept
        if isinstance(rule, TableRule):
            rule, fewer = _better_table(rule, first, observations, wrong, halt)
            improved |= fewer < wrong
            wrong = fewer
    return rule, first, wrong


def errors(rule: AnyRule, first: NDArray[np.int64], observations: Observations) -> int:
    """Known bits, those of the first states included, that are otherwise under a rule."""
    return wrong_states(observations, run(rule, first, observations.steps, observations.lattice))


def _better_table(
    rule: TableRule, first: NDArray[np.int64], observations: Observations, wrong: int, halt: Halt
) -> tuple[TableRule, int]:
    values = rule.values.copy()
    trial = TableRule(rule.neighbourhood, values, rule.unseen, rule.n_states)
    for entry in np.flatnonzero(~rule.unseen):
        halt.check()
        kept = values[entry]
        for state in range(observations.n_states):
            values[entry] = state
            fewer = errors(trial, first, observations) if state != kept else wrong
            if fewer < wrong:
                kept, wrong = state, fewer
        values[entry] = kept
    return trial, wrong

"""How sure a rule is: all were tried, a SAT solver knows no other, or further starts end at the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from btfnet.halting import Halt
from btfnet.rules.alternatives import other_tables
from btfnet.rules.arrays import PackedRun
from btfnet.rules.attempt import CellKind, RuleAttempt
from btfnet.rules.enumeration import Enumerated
from btfnet.rules.gates import GateRule
from btfnet.rules.records import Forced, Reconstruction
from btfnet.rules.rule import TableRule
from btfnet.rules.thresholds import ThresholdRule

FURTHER = 2
"""Starts that are asked for the same rule, where nothing is proven."""
LEAST_MOVES, PATIENCE = 200_000, 2
"""Changes that these may try, at least, and in those of the start that was kept."""


def forced_by(result: Reconstruction, enumerated: Enumerated | None, jobs: int, halt: Halt) -> Forced:
    """Whether another rule explains the same. Raises `Halted`."""
    rule = result.rule
    unseen = rule.n_open if isinstance(rule, TableRule) else 0
    more = enumerated is not None and enumerated.n_exact > len(enumerated.exact)
    if enumerated is not None and not (more and isinstance(rule, TableRule)):
        return _of_all(enumerated, unseen, exact=result.exact)
    # where there are more tables than were kept, many of them may differ in unseen bits alone
    if isinstance(rule, TableRule) and result.exact:
        others, all_known = other_tables(rule, result.observations, halt)
        if all_known or others:
            how = "proven by a SAT solver" if all_known else f"at least {len(others)} others, by a SAT solver"
            return Forced(unseen, 1 + len(others), all_known, 0, how)
    if not result.exact:
        return Forced(unseen, 1, False, 0, "the fewest wrong bits of all starts")
    rules, same = _further(result, jobs, halt)
    return Forced(unseen, rules, False, same, f"{same} of {FURTHER} further starts end at the same rule")


def _of_all(found: Enumerated, unseen: int, *, exact: bool) -> Forced:
    if not exact:
        return Forced(unseen, 1, False, 0, f"the fewest wrong bits of all {found.tried} rules")
    rules, kept = len({rule.key() for rule, _ in found.exact}), len(found.exact)
    if found.n_exact > kept:
        how = f"{found.n_exact} of all {found.tried} rules explain it, and {rules} of the first {kept} differ"
        return Forced(unseen, rules, False, 0, how)
    return Forced(unseen, rules, True, 0, f"all {found.tried} rules were tried")


def _further(result: Reconstruction, jobs: int, halt: Halt) -> tuple[int, int]:
    """Different exact rules, that of the result included, and how many further starts ended at that one."""
    winner = min(result.trials, key=lambda trial: (trial.wrong, trial.index))
    kind = CellKind(result.kind)
    if isinstance(result.rule, ThresholdRule):
        kind = CellKind("masks", result.rule.form)
    elif isinstance(result.rule, GateRule):
        least = result.observations.n_channels
        kind = CellKind("gates", gates=max(least, len(result.rule.circuit.gates)))
    packed_run = PackedRun.of(result.observations, result.neighbourhood)
    budget = max(LEAST_MOVES, PATIENCE * winner.tried)

    def key_of(further: int) -> bytes | None:
        seed = np.random.SeedSequence([result.seed, winner.index, further]).generate_state(1)[0]
        attempt = RuleAttempt(packed_run, kind, int(seed), noisy=False, budget=budget)
        while not attempt.over:
            attempt.advance(halt)
        return attempt.found()[0].key() if attempt.least == 0 else None

    with ThreadPoolExecutor(min(jobs, FURTHER)) as pool:
        keys = list(pool.map(key_of, range(FURTHER)))
    own = result.rule.key()
    return len({own, *(key for key in keys if key is not None)}), keys.count(own)

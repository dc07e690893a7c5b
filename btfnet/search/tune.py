"""Which settings and which engine a trial gets."""

from __future__ import annotations

from collections.abc import Callable

from btfnet.problem import Problem
from btfnet.search.handover import sweep_ns
from btfnet.search.records import Engine
from btfnet.settings import Settings

STEPS = ((0.3, 3e-4), (0.5, 2e-3), (0.3, 1e-4), (0.4, 1e-3))
"""(β, γ): best on the 32-wide circuits, the 2-bit multiplier, the autoencoders, and between."""
FIRST_BUDGET = 20_000
GROWTH = 5

COLD_NS = 60e9
"""In turn with the projections, descent from random gates gets about so many nanoseconds before it starts anew."""

Plan = Callable[[int], tuple[Engine, Settings]]


def plan_for(problem: Problem, base: Settings, engine: Engine, tune: bool) -> Plan:
    """Engine and settings of each trial, by its number.

    auto   projections with descent, and descent alone, in turn; projections alone where inputs are analog
    tune   the (β, γ) that have worked elsewhere, in turn, each with few iterations at first, then with ever
           more: no time is lost on bad ones, and the best is soon found again
    """
    engines = _engines(problem, engine)

    def plan(index: int) -> tuple[Engine, Settings]:
        chosen = engines[index % len(engines)]
        if chosen is Engine.DESCENT and len(engines) > 1:
            # while settings are tuned, cold descents grow with them: none may hold up the race
            rounds = index // len(engines) // len(STEPS)
            budget = min(COLD_NS, COLD_NS / 60 * GROWTH**rounds) if tune else COLD_NS
            sweeps = 2 + int(budget / sweep_ns(problem))
            return chosen, base.but(max_iterations=min(base.max_iterations, sweeps))
        if not tune or chosen is Engine.DESCENT:
            return chosen, base
        turn = index // len(engines)
        beta, gamma = STEPS[turn % len(STEPS)]
        budget = FIRST_BUDGET * GROWTH ** (turn // len(STEPS))
        return chosen, base.but(beta=beta, gamma=gamma, max_iterations=min(base.max_iterations, budget))

    return plan


def _engines(problem: Problem, engine: Engine) -> tuple[Engine, ...]:
    if not problem.has_boolean_inputs:
        return (Engine.RRR,)
    return (Engine.BOTH, Engine.DESCENT) if engine is Engine.AUTO else (engine,)

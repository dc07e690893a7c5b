"""The smallest circuit of a cell that free networks find: a rule's table is complete, so the circuit is proven."""

from __future__ import annotations

import numpy as np

from btfnet.arguments import TEXT, a, need, number, optional, whole
from btfnet.halting import Stop, question
from btfnet.logic.circuit import Circuit
from btfnet.problem.problem import Problem
from btfnet.rules.cell_gates import circuit_of, input_names, output_names
from btfnet.rules.gates import GateRule
from btfnet.rules.lattice import MAX_INPUTS
from btfnet.rules.records import AnyRule
from btfnet.rules.rule import TableRule
from btfnet.rules.thresholds import ThresholdRule
from btfnet.search.solve import solve

SECONDS = 20.0


def smallest_circuit(
    rule: AnyRule,
    *,
    name: str = "cell",
    time_limit: float = SECONDS,
    jobs: int | None = None,
    seed: int = 0,
    stop: Stop | None = None,
) -> Circuit:
    """A circuit of few gates that computes the next state of a cell, as `circuit_of` has it.

    The table's patterns are the items of a problem whose network is free; entries that are open do not count. What
    `solve` finds is right on all others; the rule's own gates, or its table as multiplexers, stay where they are
    fewer, or where nothing is found in time.
    time_limit  seconds;  jobs  processor cores, None for all;  stop  as for `btfnet.solve`
    Raises `UsageError` for absurd arguments.
    """
    need(
        "smallest_circuit", rule=(rule, a((TableRule, ThresholdRule, GateRule), "a rule")), name=(name, TEXT),
        time_limit=(time_limit, number(0, 1e9, open_low=True)), jobs=(jobs, optional(whole(1, 4096))),
        seed=(seed, whole(0, 2**63)),
    )  # fmt: skip
    question(stop)
    best = circuit_of(rule, name).simplified()
    if rule.neighbourhood.size > MAX_INPUTS:
        return best
    table = rule if isinstance(rule, TableRule) else rule.as_table()
    problem = _problem(table, name)
    if problem is None or not best.gates:
        return best
    result = solve(problem, time_limit=time_limit, jobs=jobs, seed=seed, stop=stop)
    if result.circuit is None or not result.exact:
        return best
    found = result.circuit.simplified()
    if len(found.gates) >= len(best.gates):
        return best
    inputs, outputs = input_names(table.neighbourhood, table.bits), output_names(table.bits)
    return found.named(name=name, inputs=inputs, outputs=outputs)


def _problem(table: TableRule, name: str) -> Problem | None:
    """The patterns that a cell was seen to show; None where that is too few to tell anything."""
    width = table.neighbourhood.size * table.bits
    patterns = np.flatnonzero(~table.unseen)
    if len(patterns) < 2:
        return None
    rows = patterns[:, None] >> np.arange(width)[::-1] & 1
    bits = table.values[patterns][:, None] >> np.arange(table.bits)[::-1] & 1
    return Problem.from_bits(rows, bits, name=name)

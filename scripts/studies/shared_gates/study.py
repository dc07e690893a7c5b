"""How few rows say what a shared cell does, how long it takes, and which ladder of temperatures does it.

    python scripts/studies/shared_gates/study.py            # what is missing in rows.jsonl
    study.py --part rule                                     # only this part

Parts: `rule` rule 30 on rows of 16, one exact circuit or as many as `btfnet.solve` asks for; `circuits` adders,
multipliers and random rules; `plain` the same rows on a free network; `ladder` temperatures. One core, CPU seconds
of the search alone. report.py makes the tables of docs/shared_gates.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import numpy as np

import btfnet
from btfnet import Problem
from btfnet.engines.shared.search import CopiesSearch
from scripts.lib import options
from scripts.lib.rows import Row, RowStore, check_checkout
from scripts.studies.shared_gates.cases import CIRCUITS, plain_problem, rule_problem

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("part", "case", "rows", "seed"))
SEEDS = range(5)
ROWS = (1, 2, 3, 4, 8, 16)
STEPS = range(2, 9)
CIRCUIT_ROWS = {
    "12×12 multiplier": (16,),
    "random rule of 5 cells, 2 steps": (32,),
    "random rule of 5 cells, 4 steps": (32,),
    "random rule of 6 cells, 2 steps": (64,),
}
"""Rows of those circuits that have others than (4, 8, 16)."""
LIMIT = 30.0
"""CPU seconds of a search; plain networks get PLAIN_LIMIT."""
PLAIN_LIMIT, LADDER_LIMIT = 100.0, 10.0
PLAIN = ((1, 16), (1, 256), (2, 16), (2, 256), (3, 16), (3, 256), (3, 1024))
"""Steps and rows."""
LADDERS: dict[str, Callable[[int], list[float]]] = {
    "1, 8 rungs": lambda bits: _even(1.0, 0.04 * bits, 8),
    "0.3, 8 rungs": lambda bits: _even(0.3, 0.04 * bits, 8),
    "1, 5 rungs": lambda bits: _even(1.0, 0.04 * bits, 5),
    "1, 12 rungs": lambda bits: _even(1.0, 0.04 * bits, 12),
    "1, up to 0.015": lambda bits: _even(1.0, 0.015 * bits, 8),
    "one of 1": lambda bits: [1.0],
    "one of 3": lambda bits: [3.0],
    "one of 0.01": lambda bits: [0.01 * bits],
}
"""From the coldest to 0.04 of all output bits, or one temperature for all."""
LADDER_CASES = (
    ("16-bit adder", 16),
    ("8×8 multiplier", 32),
    ("random rule of 5 cells, 2 steps", 32),
    ("random rule of 5 cells, 4 steps", 32),
    ("random rule of 6 cells, 2 steps", 64),
)


def _even(low: float, high: float, count: int) -> list[float]:
    return [float(each) for each in np.geomspace(low, max(high, 3 * low), count)]


def searched(problem: Problem, seed: int, limit: float, circuits: int | None = None) -> Row:
    """What a search finds, and how long the processor takes."""
    begun = time.process_time()
    result = btfnet.solve(
        problem,
        jobs=1,
        seed=seed,
        deterministic=True,
        circuits=circuits,
        recognise=False,
        stop=lambda: time.process_time() - begun > limit,
    )
    seconds = time.process_time() - begun
    return {
        "exact": result.exact,
        "seconds": round(seconds, 3),
        "trials": len(result.trials),
        "unseen": float(result.score.test_words),
        "cell": len(result.cells[0].gates) if result.cells else None,
    }


def rule(case: str, rows: int, seed: int) -> Row:
    """case  steps, and whether the first exact circuit ends the search or several must agree"""
    steps, which = case.split(", ")
    problem = rule_problem(30, int(steps), rows, seed)
    return searched(problem, seed, LIMIT, 1 if which == "first" else None)


def circuit(case: str, rows: int, seed: int) -> Row:
    return searched(CIRCUITS[case](rows, seed), seed, LIMIT)


def plain(case: str, rows: int, seed: int) -> Row:
    return searched(plain_problem(30, int(case), rows, seed), seed, PLAIN_LIMIT)


def ladder(case: str, rows: int, seed: int) -> Row:
    name, which = case.split(": ")
    problem = CIRCUITS[name](rows, seed)
    bits = rows * problem.network.n_outputs
    search = CopiesSearch(problem, np.random.default_rng(seed), ladder=LADDERS[which](bits))
    begun = time.process_time()
    while search.error and time.process_time() - begun < LADDER_LIMIT:
        search.run(20)
    return {
        "exact": search.error == 0,
        "seconds": round(time.process_time() - begun, 4),
        "rounds": search.rounds,
    }


PARTS = {"rule": rule, "circuits": circuit, "plain": plain, "ladder": ladder}


def keys(part: str) -> Iterator[tuple[str, int, int]]:
    """Case, rows and seed of all measurements of a part."""
    if part == "rule":
        cases = [
            (f"{steps}, {which}", rows) for steps in STEPS for rows in ROWS for which in ("first", "agreed")
        ]
    elif part == "circuits":
        cases = [(name, rows) for name in CIRCUITS for rows in CIRCUIT_ROWS.get(name, (4, 8, 16))]
    elif part == "plain":
        yield from ((str(steps), rows, 0) for steps, rows in PLAIN)
        return
    else:
        cases = [(f"{name}: {which}", rows) for name, rows in LADDER_CASES for which in LADDERS]
    yield from ((case, rows, seed) for case, rows in cases for seed in SEEDS)


def measured(part: str, case: str, rows: int, seed: int) -> Row:
    return {"part": part, "case": case, "rows": rows, "seed": seed, **PARTS[part](case, rows, seed)}


@options.command(__doc__)
@click.option("--part", "parts", multiple=True, type=click.Choice(list(PARTS)), help="All by default.")
def main(parts: tuple[str, ...]) -> None:
    check_checkout()
    btfnet.solve(rule_problem(30, 2, 4, 0), jobs=1, trials=1)  # compiles, or loads what was compiled
    STORE.fill([(part, *key) for part in parts or PARTS for key in keys(part)], measured)


if __name__ == "__main__":
    main()

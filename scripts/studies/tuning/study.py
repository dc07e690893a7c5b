"""Do settings find themselves? Every problem with its own settings, and as plain data with none.

    python scripts/studies/tuning/study.py  # every run that is still missing
    study.py --case multiplier-3x3 --seeds 5

A run is one search on one core, in processor seconds, kernels compiled before; the limit is on the clock. Rows are
kept in rows.jsonl; report.py makes the table of docs/tuning.md.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import click

import btfnet
from btfnet.cli.compiling.processes import warm_up_search
from btfnet.search.widths import solve_widths
from scripts.lib import options
from scripts.lib.rows import Row, RowStore

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("case", "way", "seed"))
CASES = (
    "multiplier-2x2", "multiplier-2x2-wide", "multiplier-3x3", "parity-4", "parity-8", "autoencoder-8",
    "autoencoder-16", "decoder-16", "rule-30-1", "rule-232-3",
)  # fmt: skip
WAYS = ("own", "none", "none, rrr", "own, rrr", "widths auto")


def measured(case: str, way: str, seed: int, *, limit: float) -> Row:
    """One search, as a row."""
    task = btfnet.load(case)
    warm_up_search(task.problem, precision="float32", jobs=1, quiet=True)
    engine = "rrr" if way.endswith("rrr") else "auto"
    begun, clock = time.process_time(), time.monotonic()
    chosen: dict[str, Any] = {"engine": engine, "seed": seed, "jobs": 1, "time_limit": limit}
    if way == "widths auto":
        result = solve_widths(task.problem, **chosen)
    else:
        settings = task.settings if way.startswith("own") else None
        result = btfnet.solve(task.problem, settings, **chosen)
    kept = result.kept
    return {
        "case": case,
        "way": way,
        "seed": seed,
        "exact": result.exact,
        "seconds": round(time.process_time() - begun, 3),
        "clock": round(time.monotonic() - clock, 3),
        "trials": len(result.trials),
        "found_by": kept.found_by and str(kept.found_by),
        "sigma": kept.settings.sigma,
        "beta": kept.settings.beta,
        "gamma": kept.settings.gamma,
        "test_words": None if result.problem.n_test == 0 else result.score.test_words,
        "edges": result.problem.network.n_edges,
    }


@options.command(__doc__)
@click.option("--case", "cases", multiple=True, type=click.Choice(CASES))
@click.option("--way", "ways", multiple=True, type=click.Choice(WAYS))
@options.seeds(3)
@options.limit(60.0)
def main(cases: tuple[str, ...], ways: tuple[str, ...], seeds: int, limit: float) -> None:
    wanted = [(case, way, seed) for case in cases or CASES for way in ways or WAYS for seed in range(seeds)]
    STORE.fill(wanted, partial(measured, limit=limit))


if __name__ == "__main__":
    main()

"""Do settings find themselves? Every problem with its own settings, and as plain data with none.

    python scripts/studies/tuning/study.py  # every run that is still missing
    study.py --case multiplier-3x3 --seeds 5
    study.py --only-table  # the table from what is there

A run is one search on one core, in processor seconds, kernels compiled before; the limit is on the clock. Rows are
kept in rows.jsonl, the table goes into docs/tuning.md between its two marks.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import click

import btfnet
from btfnet.cli.compiling.prepare import warm_up_search
from btfnet.search.widths import solve_widths

DOCS = Path(__file__).resolve().parents[3] / "docs"
ROWS, PAGE = Path(__file__).with_name("rows.jsonl"), DOCS / "tuning.md"
MARKS = ("<!-- table: scripts/studies/tuning/study.py -->\n", "<!-- end of table -->\n")
CASES = (
    "multiplier-2x2", "multiplier-2x2-wide", "multiplier-3x3", "parity-4", "parity-8", "autoencoder-8",
    "autoencoder-16", "decoder-16", "rule-30-1", "rule-232-3",
)  # fmt: skip
WAYS = ("own", "none", "none, rrr", "own, rrr", "widths auto")


def measured(case: str, way: str, seed: int, limit: float) -> dict[str, Any]:
    """One search, as a row."""
    task = btfnet.load(case)
    engine = "rrr" if way.endswith("rrr") else "auto"
    begun, clock = time.process_time(), time.monotonic()
    options: dict[str, Any] = {"engine": engine, "seed": seed, "jobs": 1, "time_limit": limit}
    if way == "widths auto":
        result = solve_widths(task.problem, **options)
    else:
        settings = task.settings if way.startswith("own") else None
        result = btfnet.solve(task.problem, settings, **options)
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


def present() -> list[dict[str, Any]]:
    return [json.loads(line) for line in ROWS.read_text().splitlines()] if ROWS.exists() else []


def table(rows: Sequence[dict[str, Any]]) -> str:
    """One line a problem; a cell: exact runs, median seconds, where found; σ where it is not 3."""
    ways = [way for way in WAYS if any(row["way"] == way for row in rows)]
    lines = ["| problem | " + " | ".join(ways) + " |", "|---" * (1 + len(ways)) + "|"]
    for case in CASES:
        cells = [_cell([row for row in rows if (row["case"], row["way"]) == (case, way)]) for way in ways]
        lines.append(f"| {case} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(rows: Sequence[dict[str, Any]]) -> str:
    if not rows:
        return ""
    text = f"{sum(row['exact'] for row in rows)}/{len(rows)}, {median(row['seconds'] for row in rows):.2g} s"
    words = [row["test_words"] for row in rows if row["exact"] and row["test_words"] is not None]
    if words:
        text += f", words {100 * median(words):.4g} %"
    sigmas = sorted({row["sigma"] for row in rows if row["exact"]} - {3.0})
    return text + (f", σ {', '.join(f'{sigma:g}' for sigma in sigmas)}" if sigmas else "")


def write_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    PAGE.write_text(before + MARKS[0] + table(present()) + MARKS[1] + after, encoding="utf-8")


@click.command(help=__doc__)
@click.option("--case", "cases", multiple=True, type=click.Choice(CASES))
@click.option("--way", "ways", multiple=True, type=click.Choice(WAYS))
@click.option("--seeds", default=3, show_default=True)
@click.option("--limit", default=60.0, show_default=True, help="Seconds on the clock.")
@click.option("--only-table", is_flag=True)
def main(cases: Sequence[str], ways: Sequence[str], seeds: int, limit: float, only_table: bool) -> None:
    done = {(row["case"], row["way"], row["seed"]) for row in present()}
    for case in () if only_table else cases or CASES:
        warm_up_search(btfnet.load(case).problem, precision="float32", jobs=1, quiet=True)
        for way in ways or WAYS:
            for seed in range(seeds):
                if (case, way, seed) in done:
                    continue
                row = measured(case, way, seed, limit)
                click.echo(json.dumps(row))
                with ROWS.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
    if PAGE.exists():
        write_table()


if __name__ == "__main__":
    main()

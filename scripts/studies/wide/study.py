"""Is descent that begins in wider layers and narrows sooner there? Into docs/wide.md, runs in rows.jsonl.

    python scripts/studies/wide/study.py  # all that is missing
    study.py maj-5@256 --limit 60  # one cell, printed only

A run is one descent from random gates (`DescentStepper`) until it is exact in the problem's own network, or the
limit of seconds of the processor. Words are those of the unseen items, before anything is made smaller.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np

import btfnet
from btfnet.engines.descent.stepper import DescentStepper
from btfnet.engines.descent.widening import WideStart

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE, ROWS = DOCS / "wide.md", Path(__file__).with_name("rows.jsonl")
MARKS = ("<!-- table: written by scripts/studies/wide/study.py -->\n", "<!-- end of table -->")
CELLS = {
    "rule-30-1@128": 60.0, "rule-30-2@256": 60.0, "rule-30-3@512": 120.0, "andor-4@256": 60.0, "andor-5@512": 60.0,
    "maj-3@128": 60.0, "maj-4@128": 60.0, "maj-5@384": 120.0, "maj-5@256": 150.0, "multiplier-3x3@64": 60.0,
    "multiplier-4x4@256": 60.0, "rorschach-3@200": 40.0, "roman@300": 40.0,
}  # fmt: skip
"""Problem and N, and seconds."""
FACTORS = (1.0, 2.0, 3.0)


def one(cell: str, factor: float, seed: int, limit: float) -> dict[str, Any]:
    """A run; seconds are the processor's, and `wide` those until the first exact circuit, of any width."""
    name, size = cell.split("@")
    problem = btfnet.load(name).problem.with_train(int(size))
    DescentStepper(problem, np.random.default_rng(0), widen=factor).advance(2, 0)  # compiled, and loaded
    begun, wide = time.process_time(), None
    stepper = DescentStepper(problem, np.random.default_rng(seed), widen=factor)
    while stepper.gap > 0 and time.process_time() - begun < limit:
        stepper.advance(4, 0)
        narrower = isinstance(stepper.walker, WideStart) and stepper.walker.narrower
        if wide is None and (narrower or stepper.gap == 0):
            wide = time.process_time() - begun
    scores = stepper.scores() if stepper.gap == 0 else None
    return {
        "cell": cell, "factor": factor, "seed": seed, "limit": limit, "exact": stepper.gap == 0,
        "sweeps": stepper.iteration, "seconds": time.process_time() - begun, "wide": wide,
        "wrong": stepper.gap, "words": scores and scores[3],
    }  # fmt: skip


def in_words(runs: list[dict[str, Any]]) -> str:
    """Of the runs of a cell and factor: exact ones, their median seconds and unseen words; else the wrong bits."""
    exact = [run for run in runs if run["exact"]]
    if not exact:
        wide = sum(run["wide"] is not None for run in runs)
        return f"0/{len(runs)}, {median(run['wrong'] for run in runs):.0f} wrong" + (
            f", {wide} wide" if wide else ""
        )
    text = f"{len(exact)}/{len(runs)}, {median(run['seconds'] for run in exact):.2g} s"
    words = median(run["words"] for run in exact)
    if np.isnan(words):
        return text
    return f"{text}, 100 %" if words == 1 else f"{text}, {min(100 * words, 99.9):.1f} %"


def table(rows: list[dict[str, Any]]) -> str:
    lines = ["| problem | N | seconds at most | 1 | 2 | 3 |", "|---" * 6 + "|"]
    for cell, limit in CELLS.items():
        runs = [[row for row in rows if (row["cell"], row["factor"]) == (cell, factor)] for factor in FACTORS]
        if all(runs):
            lines.append(f"| {' | '.join([*cell.split('@'), f'{limit:g}', *map(in_words, runs)])} |")
    return "\n".join(lines)


def read_rows() -> list[dict[str, Any]]:
    if not ROWS.exists():
        return []
    return [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]


@click.command(help=__doc__)
@click.argument("cells", nargs=-1)
@click.option("--seeds", default=2, show_default=True, type=click.IntRange(min=1))
@click.option("--limit", default=60.0, show_default=True, help="Seconds, for cells named here.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(min=1))
def main(cells: tuple[str, ...], seeds: int, limit: float, jobs: int) -> None:
    rows = [] if cells else read_rows()
    done = {(row["cell"], row["factor"], row["seed"]) for row in rows}
    wanted = [
        (cell, factor, seed, limit if cells else CELLS[cell])
        for cell in cells or CELLS for factor in FACTORS for seed in range(1, seeds + 1)
        if (cell, factor, seed) not in done
    ]  # fmt: skip
    with ProcessPoolExecutor(jobs) as pool:
        for row in pool.map(one, *zip(*wanted, strict=True)) if wanted else ():
            rows.append(row)
            click.echo(json.dumps(row))
            if not cells:
                with ROWS.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
    if not cells:
        before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
        PAGE.write_text(
            f"{before}{MARKS[0]}{table(rows)}\n{MARKS[1]}{rest.split(MARKS[1])[1]}", encoding="utf-8"
        )


if __name__ == "__main__":
    main()

"""Is descent that begins in wider layers and narrows sooner there?

    python scripts/studies/wide/study.py  # all that is missing
    study.py maj-5@256 --limit 60  # one cell, printed only

A run is one descent from random gates (`DescentStepper`) until it is exact in the problem's own network, or the
limit of seconds of the processor. Words are those of the unseen items, before anything is made smaller. Rows are
kept in rows.jsonl; report.py makes the table of docs/wide.md.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import click
import numpy as np

import btfnet
from btfnet.engines.descent.engine import DescentStepper
from btfnet.engines.descent.widening import WideStart
from scripts.lib import options
from scripts.lib.rows import Row, RowStore
from scripts.lib.workers import side_by_side

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("cell", "factor", "seed"))
CELLS = {
    "rule-30-1@128": 60.0, "rule-30-2@256": 60.0, "rule-30-3@512": 120.0, "andor-4@256": 60.0, "andor-5@512": 60.0,
    "maj-3@128": 60.0, "maj-4@128": 60.0, "maj-5@384": 120.0, "maj-5@256": 150.0, "multiplier-3x3@64": 60.0,
    "multiplier-4x4@256": 60.0, "rorschach-3@200": 40.0, "roman@300": 40.0,
}  # fmt: skip
"""Problem and N, and seconds."""
FACTORS = (1.0, 2.0, 3.0)


def measured(job: tuple[str, float, int, float]) -> Row:
    """A run; seconds are the processor's, and `wide` those until the first exact circuit, of any width."""
    cell, factor, seed, limit = job
    name, size = cell.split("@")
    problem = btfnet.load(name).problem.with_train(int(size))
    DescentStepper(problem, np.random.default_rng(0), widen=factor).advance(2, 0)  # compiled, and loaded
    begun, wide = time.process_time(), None
    stepper = DescentStepper(problem, np.random.default_rng(seed), widen=factor)
    while stepper.gap > 0 and time.process_time() - begun < limit:
        stepper.advance(4, 0)
        narrower = isinstance(stepper.search, WideStart) and stepper.search.narrower
        if wide is None and (narrower or stepper.gap == 0):
            wide = time.process_time() - begun
    scores = stepper.scores() if stepper.gap == 0 else None
    return {
        "cell": cell, "factor": factor, "seed": seed, "limit": limit, "exact": stepper.gap == 0,
        "sweeps": stepper.iteration, "seconds": time.process_time() - begun, "wide": wide,
        "wrong": stepper.gap, "words": scores and scores[3],
    }  # fmt: skip


@options.command(__doc__)
@click.argument("cells", nargs=-1)
@options.seeds(2, "1, 2, …")
@options.limit(60.0, "Seconds, for cells named here.")
@options.jobs(2)
def main(cells: tuple[str, ...], seeds: int, limit: float, jobs: int) -> None:
    done = set() if cells else set(map(STORE.key_of, STORE.all()))
    wanted = [
        (cell, factor, seed, limit if cells else CELLS[cell])
        for cell in cells or CELLS for factor in FACTORS for seed in range(1, seeds + 1)
        if (cell, factor, seed) not in done
    ]  # fmt: skip
    for row in side_by_side(wanted, jobs, measured):
        if cells:
            click.echo(json.dumps(row))
        else:
            STORE.keep(row)


if __name__ == "__main__":
    main()

"""Which temperature finds hidden rules soonest, and how many changes for the worse stay there.

    python scripts/studies/reconstruction/temperatures.py            # rows go to temperatures.jsonl
    temperatures.py --write                                          # the table of docs/reconstruction.md

One walk at one temperature, in wrong bits, for at most so many changes; the same rules at every temperature.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click
import numpy as np

from btfnet.kernels.cells.anneal import anneal_tables
from btfnet.rules.arrays import PackedRun
from btfnet.rules.tables import TableCell
from btfnet.rules.tempering import chances_at
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row, RowStore
from scripts.lib.tables import markdown
from scripts.studies.reconstruction.instances import Planted

STORE = RowStore(
    Path(__file__).with_name("temperatures.jsonl"), ("inputs", "steps", "cells", "temperature", "seed")
)
CASES = {
    (6, 2, 200): (1_000_000, (0.5, 1.0, 1.5, 2.0, 3.0)),
    (6, 3, 200): (30_000_000, (1.0, 1.5, 2.0, 2.5)),
    (6, 3, 1000): (3_000_000, (2.5, 4.0, 5.5, 8.0)),
    (7, 2, 200): (10_000_000, (0.6, 0.8, 1.0, 1.4)),
    (7, 2, 1000): (1_000_000, (1.5, 2.5, 3.5, 5.0)),
}
"""Inputs, steps and cells: changes at most, and temperatures."""
SEED_STEP = 1000


def measured(inputs: int, steps: int, cells: int, temperature: float, seed: int) -> Row:
    """One walk."""
    instance, rng = (
        Planted(inputs, steps, cells).instance(seed),
        np.random.default_rng(SEED_STEP * (seed + 1)),
    )
    run = PackedRun.of(instance.observations, instance.told["neighbours"])
    cell, most = TableCell(run, 1, rng), CASES[inputs, steps, cells][0]
    cell.chances[0] = chances_at(temperature, cell.chances.shape[1])
    tried, worse, stayed = anneal_tables(cell.walks, 0, most, 0, run.observed, run.scratch(), rng)
    return {
        "inputs": inputs, "steps": steps, "cells": cells, "temperature": temperature, "seed": seed,
        "tried": tried, "worse": worse, "stayed": stayed, "found": bool(cell.wrong[0] == 0), "most": most,
    }  # fmt: skip


def table(rows: list[Row]) -> str:
    """A line for each case and temperature."""
    lines = []
    rows = sorted(rows, key=lambda row: STORE.key_of(row))
    for (inputs, steps, cells, temperature), group in groupby(rows, key=lambda row: STORE.key_of(row)[:4]):
        runs = list(group)
        found = sum(row["found"] for row in runs)
        share = sum(row["stayed"] for row in runs) / max(1, sum(row["worse"] for row in runs))
        tried = sum(row["tried"] for row in runs) / 1e6
        lines.append([
            f"n = {inputs}, t = {steps}, ring of {cells}", f"{temperature:g}", f"{100 * share:.1f} %",
            f"{found}/{len(runs)}", f"{tried / found:.3g}" if found else f"more than {tried:.3g}",
        ])  # fmt: skip
    head = ("hidden rule", "temperature", "changes for the worse that stay", "found", "10⁶ changes a rule")
    return markdown(head, lines)


@options.command(__doc__)
@click.option("--write", is_flag=True, help="Write the page's table.")
@options.seeds(6)
def main(write: bool, seeds: int) -> None:
    if write:
        write_part(DOCS / "reconstruction.md", "temperatures", table(STORE.all()))
        return
    STORE.fill(
        [
            (*case, each, seed)
            for case, (_, several) in CASES.items()
            for each in several
            for seed in range(seeds)
        ],
        measured,
    )


if __name__ == "__main__":
    main()

"""Read random truth tables in every spelling of espresso and ABC, and compare each with what ABC reads.

    python scripts/checks/espresso_tables.py                     # 240 tables
    python scripts/checks/espresso_tables.py --tables 2000 --seed 7 --keep tables

tests/support says how they are made (pla_tables.py) and compared (pla_and_abc.py); the first disagreement ends the
run with exit code 1, and the tables stay in --keep.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from support.pla_and_abc import Disagreement, compare_tables
from support.pla_tables import random_tables


@click.command()
@click.option("--tables", default=240, show_default=True, help="How many.")
@click.option("--seed", default=1, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="A folder for the tables and what ABC reads.")
def main(tables: int, seed: int, keep: Path | None) -> None:
    """Print how many were read alike, and in which spellings they were."""
    begun, samples = time.monotonic(), random_tables(seed, tables)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    with nullcontext(keep) if keep is not None else tempfile.TemporaryDirectory() as folder:
        try:
            both = compare_tables(samples, Path(folder))
        except Disagreement as disagreement:
            sys.exit(f"Disagreement: {disagreement}")
    kinds = Counter(sample.kind for sample, _ in samples)
    ways = Counter(way for _, spelling in samples for way in spelling.ways)
    print(
        f"{tables} tables of up to {max(sample.n_inputs for sample, _ in samples)} inputs are read as ABC reads"
    )
    print(f"them, {both} of these in the same spelling; {time.monotonic() - begun:.0f} s.")
    print("Types:     " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    print("Spellings: " + ", ".join(f"{way} {count}" for way, count in ways.most_common()))


if __name__ == "__main__":
    main()

"""Solve the built-in problems that must be solved, several seeds each, and print the table.

    python scripts/goals.py                       # the whole list, 3 seeds each
    python scripts/goals.py decoder-16 --seeds 5  # some of it

Each run is `btfnet.solve` with the problem file's own settings on all cores. The limit of seconds is part
of the goal; a run that meets it not is shown as it is. Long: minutes.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

import click

import btfnet
from btfnet.boolnet import warm_up

GOALS = {
    "multiplier-2x2": 2,
    "multiplier-3x3": 60,
    "autoencoder-8": 300,
    "autoencoder-16": 300,
    "decoder-16": 300,
    "rule-232-3": 300,
    "andor-2": 300,
    "maj-2": 300,
}
"""Seconds on two cores, kernels cached."""


def run(name: str, engine: str, seed: int, seconds: float) -> dict[str, object]:
    task = btfnet.load(name)
    result = btfnet.solve(
        task.problem, task.settings, engine=engine, seed=seed, trials=1000, time_limit=seconds
    )
    kept = result.kept
    return {
        "problem": name,
        "engine": engine,
        "found_by": kept.found_by,
        "seed": seed,
        "exact": result.exact,
        "seconds": round(result.seconds, 2),
        "trials": len(result.trials),
        "iterations": kept.iterations,
        "gap": round(kept.gap, 4),
        "train_bits": kept.score.train_bits,
        "test_bits": none_if_nan(kept.score.test_bits),
        "test_words": none_if_nan(kept.score.test_words),
        "gates": len(result.circuit.gates) if result.circuit else None,
    }


def none_if_nan(value: float) -> float | None:
    return None if value != value else value


@click.command(help=__doc__)
@click.argument("names", nargs=-1)
@click.option("--engine", default="auto", show_default=True)
@click.option("--seeds", default=3, show_default=True, help="Seeds 0, 1000, 2000, … per problem.")
@click.option("--limit", type=float, help="Seconds per run, in place of the goal's.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the rows as JSON lines, too.")
def main(names: tuple[str, ...], engine: str, seeds: int, limit: float | None, out: Path | None) -> None:
    warm_up(threads=2)
    rows = []
    for name in names or GOALS:
        for seed in range(0, 1000 * seeds, 1000):
            row = run(name, engine, seed, limit or GOALS.get(name, 300))
            rows.append(row)
            click.echo(json.dumps(row))
        mine = [row for row in rows if row["problem"] == name]
        exact = [row for row in mine if row["exact"]]
        times = [float(str(row["seconds"])) for row in exact]
        spread = f"median {median(times):.2f} s, most {max(times):.2f} s" if times else "-"
        click.echo(f"# {name}: {len(exact)} of {len(mine)} exact; {spread}")
    if out is not None:
        out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()

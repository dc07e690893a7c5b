"""Do float32 and float64 solve equally often? Rates on a panel, and the standard error of their difference.

    python scripts/benchmarks/precision.py              # 240 starts of the multiplier, 60 of each other problem
    python scripts/benchmarks/precision.py --starts 60  # so many of each

multiplier-2x2: a start counts as solved when its gap is at or below .01 within 10 000 iterations, the
projections alone. The others: `--engine rrr`, a start counts as solved when it ends in an exact circuit
within --iterations. Both precisions draw their starts from the same seeds, but a chaotic iteration parts them
at once, so that the rates are compared as independent. A row is marked when they differ by more than three
standard errors. Deterministic: start i has seed i.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from math import sqrt

import click
import numpy as np

import btfnet
from btfnet.engines.projections.stepper import NetworkStepper, warm_up
from scripts.lib import options

PRECISIONS = ("float32", "float64")
BY_GAP = {"multiplier-2x2": 240}
"""Problem: starts. Solved means a closed gap."""
BY_CIRCUIT = {"decoder-16": 60, "autoencoder-8": 60, "autoencoder-16": 60}
"""Problem: starts. Solved means an exact circuit."""
MOST_GAP, MOST_ITERATIONS = 0.01, 10_000


def closed_gaps(name: str, precision: str, starts: int) -> int:
    """Starts whose gap closes, the projections alone."""
    task = btfnet.load(name)
    settings = task.settings.but(gap=MOST_GAP, max_iterations=MOST_ITERATIONS)

    def solved(seed: int) -> bool:
        rng = np.random.default_rng(seed)
        stepper = NetworkStepper(task.problem, settings, rng, precision=precision)
        stepper.advance(settings.max_iterations, settings.gap)
        return stepper.gap <= settings.gap

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return sum(pool.map(solved, range(starts)))


def exact_circuits(name: str, precision: str, starts: int, iterations: int) -> int:
    """Starts that end in an exact circuit, the engine rrr."""
    task = btfnet.load(name)
    settings = task.settings.but(max_iterations=iterations)
    result = btfnet.solve(
        task.problem, settings, trials=starts, all_trials=True, engine="rrr", precision=precision
    )
    return sum(trial.exact for trial in result.trials)


def standard_error(counts: list[int], starts: int) -> float:
    """Of the difference of two rates, from both together."""
    pooled = (sum(counts) + 1) / (2 * starts + 2)
    return sqrt(2 * pooled * (1 - pooled) / starts)


def row(name: str, starts: int, counts: list[int], seconds: list[float]) -> str:
    difference, error = (counts[0] - counts[1]) / starts, standard_error(counts, starts)
    cells = [f"{count}/{starts} ({count / starts:.0%})" for count in counts]
    mark = " (!)" if abs(difference) > 3 * error else ""
    times = " / ".join(f"{value:.0f}" for value in seconds)
    return f"| {name} | {cells[0]} | {cells[1]} | {difference:+.1%} ± {error:.1%}{mark} | {times} |"


@options.command(__doc__)
@click.argument("names", nargs=-1)
@click.option("--starts", type=int, help="Starts of each problem, in place of the table's.")
@click.option("--iterations", default=30_000, show_default=True, help="Of each start of `--engine rrr`.")
def main(names: tuple[str, ...], starts: int | None, iterations: int) -> None:
    for precision in PRECISIONS:
        warm_up(precision)
    click.echo(
        "| problem | float32 | float64 | difference ± standard error | seconds |\n|---|---|---|---|---|"
    )
    for name in names or (*BY_GAP, *BY_CIRCUIT):
        n_starts = starts or {**BY_GAP, **BY_CIRCUIT}.get(name, 30)
        counts, seconds = [], []
        for precision in PRECISIONS:
            begun = time.monotonic()
            solved = (
                closed_gaps(name, precision, n_starts)
                if name in BY_GAP
                else exact_circuits(name, precision, n_starts, iterations)
            )
            counts.append(solved)
            seconds.append(time.monotonic() - begun)
        click.echo(row(name, n_starts, counts, seconds))


if __name__ == "__main__":
    main()

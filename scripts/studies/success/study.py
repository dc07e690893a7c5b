"""Success rates of the 2-bit multiplier over β and γ: the engine's correctness check.

    python scripts/studies/success/study.py  # the cells measured elsewhere, 120 starts each
    study.py --starts 240

Networks 4-4-4-4, σ = 3, 16 items; a start counts as solved when its gap is at or below .01 within 10 000
iterations, as in the reference program. The expected figures are those of the reference program and of an
independent prototype, taken together. A cell is marked when it lies outside three standard errors of the
difference; one in a few hundred does so by chance. Deterministic: start i has seed i.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from math import sqrt

import click
import numpy as np

import btfnet
from btfnet.engines.projections.stepper import NetworkStepper
from scripts.lib import options

EXPECTED = {
    (0.2, 0.0): (0, 80),
    (0.2, 2e-3): (170, 360),
    (0.2, 1e-2): (0, 80),
    (0.4, 1e-3): (32, 60),
    (0.4, 1e-2): (11, 60),
    (0.5, 5e-4): (32, 60),
    (0.5, 2e-3): (265, 360),
    (0.5, 5e-3): (46, 60),
    (0.7, 0.0): (0, 80),
    (0.7, 1e-3): (59, 90),
    (0.7, 1e-2): (49, 80),
    (0.8, 5e-4): (18, 60),
    (0.8, 2e-3): (27, 60),
    (0.8, 5e-3): (21, 60),
    (1.0, 5e-4): (0, 60),
    (1.0, 2e-3): (0, 60),
    (1.0, 5e-3): (0, 60),
}
"""(β, γ): solved, starts."""


def solved(problem: btfnet.Problem, settings: btfnet.Settings, seed: int, precision: str) -> bool:
    stepper = NetworkStepper(problem, settings, np.random.default_rng(seed), precision=precision)
    stepper.advance(settings.max_iterations, settings.gap)
    return stepper.gap <= settings.gap


def standard_errors(solved: int, starts: int, expected: int, of: int) -> float:
    """Distance of two rates in standard errors of their difference."""
    pooled = (solved + expected + 1) / (starts + of + 2)
    return (solved / starts - expected / of) / sqrt(pooled * (1 - pooled) * (1 / starts + 1 / of))


@options.command(__doc__)
@click.option("--starts", default=120, show_default=True)
@click.option("--precision", type=click.Choice(["float32", "float64"]), default="float32", show_default=True)
def main(starts: int, precision: str) -> None:
    problem = btfnet.load("multiplier-2x2").problem
    click.echo("| β | γ | solved | rate | expected | standard errors |\n|---|---|---|---|---|---|")
    outside = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (beta, gamma), (expected, of) in EXPECTED.items():
            settings = btfnet.Settings(beta=beta, gamma=gamma, gap=0.01, max_iterations=10_000)
            runs = pool.map(lambda seed, s=settings: solved(problem, s, seed, precision), range(starts))
            count = sum(runs)
            distance = standard_errors(count, starts, expected, of)
            outside += abs(distance) > 3
            mark = " (!)" if abs(distance) > 3 else ""
            click.echo(
                f"| {beta} | {gamma:g} | {count}/{starts} | {count / starts:.0%} | {expected / of:.0%} "
                f"| {distance:+.1f}{mark} |"
            )
    click.echo(f"\n{outside} of {len(EXPECTED)} cells outside three standard errors.")


if __name__ == "__main__":
    main()

"""Does a margin that changes on the way help the projections? Supports that fall or grow to σ = 3, or stay there.

    python scripts/studies/schedule/study.py  # all of it, into docs/tuning.md
    study.py multiplier-2x2  # one problem, printed only

The support goes from its first value to 3 in equal steps over the first part of a start, of 100 steps in all,
and stays there; every twenty-fifth of a start the weights are completed to gates, and a start ends when they are
exact.
"""

from __future__ import annotations

from typing import NamedTuple

import click
import numpy as np

import btfnet
from btfnet.engines.completion.completion_check import complete_at, verify_completion
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.settings import Settings
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.tables import line, markdown

SIGMA = 3.0
FIRST = (3.0, 2.0, 4.0, 6.0, 12.0)
"""Supports to start from; the first one stays."""
STEPS, LOOKS = 100, 25


class Case(NamedTuple):
    """A problem with settings under which the projections alone are exact from many starts.

    iterations  of a start
    changing    part of the iterations in which the support changes
    """

    problem: str
    beta: float
    gamma: float
    starts: int
    iterations: int
    changing: float


CASES = (
    Case("multiplier-2x2", 0.3, 1e-3, 100, 10_000, 0.2),
    Case("multiplier-2x2", 0.3, 1e-3, 100, 10_000, 0.5),
    Case("multiplier-2x2", 0.5, 1e-3, 100, 10_000, 0.5),
    Case("autoencoder-8", 0.3, 3e-4, 40, 50_000, 0.2),
    Case("autoencoder-8", 0.3, 3e-4, 40, 50_000, 0.5),
)


def iterations_to_exact(case: Case, first: float, seed: int) -> int | None:
    """Of one start; None where it is not exact."""
    problem = btfnet.load(case.problem).problem
    settings = Settings(sigma=SIGMA, beta=case.beta, gamma=case.gamma, max_iterations=case.iterations)
    stepper = NetworkStepper(problem, settings, np.random.default_rng(seed))
    margins = stepper.wiring.delta
    fixed, step = margins.copy(), case.iterations // STEPS
    for done in range(STEPS):
        sigma = first + (SIGMA - first) * min(1.0, done / (STEPS * case.changing))
        margins[:] = fixed * np.sqrt(SIGMA / sigma)
        stepper.advance(step, 0.0)
        if (done + 1) % (STEPS // LOOKS) == 0 and verify_completion(
            problem, complete_at(problem, stepper, SIGMA)
        ).exact:
            return stepper.iteration
    return None


def cell(case: Case, first: float) -> str:
    """Exact starts, and thousands of iterations of all starts over the exact ones."""
    starts = [iterations_to_exact(case, first, seed) for seed in range(case.starts)]
    exact = [iterations for iterations in starts if iterations is not None]
    spent = sum(exact) + case.iterations * (len(starts) - len(exact))
    return f"{len(exact)}/{len(starts)}" + (f", {spent / len(exact) / 1000:.1f}" if exact else "")


def cells_of(case: Case) -> list[str]:
    given = [f"{value:g}" for value in (case.beta, case.gamma, case.changing)]
    return [case.problem, *given, *(cell(case, first) for first in FIRST)]


@options.command(__doc__)
@click.argument("names", nargs=-1, type=click.Choice(sorted({case.problem for case in CASES})))
def main(names: tuple[str, ...]) -> None:
    lines = []
    for case in CASES:
        if not names or case.problem in names:
            lines.append(cells_of(case))
            click.echo(line(lines[-1]))
    if not names:
        columns = ("problem", "β", "γ", "part", *(f"from {first:g}" for first in FIRST))
        write_part(DOCS / "tuning.md", "schedules", markdown(columns, lines))


if __name__ == "__main__":
    main()

"""How many items are enough? Unseen words that are right against the number of training items, beside baselines.

    python scripts/studies/baselines/study.py  # first, or beside it: the gradient baselines
    python scripts/studies/generalisation/study.py  # btfnet's runs still missing
    study.py --problem maj-5 --limit 1800  # some of them
    study.py --again                       # also what another version of btfnet measured

Each run is `btfnet.solve(problem)` from the problem's first N items: no settings, σ, β and γ find themselves, in
layers of the problem's widths and in a free network, whose size finds itself, too; kernels are compiled before.
A row's seconds are processor time of all threads, so that other work on the machine matters little; the limit is
the clock's. Runs that are not exact in time stay, with the best circuit they had. Every cell is measured once
before any is measured twice. Rows go to rows.jsonl, where the last row of a problem, N, method and seed counts;
report.py makes docs/generalisation.md and .svg, and a sentence of docs/comparison.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import click

import btfnet
from btfnet.cli.compiling.processes import warm_up_search
from scripts.lib import options
from scripts.lib.rows import Row, check_checkout, package_digest
from scripts.lib.workers import cores_of_each, side_by_side
from scripts.studies.generalisation.cases import (
    NO_SETTINGS,
    OURS,
    PROBLEMS,
    STORE,
    load_problem,
    load_rows,
    methods_of,
    missing,
    scores,
    sizes_of,
)

LIMIT = 60.0
LIMITS = dict.fromkeys(("andor-4", "andor-5", "maj-5", "rule-30-3", "rorschach-3", "roman"), 120.0)
"""Seconds per run; more where more are needed."""


class Job(NamedTuple):
    """One run that is wanted."""

    problem: str
    train: int
    method: str
    seed: int
    limit: float
    cores: int


def run(job: Job) -> Row:
    name, n_train, method, seed, limit, jobs = job
    problem = load_problem(name, n_train, method)
    warm_up_search(problem, precision="float32", jobs=jobs, quiet=True)
    begun = time.process_time()
    # Trials have the seeds 1000·seed, 1000·seed + 1, …: no trial of one run is one of another.
    result = btfnet.solve(problem, seed=1000 * seed, trials=1000, time_limit=limit, jobs=jobs)
    score = result.score
    return {
        "problem": name,
        "train": n_train,
        "method": method,
        "seed": seed,
        **scores(problem, score.test_bits, score.test_words, score.train_bits, score.train_words),
        "exact": result.exact,
        "seconds": round(time.process_time() - begun, 2),
        "budget": f"{limit:g} s",
        "settings": NO_SETTINGS,
        "sources": package_digest(),
    }


def counting(again: bool) -> Callable[[Row], bool]:
    """Whether a row need not be measured again."""
    return lambda row: (
        row.get("settings") == NO_SETTINGS and (not again or row["sources"] == package_digest())
    )


@options.command(__doc__)
@click.option("--problem", "names", multiple=True, type=click.Choice(PROBLEMS), help="All by default.")
@click.option("--train", "sizes", multiple=True, type=click.IntRange(min=1), help="64 to 512 by default.")
@click.option("--method", "methods", multiple=True, type=click.Choice(OURS), help="Both by default.")
@options.seeds(5)
@options.limit(help=f"Seconds per run; by default {LIMIT:g}, of some problems more.")
@options.jobs(1)
@options.again()
def main(
    names: tuple[str, ...],
    sizes: tuple[int, ...],
    methods: tuple[str, ...],
    seeds: int,
    limit: float | None,
    jobs: int,
    again: bool,
) -> None:
    check_checkout()
    cells = [
        (name, n_train, method)
        for name in names or PROBLEMS
        for n_train in sizes or sizes_of(name)
        for method in methods_of(name, methods or OURS)
    ]
    rows, counts = load_rows(), counting(again)
    left = [
        Job(*cell, seed, limit or LIMITS.get(cell[0], LIMIT), cores_of_each(jobs))
        for seed in range(seeds)
        for cell in cells
        if seed in missing(cell, seed + 1, rows, counts)
    ]
    for row in side_by_side(left, jobs, run, lambda job: job.problem, lambda job: job.limit):
        STORE.keep(row)


if __name__ == "__main__":
    main()

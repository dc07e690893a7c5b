"""How many items are enough? Unseen words that are right against the number of training items, beside baselines.

    python scripts/studies/baselines/study.py  # first, or beside it: the gradient baselines
    python scripts/studies/generalisation/study.py  # btfnet's runs still missing; page and pictures
    study.py --problem maj-5 --limit 1800  # some of them
    study.py --anew                        # also what another version of btfnet measured
    study.py --only-page                   # page and pictures from what is there

Each run is `btfnet.solve(problem)` from the problem's first N items: no settings, σ, β and γ find themselves; the
kernels are compiled before. A row's seconds are processor time of all threads, so that other work on the machine
matters little; the limit is the clock's. Runs that are not exact in time stay, with the best circuit they had.
Every cell is measured once before any is measured twice. Rows go to rows.jsonl, where the last row
of a problem, N, method and seed counts; page and picture to docs/generalisation.md and .svg, and a
sentence to the README.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import click

import btfnet
from btfnet.cli.compiling.prepare import warm_up_search
from scripts.studies.generalisation.cases import (
    NO_SETTINGS,
    PROBLEMS,
    PROJECT,
    ROOT,
    Row,
    digest,
    keep,
    load_rows,
    missing,
    scores,
    sizes_of,
)
from scripts.studies.generalisation.report import write_page

SOURCES = digest(*sorted([*(ROOT / "btfnet").rglob("*.py"), *(ROOT / "problems").glob("*.toml")]))
LIMIT = 60.0
LIMITS = dict.fromkeys(("andor-4", "andor-5", "maj-5", "rule-30-3", "rorschach-3", "roman"), 120.0)
"""Seconds per run; more where more are needed."""


def run(name: str, n_train: int, seed: int, limit: float, jobs: int | None) -> Row:
    problem = btfnet.load(name).problem.with_train(n_train)
    warm_up_search(problem, precision="float32", jobs=jobs, quiet=True)
    begun = time.process_time()
    # Trials have the seeds 1000·seed, 1000·seed + 1, …: no trial of one run is one of another.
    result = btfnet.solve(problem, seed=1000 * seed, trials=1000, time_limit=limit, jobs=jobs)
    score = result.score
    return {
        "problem": name,
        "train": n_train,
        "method": PROJECT,
        "seed": seed,
        **scores(problem, score.test_bits, score.test_words, score.train_bits, score.train_words),
        "exact": result.exact,
        "seconds": round(time.process_time() - begun, 2),
        "budget": f"{limit:g} s",
        "settings": NO_SETTINGS,
        "sources": SOURCES,
    }


def counting(anew: bool) -> Callable[[Row], bool]:
    """Whether a row need not be measured again."""
    return lambda row: row.get("settings") == NO_SETTINGS and (not anew or row["sources"] == SOURCES)


@click.command(help=__doc__)
@click.option("--problem", "names", multiple=True, type=click.Choice(PROBLEMS), help="All by default.")
@click.option("--train", "sizes", multiple=True, type=click.IntRange(min=1), help="64 to 512 by default.")
@click.option("--seeds", default=5, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--limit",
    type=click.FloatRange(min=0, min_open=True),
    help=f"Seconds per run; by default {LIMIT:g}, of some problems more.",
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processor cores of a run; all by default.")
@click.option("--anew", is_flag=True, help="Also what another version of btfnet measured.")
@click.option("--only-page", is_flag=True)
def main(
    names: tuple[str, ...],
    sizes: tuple[int, ...],
    seeds: int,
    limit: float | None,
    jobs: int | None,
    anew: bool,
    only_page: bool,
) -> None:
    cells = [(name, n_train) for name in names or PROBLEMS for n_train in sizes or sizes_of(name)]
    for seed in range(0 if only_page else seeds):
        for name, n_train in cells:
            if seed in missing(name, n_train, PROJECT, seed + 1, counting(anew)):
                row = run(name, n_train, seed, limit or LIMITS.get(name, LIMIT), jobs)
                keep(row)
                click.echo(json.dumps(row))
    write_page(load_rows())


if __name__ == "__main__":
    main()

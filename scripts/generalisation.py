"""How many items are enough? Unseen words that are right against the number of training items, beside baselines.

    python scripts/baselines.py                                    # first, or beside it: the gradient baselines
    python scripts/generalisation.py                               # btfnet's runs still missing; page and picture
    python scripts/generalisation.py --problem maj-5 --limit 1800  # some of them
    python scripts/generalisation.py --only-page                   # page and picture from what is there

Each run is `btfnet.solve` with the problem file's own settings on all cores, from the problem's first N items; the
kernels are compiled before. A row's seconds are processor time of all threads, so that other work on the machine
matters little; the limit is the clock's. Runs that are not exact in time stay, with the best circuit they had.
Rows go to docs/generalisation.jsonl, page and picture to docs/generalisation.md and docs/generalisation.svg.
"""

from __future__ import annotations

import json
import time

import click
from generalisation_report import write_page
from generalisation_rows import PROBLEMS, PROJECT, ROOT, SIZES, Row, digest, keep, load_rows, missing, scores

import btfnet
from btfnet.cli.warm import warm_up_search

SOURCES = digest(*sorted([*(ROOT / "btfnet").rglob("*.py"), *(ROOT / "problems").glob("*.toml")]))


def run(name: str, n_train: int, seed: int, limit: float) -> Row:
    task = btfnet.load(name)
    problem = task.problem.with_train(n_train)
    warm_up_search(problem, precision="float32", jobs=None)
    begun = time.process_time()
    # Trials have the seeds 1000·seed, 1000·seed + 1, …: no trial of one run is one of another.
    result = btfnet.solve(
        problem, task.settings, engine="auto", seed=1000 * seed, trials=1000, time_limit=limit
    )
    score = result.kept.score
    return {
        "problem": name,
        "train": n_train,
        "method": PROJECT,
        "seed": seed,
        **scores(problem, score.test_bits, score.test_words, score.train_bits, score.train_words),
        "exact": result.exact,
        "seconds": round(time.process_time() - begun, 2),
        "budget": f"{limit:g} s",
        "sources": SOURCES,
    }


@click.command(help=__doc__)
@click.option("--problem", "names", multiple=True, type=click.Choice(PROBLEMS), help="All by default.")
@click.option("--train", "sizes", multiple=True, type=click.IntRange(min=1), help="64 to 512 by default.")
@click.option("--seeds", default=5, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--limit",
    default=300.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds per run.",
)
@click.option("--only-page", is_flag=True)
def main(names: tuple[str, ...], sizes: tuple[int, ...], seeds: int, limit: float, only_page: bool) -> None:
    wanted = [] if only_page else list(missing(names or PROBLEMS, sizes or SIZES, [PROJECT], seeds))
    for name, n_train, _, left in wanted:
        for seed in left:
            row = run(name, n_train, seed, limit)
            keep(row)
            click.echo(json.dumps(row))
    write_page(load_rows())


if __name__ == "__main__":
    main()

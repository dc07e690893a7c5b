"""Measure gradient baselines on the problems of the generalisation study; resumable. Needs the extra `baselines`.

    python scripts/studies/baselines/study.py  # everything still missing
    study.py --problem maj-3 --train 256 --method ste
    study.py --steps 10000                                      # anew what was measured with fewer steps
    python scripts/studies/generalisation/report.py  # page and picture from what is there

Each network has the problem's widths, is trained on the problem's first N items for a fixed number of steps and
judged by all later items (networks.py says how). All methods have the same number of steps. The seeds of a cell
are trained side by side on one core; a row's seconds are that processor time by the number of seeds. Rows go to
those of scripts/studies/generalisation, the largest N first. No rate, penalty or network is chosen per problem,
per N or per seed, and the last step counts, not the best. Several of these may run at once, on different methods.

The same seeds side by side give the same rows again on the same machine; a seed alone differs by rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import click

import btfnet
from scripts.lib import options
from scripts.lib.rows import Row, digest
from scripts.studies.generalisation.cases import PROBLEMS, STORE, load_rows, missing, scores, sizes_of
from scripts.studies.generalisation.figures import METHODS as TITLES

METHODS = tuple(TITLES)[1:]
STEPS = 3000
"""Full-batch steps of each network: the budget."""
SOURCES = digest(Path(__file__).parent / "networks.py")


def measure(name: str, n_train: int, method: str, seeds: list[int], steps: int) -> None:
    from scripts.studies.baselines.networks import train  # PyTorch

    problem = btfnet.load(name).problem.with_train(n_train)
    for seed, fit in zip(seeds, train(problem, method, seeds=seeds, steps=steps), strict=True):
        train_bits, train_words, bits, words = problem.scores(fit.outputs)
        row: Row = {
            "problem": name,
            "train": n_train,
            "method": method,
            "seed": seed,
            **scores(problem, bits, words, train_bits, train_words),
            "seconds": round(fit.seconds, 2),
            "budget": f"{steps} steps",
            "sources": SOURCES,
        }
        STORE.keep(row)


def enough(steps: int) -> Callable[[Row], bool]:
    """Whether a row has had so many steps, or more."""
    return lambda row: int(row["budget"].split()[0]) >= steps


def largest_first(
    names: Sequence[str], sizes: Sequence[int], methods: Sequence[str]
) -> list[tuple[int, str, str]]:
    """Numbers of training items, methods and problems; without sizes each problem's own."""
    cells = [
        (n_train, method, name) for method in methods for name in names for n_train in sizes or sizes_of(name)
    ]
    return sorted(cells, key=lambda cell: -cell[0])


@options.command(__doc__)
@click.option("--problem", "names", multiple=True, type=click.Choice(PROBLEMS), help="All by default.")
@click.option("--train", "sizes", multiple=True, type=click.IntRange(min=1), help="64 to 512 by default.")
@click.option("--method", "methods", multiple=True, type=click.Choice(METHODS), help="All by default.")
@options.seeds(3)
@click.option("--steps", default=STEPS, show_default=True, type=click.IntRange(min=1))
def main(
    names: tuple[str, ...], sizes: tuple[int, ...], methods: tuple[str, ...], seeds: int, steps: int
) -> None:
    if find_spec("torch") is None:
        raise click.ClickException(
            "PyTorch is missing, which the baselines need: pip install 'btfnet[baselines]'."
        )
    for n_train, method, name in largest_first(names or PROBLEMS, sizes, methods or METHODS):
        if left := missing((name, n_train, method), seeds, load_rows(), enough(steps)):
            measure(name, n_train, method, left, steps)


if __name__ == "__main__":
    main()

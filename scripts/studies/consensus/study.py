"""Is what most circuits say right more often than what one says? Into docs/engines.md.

    python scripts/studies/consensus/study.py  # all of it
    study.py rule-30-1@64 --seeds 1  # one cell, printed only

A cell is a problem and N; a run is `btfnet.solve(problem)` without settings. Words are those of the unseen items.
Runs that end because the smallest circuit is confirmed are counted, and have no consensus.
"""

from __future__ import annotations

from statistics import median

import click

import btfnet
from btfnet.search.records import Result
from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.tables import line, markdown

CELLS = (
    "rule-30-1@64", "rule-110-1@64", "rule-232-3@128", "andor-2@64", "andor-3@64", "andor-4@128", "andor-4@256",
    "maj-3@64",
)  # fmt: skip
LIMIT = 120.0
COLUMNS = ("problem", "N", "consensus", "confirmed", "one circuit", "the best one", "consensus")


def others(result: Result) -> list[float]:
    """Unseen words of the exact circuits as they were found, the one that was changed among them."""
    unchanged = [trial for trial in result.trials if trial.exact and trial is not result.kept]
    return [trial.score.test_words for trial in [*unchanged, result.kept]]


def cells_of(cell: str, seeds: int) -> list[str]:
    """Medians over the runs that were not confirmed."""
    name, size = cell.split("@")
    problem = btfnet.load(name).problem.with_train(int(size))
    results = [
        btfnet.solve(problem, seed=1000 * seed, trials=1000, time_limit=LIMIT) for seed in range(seeds)
    ]
    agreed = [result for result in results if result.exact and result.consensus is not None]
    confirmed = sum(result.agreement is not None and result.agreement.alike > 0 for result in results)
    middle, best, most = (
        [measure(result) for result in agreed]
        for measure in (
            lambda result: median(others(result)),
            lambda result: max(others(result)),
            lambda result: result.score.test_words,
        )
    )
    words = [f"{100 * median(each):.2f} %" if each else "" for each in (middle, best, most)]
    return [name, size, f"{len(agreed)}/{seeds}", str(confirmed), *words]


@options.command(__doc__)
@click.argument("cells", nargs=-1)
@options.seeds(3)
def main(cells: tuple[str, ...], seeds: int) -> None:
    lines = []
    for cell in cells or CELLS:
        lines.append(cells_of(cell, seeds))
        click.echo(line(lines[-1]))
    if not cells:
        write_part(DOCS / "engines.md", "consensus", markdown(COLUMNS, lines))


if __name__ == "__main__":
    main()

"""Is what most circuits say right more often than what one says? Into docs/engines.md.

    python scripts/studies/consensus/study.py  # all of it
    study.py rule-30-1@64 --seeds 1  # one cell, printed only

A cell is a problem and N; a run is `btfnet.solve(problem)` without settings. Words are those of the unseen items.
Runs that end because the smallest circuit is confirmed are counted, and have no consensus.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import click

import btfnet
from btfnet.search.records import Result

PAGE = Path(__file__).resolve().parents[3] / "docs" / "engines.md"
MARKS = ("<!-- table: written by scripts/studies/consensus/study.py -->\n", "<!-- end of table -->")
CELLS = (
    "rule-30-1@64", "rule-110-1@64", "rule-232-3@128", "andor-2@64", "andor-3@64", "andor-4@128", "andor-4@256",
    "maj-3@64",
)  # fmt: skip
LIMIT = 120.0


def others(result: Result) -> list[float]:
    """Unseen words of the exact circuits as they were found, the one that was changed among them."""
    found = [trial.score.test_words for trial in result.trials if trial.exact and trial is not result.kept]
    before = result.kept.score.test_words
    return [*found, before]


def row(cell: str, seeds: int) -> str:
    """Medians over the runs that were not confirmed."""
    name, size = cell.split("@")
    problem = btfnet.load(name).problem.with_train(int(size))
    results = [
        btfnet.solve(problem, seed=1000 * seed, trials=1000, time_limit=LIMIT) for seed in range(seeds)
    ]
    made = [result for result in results if result.exact and result.consensus is not None]
    confirmed = sum(result.agreement is not None and result.agreement.alike > 0 for result in results)
    cells = [name, size, f"{len(made)}/{seeds}", str(confirmed)]
    if made:
        one = [median(others(result)) for result in made]
        best = [max(others(result)) for result in made]
        most = [result.score.test_words for result in made]
        cells += [f"{100 * median(words):.2f} %" for words in (one, best, most)]
    return "| " + " | ".join(cells + [""] * (7 - len(cells))) + " |"


@click.command(help=__doc__)
@click.argument("cells", nargs=-1)
@click.option("--seeds", default=3, show_default=True, type=click.IntRange(min=1))
def main(cells: tuple[str, ...], seeds: int) -> None:
    rows = []
    for cell in cells or CELLS:
        rows.append(row(cell, seeds))
        click.echo(rows[-1])
    if cells:
        return
    head = "| problem | N | consensus | confirmed | one circuit | the best one | consensus |"
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    table = "\n".join([head, "|---" * 7 + "|", *rows])
    PAGE.write_text(f"{before}{MARKS[0]}{table}\n{MARKS[1]}{rest.split(MARKS[1])[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()

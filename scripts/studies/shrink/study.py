"""Is smaller truer? Gates, senders and unseen words of exact circuits before and after they are shrunk.

    python scripts/studies/shrink/study.py  # everything still missing
    study.py --problem andor-3 --train 96 --seeds 9  # one problem, from 96 of its items

Each run is `btfnet.solve` with gate descent on one core; its row is kept in rows.jsonl, and report.py makes
docs/shrink.md. Runs that find no exact circuit within the limit stay as such. Nothing is chosen per seed.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

import btfnet
from btfnet.cli.compiling.processes import warm_up_search
from scripts.lib import options
from scripts.lib.rows import Row, RowStore

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("problem", "train", "seed"))
CASES = (
    ("multiplier-3x3", 64),
    ("rule-30-1", 256),
    ("rule-30-1", 128),
    ("rule-30-1", 96),
    ("rule-232-3", 256),
    ("rule-232-3", 128),
    ("maj-3", 512),
    ("maj-3", 128),
    ("maj-3", 96),
    ("andor-3", 256),
    ("andor-3", 128),
    ("andor-3", 96),
)
"""Problems and training items: as in the panel, and so few that what is exact need not be true."""


def measured(name: str, n_train: int, seed: int, *, limit: float) -> Row:
    task = btfnet.load(name)
    problem = task.problem.with_train(n_train)
    warm_up_search(problem, precision="float32", jobs=1, quiet=True)
    result = btfnet.solve(
        problem, task.settings, engine="descent", seed=seed, trials=1000, time_limit=limit, jobs=1
    )
    shrunk = result.kept.shrunk
    row: Row = {"problem": name, "train": n_train, "seed": seed, "exact": result.exact, "limit": limit}
    if shrunk is None:
        return row
    words = [None if value != value else value for value in shrunk.words]
    seconds = {"search_seconds": result.seconds - shrunk.seconds, "shrink_seconds": shrunk.seconds}
    return row | {"gates": shrunk.gates, "senders": shrunk.senders, "words": words} | seconds


@options.command(__doc__)
@click.option("--problem", "names", multiple=True, help="All of the study by default.")
@click.option("--train", type=int, help="Training items, for --problem.")
@options.seeds(5, "0, 1000, 2000, …")
@options.limit(60.0)
def main(names: tuple[str, ...], train: int | None, seeds: int, limit: float) -> None:
    cases = [(name, n) for name, n in CASES if (not names or name in names) and train in (None, n)]
    if train is not None:
        cases = cases or [(name, train) for name in names]
    wanted = [(*case, seed) for case in cases for seed in range(0, 1000 * seeds, 1000)]
    STORE.fill(wanted, partial(measured, limit=limit))


if __name__ == "__main__":
    main()

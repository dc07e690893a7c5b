"""The tables in docs/tables.md, from the rows of study.py beside this file.

python scripts/studies/learn/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median
from typing import Any

import numpy as np
from scipy.stats import rankdata

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.learn.study import ESTIMATOR, LEARN, STORE, WAYS
from scripts.studies.learn.tables import DIGITS, FOLDS, MNIST, OTHERS, TABLES


def table(rows: Sequence[Row]) -> str:
    """One line for every table whose folds are complete: what each way gets right; then the ranks."""
    last = {STORE.key_of(row): row for row in rows}
    lines, ranks = [], []
    for name in (*TABLES, *OTHERS):
        n_folds = 1 if name == MNIST else FOLDS
        runs = {way: [last.get((name, way, fold)) for fold in range(n_folds)] for way in WAYS}
        whole = {way: [row for row in found if row] for way, found in runs.items()}
        if len(whole[LEARN]) < n_folds or (name in TABLES and min(map(len, whole.values())) < n_folds):
            continue
        right = {
            way: mean(row["test"] for row in found) for way, found in whole.items() if len(found) == n_folds
        }
        best = max(right.values())
        cells = ["" if way not in right else f"**{right[way]:.2%}**" if right[way] == best else f"{right[way]:.2%}"
                 for way in WAYS]  # fmt: skip
        own = whole[LEARN]
        gates, most = median(row["gates"] for row in own), max(row["gates"] for row in own)
        seconds = max(row["seconds"] for row in own)
        lines.append([name, *cells, f"{gates:.0f}", f"{most}", f"{seconds:.1f}"])
        if name in TABLES:
            ranks.append(rankdata([-round(value, 12) for value in right.values()]))
    if ranks:
        lines.append(["mean rank", *(f"{value:.2f}" for value in np.mean(ranks, axis=0)), "", "", ""])
    heads = ("table", "btfnet learn", *WAYS[1:], "gates", "most gates", "CPU s of the longest fold")
    return markdown(heads, lines) + estimated(last)


def estimated(last: dict[tuple[Any, ...], Row]) -> str:
    """A sentence about the estimator on pictures."""
    told = []
    for name in (DIGITS, MNIST):
        rows = [row for key, row in last.items() if key[:2] == (name, ESTIMATOR)]
        if rows:
            told.append(f"{name} {mean(row['test'] for row in rows):.2%}")
    return f"\nThe same through `BTFClassifier`: {', '.join(told)}.\n" if told else ""


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "tables.md", LEARN, table(STORE.all()))


if __name__ == "__main__":
    main()

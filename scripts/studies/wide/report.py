"""The table of docs/wide.md, from the rows of study.py beside this file.

python scripts/studies/wide/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from statistics import median

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, percent
from scripts.studies.wide.study import CELLS, FACTORS, STORE


def in_words(runs: Sequence[Row]) -> str:
    """Of the runs of a cell and factor: exact ones, their median seconds and unseen words; else the wrong bits."""
    exact = [run for run in runs if run["exact"]]
    if not exact:
        wide = sum(run["wide"] is not None for run in runs)
        return f"0/{len(runs)}, {median(run['wrong'] for run in runs):.0f} wrong" + (
            f", {wide} wide" if wide else ""
        )
    text = f"{len(exact)}/{len(runs)}, {median(run['seconds'] for run in exact):.2g} s"
    words = median(run["words"] for run in exact)
    if isnan(words):
        return text
    return f"{text}, {percent(words, 1)} %"


def table(rows: Sequence[Row]) -> str:
    lines = []
    for cell, limit in CELLS.items():
        runs = [[row for row in rows if (row["cell"], row["factor"]) == (cell, factor)] for factor in FACTORS]
        if all(runs):
            lines.append([*cell.split("@"), f"{limit:g}", *map(in_words, runs)])
    return markdown(("problem", "N", "seconds at most", "1", "2", "3"), lines)


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "wide.md", "runs", table(STORE.all()))


if __name__ == "__main__":
    main()

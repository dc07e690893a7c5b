"""The table of tables in docs/committees.md, from the rows of study.py beside this file.

python scripts/studies/tables/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean, median

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.tables.study import FOLDS, STORE, TABLES, WAYS


def table(rows: Sequence[Row]) -> str:
    """One line for every table whose folds are complete: how many unseen rows each way gets right."""
    last = {STORE.key_of(row): row for row in rows}
    lines = []
    for name in TABLES:
        runs = {way: [last.get((name, way, fold)) for fold in range(FOLDS)] for way in WAYS}
        whole = {way: [row for row in found if row] for way, found in runs.items()}
        if not all(len(found) == FOLDS for found in whole.values()):
            continue
        best = max(mean(row["test"] for row in found) for found in whole.values())
        cells = []
        for found in whole.values():
            right = mean(row["test"] for row in found)
            cells.append(f"**{right:.2%}**" if right == best else f"{right:.2%}")
        own = whole["committee"]
        gates, seconds = median(row["gates"] for row in own), sum(row["seconds"] for row in own)
        lines.append([name, *cells, f"{gates:.0f}", f"{seconds:.1f}"])
    return markdown(("table", *WAYS, "gates", "CPU s of five fits"), lines)


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "committees.md", "tables", table(STORE.all()))


if __name__ == "__main__":
    main()

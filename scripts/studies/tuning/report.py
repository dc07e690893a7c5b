"""The table of docs/tuning.md, from the rows of study.py beside this file.

python scripts/studies/tuning/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.tuning.study import CASES, STORE, WAYS


def table(rows: Sequence[Row]) -> str:
    """One line a problem; a cell: exact runs, median seconds, where found; σ where it is not 3."""
    ways = [way for way in WAYS if any(row["way"] == way for row in rows)]
    return markdown(
        ("problem", *ways),
        [
            [case, *(cell([row for row in rows if (row["case"], row["way"]) == (case, way)]) for way in ways)]
            for case in CASES
        ],
    )


def cell(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    text = f"{sum(row['exact'] for row in rows)}/{len(rows)}, {median(row['seconds'] for row in rows):.2g} s"
    words = [row["test_words"] for row in rows if row["exact"] and row["test_words"] is not None]
    if words:
        text += f", words {100 * median(words):.4g} %"
    sigmas = sorted({row["sigma"] for row in rows if row["exact"]} - {3.0})
    return text + (f", σ {', '.join(f'{sigma:g}' for sigma in sigmas)}" if sigmas else "")


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "tuning.md", "runs", table(STORE.all()))


if __name__ == "__main__":
    main()

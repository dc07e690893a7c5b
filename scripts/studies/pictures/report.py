"""The table of docs/committees.md and docs/pictures.svg, from the rows of study.py beside this file.

python scripts/studies/pictures/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.pictures.picture import picture
from scripts.studies.pictures.study import PICTURES, STORE, WAYS

COLUMNS = (
    "pictures", "way", "unseen right", "least", "training right", "seeds", "CPU s", "members", "gates of members",
    "all gates",
)  # fmt: skip


def table(rows: Sequence[Row]) -> str:
    """One line for every kind of pictures and way: the mean ± standard deviation over the seeds, and the least."""
    last = {STORE.key_of(row): row for row in rows}.values()
    lines = []
    for name in PICTURES:
        for way in WAYS:
            runs = [row for row in last if (row["picture"], row["way"]) == (name, way)]
            if runs:
                lines.append([name, way, *figures(runs)])
    return markdown(COLUMNS, lines)


def figures(runs: Sequence[Row]) -> list[str]:
    test = np.array([row["test"] for row in runs])
    spread = f" ± {test.std(ddof=1):.2%}" if len(runs) > 1 else ""
    whole = [
        f"{median(row[name] for row in runs):.0f}" if name in runs[0] else ""
        for name in ("members", "member_gates", "gates")
    ]
    return [
        f"{test.mean():.2%}{spread}",
        f"{test.min():.2%}",
        f"{np.mean([row['train'] for row in runs]):.2%}",
        str(len(runs)),
        f"{median(row['seconds'] for row in runs):.3g}",
        *whole,
    ]


@options.command(__doc__)
def main() -> None:
    rows = STORE.all()
    write_part(DOCS / "committees.md", "pictures", table(rows))
    last = {STORE.key_of(row): row for row in rows}
    (DOCS / "pictures.svg").write_text(picture(list(last.values())), encoding="utf-8")


if __name__ == "__main__":
    main()

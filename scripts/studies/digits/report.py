"""The table of docs/digits.md, from the rows of study.py beside this file.

python scripts/studies/digits/report.py
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import line
from scripts.studies.digits.study import STORE, WAYS

HEAD = """| trained on | way | unseen right | training right | seeds | CPU s | gates |
|---:|---|---:|---:|---:|---:|---:|
"""


def table(rows: Sequence[Row]) -> str:
    """One line for every number of pictures and way: mean ± standard deviation over the seeds."""
    lines = []
    for n_train in sorted({row["n_train"] for row in rows}):
        for way in WAYS:
            runs = [row for row in rows if (row["way"], row["n_train"]) == (way, n_train)]
            if runs:
                lines.append(line([str(n_train), way, *figures(runs)]) + "\n")
    return HEAD + "".join(lines)


def figures(runs: Sequence[Row]) -> list[str]:
    test, train, seconds = (np.array([row[key] for row in runs]) for key in ("test", "train", "seconds"))
    spread = f" ± {test.std(ddof=1):.1%}" if len(runs) > 1 else ""
    gates = f"{np.median([row['gates'] for row in runs]):.0f}" if "gates" in runs[0] else ""
    accuracy = [f"{test.mean():.1%}{spread}", f"{train.mean():.1%}"]
    return [*accuracy, str(len(runs)), f"{np.median(seconds):.2g}", gates]


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "digits.md", "runs", table(STORE.all()))


if __name__ == "__main__":
    main()

"""docs/shrink.md, from the rows of study.py beside this file.

python scripts/studies/shrink/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from scripts.lib import options
from scripts.lib.pages import DOCS
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.shrink.study import CASES, STORE

PAIRS = ("gates", "senders", "words")
COLUMNS = (
    "problem",
    "items",
    "exact",
    "gates",
    "senders",
    "unseen words",
    "more / fewer",
    "search",
    "shrink",
)

TEXT = """# Is smaller truer?

Exact circuits before and after shrinking ([engines.md](engines.md)), means over the runs that found one: gates and
their senders after simplification, unseen words that are right in all bits, runs with more and with fewer of these
after shrinking than before, seconds of search and of shrinking on one core (shared with other work).
Made by `python scripts/studies/shrink/study.py`; every run stands in
[rows.jsonl](../scripts/studies/shrink/rows.jsonl).

"""

READING = """
Smaller is truer where the truth is small: And/Or and majority circuits with Copies and Nots among them gain most,
and the more the fewer items there are. It is not where the truth uses every node: rule-232-3 takes 96 majorities,
128 items leave room for circuits of 88, and these get about one unseen word in a hundred more wrong; 256 items
do not.
"""


def cells_of(name: str, n_train: int, rows: Sequence[Row]) -> list[str]:
    done = [row for row in rows if "gates" in row]
    cells = [name, str(n_train), f"{len(done)}/{len(rows)}"]
    if done:
        gates, senders, words = ([mean_of(done, pair, when) for when in (0, 1)] for pair in PAIRS)
        cells += [f"{gates[0]:.1f} → {gates[1]:.1f}", f"{senders[0]:.0f} → {senders[1]:.0f}"]
        if None in words:
            cells += ["", ""]
        else:
            signs = [row["words"][1] - row["words"][0] for row in done]
            cells += [f"{words[0]:.2%} → {words[1]:.2%}"]
            cells += [f"{sum(sign > 0 for sign in signs)} / {sum(sign < 0 for sign in signs)}"]
        cells += [f"{mean(row[f'{phase}_seconds'] for row in done):.2g}" for phase in ("search", "shrink")]
    return cells


def mean_of(rows: Sequence[Row], pair: str, when: int) -> float | None:
    values = [row[pair][when] for row in rows]
    return None if None in values else mean(values)


def table(rows: Sequence[Row]) -> str:
    cases = {(row["problem"], row["train"]) for row in rows}
    return markdown(
        COLUMNS,
        [
            cells_of(*case, [row for row in rows if (row["problem"], row["train"]) == case])
            for case in sorted(cases, key=lambda case: [*CASES, case].index(case))
        ],
    )


@options.command(__doc__)
def main() -> None:
    page = f"{TEXT}{table(STORE.all())}{READING}"
    (DOCS / "shrink.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()

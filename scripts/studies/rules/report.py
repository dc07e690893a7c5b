"""docs/rules.md, from the rows of study.py beside this file.

python scripts/studies/rules/report.py
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from scripts.lib import options
from scripts.lib.pages import DOCS
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, percent_reached, seconds
from scripts.studies.panel.cases import last_rows, short
from scripts.studies.rules.study import ITEMS, STORE, WIDTHS

TIMES = ("seconds (most)", "of the processor (most)")

TEXT = """# All elementary cellular automata

Of the 256 rules 88 are left when mirror images and complements (0 and 1 exchanged) count as the same. For each,
`btfnet.solve(problem)` without settings gets {items} items of a ring of 16 cells, one step and two steps later,
and {limit}; networks {widths}. Unseen words: the rest of 10 000 items. Made by
`python scripts/studies/rules/study.py`; every run stands in [rows.jsonl](../scripts/studies/rules/rows.jsonl).
Sources: {sources}.

{counts}
## Where unseen words are wrong

The best run of each rule; seconds where it is exact on the training items.

{failures}"""


def rule_and_steps(row: Row) -> tuple[int, int]:
    _, rule, steps = row["problem"].split("-")
    return int(rule), int(steps)


def best_rows(rows: Iterable[Row]) -> dict[tuple[int, int], Row]:
    """Of each rule and number of steps the run with the most unseen words, then the exact, then the faster."""
    best: dict[tuple[int, int], Row] = {}
    for row in sorted(rows, key=lambda row: (row["test_words"], row["exact"], -row["seconds"])):
        best[rule_and_steps(row)] = row
    return best


def counts_table(rows: Sequence[Row]) -> str:
    """For each number of steps how many rules were exact, and right on every unseen word, in every run."""
    lines = []
    for steps in WIDTHS:
        mine: dict[int, list[Row]] = {}
        for row in rows:
            rule, of = rule_and_steps(row)
            if of == steps:
                mine.setdefault(rule, []).append(row)
        exact_rows = [row for runs in mine.values() for row in runs if row["exact"]]
        right = sum(all(_is_right(row) for row in runs) for runs in mine.values())
        exact = sum(all(row["exact"] for row in runs) for runs in mine.values())
        number = sum(map(len, mine.values()))
        lines.append([*map(str, (steps, len(mine), number, right, exact)), *_times(exact_rows)])
    head = ("steps", "rules", "runs", "100 % of unseen words", "exact in training", *TIMES)
    return markdown(head, lines)


def _times(rows: Sequence[Row]) -> list[str]:
    """Median and most, on the clock and of the processor."""
    texts = []
    for name in ("seconds", "cpu_seconds"):
        values = [row[name] for row in rows]
        texts.append(f"{seconds(median(values))} ({seconds(max(values))})" if values else "")
    return texts


def _is_right(row: Row) -> bool:
    return bool(row["exact"] and row["test_words"] == 1)


def failures_table(rows: Sequence[Row]) -> str:
    """The rules whose every run, or some run, left an unseen word wrong."""
    best, lines = best_rows(rows), []
    for rule, steps in sorted(best, key=lambda key: key[::-1]):
        runs = [row for row in rows if rule_and_steps(row) == (rule, steps)]
        if all(map(_is_right, runs)):
            continue
        row = best[rule, steps]
        fractions = [row[name] for name in ("test_words", "test_bits", "constant_bits")]
        lines.append([
            str(rule), str(steps), f"{sum(map(_is_right, runs))}/{len(runs)}",
            *(f"{percent_reached(fraction)} %" for fraction in fractions), str(row["wrong_bits"]),
            seconds(row["seconds"]) if row["exact"] else "", f"{row['sigma']:g}",
        ])  # fmt: skip
    if not lines:
        return "None.\n"
    head = ("rule", "steps", "runs with 100 %", "unseen words", "unseen bits", "constant, bits",
            "training bits wrong", "seconds", "σ")  # fmt: skip
    return markdown(head, lines)


def page(rows: Sequence[Row]) -> str:
    return TEXT.format(
        items=ITEMS,
        limit=" or ".join(sorted({f"{row['limit']:g} s" for row in rows})),
        widths=" and ".join(short("-".join(map(str, widths))) for widths in WIDTHS.values()),
        sources=", ".join(sorted({row["sources"] for row in rows})),
        counts=counts_table(rows),
        failures=failures_table(rows),
    )


@options.command(__doc__)
def main() -> None:
    (DOCS / "rules.md").write_text(page(list(last_rows(STORE).values())), encoding="utf-8")


if __name__ == "__main__":
    main()

"""docs/rules.md, from the rows of study.py beside this file.

python scripts/studies/rules/report.py
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import median

from scripts.lib import options
from scripts.lib.pages import DOCS
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, percent_reached, seconds
from scripts.studies.panel.cases import FREE, last_rows, short
from scripts.studies.rules.study import ITEMS, STORE, WIDTHS

Cell = tuple[bool, str, int, int]
"""Whether it grows, its widths, steps, rule."""
TIMES = ("seconds (most)", "of the processor (most)")

TEXT = """# All elementary cellular automata

Of the 256 rules 88 are left when mirror images and complements (0 and 1 exchanged) count as the same. For each,
`btfnet.solve(problem)` without settings gets {items} items of a ring of 16 cells, some steps later, and {limit}.
Networks: free ones, to which nobody gave widths, and layers, {widths}.
Unseen words: the rest of 10 000 items. Made by `python scripts/studies/rules/study.py`; every run stands in
[rows.jsonl](../scripts/studies/rules/rows.jsonl).
Sources: {sources}.

{counts}
## Where unseen words are wrong

The best run of each rule; seconds where it is exact on the training items.

{failures}"""


def rule_and_steps(row: Row) -> tuple[int, int]:
    _, rule, steps = row["problem"].split("-")
    return int(rule), int(steps)


def cells(rows: Iterable[Row]) -> dict[Cell, list[Row]]:
    """The runs of each network, number of steps and rule: layers first, few steps first."""
    together: dict[Cell, list[Row]] = {}
    for row in rows:
        rule, steps = rule_and_steps(row)
        together.setdefault((row["widths"] == FREE, row["widths"], steps, rule), []).append(row)
    return {cell: together[cell] for cell in sorted(together)}


def best(runs: Sequence[Row]) -> Row:
    """With the most unseen words right, then the exact, then the faster."""
    return max(runs, key=lambda row: (row["test_words"], row["exact"], -row["seconds"]))


def counts_table(rows: Sequence[Row]) -> str:
    """For each network and number of steps: rules exact, and right on every unseen word, in every run."""
    lines = []
    for (_, widths, steps), group in groupby(cells(rows).items(), key=lambda each: each[0][:3]):
        rules = [runs for _, runs in group]
        exact_rows = [row for runs in rules for row in runs if row["exact"]]
        right = sum(all(map(_is_right, runs)) for runs in rules)
        exact = sum(all(row["exact"] for row in runs) for runs in rules)
        numbers = map(str, (steps, len(rules), sum(map(len, rules)), right, exact))
        lines.append([short(widths), *numbers, *_times(exact_rows)])
    head = ("network", "steps", "rules", "runs", "100 % of unseen words", "exact in training", *TIMES)
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
    lines = []
    for (_, widths, steps, rule), runs in cells(rows).items():
        if all(map(_is_right, runs)):
            continue
        row = best(runs)
        fractions = [row[name] for name in ("test_words", "test_bits", "constant_bits")]
        lines.append([
            short(widths), str(rule), str(steps), f"{sum(map(_is_right, runs))}/{len(runs)}",
            *(f"{percent_reached(fraction)} %" for fraction in fractions), str(row["wrong_bits"]),
            seconds(row["seconds"]) if row["exact"] else "", f"{row['sigma']:g}",
        ])  # fmt: skip
    if not lines:
        return "None.\n"
    head = ("network", "rule", "steps", "runs with 100 %", "unseen words", "unseen bits", "constant, bits",
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

"""All elementary cellular automata: how many are learned so that every unseen word is right?

    python scripts/studies/rules/study.py  # 88 rules, 1 and 2 steps, 120 s each; what is still missing
    study.py 30 110 --steps 1  # some of them
    study.py --jobs 2          # two runs side by side, each on half of the cores
    study.py --again           # also what other sources have measured
    study.py --only-page       # the page from what is there

Of the 256 rules 88 are left when a rule counts as the same as its mirror image and as its complement (0 and 1
exchanged); the least number stands for all of them. A run is `btfnet.solve(problem)` without settings, as in
scripts/studies/panel: 16 cells on a ring, 512 of 10 000 items to train, for all rules the same widths.
Rows go to rows.jsonl, the page to docs/rules.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

import click

from scripts.studies.panel.cases import (
    ROOT,
    SEED_STEP,
    Case,
    Goal,
    Job,
    Row,
    check_checkout,
    digest,
    keep,
    load_rows,
    missing,
)
from scripts.studies.panel.report import markdown, percent, seconds, short
from scripts.studies.panel.runs import cores_of_each, side_by_side

ROWS = Path(__file__).with_name("rows.jsonl")
PAGE = ROOT / "docs" / "rules.md"
ITEMS = 512
WIDTHS = {1: (16, 32, 32, 16), 2: (16, 64, 64, 64, 16)}
"""Of all rules, by the number of steps."""

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


def mirrored(rule: int) -> int:
    """The rule that does to mirror images what this one does: left and right neighbours change places."""
    return sum((rule >> (4 * right + 2 * own + left) & 1) << (4 * left + 2 * own + right)
               for left in (0, 1) for own in (0, 1) for right in (0, 1))  # fmt: skip


def complemented(rule: int) -> int:
    """The same rule with 0 and 1 exchanged, in the neighbourhood and in the outcome."""
    return sum((1 - (rule >> (7 - pattern) & 1)) << pattern for pattern in range(8))


def representatives(rules: Iterable[int] = range(256)) -> list[int]:
    """The least rule of every class to which these belong."""

    def least(rule: int) -> int:
        mirror = mirrored(rule)
        return min(rule, mirror, complemented(rule), complemented(mirror))

    return sorted({least(rule) for rule in rules})


def case(rule: int, steps: int, limit: float) -> Case:
    name = f"rule-{rule}-{steps}"
    return Case(name, name, limit, Goal(limit, words=1), WIDTHS[steps], ITEMS)


# -- the page -------------------------------------------------------------------------------------------------


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
    return row["exact"] and row["test_words"] == 1


def failures_table(rows: Sequence[Row]) -> str:
    """The rules whose every run, or some run, left an unseen word wrong."""
    best, lines = best_rows(rows), []
    for rule, steps in sorted(best, key=lambda place: place[::-1]):
        runs = [row for row in rows if rule_and_steps(row) == (rule, steps)]
        if all(map(_is_right, runs)):
            continue
        row = best[rule, steps]
        lines.append([
            str(rule), str(steps), f"{sum(map(_is_right, runs))}/{len(runs)}", percent(row["test_words"]),
            percent(row["test_bits"]), percent(row["constant_bits"]), str(row["wrong_bits"]),
            seconds(row["seconds"]) if row["exact"] else "", f"{row['sigma']:g}",
        ])  # fmt: skip
    if not lines:
        return "None.\n"
    head = ("rule", "steps", "runs with 100 %", "unseen words", "unseen bits", "constant, bits",
            "training bits wrong", "seconds", "σ")  # fmt: skip
    return markdown(head, lines)


def write_page(rows: Sequence[Row]) -> None:
    text = TEXT.format(
        items=ITEMS,
        limit=" or ".join(sorted({f"{row['limit']:g} s" for row in rows})),
        widths=" and ".join(short("-".join(map(str, widths))) for widths in WIDTHS.values()),
        sources=", ".join(sorted({row["sources"] for row in rows})),
        counts=counts_table(rows),
        failures=failures_table(rows),
    )
    PAGE.write_text(text, encoding="utf-8")


@click.command(help=__doc__)
@click.argument("rules", nargs=-1, type=click.IntRange(0, 255))
@click.option("--steps", "wanted_steps", multiple=True, type=click.IntRange(1, 2), help="Both by default.")
@click.option("--seeds", default=1, show_default=True, type=click.IntRange(min=1), help="Seeds 0, 1000, …")
@click.option("--limit", default=120.0, show_default=True, type=click.FloatRange(min=0, min_open=True))
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Runs side by side.")
@click.option("--again", is_flag=True, help="Measure anew what was measured with other sources.")
@click.option("--only-page", is_flag=True, help="Measure nothing.")
def main(
    rules: tuple[int, ...],
    wanted_steps: tuple[int, ...],
    seeds: int,
    limit: float,
    jobs: int,
    again: bool,
    only_page: bool,
) -> None:
    check_checkout()
    cores = cores_of_each(jobs)
    wanted = [
        Job(case(rule, steps, limit), "auto", "none", SEED_STEP * number, limit, cores)
        for number in range(seeds)
        for steps in wanted_steps or WIDTHS
        for rule in representatives(rules or range(256))
    ]
    left = [] if only_page else missing(wanted, load_rows(ROWS), digest() if again else None)
    try:
        for row in side_by_side(left, jobs):
            keep(row, ROWS)
            click.echo(json.dumps(row))
    finally:
        write_page(list(load_rows(ROWS).values()))


if __name__ == "__main__":
    main()

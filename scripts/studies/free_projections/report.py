"""The tables of docs/free.md on the projections, from the rows of study.py beside this file.

python scripts/studies/free_projections/report.py
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from statistics import fmean, median

from scripts.lib import options
from scripts.lib.pages import DOCS, write_part
from scripts.lib.rows import Row
from scripts.lib.tables import markdown, percent, seconds
from scripts.studies.free_projections.study import CASES, KINDS, LIMIT, STORE


def of(rows: Sequence[Row], kind: str, problem: str, way: str) -> list[Row]:
    return [row for row in rows if (row["kind"], row["problem"], row["way"]) == (kind, problem, way)]


def exact(runs: Sequence[Row]) -> str:
    return f"{sum(row['wrong'] == 0 for row in runs)}/{len(runs)}"


def alone_in_words(runs: Sequence[Row]) -> str:
    """Wrong bits of the median run, and bits that its weights fit; exact ones, where there are some."""
    if not runs:
        return ""
    fitted = percent(median(row["fitted"] for row in runs), 0)
    wrong = f"{median(row['wrong'] for row in runs):g} ({fitted} %)"
    return wrong if all(row["wrong"] for row in runs) else f"{wrong}, {exact(runs)} exact"


def together_in_words(runs: Sequence[Row]) -> str:
    """Seconds and gates of the median run, and wrong bits where not all are exact."""
    if not runs:
        return ""
    text = f"{seconds(median(row['seconds'] for row in runs))}, {median(row['gates'] for row in runs):g}"
    return text if not any(row["wrong"] for row in runs) else f"{text}, {exact(runs)} exact"


def relative(rows: Sequence[Row], way: str, value: str) -> str:
    """A value over that of descent alone: medians of seeds, geometric mean over the problems measured for both."""
    pairs = [
        (of(rows, "together", name, way), of(rows, "together", name, "descent"))
        for name in CASES
        if of(rows, "together", name, way)
    ]
    ratios = [
        log(median(row[value] for row in ours) / median(row[value] for row in theirs))
        for ours, theirs in pairs
    ]
    return f"{exp(fmean(ratios)):.2g}"


def tables(rows: Sequence[Row]) -> str:
    latest = list({STORE.key_of(row): row for row in rows}.values())
    kinds = {kind: [name for name in CASES if of(latest, kind, name, KINDS[kind][0])] for kind in KINDS}
    alone = [
        [way, *(alone_in_words(of(latest, "alone", name, way)) for name in kinds["alone"])]
        for way in KINDS["alone"]
    ]
    together = [
        [
            way,
            *(together_in_words(of(latest, "together", name, way)) for name in kinds["together"]),
            relative(latest, way, "seconds"),
            relative(latest, way, "gates"),
        ]
        for way in KINDS["together"]
        if of(latest, "together", "rule-30-1", way)
    ]
    bits = [f"{name} ({CASES[name].bits})" for name in kinds["alone"]]
    return "\n".join(
        [
            "",
            f"Alone, {LIMIT:g} s: wrong bits of the best completion to gates, and bits that the weights fit:\n",
            markdown(["rrr", *bits], alone),
            "Together: seconds until no bit is wrong, and gates of that circuit:\n",
            markdown(["", *kinds["together"], "seconds ×", "gates ×"], together),
        ]
    )


@options.command(__doc__)
def main() -> None:
    write_part(DOCS / "free.md", "projections", tables(STORE.all()))


if __name__ == "__main__":
    main()

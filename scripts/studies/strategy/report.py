"""docs/strategy.md and docs/strategy.svg, from the rows of study.py beside this file.

python scripts/studies/strategy/report.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, inf, log
from statistics import fmean, median

import numpy as np

from scripts.lib import options
from scripts.lib.pages import DOCS
from scripts.lib.rows import Row
from scripts.lib.tables import markdown
from scripts.studies.strategy.figures import PRESENT, SEEDS, Rows, Study
from scripts.studies.strategy.picture import picture
from scripts.studies.strategy.study import ALL, CASES, LIMITS, STORE, TIMES

RESAMPLES = 2000


def seconds(row: Row) -> float:
    """Until it was exact; the limit if it never was."""
    return row["limit"] if row["exact"] is None else row["exact"]


# -- outcomes ---------------------------------------------------------------------------------------------


def outcome(rows: Rows) -> str:
    """The median run: its seconds, or the wrong bits that it was left with; and how many runs were exact."""
    if not rows:
        return ""
    ranked = sorted(rows, key=lambda row: (row["exact"] or inf, row["wrong"][-1]))
    middle = ranked[len(ranked) // 2]
    text = f"{middle['wrong'][-1]} wrong" if middle["exact"] is None else f"{middle['exact']:.2g} s"
    return f"{text}, {sum(row['exact'] is not None for row in rows)}/{len(rows)}"


def relative_time(study: Study, strategy: str, problems: Sequence[str]) -> str:
    """Mean seconds over those of the present strategy, geometric mean over problems; 90 % of resamplings."""
    pairs = [(study.of(name, strategy), study.of(name, PRESENT)) for name in problems]
    samples = [
        (np.array([seconds(row) for row in ours]), np.array([seconds(row) for row in theirs]))
        for ours, theirs in pairs
        if ours and theirs
    ]
    if not samples or strategy == PRESENT:
        return "1" if samples else ""
    rng = np.random.default_rng(0)

    def ratio(draw: Callable[[np.ndarray], np.ndarray]) -> float:
        return exp(fmean(log(draw(ours).mean() / draw(theirs).mean()) for ours, theirs in samples))

    again = [ratio(lambda values: rng.choice(values, values.size)) for _ in range(RESAMPLES)]
    low, high = np.quantile(again, [0.05, 0.95])
    return f"{ratio(lambda values: values):.1f} ({low:.1f} … {high:.1f})"


def outcomes(study: Study, cold: Sequence[str], warm: Sequence[str]) -> str:
    head = ["strategy", *study.problems, "time, cold", "time, warm"]
    body = []
    for strategy in study.strategies:
        cells = [outcome(study.of(problem, strategy)) for problem in study.problems]
        times = [relative_time(study, strategy, problems) for problems in (cold, warm)]
        body.append([strategy, *cells, *times])
    return markdown(head, body)


def on_the_way(study: Study, times: Sequence[float], moments: Sequence[float]) -> str:
    """Median wrong bits at some moments."""
    body = []
    for strategy in study.strategies:
        cells = []
        for problem in study.problems:
            rows = study.of(problem, strategy)
            medians = [
                f"{median(row['wrong'][times.index(moment)] for row in rows):g}" for moment in moments if rows
            ]
            cells.append(" / ".join(medians))
        body.append([strategy, *cells])
    return markdown(["strategy", *study.problems], body)


# -- restarts ---------------------------------------------------------------------------------------------


def expected(runs: Sequence[float], cutoff: float) -> float:
    """Mean seconds to success when every run is given up after a cutoff: time spent, by successes."""
    successes = sum(run <= cutoff for run in runs)
    return sum(min(run, cutoff) for run in runs) / successes if successes else inf


def best_cutoff(runs: Sequence[float], limit: float) -> float:
    return min([*(run for run in runs if run < limit), limit], key=lambda cutoff: expected(runs, cutoff))


def restarts(study: Study, cold: Sequence[str]) -> str:
    head = [
        "problem",
        "exact",
        "seconds: least, median, most",
        "no cutoff",
        "best cutoff",
        "with it",
        "checked",
    ]
    body = []
    for problem in cold:
        rows = study.of(problem, PRESENT, all_seeds=True)
        if rows:
            body.append([problem, *restart_cells(rows)])
    return markdown(head, body)


def restart_cells(rows: Rows) -> list[str]:
    """Checked: the cutoff of the even seeds, as a ratio to no cutoff on the odd ones; and the reverse."""
    limit = rows[0]["limit"]
    runs = [
        inf if row["exact"] is None else row["exact"] for row in sorted(rows, key=lambda row: row["seed"])
    ]
    cutoff, without = best_cutoff(runs, limit), expected(runs, limit)
    halves = [(runs[0::2], runs[1::2]), (runs[1::2], runs[0::2])]
    ratios = [
        expected(other, best_cutoff(chosen, limit)) / expected(other, limit) for chosen, other in halves
    ]
    return [
        f"{sum(run < inf for run in runs)}/{len(runs)}",
        ", ".join("–" if run == inf else f"{run:.2g}" for run in (min(runs), median(runs), max(runs))),
        f"{without:.2g} s",
        f"{cutoff:.2g} s",
        f"{expected(runs, cutoff):.2g} s",
        ", ".join("never" if ratio == inf else f"× {ratio:.2f}" for ratio in ratios),
    ]


# -- the page ---------------------------------------------------------------------------------------------

TEXT = """# Strategies of gate descent

Which way of searching gets rid of wrong output bits soonest ([engines.md](engines.md), gate descent)? Every
strategy from the same starts, {seeds} seeds a problem; processor seconds of one thread. rule-30-1 has 256
training items and widths 16-32-32-16 (tight) or 16-48-48-16 (wide), rule-30-2 16-48-48-48-16, multiplier-4x4
8-64-64-64-64-8 and all 256 products, all others the panel's widths and 512 items. maj-5, andor-5 and rule-30-2
start from the gates to which the weights complete after 3000 iterations of the projections, the others from
random gates.

A round: so many random nodes get random gates (kicks), a sweep over all nodes that does not see a fraction of
the items (dropped), a sweep that sees all; kept unless it is worse. *aimed kick*: the node is one whose flip
changes an output bit that is wrong. *only if better*: kept only if less is wrong. *slack 2 %*: kept up to 2 %
above the record, at least one bit (record-to-record). These three have 1 kick and .1 dropped. *annealing*:
random neighbours of random nodes' gates, at a temperature that falls from 3 to .5 bits over the limit.
*repeats*: 1 kick; after so many rounds (10) without a gain every item that is wrong counts once more, by a copy in
one of the slots (as many as items, at most 1024); a new copy takes the place of the oldest one, so that weights
fade. *merging*: before every round, of any two nodes with the same values (or opposite ones) on all items one
takes over all listeners of the other, where edges allow it: no output changes, and the other node is free. With
repeats, .1 dropped and merging it is what the package does. Tabu was not tried. Made by
`python scripts/studies/strategy/study.py`; every run stands in
[rows.jsonl](../scripts/studies/strategy/rows.jsonl).

The median run: seconds until no bit was wrong, or the bits wrong at the limit ({limits}); behind it, how many
runs were exact. Last columns: mean seconds on the problems with cold and with warm starts (the limit where a run
was not exact) as a multiple of what the package takes, geometric mean over the problems measured; in brackets,
90 % of resamplings of the runs.

"""
ON_THE_WAY = """
Median wrong bits after {moments} s:

"""
RESTARTS = """
## Would restarts help?

Runs of what the package does, from more seeds. If every run is given up after a cutoff t and another started,
an exact circuit takes (mean of min(T, t)) / P(T ≤ t) seconds; "no cutoff" is the limit. The best cutoff is the
best for these very runs, so that it flatters itself; checked: the ratio to no cutoff when the cutoff is chosen
on the even seeds and measured on the odd ones, and the reverse.

"""
MOMENTS = (1, 5)


def page(study: Study) -> str:
    cold, warm = ([name for name, case in CASES.items() if case.warm is kind] for kind in (False, True))
    return "".join(
        [
            TEXT.format(seeds=SEEDS, limits=LIMITS),
            outcomes(study, cold, warm),
            "\n![Median wrong bits against processor time](strategy.svg)\n",
            ON_THE_WAY.format(moments=" / ".join(map(str, MOMENTS))),
            on_the_way(study, TIMES, MOMENTS),
            RESTARTS,
            restarts(study, cold),
        ]
    )


@options.command(__doc__)
def main() -> None:
    study = Study(STORE.all(), list(CASES), list(ALL))
    (DOCS / "strategy.md").write_text(page(study), encoding="utf-8")
    (DOCS / "strategy.svg").write_text(picture(study, TIMES), encoding="utf-8")


if __name__ == "__main__":
    main()

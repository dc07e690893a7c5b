"""The page and the picture of study.py, from its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import exp, inf, log, log10
from pathlib import Path
from statistics import fmean, median

import numpy as np

PRESENT = "repeats, .1 dropped, merging"
"""What the package does; all else is compared with it."""
COLOURS = {
    PRESENT: "#20262c",
    "repeats, .1 dropped": "#e06c75",
    "repeats": "#b05a86",
    "1 kick, .1 dropped": "#5d6b78",
    "2 kicks": "#c0392b",
    "1 kick": "#d98200",
    "0 kicks": "#8a7420",
    "0 kicks, .1 dropped": "#2f7d48",
    "aimed kick": "#2c7f86",
    "slack 2 %": "#2f5f9e",
    "only if better": "#7a4b94",
    "annealing": "#9aa3ab",
}
"""What the picture shows."""
RESAMPLES = 2000
SEEDS = 5
"""Of every strategy; the present one has more, for the restarts."""

Rows = list[dict]


class Study:
    """All rows, by problem and strategy."""

    def __init__(self, rows: Rows, problems: Sequence[str], strategies: Sequence[str]) -> None:
        measured = {row["strategy"] for row in rows}
        self.rows, self.problems = rows, problems
        self.strategies = [name for name in strategies if name in measured]

    def of(self, problem: str, strategy: str, *, all_seeds: bool = False) -> Rows:
        """The rows of one cell: the seeds that all strategies have, or all there are."""
        return [
            row
            for row in self.rows
            if (row["problem"], row["strategy"]) == (problem, strategy) and (all_seeds or row["seed"] < SEEDS)
        ]


def seconds(row: dict) -> float:
    """Until it was exact; the limit if it never was."""
    return row["limit"] if row["exact"] is None else row["exact"]


def line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    return "\n".join([line(head), "|---" * len(head) + "|", *map(line, body)])


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
    return table(head, body)


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
    return table(["strategy", *study.problems], body)


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
    return table(head, body)


def restart_cells(rows: Rows) -> list[str]:
    """Checked: the cutoff of the even seeds, as a ratio to no cutoff on the odd ones; and the reverse."""
    limit = rows[0]["limit"]
    runs = [
        inf if row["exact"] is None else row["exact"] for row in sorted(rows, key=lambda row: row["seed"])
    ]
    cutoff, without = best_cutoff(runs, limit), expected(runs, limit)
    halves = [(runs[0::2], runs[1::2]), (runs[1::2], runs[0::2])]
    ratios = [expected(other, best_cutoff(one, limit)) / expected(other, limit) for one, other in halves]
    return [
        f"{sum(run < inf for run in runs)}/{len(runs)}",
        ", ".join("–" if run == inf else f"{run:.2g}" for run in (min(runs), median(runs), max(runs))),
        f"{without:.2g} s",
        f"{cutoff:.2g} s",
        f"{expected(runs, cutoff):.2g} s",
        ", ".join("never" if ratio == inf else f"× {ratio:.2f}" for ratio in ratios),
    ]


# -- the picture ------------------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, TOP = 250, 160, 46, 84


def picture(study: Study, times: Sequence[float]) -> str:
    """Median wrong bits over seconds, both logarithmic; one panel a problem."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + 3 * 300}" height="{TOP + 3 * 225}"'
        ' font-family="Helvetica, Arial, sans-serif" font-size="11" fill="#20262c">',
        "<title>Median wrong output bits against processor time</title>",
        f'<rect width="{LEFT + 3 * 300}" height="{TOP + 3 * 225}" fill="#fcfdfe"/>',
        *legend([name for name in COLOURS if name in study.strategies]),
    ]
    for index, problem in enumerate(study.problems):
        x, y = LEFT + index % 3 * 300, TOP + index // 3 * 225
        parts += [f'<g transform="translate({x} {y})">', *panel(study, problem, times), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def legend(names: Sequence[str]) -> list[str]:
    parts = []
    for index, name in enumerate(names):
        x, y = LEFT + index % 5 * 170, 22 + index // 5 * 20
        parts.append(f'<path d="M{x} {y}h22" stroke="{COLOURS[name]}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 28}" y="{y + 4}">{escape(name)}</text>')
    return parts


def panel(study: Study, problem: str, times: Sequence[float]) -> list[str]:
    """Axes and curves; the upper edge is 3000 wrong bits, the lower one none."""
    first, last = log10(times[0]), log10(times[-1])

    def at(moment: float) -> float:
        return WIDTH * (log10(moment) - first) / (last - first)

    def height(wrong: float) -> float:
        return HEIGHT * (1 - log10(1 + wrong) / log10(3001))

    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#b8c0c8"/>',
        f'<text x="4" y="-6" font-weight="bold">{escape(problem)}</text>',
    ]
    for wrong in (0, 1, 10, 100, 1000):
        y = height(wrong)
        parts.append(f'<path d="M0 {y:.1f}h{WIDTH}" stroke="#e3e7eb"/>')
        parts.append(f'<text x="-6" y="{y + 4:.1f}" text-anchor="end">{wrong}</text>')
    for moment in (0.1, 1, 10):
        parts.append(f'<text x="{at(moment):.1f}" y="{HEIGHT + 14}" text-anchor="middle">{moment:g} s</text>')
    for strategy, colour in reversed(COLOURS.items()):
        rows = study.of(problem, strategy)
        points = [
            f"{at(moment):.1f},{height(median(row['wrong'][place] for row in rows)):.1f}"
            for place, moment in enumerate(times)
            if rows and moment <= rows[0]["limit"]
        ]
        if points:
            parts.append(
                f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
            )
    return parts


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
READING = ""
MOMENTS = (1, 5)


def page(
    rows: Rows,
    problems: dict[str, bool],
    limits: str,
    strategies: Sequence[str],
    times: Sequence[float],
    docs: Path,
) -> None:
    """Write docs/strategy.md and docs/strategy.svg.

    problems  names, and whether they start warm; limits  in words
    """
    study = Study(rows, list(problems), strategies)
    cold, warm = ([name for name, is_warm in problems.items() if is_warm is kind] for kind in (False, True))
    parts = [
        TEXT.format(seeds=SEEDS, limits=limits),
        outcomes(study, cold, warm),
        "\n\n![Median wrong bits against processor time](strategy.svg)\n",
        ON_THE_WAY.format(moments=" / ".join(map(str, MOMENTS))),
        on_the_way(study, times, MOMENTS),
        "\n" + RESTARTS,
        restarts(study, cold),
        "\n" + READING,
    ]
    (docs / "strategy.md").write_text("".join(parts), encoding="utf-8")
    (docs / "strategy.svg").write_text(picture(study, times), encoding="utf-8")

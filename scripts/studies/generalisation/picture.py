"""The picture of study.py: a small panel a problem, all with the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log2
from statistics import median

from scripts.lib.rows import Row
from scripts.studies.generalisation.cases import OURS, PROBLEMS, PROJECT, PROJECT_FREE, sizes_of
from scripts.studies.generalisation.figures import METHODS, Study

COLOURS = {
    PROJECT: "#111820",
    PROJECT_FREE: "#8a2be2",
    "relu": "#d55e00",
    "relu-l1": "#e69f00",
    "relu-l1-weak": "#c8b400",
    "sign": "#009e73",
    "ste": "#0072b2",
    "reste": "#cc79a7",
    "biper": "#56b4e9",
}
"""Okabe and Ito's, which also the colour-blind tell apart, and a darker yellow."""
TITLES = {
    **{f"andor-{depth}": f"And/Or, depth {depth}" for depth in (2, 3, 4, 5)},
    **{f"maj-{depth}": f"Majority, depth {depth}" for depth in (2, 3, 4, 5)},
    "rule-30-1": "Rule 30, 1 step",
    "rule-30-2": "Rule 30, 2 steps",
    "rule-30-3": "Rule 30, 3 steps",
    "rule-110-1": "Rule 110, 1 step",
    "rule-232-3": "Rule 232, 3 steps",
    "rorschach-3": "Rorschach pictures",
    "roman": "Roman numerals",
}
ACROSS, PANEL_WIDTH, PANEL_HEIGHT, STEP_X, STEP_Y = 4, 176, 104, 204, 158
EDGE, TOP = 46, 66
WIDTH, HEIGHT = EDGE + ACROSS * STEP_X - 12, TOP + 4 * STEP_Y - 12
INK, FAINT, GRID = "#20262c", "#68727c", "#e3e7eb"


def picture(study: Study) -> str:
    """On a light ground of its own, so that it can be read on dark pages, too."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="{INK}">',
        "<title>Unseen words right against training items</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#fcfdfe"/>',
        '<text x="16" y="25" font-size="15" font-weight="bold">Unseen words that are right, against training'
        " items</text>",
        f'<text x="{WIDTH - 16}" y="25" fill="{FAINT}" text-anchor="end">line: median seed; bar: least to'
        " most</text>",
    ]
    for index, problem in enumerate(PROBLEMS):
        parts += [place_at(index), *panel(study, problem, index % ACROSS == 0), "</g>"]
    return "\n".join([*parts, place_at(len(PROBLEMS)), *legend(study), "</g>", "</svg>", ""])


def place_at(index: int) -> str:
    return f'<g transform="translate({EDGE + index % ACROSS * STEP_X} {TOP + index // ACROSS * STEP_Y})">'


def across(n_train: int) -> float:
    """On a logarithmic axis, the same for all problems."""
    sizes = [size for problem in PROBLEMS for size in sizes_of(problem)]
    low, high = log2(min(sizes)), log2(max(sizes))
    return 12 + (PANEL_WIDTH - 24) * (log2(n_train) - low) / (high - low)


def down(words: float) -> float:
    return PANEL_HEIGHT * (1 - words)


def panel(study: Study, problem: str, first: bool) -> list[str]:
    """Frame and curves; the first of a line has the numbers of all."""
    parts = [
        f'<text y="-8" font-weight="bold">{escape(TITLES[problem])}</text>',
        *(f'<path d="M0 {down(words):g}h{PANEL_WIDTH}" stroke="{GRID}"/>' for words in (0, 0.5, 1)),
    ]
    if first:
        parts += [
            f'<text x="-7" y="{down(words) + 4:g}" fill="{FAINT}" text-anchor="end">{words:.0%}</text>'
            for words in (0, 0.5, 1)
        ]
    for size in sizes_of(problem):
        x = across(size)
        parts.append(f'<path d="M{x:.1f} {PANEL_HEIGHT}v4" stroke="{FAINT}"/>')
        parts.append(
            f'<text x="{x:.1f}" y="{PANEL_HEIGHT + 17}" fill="{FAINT}" text-anchor="middle">{size}</text>'
        )
    for method in reversed(study.methods):
        parts += curve([study.of(problem, size, method) for size in sizes_of(problem)], method)
    return parts


def curve(cells: Sequence[Sequence[Row]], method: str) -> list[str]:
    """A line through the medians, and a bar from the least to the most where they differ."""
    colour, wide = COLOURS[method], 2.6 if method in OURS else 1.6
    points, parts = [], []
    for rows in filter(None, cells):
        x, words = across(rows[0]["train"]), [row["test_words"] for row in rows]
        points.append(f"{x:.1f},{down(median(words)):.1f}")
        parts.append(
            f'<circle cx="{x:.1f}" cy="{down(median(words)):.1f}" r="{wide + 0.6:g}" fill="{colour}"/>'
        )
        if max(words) > min(words):
            low, high = down(min(words)), down(max(words))
            parts.append(f'<path d="M{x:.1f} {high:.1f}V{low:.1f}" stroke="{colour}" stroke-width="1.2"/>')
    if len(points) > 1:
        parts.append(
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="{wide:g}"/>'
        )
    return parts


def legend(study: Study) -> list[str]:
    parts = []
    for index, name in enumerate(study.methods):
        y, wide = 2 + index * 17, 2.6 if name in OURS else 1.6
        weight = ' font-weight="bold"' if name in OURS else ""
        parts.append(
            f'<path d="M0 {y}h24" stroke="{COLOURS[name]}" stroke-width="{wide:g}"/>'
            f'<circle cx="12" cy="{y}" r="{wide + 0.6:g}" fill="{COLOURS[name]}"/>'
            f'<text x="32" y="{y + 4}"{weight}>{escape(METHODS[name])}</text>'
        )
    return parts

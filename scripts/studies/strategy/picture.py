"""The picture of docs/strategy.md: median wrong bits over seconds."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10
from statistics import median

from scripts.studies.strategy.figures import PRESENT, Study

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
            f"{at(moment):.1f},{height(median(row['wrong'][index] for row in rows)):.1f}"
            for index, moment in enumerate(times)
            if rows and moment <= rows[0]["limit"]
        ]
        if points:
            parts.append(
                f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
            )
    return parts

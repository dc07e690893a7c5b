"""docs/pictures.svg: what accuracy costs, in gates and in seconds of one core."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from scripts.lib.rows import Row

WIDTH, HEIGHT, LEFT, TOP, WIDE, HIGH, APART = 900, 360, 70, 40, 340, 250, 90
LEAST, MOST = 0.90, 0.99
COLOR, SECOND, INK, QUIET = "#c2410c", "#1d4ed8", "#20262c", "#8a949e"


def picture(rows: Sequence[Row]) -> str:
    """Of MNIST's 10 000 + 10 000 digits; rows of the committees."""
    mine = [
        row for row in rows if row["picture"] == "mnist" and "gates" in row and "pixels" not in row["way"]
    ]
    by_way: dict[str, list[Row]] = {}
    for row in mine:
        by_way.setdefault(row["way"], []).append(row)
    gates = sorted(
        (sum(row["gates"] for row in some) / len(some), sum(row["test"] for row in some) / len(some))
        for some in by_way.values()
    )
    courses = [row["course"] for row in mine if row.get("course") and row["way"] == "committee"]
    seconds = [(at, right) for at, _, right in courses[-1]] if courses else []
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" '
        f'font-family="system-ui, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        *_panel(
            LEFT, "unseen pictures right, against gates of the whole circuit", gates, (1000, 100_000), COLOR
        ),
        *_panel(
            LEFT + WIDE + APART, "validation pictures right, against CPU seconds", seconds, (1, 100), SECOND
        ),
        "</svg>",
    ]
    return "\n".join([*parts, ""])


def _panel(
    left: float, title: str, points: Sequence[tuple[float, float]], span: tuple[float, float], color: str
) -> list[str]:
    """Accuracy from LEAST to MOST, the other axis by powers of ten."""
    first, last = log10(span[0]), log10(span[1])

    def place(x: float, y: float) -> tuple[float, float]:
        across = (log10(x) - first) / (last - first)
        return left + WIDE * across, TOP + HIGH * (MOST - max(y, LEAST)) / (MOST - LEAST)

    parts = [f'<text x="{left}" y="{TOP - 16}" fill="{INK}" font-size="14">{title}</text>']
    for percent in range(round(100 * LEAST), round(100 * MOST) + 1):
        _, y = place(span[0], percent / 100)
        parts.append(f'<path d="M{left} {y:.1f}h{WIDE}" stroke="#e3e7eb"/>')
        parts.append(
            f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{QUIET}">{percent} %</text>'
        )
    for power in range(round(first), round(last) + 1):
        x, _ = place(10.0**power, LEAST)
        parts.append(f'<path d="M{x:.1f} {TOP}v{HIGH}" stroke="#e3e7eb"/>')
        label = f"{10**power:,}".replace(",", " ")
        parts.append(
            f'<text x="{x:.1f}" y="{TOP + HIGH + 18}" text-anchor="middle" fill="{QUIET}">{label}</text>'
        )
    inside = [place(x, y) for x, y in points if span[0] <= x <= span[1] and y >= LEAST]
    if inside:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in inside)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>' for x, y in inside]
    return parts

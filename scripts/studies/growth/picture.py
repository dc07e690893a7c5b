"""docs/large_data.svg: seconds of a sweep, and memory, against items, inputs and nodes; all logarithmic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from math import ceil, floor, log10

from scripts.lib.rows import Row
from scripts.studies.growth.fits import LEAST_BYTES, grown, series
from scripts.studies.growth.study import BASE, KINDS, SERIES

WIDE, HIGH, LEFT, TOP, ACROSS, DOWN = 220, 170, 70, 60, 290, 240
COLOURS = {"free": "#c2410c", "layers": "#1d4ed8"}
INK, QUIET, LINES = "#20262c", "#5d6b78", "#e3e7eb"
NAMES = {"free": "free network", "layers": "one hidden layer"}

Point = tuple[float, float]
Cost = Callable[[Row], float | None]


def _seconds(row: Row) -> float:
    return float(row["sweep"])


def _mebibytes(row: Row) -> float | None:
    return grown(row) / 2**20 if grown(row) >= LEAST_BYTES else None


COSTS: dict[str, Cost] = {"seconds of a sweep": _seconds, "MiB of items and search": _mebibytes}


def picture(rows: Sequence[Row]) -> str:
    """Two rows of panels, one for each cost; a panel for each size that grows."""
    width, height = LEFT + ACROSS * len(SERIES), TOP + DOWN * len(COSTS)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="system-ui, sans-serif" font-size="12" fill="{INK}">',
        "<title>What a sweep of gate descent takes, in time and in memory</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for place, kind in enumerate(KINDS):
        x = LEFT + 160 * place
        parts.append(f'<path d="M{x} 20h22" stroke="{COLOURS[kind]}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 28}" y="24">{NAMES[kind]}</text>')
    for down, (label, cost) in enumerate(COSTS.items()):
        most = [value for row in rows if (value := cost(row)) is not None]
        span = (10.0 ** floor(log10(min(most))), 10.0 ** ceil(log10(max(most)))) if most else (1.0, 10.0)
        for across, name in enumerate(SERIES):
            curves = {kind: _points(series(rows, kind, name), name, cost) for kind in KINDS}
            corner = (LEFT + ACROSS * across, TOP + DOWN * down)
            parts += _panel(corner, f"{label}, {name}", curves, (SERIES[name][0], SERIES[name][-1]), span)
    return "\n".join([*parts, "</svg>", ""])


def _points(rows: Sequence[Row], name: str, cost: Cost) -> list[Point]:
    return [(row[name], value) for row in rows if (value := cost(row)) is not None]


def _panel(
    corner: tuple[int, int],
    title: str,
    curves: dict[str, list[Point]],
    sizes: tuple[float, float],
    span: tuple[float, float],
) -> list[str]:
    left, top = corner

    def place(x: float, y: float) -> Point:
        across = (log10(x) - log10(sizes[0])) / (log10(sizes[1]) - log10(sizes[0]))
        up = (log10(y) - log10(span[0])) / (log10(span[1]) - log10(span[0]))
        return left + WIDE * across, top + HIGH * (1 - up)

    parts = [f'<text x="{left}" y="{top - 8}">{escape(title)}</text>']
    for power in range(round(log10(span[0])), round(log10(span[1])) + 1):
        _, y = place(sizes[0], 10.0**power)
        parts.append(f'<path d="M{left} {y:.1f}h{WIDE}" stroke="{LINES}"/>')
        parts.append(
            f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="{QUIET}">{10.0**power:g}</text>'
        )
    for size in (sizes[0], _middle(title, sizes), sizes[1]):
        x, _ = place(size, span[0])
        parts.append(f'<path d="M{x:.1f} {top}v{HIGH}" stroke="{LINES}"/>')
        told = f"{size:,.0f}".replace(",", " ")
        parts.append(
            f'<text x="{x:.1f}" y="{top + HIGH + 16}" text-anchor="middle" fill="{QUIET}">{told}</text>'
        )
    for kind, points in curves.items():
        inside = [place(x, y) for x, y in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in inside)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[kind]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[kind]}"/>' for x, y in inside]
    return parts


def _middle(title: str, sizes: tuple[float, float]) -> float:
    """The size of BASE, where it is no end of the axis; else the geometric middle."""
    base = float(BASE[title.rsplit(" ", 1)[-1]])
    return base if sizes[0] < base < sizes[1] else (sizes[0] * sizes[1]) ** 0.5

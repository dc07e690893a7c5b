"""Curves of a trial: what is wrong of the items, and the gap, over its iterations."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from btfnet.projections.rrr import TraceRow

COLUMNS = (
    "trial", "iteration", "seconds", "train_bits", "validation_bits", "test_bits", "gap", "least_gap",
)  # fmt: skip
"""Of the table of all trials; the trial counts from 0, bits are fractions that are right."""
MOST_POINTS = 100
"""Of a curve that is kept; a longer one loses every other point of its middle."""
MOST_CURVES = 50
SIGNS = "▁▂▃▄▅▆▇█"


class Point(NamedTuple):
    """What was seen at one look: fractions of bits that are right, and gaps; NaN where there is none."""

    iteration: int
    seconds: float
    train: float = math.nan
    validation: float = math.nan
    test: float = math.nan
    gap: float = math.nan
    least_gap: float = math.nan

    @classmethod
    def of(cls, look: TraceRow, *, validated: bool) -> Point:
        """A look; where items validate, what its engine calls test bits are theirs."""
        judged = look.test_bits
        unjudged = math.nan
        return cls(
            look.iteration,
            look.seconds,
            look.train_bits,
            judged if validated else unjudged,
            unjudged if validated else judged,
            look.gap,
            look.least_gap,
        )


@dataclass(frozen=True)
class Curve:
    """The looks of one trial, in their order.

    trial  its number from 0
    """

    trial: int
    points: tuple[Point, ...]

    def column(self, name: str) -> list[tuple[int, float]]:
        """Iterations and values of one column, where there are any."""
        values = ((point.iteration, getattr(point, name)) for point in self.points)
        return [(iteration, value) for iteration, value in values if math.isfinite(value)]

    def wrong(self, name: str) -> list[tuple[int, float]]:
        """Iterations, and the fraction that is wrong, of train, validation or test."""
        return [(iteration, max(0.0, 1 - value)) for iteration, value in self.column(name)]

    def thinned(self, most: int = MOST_POINTS) -> Curve:
        """With at most so many points, the first and the last among them."""
        points = self.points
        while len(points) > most:
            points = (*points[:-1:2], points[-1])
        return Curve(self.trial, points)


class Gathered:
    """A curve under way: points evenly spaced among the looks, however many come, and the last one."""

    def __init__(self, trial: int) -> None:
        self.trial, self._kept, self._stride, self._count = trial, list[Point](), 1, 0
        self._last: Point | None = None

    def add(self, point: Point) -> None:
        if self._count % self._stride == 0:
            self._kept.append(point)
            if len(self._kept) >= 2 * MOST_POINTS:
                self._kept, self._stride = self._kept[::2], 2 * self._stride
        self._count, self._last = self._count + 1, point

    @property
    def curve(self) -> Curve:
        """At most twice `MOST_POINTS` points."""
        new = self._last is not None and self._kept[-1] is not self._last
        return Curve(self.trial, (*self._kept, *([self._last] if new and self._last else [])))


def chosen(curves: Sequence[Curve], best: int | None) -> list[Curve]:
    """At most `MOST_CURVES` of them: the best trial's, and those of the first trials."""
    first = [curve for curve in curves if curve.trial == best]
    rest = [curve for curve in curves if curve.trial != best]
    return sorted([*first, *rest[: MOST_CURVES - len(first)]], key=lambda curve: curve.trial)


def as_csv(curves: Iterable[Curve]) -> str:
    """A table with a row for each look; empty where something was not measured."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for curve in curves:
        for point in curve.thinned().points:
            writer.writerow([curve.trial, point.iteration, *map(_cell, point[1:])])
    return text.getvalue()


def from_csv(text: str) -> list[Curve]:
    """The curves of a table by `as_csv`, or of trace.csv, which has one trial and calls validation test.

    Columns that are missing, rows that are cut short and cells that are no numbers count as not measured.
    """
    found: dict[int, list[Point]] = {}
    try:
        for row in csv.DictReader(io.StringIO(text)):
            iteration = _number(row.get("iteration"))
            if not math.isfinite(iteration):
                continue
            trial = _number(row.get("trial") or "0")
            names = ("seconds", "train_bits", "validation_bits", "test_bits", "gap", "least_gap")
            values = (_number(row.get(name)) for name in names)
            point = Point(int(iteration), *values)
            found.setdefault(int(trial) if math.isfinite(trial) else 0, []).append(point)
    except csv.Error:
        return []
    return [Curve(trial, tuple(points)) for trial, points in sorted(found.items())]


def small_curve(values: Sequence[float], width: int = 16) -> str:
    """The values as a row of signs, the highest for the largest of them; empty where there are none.

    Values are gathered to so many columns at most, each as high as its last value. A zero is the lowest sign.
    """
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return ""
    n_columns = min(width, len(known))
    ends = [-(-(column + 1) * len(known) // n_columns) - 1 for column in range(n_columns)]
    top = max(known)
    if top <= 0:
        return SIGNS[0] * n_columns
    return "".join(SIGNS[_height(known[end] / top)] for end in ends)


def _height(share: float) -> int:
    return 0 if share <= 0 else min(len(SIGNS) - 1, 1 + int(share * (len(SIGNS) - 1) - 1e-9))


def _cell(value: float) -> str:
    return f"{value:.9g}" if math.isfinite(value) else ""


def _number(cell: str | None) -> float:
    try:
        return float(cell or "nan")
    except ValueError:
        return math.nan

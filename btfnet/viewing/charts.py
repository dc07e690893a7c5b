"""Curves as inline SVG, coloured by the page's style sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from btfnet.viewing.markup import Html, element, joined
from btfnet.wording import number

WIDTH, HEIGHT = 440, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 12, 38
LOG_FROM = 200.0
"""A largest value so many times the smallest is shown on a logarithmic axis."""
MOST_TICKS = 5


class Line(NamedTuple):
    """One curve.

    kind    its class in the style sheet
    points  abscissas and values
    """

    name: str
    kind: str
    points: Sequence[tuple[float, float]]


class Axis(NamedTuple):
    """From low to high, over so many pixels from `begin`; logarithmic or not.

    unit  what stands behind its numbers; a percent sign: they are fractions
    """

    low: float
    high: float
    begin: float
    end: float
    log: bool
    unit: str = ""

    def place(self, value: float) -> float:
        """Where a value is."""
        scaled: Callable[[float], float] = math.log if self.log else lambda given: given
        low, high = scaled(self.low), scaled(self.high)
        return round(
            self.begin + (self.end - self.begin) * (scaled(max(value, self.low)) - low) / (high - low), 1
        )

    def ticks(self) -> list[float]:
        """Round numbers within."""
        if self.log:
            lowest, highest = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            apart = max(1, -(-(highest - lowest + 1) // MOST_TICKS))
            powers = [10.0**power for power in range(lowest, highest + 1, apart)]
            return powers if len(powers) > 1 else [self.low, self.high]
        step = _round_step((self.high - self.low) / (MOST_TICKS - 1))
        first = math.ceil(self.low / step - 1e-9)
        return [step * index for index in range(first, math.floor(self.high / step + 1e-9) + 1)]

    def words(self, value: float) -> str:
        if self.unit == "%":
            return f"{100 * value:.3g} %"
        if value >= 1000:
            return f"{value / 1e6:.3g} M" if value >= 1e6 else number(value)
        return f"{value:.3g}"


def chart(lines: Sequence[Line], *, across: str, up: str, unit: str = "", caption: str) -> Html | None:
    """A figure of curves with its legend; None where there is no point at all.

    across, up  what the axes measure
    unit        "%" for fractions
    """
    lines = [line for line in lines if line.points]
    if not lines:
        return None
    horizontal = _axis(
        [x for line in lines for x, _ in line.points], (LEFT, WIDTH - RIGHT), "", log_only=True
    )
    vertical = _axis([y for line in lines for _, y in line.points], (HEIGHT - BOTTOM, TOP), unit)
    drawn = element(
        "svg",
        *_grid(horizontal, vertical, across),
        *(_curve(line, horizontal, vertical) for line in lines),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=f"{caption}: {'; '.join(_in_words(line, vertical) for line in _named(lines))}",
    )
    return element("figure", element("figcaption", f"{up}"), drawn, _legend(lines, vertical))


def _named(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.name]


def _in_words(line: Line, axis: Axis) -> str:
    return f"{line.name} ends at {axis.words(line.points[-1][1])}"


def _axis(values: Sequence[float], ends: tuple[float, float], unit: str, *, log_only: bool = False) -> Axis:
    """An axis that holds the values; from 0, but where it is logarithmic."""
    positive = [value for value in values if value > 0]
    high = max([*positive, 0.0])
    low = min(positive, default=0.0)
    if low > 0 and high / low >= LOG_FROM and (log_only or len(positive) == len(values)):
        return Axis(low, high, *ends, True, unit)
    return Axis(0.0, high * 1.04 or 1.0, *ends, False, unit)


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * 0.999)


def _grid(horizontal: Axis, vertical: Axis, across: str) -> list[Html]:
    parts = []
    for value in vertical.ticks():
        y = vertical.place(value)
        parts.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="grid"))
        parts.append(_tick(LEFT - 6, y + 4, vertical.words(value), "end"))
    base = HEIGHT - BOTTOM
    parts.append(element("line", x1=LEFT, x2=WIDTH - RIGHT, y1=base, y2=base, class_="axis"))
    for value in horizontal.ticks():
        x = horizontal.place(value)
        parts.append(element("line", x1=x, x2=x, y1=base, y2=base + 4, class_="axis"))
        parts.append(_tick(x, base + 16, horizontal.words(value), "middle"))
    log = ", logarithmic" if horizontal.log else ""
    parts.append(_tick((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 5, f"{across}{log}", "middle"))
    return parts


def _tick(x: float, y: float, words: str, anchor: str) -> Html:
    return element("text", words, x=f"{x:g}", y=f"{y:g}", text_anchor=anchor, class_="tick")


def _curve(line: Line, horizontal: Axis, vertical: Axis) -> Html:
    """A curve, or a dot where it is a single point."""
    places = [(horizontal.place(x), vertical.place(y)) for x, y in line.points]
    if len(places) == 1:
        return element("circle", cx=places[0][0], cy=places[0][1], r=4, class_=line.kind)
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in places)
    return element("path", d=path, class_=f"curve {line.kind}")


def _legend(lines: Sequence[Line], axis: Axis) -> Html:
    entries = []
    for line in _named(lines):
        mark = element(
            "svg",
            element("line", x1=1, x2=21, y1=5, y2=5, class_=f"curve {line.kind}"),
            viewBox="0 0 22 10",
            aria_hidden="true",
        )
        ends = "" if line.kind == "other" else f": {axis.words(line.points[-1][1])} at the end"
        entries.append(element("li", mark, f"{line.name}{ends}"))
    return element("ul", joined(entries), class_="legend")

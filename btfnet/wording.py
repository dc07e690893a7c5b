"""Numbers as people read them: counts, percentages, times, rates."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """1234567 as 1 234 567."""
    return f"{value:,.0f}".replace(",", " ")


def percent(fraction: float) -> str:
    """A fraction as a percentage that says 100 only when everything is right; NaN as a dash."""
    if math.isnan(fraction):
        return "–"
    if fraction >= 1:
        return "100 %"
    return f"{min(99.99, 100 * fraction):.2f} %"


def duration(seconds: float) -> str:
    """12.3 s, 4 min 05 s, 2 h 07 min."""
    if seconds < 99.95:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
    return f"{int(seconds) // 3600} h {int(seconds) // 60 % 60:02d} min"


def rate(per_second: float) -> str:
    """Iterations per second."""
    if math.isnan(per_second):
        return "–"
    return f"{per_second / 1000:.1f} k it/s" if per_second >= 1000 else f"{per_second:.3g} it/s"


def plural(count: int, noun: str, many: str | None = None) -> str:
    """1 item, 2 items."""
    return f"{number(count)} {noun if count == 1 else many or noun + 's'}"

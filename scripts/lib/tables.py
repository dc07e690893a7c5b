"""Tables in Markdown, and the numbers in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def markdown(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table, its last line ended."""
    return "".join(f"{each}\n" for each in [*head(columns), *map(line, lines)])


def head(columns: Sequence[str]) -> list[str]:
    """The two lines above a table's body."""
    return [line(columns), "|---" * len(columns) + "|"]


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def percent(fraction: float, places: int = 2) -> str:
    """The nearest with so many places at most, but 100 only if nothing is wrong: 0.99999 is 99.99."""
    if fraction == 1:
        return "100"
    text = f"{min(100 * fraction, 100 - 10**-places):.{places}f}"
    return text.rstrip("0").rstrip(".")


def percent_reached(fraction: float) -> str:
    """Rounded towards nought, as goals are judged: 0.99 is not reached by 0.98999."""
    return f"{int(10_000 * fraction + 1e-9) / 100:g}"


def seconds(value: float | None) -> str:
    """With two figures, or all before the point; nothing where there is none."""
    if value is None:
        return ""
    return f"{value:.0f} s" if value >= 100 else f"{value:.2g} s"

"""How large and how long the measurements are."""

from __future__ import annotations

from dataclasses import dataclass

Widths = tuple[int, ...]


@dataclass(frozen=True)
class BenchSizes:
    """Sizes of the measurements; the defaults are those that the written goals speak of.

    rounds        times that the tasks of a comparison take turns; figures are medians over the rounds
    turn_seconds  least duration of a turn; a turn is the median of the calls that fit into it
    starts        cached starts of the command; 0 leaves them out
    """

    rounds: int = 9
    turn_seconds: float = 0.08
    widths: Widths = (32, 32, 32, 32, 32, 32)
    items: int = 512
    items_scaling: tuple[int, ...] = (16, 64, 256, 512, 1024, 4096)
    widths_scaling: tuple[Widths, ...] = ((4,) * 4, (14,) * 4, (32,) * 6, (64,) * 6, (144,) * 6)
    small_widths: Widths = (4, 4, 4, 4)
    small_items: int = 16
    descent_widths: Widths = (32, 32, 32, 32)
    words: int = 4096
    starts: int = 3


FULL = BenchSizes()
QUICK = BenchSizes(
    rounds=5,
    turn_seconds=0.02,
    items_scaling=(16, 64, 512),
    widths_scaling=((4,) * 4, (14,) * 4, (32,) * 6),
    starts=0,
)
"""A few seconds, once everything is compiled."""

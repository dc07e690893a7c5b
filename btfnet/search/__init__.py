"""Restarts, tuning, parallel trials, budgets: a `Problem` in, a verified result out."""

from btfnet.search.records import Engine, Heat, Progress, Result, Round, Rung, Score, Trial
from btfnet.search.search import solve
from btfnet.search.widths import solve_widths, widths_ladder

__all__ = [
    "Engine",
    "Heat",
    "Progress",
    "Result",
    "Round",
    "Rung",
    "Score",
    "Trial",
    "solve",
    "solve_widths",
    "widths_ladder",
]

"""Restarts, tuning, parallel trials, budgets: a `Problem` in, a verified result out."""

from btfnet.search.records import Engine, Progress, Result, Score, Trial
from btfnet.search.search import solve

__all__ = ["Engine", "Progress", "Result", "Score", "Trial", "solve"]

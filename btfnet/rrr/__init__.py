"""Reflect-reflect-relax: the loop that drives every engine, and the general engine for any two constraints."""

from btfnet.rrr.loop import Look, Schedule, Status, Stepper, run
from btfnet.rrr.pair import PairStepper, Solution, reconcile

__all__ = ["Look", "PairStepper", "Schedule", "Solution", "Status", "Stepper", "reconcile", "run"]

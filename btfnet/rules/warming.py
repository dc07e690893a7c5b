"""Compiling what a search for a rule runs, before somebody waits for it."""

from __future__ import annotations

from btfnet.halting import Halt
from btfnet.rules.arrays import PackedRun
from btfnet.rules.attempt import CellKind, RuleAttempt
from btfnet.rules.enumeration import all_tried, can_be_tried
from btfnet.rules.lattice import window
from btfnet.rules.observations import Observations

ROWS = ("0110100110", "1010011001")


def warm_up(cell: str) -> None:
    """A round of changes of one kind of cell (table, masks, gates), and all rules where they can be tried."""
    packed_run = PackedRun.of(Observations.of(ROWS), window(0, 2))
    kind = CellKind(cell, gates=1)
    attempt = RuleAttempt(packed_run, kind, 0, noisy=False, budget=1)
    attempt.advance(Halt())
    attempt.found()
    if can_be_tried(packed_run, kind):
        all_tried(packed_run, kind, 1, Halt(), noisy=False)

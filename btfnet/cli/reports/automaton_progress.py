"""What a search for a rule shows on standard error: a line now and then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

import click

from btfnet.cli.console import duration, number, plural
from btfnet.rules.observations import Observations
from btfnet.rules.records import RuleTrial
from btfnet.viewing.curves import small_curve

SECONDS_BETWEEN_LINES = 3.0


class Wrong:
    """Told of every start that has fewer wrong bits than any before; a line every few seconds."""

    def __init__(self, observations: Observations, clock: Callable[[], float] = time.monotonic) -> None:
        self._known, self._clock, self._begun = observations.n_known, clock, clock()
        self._next, self._lock = self._begun + SECONDS_BETWEEN_LINES, threading.Lock()
        self._wrong: list[float] = []

    def __call__(self, trial: RuleTrial) -> None:
        with self._lock:
            now = self._clock()
            self._wrong.append(trial.wrong)
            if now < self._next:
                return
            self._next = now + SECONDS_BETWEEN_LINES
            curve = f"  {small_curve(self._wrong)}" if sys.stderr.isatty() else ""
        parts = [
            f"{duration(now - self._begun):>8}",
            f"start {trial.index + 1}",
            f"{number(trial.wrong)} of {plural(self._known, 'bit')} wrong",
            f"{number(trial.tried)} changes tried",
        ]
        click.echo("  ".join(parts) + curve, err=True)

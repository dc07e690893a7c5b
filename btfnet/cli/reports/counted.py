"""How far a command has come that does one thing many times."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from btfnet.cli.reports.humanize import duration, number, percent, plural

SECONDS_BETWEEN_LINES = 5.0


class Counted:
    """Counts what is done, and says so on standard error every few seconds.

    total   how many there are, None if unknown
    what    one of them: item
    """

    def __init__(self, total: int | None, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.total, self.what, self.done = total, what, 0
        self._clock, self._begun = clock, clock()
        self._next = self._begun + SECONDS_BETWEEN_LINES

    def add(self, count: int) -> None:
        """So many more are done."""
        self.done += count
        now = self._clock()
        if now < self._next:
            return
        self._next = now + SECONDS_BETWEEN_LINES
        seconds = now - self._begun
        parts = [f"{duration(seconds):>8}", plural(self.done, self.what)]
        parts += [percent(self.done / self.total)] if self.total else []
        parts += [f"{number(self.done / seconds)} {self.what}s/s"] if self.done >= seconds else []
        click.echo("  ".join(parts), err=True)

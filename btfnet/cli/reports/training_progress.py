"""What a committee in training shows on standard error: a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

from btfnet.cli.console import duration, percent, plural
from btfnet.committee.trainer import Look
from btfnet.viewing.curves import small_curve

SECONDS_BETWEEN_LINES = 5.0


class Looks:
    """A line every few seconds: members, and what they get right of the items that train and that validate.

    most  so many members there may be
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self._clock, self._begun = most, clock, clock()
        self._next, self._chose = self._begun + SECONDS_BETWEEN_LINES, False
        self._wrong: list[float] = []

    def __call__(self, look: Look) -> None:
        now = self._clock()
        if look.right[1] is None and self._chose:
            click.echo(
                "Validation items have said how many members there are; now all items train.", err=True
            )
        self._chose = look.right[1] is not None
        self._wrong.append(1 - look.right[0])
        if now < self._next:
            return
        self._next = now + SECONDS_BETWEEN_LINES
        train, validation = look.right
        parts = [
            f"{duration(now - self._begun):>8}",
            f"{plural(look.members, 'member')} of at most {self.most}",
        ]
        parts.append(f"training {percent(train)}")
        if validation is not None:
            parts.append(f"validation {percent(validation)}")
        if sys.stderr.isatty():
            parts.append(f"wrong {small_curve(self._wrong)}")
        click.echo("  ".join(parts), err=True)

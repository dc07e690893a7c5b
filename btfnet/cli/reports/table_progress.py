"""What learning a table shows on standard error: now and then what is being tried."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

from btfnet.cli.console import duration

SECONDS_BETWEEN_LINES = 3.0


class Steps:
    """Called with each thing that is tried; a line every few seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._begun = clock, clock()
        self._next = self._begun + SECONDS_BETWEEN_LINES

    def __call__(self, text: str) -> None:
        now = self._clock()
        if now >= self._next:
            self._next = now + SECONDS_BETWEEN_LINES
            click.echo(f"{duration(now - self._begun):>8}  {text}", err=True)

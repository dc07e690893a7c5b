"""What a running search shows on standard error: a live table on a terminal, else a line now and then."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from btfnet.cli.console import duration, number, percent, rate
from btfnet.search.progress import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType


SECONDS_BETWEEN_LINES = 5.0
ROWS = 8
"""At most so many running trials have a row in the live table."""


@contextmanager
def spectator(*, quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """The function that a search tells its progress, for as long as the context lasts."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _live(LiveTable()) as table:
            yield table
    else:
        yield Lines()


class Lines:
    """A line of text every few seconds, for logs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._next = clock() + 1.0

    def __call__(self, progress: Progress) -> None:
        with self._lock:
            if self._clock() < self._next:
                return
            self._next = self._clock() + SECONDS_BETWEEN_LINES
        click.echo(line(progress), err=True)


def line(progress: Progress) -> str:
    """One line about one trial and the best so far."""
    look = progress.look
    parts = [
        f"{duration(progress.seconds):>8}",
        f"trial {progress.trial + 1}/{progress.n_trials}",
        f"iteration {number(look.iteration)}",
        rate(progress.iterations_per_second),
        "" if math.isnan(look.gap) else f"gap {look.gap:.3g} (least {look.least_gap:.3g})",
        f"training bits {percent(look.train_bits)}",
        f"best {percent(progress.best_train_bits)} (trial {progress.best_trial + 1})",
        progress.note,
    ]
    return "  ".join(part for part in parts if part)


class LiveTable:
    """The running trials as rows; the best trial and the time below them."""

    def __init__(self) -> None:
        self._lock, self._started = threading.Lock(), time.monotonic()
        self._latest: dict[int, Progress] = {}

    def __call__(self, progress: Progress) -> None:
        with self._lock:
            self._latest.pop(progress.trial, None)
            self._latest[progress.trial] = progress

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        with self._lock:
            recent = list(self._latest.values())[-ROWS:]
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for title in ("trial", "iteration", "rate", "gap", "least gap", "training bits"):
            table.add_column(title, justify="right", no_wrap=True)
        for progress in sorted(recent, key=lambda progress: progress.trial):
            table.add_row(*_cells(progress))
        seconds = duration(time.monotonic() - self._started)
        if not recent:
            return Text(f"searching …  {seconds}", style="dim")
        last = recent[-1]
        best = f"best {percent(last.best_train_bits)} of training bits (trial {last.best_trial + 1})"
        footer = "  ".join(part for part in (best, seconds, last.note, "Ctrl-C ends the search") if part)
        return Group(table, Text(footer, style="dim"))


def _cells(progress: Progress) -> list[str]:
    look = progress.look
    return [
        f"{progress.trial + 1}/{progress.n_trials}",
        number(look.iteration),
        rate(progress.iterations_per_second),
        *("–" if math.isnan(gap) else f"{gap:.4f}" for gap in (look.gap, look.least_gap)),
        percent(look.train_bits),
    ]


@contextmanager
def _live(table: LiveTable) -> Iterator[LiveTable]:
    from rich.console import Console
    from rich.live import Live

    with Live(table, console=Console(stderr=True), refresh_per_second=4, transient=True):
        yield table

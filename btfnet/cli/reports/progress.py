"""What a running search shows on standard error: a live table on a terminal, else a line now and then."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from btfnet.search.progress import Progress
from btfnet.viewing.curves import Curve, Gathered, Point, small_curve
from btfnet.wording import duration, number, percent, plural, rate

if TYPE_CHECKING:
    from rich.console import RenderableType


SECONDS_BETWEEN_LINES = 5.0
ROWS = 8
"""At most so many running trials have a row in the live table."""
WIDTH = 12
"""Of a small curve."""
EXACT_NAMED = 12


@contextmanager
def spectator(*, quiet: bool, validated: bool = False) -> Iterator[Callable[[Progress], None] | None]:
    """The function that a search tells its progress, for as long as the context lasts.

    validated  whether what engines test on are validation items
    """
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _live(LiveTable(validated=validated)) as table:
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


class Row(NamedTuple):
    """A running trial: its number from 0, how many there may be, iterations per second, and what was seen."""

    trial: int
    n_trials: int | None
    rate: float
    curve: Curve


def table_of(rows: Sequence[Row], *, unit: str = "iterations") -> RenderableType:
    """Trials, the last looks of each, and what they got wrong on the way as small curves.

    unit  what looks count; gaps are left out where no trial has one
    """
    from rich.table import Table

    with_gap = any(row.curve.column("gap") for row in rows)
    validated = any(row.curve.column("validation") for row in rows)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    titles = [
        "trial",
        unit.removesuffix("s"),
        "rate",
        *(["gap", "least gap"] if with_gap else []),
        "training bits" if unit == "iterations" else "training",
    ]
    for title in [*titles, *(["validation"] if validated else [])]:
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("wrong", no_wrap=True)
    for row in sorted(rows, key=lambda row: row.trial):
        table.add_row(*_cells(row, with_gap=with_gap, validated=validated))
    return table


def _cells(row: Row, *, with_gap: bool, validated: bool) -> list[str]:
    last = row.curve.points[-1]
    of = "" if row.n_trials is None else f"/{row.n_trials}"
    gaps = ["–" if math.isnan(gap) else f"{gap:.4f}" for gap in (last.gap, last.least_gap)]
    judged = row.curve.column("validation")
    return [
        f"{row.trial + 1}{of}",
        number(last.iteration),
        rate(row.rate),
        *(gaps if with_gap else []),
        percent(last.train),
        *([percent(judged[-1][1]) if judged else "–"] if validated else []),
        small_curve([wrong for _, wrong in row.curve.wrong("train")], WIDTH),
    ]


def exact_so_far(exact: Sequence[int], ended: int) -> str:
    """Which trials are exact, counted from 1; empty where no trial is, and none has ended."""
    told = f"; {plural(ended, 'trial')} ended" if ended else ""
    if not exact:
        return f"none exact so far{told}" if ended else ""
    few = ", ".join(str(trial + 1) for trial in exact[:EXACT_NAMED])
    more = f" and {len(exact) - EXACT_NAMED} more" if len(exact) > EXACT_NAMED else ""
    return f"exact so far: trial{'s' if len(exact) > 1 else ''} {few}{more}{told}"


class LiveTable:
    """The running trials as rows with small curves; what is exact, the best trial and the time below them.

    validated  whether what engines test on are validation items
    """

    def __init__(self, *, validated: bool = False) -> None:
        self._lock, self._started, self._validated = threading.Lock(), time.monotonic(), validated
        self._latest: dict[int, Progress] = {}
        self._seen: dict[int, Gathered] = {}

    def __call__(self, progress: Progress) -> None:
        with self._lock:
            trial = progress.trial
            self._latest.pop(trial, None)
            self._latest[trial] = progress
            seen = self._seen.pop(trial, None) or Gathered(trial)
            seen.add(Point.of(progress.look, validated=self._validated))
            self._seen[trial] = seen
            if len(self._seen) > ROWS:
                del self._seen[next(iter(self._seen))]

    def __rich__(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        with self._lock:
            recent = list(self._latest.values())[-ROWS:]
            rows = [
                Row(
                    each.trial,
                    each.n_trials,
                    each.iterations_per_second,
                    self._seen[each.trial].curve,
                )
                for each in recent
            ]
        seconds = duration(time.monotonic() - self._started)
        if not recent:
            return Text(f"searching …  {seconds}", style="dim")
        last = recent[-1]
        best = f"best {percent(last.best_train_bits)} of training bits (trial {last.best_trial + 1})"
        footer = "  ".join(part for part in (best, seconds, last.note, "Ctrl-C ends the search") if part)
        so_far = exact_so_far(last.exact, last.ended)
        told = [Text(so_far, style="green" if last.exact else "dim")] if so_far else []
        return Group(table_of(rows), *told, Text(footer, style="dim"))


@contextmanager
def _live(table: LiveTable) -> Iterator[LiveTable]:
    from rich.console import Console
    from rich.live import Live

    with Live(table, console=Console(stderr=True), refresh_per_second=4, transient=True):
        yield table

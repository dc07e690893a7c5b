"""`btfnet watch`: a run that goes on, seen from another terminal."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from btfnet.cli.console import NOT_FOUND, say
from btfnet.cli.inputs.stories import check_run, curves_of, is_running, json_object
from btfnet.cli.reports.watching import ended_words, running_line, running_view
from btfnet.cli.runs.saved import PROGRESS, RUN, SAVING
from btfnet.viewing.curves import Curve

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH = 100
"""Where the output is no terminal."""


class Seen(NamedTuple):
    """What the directory said at one moment."""

    live: dict[str, Any]
    record: dict[str, Any]
    running: bool
    curves: list[Curve]

    @classmethod
    def of(cls, folder: str) -> Seen:
        live, record = (json_object(Path(folder) / name) for name in (PROGRESS, RUN))
        check_run(folder, record, live)
        return cls(live, record, is_running(Path(folder), live), curves_of(Path(folder), live))

    @property
    def view(self) -> RenderableType:
        return running_view(self.live or {"problem": "The run"}, self.curves)


def run(folder: str, once: bool, interval: float) -> int:
    """As `btfnet watch` is declared."""
    seen = Seen.of(folder)
    if seen.running and once:
        _console().print(seen.view)
        return 0
    if seen.running:
        seen = (
            _on_a_terminal(folder, seen, interval)
            if sys.stdout.isatty()
            else _in_lines(folder, seen, interval)
        )
    if not seen.record or seen.record.get("status") == SAVING or seen.live:
        say(
            f"{folder}: the process that searched there is gone, and has not saved how it ended; the same command "
            f"with --resume goes on from its last checkpoint."
        )
        return NOT_FOUND
    say(ended_words(folder, seen.record, seen.curves))
    return 0


def _console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)


def _on_a_terminal(folder: str, seen: Seen, interval: float) -> Seen:
    from rich.live import Live

    with Live(seen.view, console=_console(), auto_refresh=False, transient=True) as shown:
        while seen.running:
            time.sleep(interval)
            seen = Seen.of(folder)
            shown.update(seen.view, refresh=True)
    return seen


def _in_lines(folder: str, seen: Seen, interval: float) -> Seen:
    """A line whenever something has changed."""
    last: object = None
    while seen.running:
        looked = [seen.live.get("note"), *(curve.points[-1:] for curve in seen.curves)]
        if looked != last:
            say(running_line(seen.live, seen.curves))
            sys.stdout.flush()
            last = looked
        time.sleep(interval)
        seen = Seen.of(folder)
    return seen

"""SIGTERM as a second Ctrl-C, told apart by the exit code."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from btfnet.cli.app import INTERRUPTED, TERMINATED, Terminated


class Signals:
    """Which signal ended a search."""

    exit_code = INTERRUPTED


@contextmanager
def stop_on_termination() -> Iterator[Signals]:
    """Treat SIGTERM (`timeout`, batch systems) as Ctrl-C, so that what was found so far is kept."""
    signals = Signals()
    if threading.current_thread() is not threading.main_thread():
        yield signals
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        signals.exit_code = TERMINATED
        raise Terminated

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield signals
    finally:
        signal.signal(signal.SIGTERM, before)

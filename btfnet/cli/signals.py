"""SIGINT and SIGTERM, obeyed within a second whatever the program is busy with.

Python calls a signal's handler between two of its own steps, in the main thread alone: while that thread is in
compiled code, or while a kernel is compiled, nothing would happen for as long as this takes. And an exception
that a handler raises may land where it is swallowed, or becomes another one. So a second thread waits for
signals, too.

Outside a search nothing is unsaved: the handler raises, and where that has not ended the program soon, the
second thread ends it. A search is asked to stop, and ends by itself, with what it has found so far. Whoever
sends a second signal does not want to wait for that: it ends the program at once.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from btfnet.cli.console import INTERRUPTED, TERMINATED

GRACE_SECONDS = 0.6
"""For the handler's exception to end the program; then the second thread does."""
SAME_SECONDS = 0.5
"""Signals that come together are one: `timeout` sends its own to the process and to its group."""
CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}
LAST_WORDS = b"Interrupted.\n"


class Terminated(KeyboardInterrupt):
    """SIGTERM came: like Ctrl-C, but not from a keyboard."""


class Signals:
    """What has come since the command began, and what is to be done about it.

    came  the first signal; None before
    stop  set by a signal that comes while a search is `asking`
    """

    def __init__(self) -> None:
        self.came: int | None = None
        self.stop = threading.Event()
        self._asked, self._since = False, 0.0

    @property
    def exit_code(self) -> int:
        """Of a program that a signal ended; as after Ctrl-C where none has come."""
        return CODES.get(signal.Signals(self.came or signal.SIGINT), CODES[signal.SIGINT])

    @contextmanager
    def asking(self) -> Iterator[threading.Event]:
        """Signals do not raise, but set the event, for as long as this lasts: what runs asks it, and ends."""
        self._asked = True
        if self.came is not None:
            self.stop.set()
        try:
            yield self.stop
        finally:
            self._asked = False

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Within `asking`: what does not ask, and may be given up. A signal that came before raises at once."""
        before, self._asked = self._asked, False
        try:
            self.check()
            yield
        finally:
            self._asked = before

    def check(self) -> None:
        """Raises KeyboardInterrupt where a signal has come, and whoever caught that went on."""
        if self.came is not None:
            raise _as_exception(self.came)

    def note(self, number: int) -> bool:
        """Remember a signal; whether it is a second one."""
        now = time.monotonic()
        if self.came is None:
            self.came, self._since = number, now
        if self._asked:
            self.stop.set()
        return now - self._since > SAME_SECONDS

    def handle(self, number: int, frame: FrameType | None) -> None:
        """As Python's handler, in the main thread."""
        self.note(number)
        if not self._asked and not _within_llvm(frame):
            raise _as_exception(number)

    def watch(self, wakeup: socket.socket) -> None:
        """On the second thread: signals as the system delivers them, until the socket's other end is closed.

        The grace is waited for here: where memory is short, no third thread could be started.
        """
        ends: float | None = None
        while number := _received(wakeup, ends):
            if number in CODES:
                if self.note(number):
                    self._end()
                if not self._asked:
                    ends = ends or time.monotonic() + GRACE_SECONDS
            if ends is not None and time.monotonic() >= ends:
                ends = None
                self._end_unless_asked()

    def _end_unless_asked(self) -> None:
        if not self._asked and _current is self:
            self._end()

    def _end(self) -> None:
        with suppress(OSError):
            os.write(2, LAST_WORDS)
        os._exit(self.exit_code)


_current = Signals()


def current() -> Signals:
    """Those of the command that runs."""
    return _current


@contextmanager
def obeyed() -> Iterator[Signals]:
    """For as long as a command runs. On another thread than the main one it is for others to obey them."""
    global _current
    before, _current = _current, Signals()
    try:
        if threading.current_thread() is threading.main_thread():
            with _installed(_current):
                yield _current
        else:
            yield _current
    finally:
        _current = before


@contextmanager
def _installed(signals: Signals) -> Iterator[None]:
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    fd = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, signals.handle) for number in CODES}
    watcher = threading.Thread(target=signals.watch, args=(reading,), daemon=True, name="signals")
    watcher.start()
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(fd, warn_on_full_buffer=False)
        writing.close()
        watcher.join()
        reading.close()


LATE = -1
"""In place of a signal's number: none came in time."""


def _received(wakeup: socket.socket, ends: float | None) -> int:
    """The next signal; 0 once there are no more; LATE where none comes before `ends`."""
    wakeup.settimeout(None if ends is None else max(1e-3, ends - time.monotonic()))
    try:
        data = wakeup.recv(1)
    except TimeoutError:
        return LATE
    return data[0] if data else 0


def _within_llvm(frame: FrameType | None) -> bool:
    """Whether LLVM has called Python, which an exception would make crash; the second thread ends the program."""
    while frame is not None:
        if frame.f_code.co_name.startswith("_raw_object_cache_"):
            return True
        frame = frame.f_back
    return False


def _as_exception(number: int) -> KeyboardInterrupt:
    return Terminated() if number == signal.SIGTERM else KeyboardInterrupt()

"""What commands say on the terminal, what they end with, numbers as people read them, and how far work has come.

Nothing here moves the cursor or colours the screen.
"""

from __future__ import annotations

import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from shutil import get_terminal_size
from textwrap import fill
from typing import Any

import click

from btfnet.errors import BtfnetWarning
from btfnet.printable import printable
from btfnet.wording import duration as duration
from btfnet.wording import number as number
from btfnet.wording import percent as percent
from btfnet.wording import plural as plural
from btfnet.wording import rate as rate

FAILED, WRONG_USAGE, NOT_FOUND, NOT_DECIDED = 1, 2, 3, 4
INTERRUPTED, TERMINATED, NOBODY_READS = 130, 143, 141
"""What the process ends with; 0 is done. The last three are the shell's: SIGINT, SIGTERM, a closed pipe."""

WORDS = "words of the command"
"""Where Click's context keeps the words of the command."""


def say(text: str, *, err: bool = False) -> None:
    """Print a text in which names from files may stand."""
    click.echo(printable(text, keep="\n\t"), err=err)


def replace_what_cannot_be_said() -> None:
    """Print a question mark for a letter that the streams' encoding lacks, such as σ in a file on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def words_of_command() -> list[str]:
    """The words of the running command, without its program's name; none where it is not known."""
    context = click.get_current_context(silent=True)
    return [] if context is None else [str(word) for word in context.meta.get(WORDS, ())]


def warn(text: str) -> None:
    """Say it on standard error, if anybody listens: a closed one must not end a command."""
    with suppress(OSError, ValueError):
        say(f"Warning: {text}", err=True)


@contextmanager
def warnings_printed() -> Iterator[None]:
    """Every `BtfnetWarning` becomes a line on standard error, the same text once; others stay as they are."""
    printed = set[str]()
    with warnings.catch_warnings():
        warnings.simplefilter("always", BtfnetWarning)
        others = warnings.showwarning

        def show(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
            if not issubclass(category, BtfnetWarning):
                others(message, category, *where, **more)
            elif str(message) not in printed:
                printed.add(str(message))
                warn(str(message))

        warnings.showwarning = show
        yield


COLUMNS = 80
"""Columns of a terminal that every report fits, where its words and names allow it."""


def in_lines(head: str, text: str, columns: int = COLUMNS) -> str:
    """A text behind a head, in lines of so many columns; those below begin where the text does. No word is cut."""
    return fill(
        text, columns, initial_indent=head, subsequent_indent=" " * len(head),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


_LABELLED = re.compile(r"( {0,2}\S+ {2,})(?=\S)")
"""The beginning of a line that says one thing behind its name."""


def show_report(report: str) -> None:
    """Print a report; on a terminal lines that are too long for it go on below their beginning, and stay one line
    for whoever reads through a pipe.
    """
    if sys.stdout is not None and not sys.stdout.closed and sys.stdout.isatty():
        report = fitted(report, get_terminal_size((COLUMNS, 24)).columns)
    say(report)


def fitted(report: str, columns: int) -> str:
    """A report in lines of so many columns: those that begin with the name of a thing are cut between words."""
    lines = []
    for line in report.split("\n"):
        label = _LABELLED.match(line) if len(line) > columns else None
        lines.append(in_lines(label[1], line[label.end() :], columns) if label else line)
    return "\n".join(lines)


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

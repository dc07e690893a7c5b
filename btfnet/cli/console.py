"""What commands say on the terminal, and nothing in it that moves the cursor or colours the screen."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from btfnet.errors import BtfnetWarning
from btfnet.printable import printable


def say(text: str, *, err: bool = False) -> None:
    """Print a text in which names from files may stand."""
    click.echo(printable(text, keep="\n\t"), err=err)


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

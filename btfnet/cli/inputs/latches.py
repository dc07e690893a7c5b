"""`--cut-latches`: one option for every command that reads a circuit, wherever in it the circuit is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_KEY = "btfnet.cut_latches"


def cut_latches_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option to a command; `latches_are_cut` tells its value."""
    return click.option(
        "--cut-latches",
        is_flag=True,
        expose_value=False,
        callback=_remember,
        help="Read netlists with latches: the state of each becomes an input, its next state an output.",
    )(command)


def latches_are_cut() -> bool:
    """Whether the command that runs was given the option."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_KEY, False))


def _remember(context: click.Context, option: click.Parameter, value: bool) -> None:
    context.meta[_KEY] = value

"""Options that several scripts have."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

POSITIVE = click.FloatRange(min=0, min_open=True)
COUNT = click.IntRange(min=1)

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def command(doc: str | None) -> Callable[[Callable[..., Any]], click.Command]:
    """A command whose help is what stands at the head of its script, indented lines as they are."""
    return click.command(help=re.sub(r"\n\n(?=    )", "\n\n\b\n", doc or ""))


def seeds(default: int, which: str = "0, 1, …") -> Decorator:
    return click.option("--seeds", default=default, show_default=True, type=COUNT, help=f"Seeds {which}.")


def limit(default: float | None = None, help: str = "Seconds of a run on the clock.") -> Decorator:
    return click.option(
        "--limit", default=default, show_default=default is not None, type=POSITIVE, help=help
    )


DASK = "scripts.lib.dask"
"""Where a command's context has what was given as --dask."""


def jobs(default: int) -> Decorator:
    """--jobs, and --dask, which `side_by_side` asks for."""

    def remember(context: click.Context, option: click.Parameter, address: str | None) -> None:
        context.meta[DASK] = address

    number = click.option("--jobs", default=default, show_default=True, type=COUNT, help="Runs side by side.")
    dask = click.option(
        "--dask", metavar="ADDRESS", expose_value=False, callback=remember,
        help="Run on the workers of a Dask scheduler, which see this checkout; as many as there are workers.",
    )  # fmt: skip
    return lambda command: number(dask(command))


def again() -> Decorator:
    return click.option("--again", is_flag=True, help="Measure anew what was measured with other sources.")

"""Option types and the options that come from the table of settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any

import click

from btfnet.arguments import must_be, number
from btfnet.settings import Settings

MOST = 10**9
"""Above every sensible count of trials, jobs or seconds."""
UNSAID = 1e5
"""Upper limits from here on are not worth a word in the help."""


class WholeNumber(click.ParamType[int]):
    """An integer; 1e6 and 1_000_000 are accepted too."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return int(value)
        except ValueError:
            pass
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not number.is_integer():
            self.fail(f"{value!r} is not a whole number.", param, ctx)
        return int(number)


def ranged(low: float, high: float = MOST, *, open_low: bool = False) -> Callable[..., Any]:
    """A callback that refuses a value outside [low, high], infinities and NaN included."""

    def check(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value is not None:
            must_be(param.opts[0], value, number(low, high, open_low=open_low))
        return value

    return check


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add one option for each field of `Settings`, with its range and help."""
    for setting in reversed(fields(Settings)):
        command = _option(setting)(command)
    return command


def settings_given(values: dict[str, Any]) -> dict[str, Any]:
    """Those of a command's values that are settings and were given."""
    names = {setting.name for setting in fields(Settings)}
    return {name: value for name, value in values.items() if name in names and value is not None}


def _option(setting: Field[Any]) -> Callable[..., Any]:
    limits, default = setting.metadata, setting.default
    whole = isinstance(default, int)
    span = f"{'above' if limits['open_low'] else 'at least'} {limits['low']:g}"
    if limits["high"] < UNSAID:
        span += f", at most {limits['high']:g}"
    text = limits["help"][0].upper() + limits["help"][1:]
    return click.option(
        f"--{setting.name.replace('_', '-')}",
        type=WholeNumber() if whole else float,
        metavar="N" if whole else "X",
        callback=ranged(limits["low"], limits["high"], open_low=limits["open_low"]),
        help=f"{text}.  [{span}; default: the problem's, else {default if whole else f'{default:g}'}]",
    )

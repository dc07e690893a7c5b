"""Types of options, and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any

import click
from click.shell_completion import CompletionItem

from btfnet.arguments import must_be, number
from btfnet.engines.registry import ENGINES
from btfnet.plugins import plugins
from btfnet.settings import Settings

Decorator = Callable[..., Any]

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


WHOLE = WholeNumber()


class Part(click.ParamType):
    """A fraction, also as percent: 0.05 or 5%."""

    name = "fraction"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        text = str(value)
        try:
            return float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            self.fail(f"{value!a} is no fraction; expected a number such as 0.05, or 5%.", param, ctx)


PART = Part()


class EngineName(click.Choice[str]):
    """One of btfnet's own engines, or one of a plugin, which only the search asks for."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name = str(value)
        if name in ENGINES:
            return name
        return click.Choice([*self.choices, *ENGINES.others()]).convert(name, param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        names = [*self.choices, *(plugin.name for plugin in plugins(ENGINES.group))]
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def ranged(low: float, high: float = MOST, *, open_low: bool = False) -> Callable[..., Any]:
    """A callback that refuses a value outside [low, high], infinities and NaN included."""

    def check(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
        if value is not None:
            must_be(param.opts[0], value, number(low, high, open_low=open_low))
        return value

    return check


def together(*options: Decorator) -> Decorator:
    """One decorator that adds several options, in the order in which the help shows them."""

    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _setting(setting: Field[Any]) -> Decorator:
    limits, default = setting.metadata, setting.default
    whole = isinstance(default, int)
    span = f"{'above' if limits['open_low'] else 'at least'} {limits['low']:g}"
    if limits["high"] < UNSAID:
        span += f", at most {limits['high']:g}"
    text = limits["help"][0].upper() + limits["help"][1:]
    return click.option(
        f"--{setting.name.replace('_', '-')}",
        type=WHOLE if whole else float,
        metavar="N" if whole else "X",
        callback=ranged(limits["low"], limits["high"], open_low=limits["open_low"]),
        help=f"{text}.  [{span}; default: the problem's, else {default if whole else f'{default:g}'}]",
    )


settings_options = together(*map(_setting, fields(Settings)))
"""One option for each field of `Settings`, with its range and help."""

# fmt: off
layout_options = together(
    click.option("--separator", metavar="SIGN",
                 help="What separates the cells of a .csv file: , ; | or tab, blank.  [default: found out]"),
    click.option("--header/--no-header", default=None,
                 help="Whether the first row of a .csv file holds names.  [default: found out]"),
)
cut_latches_option = click.option(
    "--cut-latches", is_flag=True,
    help="Read netlists with latches: the state of each becomes an input, its next state an output.")
matching_options = together(
    click.option("--by-name", is_flag=True,
                 help="Match inputs and outputs by name, or fail.  [default: where both sides have names]"),
    click.option("--by-position", is_flag=True,
                 help="Match inputs and outputs by position, whatever they are called."),
)
reading_options = together(layout_options, matching_options, cut_latches_option)
"""How files are read; `btfnet.cli.inputs.models.Reading` takes them all."""
force_option = click.option(
    "--force", is_flag=True,
    help="Replace any file but those that are read; without it, only one of the same kind that btfnet wrote, "
         "or an empty one.")
train_option = click.option(
    "--train", type=WHOLE, callback=ranged(1), metavar="N", help="Learn the first N items, test on the rest.")
seed_option = click.option(
    "--seed", type=WHOLE, default=0, show_default=True, callback=ranged(0, 2**63 - 1), metavar="N",
    help="Where the random starts begin.")
netlist_option = click.option(
    "--netlist", metavar="FORMAT",
    help="Print the circuit as a netlist too (v, blif, …); with --out save it as well.")
printing_options = together(
    click.option("--json", is_flag=True, help="Print one JSON object and nothing else."),
    click.option("--quiet", is_flag=True, help="Show no progress."),
)
# fmt: on

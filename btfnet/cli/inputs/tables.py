"""Options for what cannot be found out about a table, or about which column is which."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from btfnet.formats.csv.layout import Layout
    from btfnet.matching.columns import By

Decorator = Callable[..., Any]

_LAYOUT = (
    click.option("--separator", metavar="SIGN",
                 help="What separates the cells of a .csv file: , ; | or tab, blank.  [default: found out]"),
    click.option("--header/--no-header", default=None,
                 help="Whether the first row of a .csv file holds names.  [default: found out]"),
)  # fmt: skip
_MATCHING = (
    click.option("--by-name", is_flag=True,
                 help="Match inputs and outputs by name, or fail.  [default: where both sides have names]"),
    click.option("--by-position", is_flag=True,
                 help="Match inputs and outputs by position, whatever they are called."),
)  # fmt: skip


class Reading(NamedTuple):
    """What was said about reading a table; see `btfnet.formats.read_items`."""

    layout: Layout
    by: By

    @property
    def is_default(self) -> bool:
        """Whether nothing was said."""
        return self.layout.is_default and self.by == "auto"


def layout_options(command: Decorator) -> Decorator:
    """Add --separator and --header."""
    return _all(command, _LAYOUT)


def reading_options(command: Decorator) -> Decorator:
    """Add those and --by-name and --by-position; the command is called with all four as a `Reading`, `options`."""

    @wraps(command)
    def with_reading(
        *, separator: str | None, header: bool | None, by_name: bool, by_position: bool, **others: Any
    ) -> Any:
        return command(options=_reading(separator, header, by_name, by_position), **others)

    return _all(with_reading, (*_LAYOUT, *_MATCHING))


def layout(separator: str | None, header: bool | None) -> Layout:
    """From the options. Raises `UsageError` for a separator that cannot be one."""
    from btfnet.formats.csv.layout import Layout

    return Layout(separator, header)


def _reading(separator: str | None, header: bool | None, by_name: bool, by_position: bool) -> Reading:
    """From the options. Raises `UsageError` where they contradict each other."""
    from btfnet.matching.columns import By

    return Reading(layout(separator, header), By.asked(by_name=by_name, by_position=by_position))


def _all(command: Decorator, options: tuple[Decorator, ...]) -> Decorator:
    for option in reversed(options):
        command = option(command)
    return command

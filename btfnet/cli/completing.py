"""What a shell completes: names of problems and formats, files and folders; opens neither NumPy nor Numba."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from btfnet import plugins
from btfnet.errors import BtfnetError
from btfnet.files.shipped import problem_names as own_problems

FORMATS = (
    "dat", "csv", "tsv", "npy", "npz", "pla", "wth", "net", "sol", "gap", "btf", "json", "graphml", "blif", "aag",
    "aig", "bench", "v", "c", "py", "dot", "yosys.json", "toml", "states",
    "rle", "cells",
)  # fmt: skip
"""Of btfnet's own, those that have a page; the registry of formats would load NumPy."""
FILE, FOLDER = "file", "dir"
OF_METAVARS = {"FILE": FILE, "FILE|FRACTION": FILE, "W,W,…": FILE, "DIR": FOLDER}
"""What the value of an option is, by the word that its help shows."""


def problem_names(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Built-in problems and those of plugins; files beside them, where none has such a name."""
    try:
        names = [*own_problems(), *(each.name for each in plugins.plugins(plugins.PROBLEMS))]
    except BtfnetError:
        names = []
    return _beginning(names, begun) or [CompletionItem(begun, type=FILE)]


def format_names(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Suffixes without their dots, as `btfnet formats` takes them."""
    return _beginning([*FORMATS, *(each.name for each in plugins.plugins(plugins.FORMATS))], begun)


class Words(click.types.StringParamType):
    """A text as any other; a shell completes it by files or folders where the help says that it names some."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        of_argument = FILE if isinstance(param, click.Argument) else None
        kind = OF_METAVARS.get(param.metavar or "", of_argument)
        return [CompletionItem(incomplete, type=kind)] if kind else []


def _beginning(names: list[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(begun)]

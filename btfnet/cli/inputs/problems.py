"""Where a problem comes from: a built-in name, a problem file, or items and widths."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from btfnet import tasks
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.formats.authors.net import read_network
from btfnet.formats.authors.wth import read_widths
from btfnet.formats.by_suffix import TABLES, about_file, read_items
from btfnet.formats.csv.layout import Layout
from btfnet.formats.recognise import format_of
from btfnet.printable import shown
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

AUTO = "auto"
"""In place of widths: a free network, which grows. Plain data have it without being asked for."""


def find_problem(
    name: str | None,
    *,
    data: str | None,
    widths: str | None,
    n_inputs: int | None,
    n_train: int | None,
    n_unknown: int | None = None,
    layout: Layout | None = None,
) -> tuple[Problem, Settings | None]:
    """The problem that the arguments of a command name, and its own settings where it has some."""
    if (name is None) == (data is None):
        raise UsageError(
            "name a problem, or give --data, and not both.\n"
            "Built-in problems: btfnet problems. An example: btfnet solve multiplier-2x2"
        )
    network = None if widths in (None, AUTO) else network_of_widths(str(widths))
    if name is not None:
        if n_inputs is not None:
            raise UsageError("--inputs belongs to --data; a problem knows its number of inputs.")
        if n_unknown is not None:
            raise UsageError("--unknown belongs to --data; a problem has its items.")
        if layout is not None and not layout.is_default:
            raise UsageError("--separator and --header belong to --data; a problem has its items.")
        problem, settings = _named(name)
        if widths == AUTO:
            network = Network.free(problem.network.n_inputs, problem.network.n_outputs)
        problem = problem.with_network(network)
    else:
        given = DataOptions(str(data), n_inputs, n_unknown, layout)
        problem, settings = _plain(given, network), None
    return problem.with_train(n_train), settings


def network_of_widths(text: str) -> Network:
    """From widths such as 4,4,4,4, or the path of a .wth or .net file."""
    words = [word for part in text.replace("-", ",").split(",") for word in part.split() or [""]]
    if all(re.fullmatch("[0-9]{1,12}", word) for word in words):
        return Network.layered([int(word) for word in words])
    if Path(text).suffix == ".wth":
        return Network.layered(read_widths(text))
    if Path(text).suffix in (".net", ".sol"):
        return read_network(text)[0]
    raise UsageError(
        f"--widths is {shown(text)}; give numbers of nodes, inputs first, such as 4,4,4,4, a .wth or .net file, "
        f"or auto."
    )


def _named(name: str) -> tuple[Problem, Settings | None]:
    task = tasks.load(name)
    return task.problem, task.settings


class DataOptions(NamedTuple):
    """What a command says about plain data."""

    path: str
    n_inputs: int | None = None
    n_unknown: int | None = None
    layout: Layout | None = None


def _plain(given: DataOptions, network: Network | None) -> Problem:
    path = given.path
    for option, count in (("--inputs", given.n_inputs), ("--unknown", given.n_unknown)):
        if network is not None and count is not None and count != network.n_inputs:
            raise UsageError(
                f"{option} is {count}, but --widths begins with {network.n_inputs}; make them agree."
            )
    items = _items(given, network)
    if network is None:
        inputs = items.n_inputs or given.n_unknown
        if inputs is None:
            raise UsageError(f"{path}: does not say how many inputs are to be found; add --unknown N.")
        network = Network.free(inputs, items.n_outputs)
    name = Path(path).stem
    try:
        return Problem(name, network, items)
    except DataError as error:
        raise about_file(error, path, name, given.layout) from error


def _items(given: DataOptions, network: Network | None) -> Items:
    """The items, after what was said of their inputs is found to be true."""
    path, is_table = given.path, format_of(given.path) in TABLES
    if given.n_inputs is not None and given.n_unknown is not None:
        raise UsageError(
            "--inputs counts columns of inputs, --unknown inputs without columns; give one of them."
        )
    count = given.n_inputs if network is None else network.n_inputs
    if given.n_unknown is not None:
        count = 0 if is_table else given.n_unknown
    items = read_items(path, n_inputs=count, layout=given.layout)
    if given.n_unknown is not None and items.input_kind.known:
        raise UsageError(f"{path}: the items have {items.n_inputs} inputs; leave out --unknown.")
    if given.n_inputs and is_table and not items.input_kind.known:
        raise FormatError(
            path,
            None,
            f"the header says that all {items.n_outputs} columns are outputs, but --inputs asks for "
            f"{given.n_inputs} columns of inputs. If the inputs are bits to be found, say --unknown "
            f"{given.n_inputs}; if some columns are inputs, begin their names with in:.",
        )
    return items

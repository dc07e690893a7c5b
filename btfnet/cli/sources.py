"""Where a problem comes from: a built-in name, a problem file, or items and widths."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from btfnet.errors import DataError, FormatError, UsageError
from btfnet.printable import shown

if TYPE_CHECKING:
    from btfnet.network import Network
    from btfnet.problem import Problem
    from btfnet.settings import Settings


AUTO = "auto"
"""Widths that find themselves."""


def find_problem(
    name: str | None, *, data: str | None, widths: str | None, n_inputs: int | None, n_train: int | None
) -> tuple[Problem, Settings | None]:
    """The problem that the arguments of a command name, and its own settings where it has some.

    Where widths are to be found, plain data gets the smallest network of the ladder for now.
    """
    if (name is None) == (data is None):
        raise UsageError(
            "name a problem, or give --data with --widths, and not both.\n"
            "Built-in problems: btfnet problems. An example: btfnet solve multiplier-2x2"
        )
    auto = widths == AUTO
    network = None if widths is None or auto else read_network(widths)
    if name is not None:
        if n_inputs is not None:
            raise UsageError("--inputs belongs to --data; a problem knows its number of inputs.")
        problem, settings = _named(name)
        problem = problem if network is None else problem.with_network(network)
    else:
        problem, settings = _plain(str(data), network, n_inputs, auto=auto), None
    return problem.with_train(n_train), settings


def read_network(text: str) -> Network:
    """From widths such as 4,4,4,4, or the path of a .wth or .net file."""
    from btfnet import formats
    from btfnet.network import Network

    words = [word for part in text.replace("-", ",").split(",") for word in part.split() or [""]]
    if all(re.fullmatch("[0-9]{1,12}", word) for word in words):
        return Network.layered([int(word) for word in words])
    if Path(text).suffix == ".wth":
        return Network.layered(formats.read_widths(text))
    if Path(text).suffix in (".net", ".sol"):
        return formats.read_network(text)[0]
    raise UsageError(
        f"--widths is {shown(text)}; give numbers of nodes, inputs first, such as 4,4,4,4, a .wth or .net file, "
        f"or auto."
    )


def _named(name: str) -> tuple[Problem, Settings | None]:
    from btfnet import tasks

    task = tasks.load(name)
    return task.problem, task.settings


def _plain(path: str, network: Network | None, n_inputs: int | None, *, auto: bool) -> Problem:
    from btfnet import formats
    from btfnet.network import Network
    from btfnet.search import widths_ladder

    if network is None and not auto:
        raise UsageError(
            f"{path}: --data needs the network: add --widths, inputs first, such as --widths 4,4,4,4, "
            f"or --widths auto."
        )
    if network is not None and n_inputs is not None and n_inputs != network.n_inputs:
        raise UsageError(
            f"--inputs is {n_inputs}, but --widths begins with {network.n_inputs}; make them agree."
        )
    items = formats.read_items(path, n_inputs=n_inputs if network is None else network.n_inputs)
    if network is None:
        inputs = items.n_inputs or n_inputs
        if inputs is None:
            raise UsageError(f"{path}: does not say how many inputs are to be found; add --inputs N.")
        network = Network.layered(widths_ladder(inputs, items.n_outputs, items.n_items)[0])
    name = Path(path).stem
    try:
        return items.problem(name, network)
    except DataError as error:
        raise FormatError(path, None, str(error).removeprefix(f"{name}: ")) from error

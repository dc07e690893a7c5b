"""Problem files: data, network, settings and expected outcome in TOML (spec: toml_problem.md).

Reading a problem file checks everything that concerns the file alone; `btfnet.tasks.load` makes or reads
the items and checks them against the network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from btfnet.errors import BtfnetError, FormatError
from btfnet.formats.csv.layout import Layout
from btfnet.formats.toml import text as toml_text
from btfnet.formats.toml.tables import Reader
from btfnet.printable import shown
from btfnet.problem.network import Network
from btfnet.settings import Settings

VERSION = 1
AUTO = "auto"
"""In place of widths: a free network, as where there is no [network]."""

KEYS = {
    "": ("format", "name", "summary", "source", "data", "network", "train", "settings", "expected"),
    "network": (
        "widths",
        "fan_in",
        "seed",
        "edges",
        "inputs",
        "outputs",
        "bias",
        "cell",
        "width",
        "steps",
        "offsets",
        "periodic",
        "copies",
    ),
    "train": ("items",),
    "settings": tuple(setting.name for setting in fields(Settings)),
    "expected": ("exact", "iterations", "test_bits", "test_words", "note"),
}
"""The keys of the tables. In [data], all but generator, seed, file and inputs belong to the generator."""
NETWORKS = {
    "widths": ("widths", "fan_in", "seed"),
    "edges": ("edges", "inputs", "outputs", "bias"),
    "cell": ("cell", "width", "steps", "offsets", "periodic", "inputs", "copies", "outputs"),
}
"""The keys of [network] that go together, by the one that says which network it is."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a search is known to reach; None where nobody has looked.

    exact        integer gates reproduce every training item
    iterations   iterations of a successful start, typically
    test_bits    fraction of unseen bits that come out right; test_words: of unseen whole items
    note         where the figures come from
    """

    exact: bool | None = None
    iterations: int | None = None
    test_bits: float | None = None
    test_words: float | None = None
    note: str = ""


@dataclass(frozen=True)
class ProblemFile:
    """What a problem file says. Its items come from a generator or from another file.

    network      None: a free network, which grows; its inputs and outputs are the items'
    generator    name of a generator, None when a file gives the items; parameters and seed belong to it
    file         the items' file, relative paths already resolved; n_inputs where its format needs that, layout
                 of a table whose separator or header is not to be found out
    n_train      None: the generator's own share, else all items
    path, line   the problem file and the line of its [data], for error messages
    """

    name: str
    network: Network | None
    generator: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1
    file: Path | None = None
    n_inputs: int | None = None
    layout: Layout | None = None
    n_train: int | None = None
    settings: Settings | None = None
    summary: str = ""
    source: str = ""
    expected: Expected = field(default_factory=Expected)
    path: Path | None = None
    line: int | None = None


def read_problem_file(path: str | Path) -> ProblemFile:
    """Read and check a TOML problem file; raises `FormatError` naming file, line, key and what to do."""
    path = Path(path)
    return parse_problem(toml_text.read(path), path)


def parse_problem(text: str, path: Path) -> ProblemFile:
    """The same from a text; path names it in messages, and `file` is relative to it."""
    reader = Reader.of(text, path)
    reader.check_keys("", KEYS[""])
    found = reader.get("", "format", int)
    if found != VERSION:
        reader.fail(
            "", "format", f"is {found}, but this version of btfnet reads format {VERSION}; update btfnet."
        )
    return ProblemFile(
        name=_name(reader),
        network=_network(reader),
        n_train=_n_train(reader),
        settings=_settings(reader),
        summary=reader.get("", "summary", str, ""),
        source=reader.get("", "source", str, ""),
        expected=_expected(reader),
        path=path,
        line=reader.line("data", ""),
        **_data(reader),
    )


def _name(reader: Reader) -> str:
    name: str = reader.get("", "name", str)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        reader.fail(
            "",
            "name",
            f"is {shown(name)}; a name consists of letters, digits, dots, hyphens and underscores.",
        )
    return name


def _data(reader: Reader) -> dict[str, Any]:
    table = reader.table("data", required=True)
    if ("generator" in table) == ("file" in table):
        reader.fail("data", "", 'must have either "generator" or "file", and not both.')
    if "generator" in table:
        seed = reader.get("data", "seed", int, 1)
        if seed < 0:
            reader.fail("data", "seed", f"is {seed}, but it must be a whole number of at least 0.")
        parameters = {key: value for key, value in table.items() if key not in ("generator", "seed")}
        return {"generator": reader.get("data", "generator", str), "parameters": parameters, "seed": seed}
    reader.check_keys("data", ("file", "inputs", "separator", "header"))
    n_inputs = reader.positive("data", "inputs") if "inputs" in table else None
    file = reader.path.parent / reader.get("data", "file", str)
    return {"file": file, "n_inputs": n_inputs, "layout": _layout(reader)}


def _layout(reader: Reader) -> Layout | None:
    separator, header = reader.get("data", "separator", str, None), reader.get("data", "header", bool, None)
    if separator is None and header is None:
        return None
    try:
        return Layout(separator, header)
    except BtfnetError as error:
        raise FormatError(reader.path, reader.line("data", "separator"), f"{error}") from error


def _network(reader: Reader) -> Network | None:
    table = reader.table("network")
    if "network" not in reader.document or table == {"widths": AUTO}:
        return None
    reader.check_keys("network", KEYS["network"])
    named = [key for key in NETWORKS if key in table]
    if len(named) != 1:
        reader.fail("network", "", 'must have one of "widths", "edges" and "cell".')
    (key,) = named
    for other in table:
        if other not in NETWORKS[key]:
            reader.fail("network", other, f'has no meaning beside "{key}"; remove one of them.')
    try:
        return {"widths": _layers, "edges": _graph, "cell": _copies}[key](reader)
    except FormatError:
        raise
    except BtfnetError as error:
        raise FormatError(reader.path, reader.line("network", key), str(error)) from error


def _layers(reader: Reader) -> Network:
    widths = reader.whole_numbers("network", "widths")
    table = reader.table("network")
    if "fan_in" not in table:
        if "seed" in table:
            reader.fail("network", "seed", 'has no meaning without "fan_in"; add fan_in or remove it.')
        return Network.layered(widths)
    seed = reader.get("network", "seed", int)
    if seed < 0:
        reader.fail("network", "seed", f"is {seed}, but it must be a whole number of at least 0.")
    return Network.sparse(widths, reader.positive("network", "fan_in"), np.random.default_rng(seed))


def _graph(reader: Reader) -> Network:
    edges = reader.get("network", "edges", list)
    for number, edge in enumerate(edges, start=1):
        if not isinstance(edge, list) or len(edge) != 2 or not all(type(node) is int for node in edge):
            reader.fail(
                "network", "edges", f"has {shown(edge)} as edge {number}; expected [receiver, sender]."
            )
    inputs, outputs = reader.positive("network", "inputs"), reader.positive("network", "outputs")
    bias = reader.get("network", "bias", bool, True)
    return Network.from_edges(inputs, outputs, [(edge[0], edge[1]) for edge in edges], bias=bias)


def _copies(reader: Reader) -> Network:
    """Copies of a cell that share its gates: a row of them for some steps, or as a list says."""
    table, numbers = reader.table("network"), reader.whole_numbers("network", "cell")
    if len(numbers) != 3:
        reader.fail("network", "cell", f"is {shown(numbers)}; expected [inputs, hidden nodes, outputs].")
    cell = Network.free(numbers[0], numbers[2], hidden=numbers[1])
    listed = "copies" in table
    for other in ("width", "steps", "offsets", "periodic") if listed else ("inputs", "outputs"):
        if other in table:
            beside = '"cell" and "copies"' if listed else '"cell" without "copies"'
            reader.fail("network", other, f"has no meaning beside {beside}; remove one of them.")
    if listed:
        copies, outputs = reader.get("network", "copies", list), table.get("outputs")
        return Network.unrolled(cell, reader.positive("network", "inputs"), copies, outputs)
    return Network.automaton(
        cell,
        reader.positive("network", "width"),
        reader.positive("network", "steps"),
        offsets=reader.get("network", "offsets", list, [-1, 0, 1]),
        periodic=reader.get("network", "periodic", bool, True),
    )


def _n_train(reader: Reader) -> int | None:
    reader.check_keys("train", KEYS["train"])
    return reader.positive("train", "items") if "items" in reader.table("train") else None


def _settings(reader: Reader) -> Settings | None:
    table = reader.table("settings")
    reader.check_keys("settings", KEYS["settings"])
    settings = Settings() if table else None
    for key, value in table.items():
        integral = isinstance(getattr(Settings(), key), int)
        reader.get("settings", key, int if integral else float)
        try:
            settings = (settings or Settings()).but(**{key: value})
        except BtfnetError as error:
            raise FormatError(reader.path, reader.line("settings", key), str(error)) from error
    return settings


def _expected(reader: Reader) -> Expected:
    reader.check_keys("expected", KEYS["expected"])
    for key in ("test_bits", "test_words"):
        value = reader.get("expected", key, float, None)
        if value is not None and not 0 <= value <= 1:
            reader.fail("expected", key, f"is {value}, but it must be a fraction from 0 to 1.")
    return Expected(
        exact=reader.get("expected", "exact", bool, None),
        iterations=reader.positive("expected", "iterations")
        if "iterations" in reader.table("expected")
        else None,
        test_bits=reader.get("expected", "test_bits", float, None),
        test_words=reader.get("expected", "test_words", float, None),
        note=reader.get("expected", "note", str, ""),
    )

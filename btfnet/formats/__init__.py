"""Files: items, widths, networks, traces and circuits in and out. Nothing here solves.

    read_items, write_items       items
    read_circuit, write_circuit   circuits, and truth tables as circuits
    read_network, write_network   networks with weights
    read_observations             states of an automaton's cells
    read_widths, write_gap        the widths of a layered network; the trace of a run

`registry.py` has every format once: what it holds, who reads and writes it. `KNOWN` has a line on each of them.
Every format has its module and, beside it, its spec page; `spec("dat")` returns the page. Readers raise
`FormatError` with file and line, writers `OutputError`; a writer leaves the old file or the whole new one.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from btfnet.arguments import TEXT, need, similar
from btfnet.errors import DataError, UsageError
from btfnet.formats.authors.gap import write_gap
from btfnet.formats.authors.net import read_network, write_network
from btfnet.formats.authors.wth import read_widths
from btfnet.formats.by_suffix import read_circuit, read_dont_cares, read_items, write_circuit, write_items
from btfnet.formats.format import Holds
from btfnet.formats.recognise import names_of_formats, suffix_called
from btfnet.formats.registry import FORMATS, documented, readable, writable
from btfnet.formats.states.reading import read_observations
from btfnet.problem.items import Items

__all__ = [
    "CIRCUITS_IN",
    "CIRCUITS_OUT",
    "KNOWN",
    "Items",
    "read_circuit",
    "read_dont_cares",
    "read_items",
    "read_network",
    "read_observations",
    "read_widths",
    "spec",
    "write_circuit",
    "write_gap",
    "write_items",
    "write_network",
]

KNOWN = {suffix: f"{entry.summary} ({entry.ways})" for suffix, entry in documented().items()}
"""Suffixes, and what their files hold."""
CIRCUITS_IN = tuple(suffix for suffix in readable(Holds.CIRCUIT).own if suffix not in readable(Holds.TABLE))
"""Suffixes that `read_circuit` knows, of circuits; it takes tables and formats of plugins as well."""
CIRCUITS_OUT = writable(Holds.CIRCUIT).own
"""Suffixes that `write_circuit` knows, without those of plugins."""


def spec(name: str) -> str:
    """The spec page of a format, as Markdown; `name` is a suffix (with or without its dot) or a page's name.

    Raises `UsageError`, listing the formats, when there is no such page; `DataError` when a plugin's is missing.
    """
    need("spec", name=(name, TEXT))
    pages = {Path(entry.page).name: entry.page for entry in documented().values()}
    pages |= {suffix: entry.page for suffix, entry in documented().items()}
    suffix = suffix_called(name)
    page = pages.get(suffix) or pages.get(name)
    if page is None and suffix in FORMATS and (page := FORMATS[suffix].page):
        return _page_of_plugin(suffix, page)
    if page is None:
        near = similar(name, names_of_formats())
        raise UsageError(f"there is no format named {name!a}{near} Known are {', '.join(KNOWN)}.")
    return files(__name__).joinpath(f"{page}.md").read_text(encoding="utf-8")


def _page_of_plugin(suffix: str, page: str) -> str:
    package, _, file = page.partition(":")
    try:
        return files(package).joinpath(file).read_text(encoding="utf-8")
    except (ImportError, OSError, ValueError) as error:
        raise DataError(
            f"the page {page} of the format {suffix} cannot be read ({error}); its package "
            f"({FORMATS.origin(suffix)}) must ship it."
        ) from error

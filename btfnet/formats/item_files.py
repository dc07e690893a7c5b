"""Reading and writing items by the file's suffix."""

from __future__ import annotations

import os

from btfnet.arguments import PATH, a, need, optional, path_first, whole
from btfnet.errors import ContradictionError, DataError, FormatError, UsageError
from btfnet.formats.csv.layout import Layout
from btfnet.formats.csv.table import CsvTable
from btfnet.formats.format import Holds
from btfnet.formats.recognise import expected_format, opened_once, suffix_of
from btfnet.formats.registry import FORMATS, readable
from btfnet.formats.writing import write_thing
from btfnet.matching.columns import By, Ports
from btfnet.problem.items import Items

TABLES = tuple(suffix for suffix, entry in FORMATS.items() if entry.has_layout)
"""Suffixes of tables of text."""


def read_items(
    path: str | os.PathLike[str],
    *,
    n_inputs: int | None = None,
    layout: Layout | None = None,
    ports: Ports | None = None,
    by: By = By.AUTO,
) -> Items:
    """Read the items of a `.dat`, `.csv` (`.tsv`), `.npy`, `.npz` or `.pla` file; one without a known suffix is
    what it holds.

    n_inputs   how many values of a row are inputs, for files that do not say it (`.npy`, `.csv` without a
               typed header) and for unknown inputs; files that do say it are checked against it
    layout     separator and header of a `.csv` file, where they are not to be found out
    ports, by  the names of a circuit: inputs and outputs come in its order (`btfnet.matching.columns`)

    Raises `FormatError` when the file breaks its format's rules, `UsageError` for another suffix, and
    `DataError` for names that do not fit.
    """
    need("read_items", path=(path, PATH), n_inputs=(n_inputs, optional(whole(0))))
    file = opened_once(path)
    suffix = expected_format(file, "items", readable(Holds.ITEMS))
    if layout is not None and not layout.is_default and suffix not in TABLES:
        raise UsageError(f"{path}: --separator and --header are for .csv files, and this is none.")
    options = {"layout": layout, "ports": ports, "by": by} if suffix in TABLES else {}
    items: Items = FORMATS[suffix].reader(Holds.ITEMS)(file, n_inputs=n_inputs, **options)
    return items if ports is None else items.ordered_as(ports, by, str(path))


def write_items(path: str | os.PathLike[str], items: Items) -> None:
    """Write items to a `.dat`, `.csv`, `.npy` or `.npz` file. One that exists is replaced, whole or not at all.

    Raises `UsageError` for another suffix or where the format cannot hold such items, `OutputError` when the
    file cannot be written.
    """
    path_first("write_items", path, items=(items, a(Items)))
    write_thing(path, items, "items", Holds.ITEMS)


def about_file(
    error: DataError, path: str | os.PathLike[str], name: str, layout: Layout | None = None
) -> FormatError:
    """An error about the problem called `name`, as one about its file; with the lines where two items stand.

    layout   of a table, as for `read_items`
    """
    if isinstance(error, ContradictionError) and suffix_of(path) in TABLES:
        lines = CsvTable.of(path, layout).lines_of(error.items)
        if len(lines) == 2:
            one, other = error.items
            return FormatError(
                path, lines[1], f"items {one} (line {lines[0]}) and {other} (line {lines[1]}) {error.because}"
            )
    return FormatError(path, None, str(error).removeprefix(f"{name}: "))

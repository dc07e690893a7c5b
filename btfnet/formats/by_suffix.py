"""Reading and writing circuits and items by the file's suffix, reading also by what the file holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from btfnet.arguments import FLAG, PATH, a, need, optional, path_first, whole
from btfnet.errors import ContradictionError, DataError, FormatError, UsageError, path_shown
from btfnet.files.atomic import write_bytes
from btfnet.formats.btf.model import model_file
from btfnet.formats.csv.layout import Layout
from btfnet.formats.csv.table import CsvTable
from btfnet.formats.format import Format, Holds
from btfnet.formats.recognise import expected_format, format_of, opened_once, suffix_of, unknown_suffix
from btfnet.formats.registry import FORMATS, readable, writable
from btfnet.logic.circuit import Circuit
from btfnet.logic.packed_model import PackedModel
from btfnet.matching.columns import By, Ports
from btfnet.problem.items import Items


def write_thing(path: str | os.PathLike[str], thing: Any, what: str, *kinds: Holds) -> None:
    """Write what a file of that suffix holds; `what` says in an error which formats are meant."""
    suffix = checked_suffix(path, what, *kinds)
    try:
        data = bytes_of(suffix, thing, *kinds)
    except UsageError as error:
        raise UsageError(f"{path_shown(path)}: {error}") from error
    write_bytes(path, data)


def bytes_of(suffix: str, thing: Any, *kinds: Holds) -> bytes:
    """What a file of that suffix (with its dot) holds, of the first of these kinds that it can hold."""
    entry = FORMATS[suffix]
    return entry.writer(next(kind for kind in kinds if kind in entry.write))(thing)


def checked_suffix(path: str | os.PathLike[str], what: str, *kinds: Holds) -> str:
    """The suffix of the format. Raises `UsageError` where that cannot hold one of these kinds."""
    suffix = suffix_of(path)
    if suffix not in writable(*kinds):
        raise unknown_suffix(path, what, writable(*kinds))
    return suffix


if TYPE_CHECKING:
    from btfnet.committee.classifier import Classifier
    from btfnet.tables.model import TableModel

AnyPath = str | os.PathLike[str]


def write_circuit(path: AnyPath, circuit: Circuit) -> None:
    """Write a circuit in the format that the suffix names, one of `btfnet.formats.CIRCUITS_OUT`. A file that
    exists is replaced, whole or not at all.

    Raises `UsageError` for another suffix, `OutputError` when the file cannot be written, `ToolError` when the
    format needs an outside program and that is missing or fails.
    """
    path_first("write_circuit", path, circuit=(circuit, a(Circuit)))
    write_thing(path, circuit, "writing circuits", Holds.CIRCUIT)


def read_circuit(path: AnyPath, *, cut_latches: bool = False) -> Circuit:
    """Read a circuit from a file of one of the formats `btfnet.formats.CIRCUITS_IN`, or a truth table (`.pla`) as
    a circuit. A file or a pipe without a known suffix is what it holds.

    cut_latches   netlists with latches: their states become inputs, their next states outputs; else refused
    External don't cares of BLIF are left out; see `read_dont_cares`.
    Raises `FormatError` when the file breaks its format's rules, `UsageError` where it is of no such format.
    """
    need("read_circuit", path=(path, PATH), cut_latches=(cut_latches, FLAG))
    circuit: Circuit = _read(path, Holds.CIRCUIT, cut_latches=cut_latches)[0]
    return circuit


def read_dont_cares(path: AnyPath, *, cut_latches: bool = False) -> Circuit | None:
    """External don't cares of a `.blif` file (`.exdc`): a circuit of the same shape as `read_circuit` gives, true
    where an output does not count. None for a file without, and for every other format. Errors as there.
    """
    need("read_dont_cares", path=(path, PATH), cut_latches=(cut_latches, FLAG))
    file = opened_once(path)
    if format_of(file) not in readable(Holds.CHECKED):
        return None
    return read_checked(file, cut_latches=cut_latches)[1]


def read_checked(path: AnyPath, *, cut_latches: bool = False) -> tuple[Circuit, Circuit | None]:
    """What `read_circuit` and `read_dont_cares` give, of a file that is opened once."""
    found, kind = _read(path, Holds.CHECKED, cut_latches=cut_latches)
    return found if kind is Holds.CHECKED else (found, None)


def read_predictor(path: AnyPath, *, cut_latches: bool = False) -> Circuit | Classifier | TableModel:
    """What `read_circuit` gives, or the classifier or the model of a table that a `.btf` file holds."""
    predictor: Circuit | Classifier | TableModel = _read(path, Holds.PREDICTOR, cut_latches=cut_latches)[0]
    return predictor


def load_model(path: AnyPath) -> PackedModel:
    """A model to predict with: from a `.btf` file, the directory of a run, or any circuit's file.

    Raises `FormatError` when the file breaks its format's rules, `UsageError` for an unknown suffix.
    """
    need("load_model", path=(path, PATH))
    found, kind = _read(model_file(path), Holds.MODEL)
    return found if kind is Holds.MODEL else PackedModel.from_circuit(found)


def _read(path: AnyPath, wanted: Holds, *, cut_latches: bool = False) -> tuple[Any, Holds]:
    """The thing wanted where the format holds that, else the circuit; and which it is."""
    file = opened_once(path)
    entry: Format = FORMATS[expected_format(file, "reading circuits", readable(Holds.CIRCUIT))]
    kind = wanted if wanted in entry.read else Holds.CIRCUIT
    options = {"cut_latches": cut_latches} if entry.has_latches else {}
    return entry.reader(kind)(file, **options), kind


TABLES = tuple(suffix for suffix, entry in FORMATS.own.items() if entry.has_layout)
"""Suffixes of tables of text, all of them our own."""


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

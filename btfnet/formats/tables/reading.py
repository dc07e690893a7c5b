"""Ordinary tables from files: tables of text, Parquet, and the items of `.npz`, `.npy`, `.dat` and `.pla`."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import PATH, need
from btfnet.errors import FormatError, UsageError
from btfnet.files.reading import pieces_of, pieces_that_fit
from btfnet.formats.by_suffix import TABLES, read_items
from btfnet.formats.csv.layout import Layout
from btfnet.formats.recognise import format_of, suffix_of
from btfnet.formats.tables.arrays import table_of_array, table_of_arrays
from btfnet.formats.tables.text import named, text_table, text_tables
from btfnet.problem.items import Items
from btfnet.problem.values import OutputKind
from btfnet.tables.cells import Values, plain
from btfnet.tables.table import Table

PARQUET = (".parquet", ".pq")
ITEMS = (".npz", ".npy", ".dat", ".pla")
TEXT = (*TABLES, ".txt", ".data", ".tab")
READ_BYTES, CELL_BYTES = 1 << 20, 60.0
"""Read at once; memory for each byte of a text, as cells are kept until their column is known."""
AnyPath = str | os.PathLike[str]


def read_table(path: AnyPath, layout: Layout | None = None, *, raw: bool = False) -> Table:
    """The table of a file.

    layout  separator and header of a text, where they are not to be found out
    raw     columns of a text are as they are written, for a model that knows what they are
    Raises `FormatError` where the file breaks its format's rules, `UsageError` where it is no table.
    """
    need("read_table", path=(path, PATH))
    if _is_text(path):
        pieces = pieces_that_fit(path, READ_BYTES, per_byte=CELL_BYTES)
        return text_table(str(path), pieces, layout, raw=raw)
    if layout is not None and not layout.is_default:
        raise UsageError(f"{path}: --separator and --header are for tables of text, and this is none.")
    return _of_suffix(path, suffix_of(path))


def _of_suffix(path: AnyPath, suffix: str) -> Table:
    if suffix in PARQUET:
        return _parquet(path)
    if suffix == ".npy":
        return table_of_array(path)
    found = table_of_arrays(path) if suffix == ".npz" else None
    return of_items(read_items(path), str(path)) if found is None else found


def table_pieces(path: AnyPath, layout: Layout | None = None) -> Iterator[Table]:
    """The same in pieces, so that a text may be larger than memory; raw. Raises as `read_table`, on the way."""
    if _is_text(path):
        yield from text_tables(str(path), pieces_of(path, READ_BYTES), layout)
    else:
        yield read_table(path, layout)


def _is_text(path: AnyPath) -> bool:
    suffix = suffix_of(path)
    if suffix in PARQUET or suffix in ITEMS:
        return False
    return suffix in TEXT or format_of(path) in (*TEXT, "")


def _parquet(path: AnyPath) -> Table:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise UsageError(f"{path}: reading Parquet needs pyarrow: pip install 'btfnet[parquet]'.") from error
    try:
        frame = parquet.read_table(path)
    except (ArrowException, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else "unreadable"
        raise FormatError(path, None, f"this is no Parquet file, or a damaged one ({reason}).") from error
    return Table.of(frame, str(path))


def of_items(items: Items, side: str) -> Table:
    """Items as a table: inputs, then outputs, of classes one column of their numbers or names."""
    if not items.input_kind.known:
        raise UsageError(f"{side}: the inputs are {items.input_kind}, and a table has known ones.")
    n_inputs = items.n_columns
    values = (items.inputs > 0).astype(float) if items.input_kind.boolean else items.inputs.astype(float)
    names = items.input_names or tuple(f"x{place}" for place in range(n_inputs))
    columns = list(map(plain, values.T))
    if items.output_kind is OutputKind.CLASS:
        chosen = items.outputs.argmax(axis=1)
        labels = np.array(items.output_names or range(items.n_outputs), dtype=object)
        outputs = [plain(labels[chosen])]
        titles: tuple[str, ...] = ("class",)
    else:
        outputs = [plain((column > 0).astype(float)) for column in items.outputs.T]
        titles = items.output_names or tuple(f"y{place}" for place in range(items.n_outputs))
    if items.care is not None:
        whole = np.all(items.care, axis=1, keepdims=True)
        own = whole if items.output_kind is OutputKind.CLASS else items.care
        outputs = [_where(known, column) for column, known in zip(outputs, own.T, strict=True)]
    return named(side, (*names, *titles), columns + outputs, targets=titles)


def _where(known: NDArray[np.bool_], column: Values) -> Values:
    """The column, its value missing where it is not known."""
    found = column.copy()
    found[~known] = None if column.dtype == object else np.nan
    return found

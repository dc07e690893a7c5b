"""`.csv`: items as a table of bits, with or without a header. See csv_items.md."""

from __future__ import annotations

import csv
import io
import os
from typing import Any

import numpy as np

from btfnet.errors import UsageError
from btfnet.formats.csv.cells import OPEN
from btfnet.formats.csv.columns import item_columns
from btfnet.formats.csv.layout import Layout
from btfnet.formats.csv.rows import CsvRows
from btfnet.formats.csv.table import CsvTable
from btfnet.matching.columns import By, Ports
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind, OutputKind


def read(
    path: str | os.PathLike[str],
    *,
    n_inputs: int | None = None,
    layout: Layout | None = None,
    ports: Ports | None = None,
    by: By = By.AUTO,
) -> Items:
    """The items of a table.

    n_inputs   how many of the columns are inputs; needed unless the header says it (`in:…`, `out:…`)
    layout     what separates the cells, and whether there is a header; found out where it does not say it
    ports      names that tell the columns of a plain header apart: those of a circuit, for example

    Raises `FormatError` as csv_items.md lists it.
    """
    table = CsvTable.of(path, layout)
    columns = item_columns(table, n_inputs, ports, by)
    pieces = list(CsvRows(table, columns.inputs + columns.outputs, n_open=len(columns.outputs)))
    codes = np.concatenate(pieces)
    del pieces
    n_given = len(columns.inputs)
    inputs, outputs = codes[:, :n_given], codes[:, n_given:]
    care = outputs != OPEN
    true = np.int8(1)
    return Items(
        np.where(inputs == true, np.float32(1), np.float32(-1)),
        np.where(outputs == true, true, -true),
        InputKind.BITS if n_given else InputKind.UNKNOWN_BITS,
        n_unknown=None if n_given else (n_inputs or None),
        input_names=columns.input_names,
        output_names=columns.output_names,
        care=None if care.all() else care,
    )


def typed_header(items: Items, separator: str = ",") -> str:
    """The line that stands above the columns of such items, with its end."""
    text = io.StringIO()
    _writer(separator, text).writerow(
        [f"in:{name}" if name else "in" for name in items.input_names or [""] * items.inputs.shape[1]]
        + [f"out:{name}" if name else "out" for name in items.output_names or [""] * items.n_outputs]
    )
    return text.getvalue()


def to_tabbed_text(items: Items) -> str:
    """The same with tabs."""
    return to_text(items, "\t")


def to_text(items: Items, separator: str = ",") -> str:
    """Items as 0/1 with a typed header, so that reading needs no `n_inputs`; - where a bit does not count.

    Raises `UsageError` for analog or one-hot inputs and for classes.
    """
    if (
        items.input_kind not in (InputKind.BITS, InputKind.UNKNOWN_BITS)
        or items.output_kind is not OutputKind.BITS
    ):
        raise UsageError(
            f"a .csv file holds bits, but these items have {items.input_kind} inputs and "
            f"{items.output_kind} outputs; write .dat or .npz."
        )
    text = io.StringIO()
    bits = (np.hstack([items.inputs, items.outputs]) > 0).astype(int).astype(object)
    if items.care is not None:
        bits[:, items.inputs.shape[1] :][~items.care] = "-"
    _writer(separator, text).writerows(bits.tolist())
    return typed_header(items, separator) + text.getvalue()


def _writer(separator: str, text: io.StringIO) -> Any:
    return csv.writer(text, delimiter=separator, lineterminator="\n")

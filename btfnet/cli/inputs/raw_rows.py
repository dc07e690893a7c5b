"""Rows of raw inputs for classifiers, piece by piece: numbers, where circuits have bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.cli.inputs.models import check_raw, ports_of
from btfnet.cli.inputs.reading import Reading
from btfnet.cli.inputs.rows import (
    WITH_OUTPUTS,
    Rows,
    answered,
    as_format_error,
    bit_rows,
    open_table,
    row_suffix,
)
from btfnet.committee.classifier import Classifier
from btfnet.errors import FormatError
from btfnet.formats.arrays.npy_rows import row_pieces
from btfnet.formats.csv.cells import MISSING, code, number
from btfnet.formats.csv.columns import row_columns
from btfnet.formats.csv.table import CsvTable
from btfnet.formats.item_files import read_items
from btfnet.matching.columns import By, Unknown, order
from btfnet.printable import shown
from btfnet.problem.values import InputKind

ROWS_A_PIECE = 512


def open_raw(path: str, classifier: Classifier, reading: Reading) -> Rows:
    """Rows of raw inputs from .csv (- is standard input), .npy, or an items file; still to be checked.

    Named columns are brought into the order of the classifier's inputs; those of classes are left out.
    """
    suffix = row_suffix(path, reading)
    if suffix == ".npy":
        shape, pieces = row_pieces(path, 8 * ROWS_A_PIECE * classifier.n_inputs)
        return Rows(path, shape[0] if shape else 0, pieces)
    if suffix in WITH_OUTPUTS:
        items = read_items(path, n_inputs=classifier.n_inputs)
        ports = ports_of(classifier)
        places = order(
            ports.inputs, items.input_names, "input", (ports.side, path), reading.by, unknown=Unknown.REFUSED
        )
        check_raw(items, classifier, path)
        inputs = items.inputs if places is None else items.inputs[:, places]
        starts = range(0, items.n_items, ROWS_A_PIECE)
        return Rows(path, items.n_items, [inputs[at : at + ROWS_A_PIECE] for at in starts])
    table = open_table(path, reading.layout)
    if classifier.input_kind is InputKind.BITS:
        return Rows(table.path, None, bit_rows(table, classifier, len(classifier.class_names), reading.by))
    return Rows(table.path, None, csv_numbers(table, classifier, reading.by))


def classified(classifier: Classifier, rows: Rows, jobs: int) -> Iterator[NDArray[np.int8]]:
    """One-hot rows of 0 and 1, in order; pieces are worked on by so many threads.

    Raises `FormatError` naming the first row that is too long or too short or holds another value.
    """

    def work(first: int, piece: NDArray[Any]) -> tuple[set[int], NDArray[np.int8]]:
        found = as_format_error(rows.path, classifier.one_hot, piece, first=first)
        is_bits = classifier.input_kind is InputKind.BITS
        return {value for value in (0, -1) if is_bits and (piece == value).any()}, found

    return answered(rows, work, jobs)


def csv_numbers(table: CsvTable, classifier: Classifier, by: By) -> Iterator[NDArray[np.float64]]:
    """Rows of numbers of a table in the order of the classifier's inputs, float64, in pieces.

    Raises `FormatError` with the line, the item and the column.
    """
    columns = row_columns(table, ports_of(classifier), classifier.n_inputs, len(classifier.class_names), by)
    rows: list[list[float]] = []
    for n_items, (line, cells) in enumerate(table.rows(), start=1):
        if len(cells) != table.width:
            message = f"item {n_items} has {len(cells)} values, but the first row has {table.width}."
            raise FormatError(table.path, line, message)
        row = []
        for column in columns:
            value = number(cells[column])
            if value is None or not np.isfinite(value):
                missing = ", a missing value" if code(cells[column]) == MISSING else ""
                where = f"item {n_items}: {table.name(column)} is {shown(cells[column])}{missing}"
                raise FormatError(table.path, line, f"{where}; expected a number.")
            row.append(value)
        rows.append(row)
        if len(rows) == ROWS_A_PIECE:
            yield np.array(rows)
            rows = []
    if rows:
        yield np.array(rows)

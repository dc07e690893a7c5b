"""Rows of raw inputs for classifiers, piece by piece: numbers, where circuits have bits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.cli.inputs.models import check_raw
from btfnet.cli.inputs.reading import Reading
from btfnet.cli.inputs.rows import (
    WITH_OUTPUTS,
    Rows,
    answered,
    as_format_error,
    columns_of,
    items_in_order,
    open_table,
    row_suffix,
)
from btfnet.committee.classifier import Classifier
from btfnet.formats.arrays.npy_rows import row_pieces
from btfnet.formats.csv.rows import CsvRows, number_rows
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
        items = items_in_order(path, classifier, reading.by)
        check_raw(items, classifier, path)
        inputs, starts = items.inputs, range(0, items.n_items, ROWS_A_PIECE)
        return Rows(path, items.n_items, [inputs[at : at + ROWS_A_PIECE] for at in starts])
    table = open_table(path, reading.layout)
    columns = columns_of(table, classifier, len(classifier.class_names), reading.by)
    if classifier.input_kind is InputKind.BITS:
        return Rows(table.path, None, CsvRows(table, columns))
    return Rows(table.path, None, number_rows(table, columns, ROWS_A_PIECE))


def classified(classifier: Classifier, rows: Rows, jobs: int) -> Iterator[NDArray[np.int8]]:
    """One-hot rows of 0 and 1, in order; pieces are worked on by so many threads.

    Raises `FormatError` naming the first row that is too long or too short or holds another value.
    """

    def work(first: int, piece: NDArray[Any]) -> tuple[set[int], NDArray[np.int8]]:
        one_hot = as_format_error(rows.path, classifier.one_hot, piece, first=first)
        is_bits = classifier.input_kind is InputKind.BITS
        return {value for value in (0, -1) if is_bits and (piece == value).any()}, one_hot

    return answered(rows, work, jobs)

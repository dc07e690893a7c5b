"""Rows of raw inputs for classifiers, piece by piece: numbers, where circuits have bits."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from btfnet.cli.models import check_raw
from btfnet.cli.rows import WITH_OUTPUTS, Rows, answered, as_format_error, csv_pieces
from btfnet.errors import FormatError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from btfnet.committee import Classifier

ROWS_A_PIECE = 512


def open_raw(path: str, classifier: Classifier) -> Rows:
    """Rows of raw inputs from .csv (- is standard input), .npy, or an items file; still to be checked."""
    from btfnet import formats
    from btfnet.formats.npy_rows import row_pieces

    suffix = ".csv" if path == "-" else Path(path).suffix.lower()
    if suffix == ".npy":
        shape, pieces = row_pieces(path, 8 * ROWS_A_PIECE * classifier.n_inputs)
        return Rows(path, shape[0] if shape else 0, pieces)
    if suffix in WITH_OUTPUTS:
        items = formats.read_items(path, n_inputs=classifier.n_inputs)
        check_raw(items, classifier, path)
        starts = range(0, items.n_items, ROWS_A_PIECE)
        return Rows(path, items.n_items, [items.inputs[at : at + ROWS_A_PIECE] for at in starts])
    if suffix != ".csv":
        raise UsageError(
            f"{path}: rows of inputs are read from .csv, .npy, .npz and .dat files, or from - (as .csv)."
        )
    name, data = csv_pieces(path)
    return Rows(name, None, csv_numbers(name, data, classifier.n_inputs))


def classified(classifier: Classifier, rows: Rows, jobs: int) -> Iterator[NDArray[np.int8]]:
    """One-hot rows of 0 and 1, in order; pieces are worked on by so many threads.

    Raises `FormatError` naming the first row that is too long or too short or holds another value.
    """
    from btfnet.problem import InputKind

    def work(first: int, piece: NDArray[Any]) -> tuple[set[int], NDArray[np.int8]]:
        found = as_format_error(rows.path, classifier.one_hot, piece, first=first)
        is_bits = classifier.input_kind is InputKind.BITS
        return {value for value in (0, -1) if is_bits and (piece == value).any()}, found

    return answered(rows, work, jobs)


def csv_numbers(path: str, pieces: Iterable[bytes], n_inputs: int) -> Iterator[NDArray[np.float64]]:
    """Rows of numbers, float64, in pieces; a first row without any number is a header, whose `out:` columns are
    left out. Raises `FormatError` with the line.
    """
    import numpy as np

    is_output: list[bool] | None = None
    rows: list[list[float]] = []
    reader = csv.reader(_lines(path, pieces), skipinitialspace=True)
    try:
        for cells in filter(None, reader):
            if is_output is None:
                is_output = [cell.partition(":")[0] == "out" for cell in cells]
                if not any(_number(cell) is not None for cell in cells):
                    continue
            if len(cells) != len(is_output) or is_output.count(False) != n_inputs:
                given = len(cells) - (is_output.count(True) if len(cells) == len(is_output) else 0)
                message = f"the row has {given} values, but the model has {n_inputs} inputs."
                raise FormatError(path, reader.line_num, message)
            row = []
            for cell, output in zip(cells, is_output, strict=True):
                value = 0.0 if output else _number(cell)
                if value is None or not np.isfinite(value):
                    raise FormatError(path, reader.line_num, f"found {cell[:40]!a}, expected a number.")
                row += [] if output else [value]
            rows.append(row)
            if len(rows) == ROWS_A_PIECE:
                yield np.array(rows)
                rows = []
    except csv.Error as error:
        message = f"the row is no comma-separated text ({error})."
        raise FormatError(path, reader.line_num, message) from error
    if rows:
        yield np.array(rows)
    elif is_output is None:
        raise FormatError(path, None, f"there are no rows; give every item {n_inputs} numbers.")


def _lines(path: str, pieces: Iterable[bytes]) -> Iterator[str]:
    """The lines of a stream of bytes in UTF-8."""
    from btfnet.formats.csv_rows import whole_lines

    line = 0
    for data in whole_lines(path, pieces):
        for text in data.splitlines(keepends=True):
            line += 1
            try:
                decoded = text.decode("utf-8")
            except UnicodeDecodeError as error:
                message = (
                    f"found the byte 0x{text[error.start]:02x}, which is not UTF-8 text; save it as UTF-8."
                )
                raise FormatError(path, line, message) from error
            if "\0" in decoded:
                message = "found a zero byte, expected text; this looks like a binary file."
                raise FormatError(path, line, message)
            yield decoded


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None

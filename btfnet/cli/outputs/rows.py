"""Rows of 0 and 1, piece by piece, as .csv without a header or as .npy: no file is too large."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from btfnet.cli.outputs.replacing import both_ends, check_replaceable, values_at_both_ends
from btfnet.errors import UsageError
from btfnet.files.atomic import replacing
from btfnet.formats.arrays.npy_rows import RowWriter
from btfnet.formats.csv.rows import csv_text
from btfnet.formats.format import MARK_BYTES


def check_writable(path: str | None) -> None:
    """Raise `UsageError` when the suffix names no format that `sink` knows."""
    if path is not None and Path(path).suffix.lower() not in (".csv", ".npy"):
        raise UsageError(f"{path}: rows of outputs are written as .csv or .npy.")


def check_rows(out: str, n_columns: int, *, force: bool) -> None:
    """Raise `OutputError` where a file is that may not be replaced by rows of so many bits; before any work."""
    what = f"a file of nothing but rows of {n_columns} values, each 0 or 1"
    check_replaceable(out, what, lambda: _holds_rows(out, n_columns), force=force)


@contextmanager
def sink(
    path: str | None, n_outputs: int, n_rows: int | None
) -> Iterator[Callable[[NDArray[np.int8]], object]]:
    """The function that takes rows of 0 and 1: to .csv or .npy, by the suffix, or to standard output.

    A file appears, or changes, only once all rows are written; `check_rows` has said that it may.
    """
    if path is None:
        yield lambda rows: click.echo(csv_text(rows), nl=False)
        return
    as_csv = Path(path).suffix.lower() == ".csv"
    if n_rows is None and not as_csv and os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"{path}: how many rows come is unknown before the end; write .csv to a pipe.")
    with replacing(path) as file:
        if as_csv:
            yield lambda rows: file.write(csv_text(rows))
            return
        writer = RowWriter(file, n_outputs, n_rows)
        yield writer.write
        writer.close()


def _holds_rows(path: str, n_columns: int) -> bool:
    """Whether the file holds rows of so many 0 and 1."""
    if Path(path).suffix.lower() == ".npy":
        values = values_at_both_ends(path, n_columns, ("int8", "uint8"))
        return values is not None and bool(((values == 0) | (values == 1)).all())
    n_bytes = os.path.getsize(path)
    if n_columns < 1 or n_bytes % (2 * n_columns):
        return False
    head, tail = both_ends(path, MARK_BYTES)
    return _are_bits(head, 0, n_columns) and _are_bits(tail, (n_bytes - len(tail)) // 2, n_columns)


def _are_bits(piece: bytes, n_before: int, n_columns: int) -> bool:
    """Whether whole cells of a .csv file, behind so many others, are bits, each followed by a comma or, at the end
    of a row, by the end of the line.
    """
    bits, signs = piece[::2], piece[1::2]
    column = n_before % n_columns
    row = b"," * (n_columns - 1) + b"\n"
    expected = row * (len(signs) // n_columns + 2)
    return not bits.strip(b"01") and signs == expected[column : column + len(signs)]

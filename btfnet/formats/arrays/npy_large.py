"""Items of a `.npy` file with more values than items keep as numbers: read, checked and packed piece by piece."""

from __future__ import annotations

import math
import os

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import called
from btfnet.errors import DataError, FormatError
from btfnet.files.reading import check_room, opened, size_of
from btfnet.formats.arrays.npy_header import read_header
from btfnet.formats.arrays.npy_rows import row_pieces
from btfnet.problem import packed_bits
from btfnet.problem.items import Items
from btfnet.problem.packed_bits import PackedBits
from btfnet.problem.packing import Packer, Spelling

WHAT = "array"
PIECE_BYTES = 1 << 20
OUTPUT_BYTES = 12
"""What an output takes until it is checked."""


def is_large(path: str | os.PathLike[str]) -> bool:
    """Whether a regular file's array has two dimensions, and more values than items keep as numbers; not where its
    header is damaged.
    """
    if not os.path.isfile(path) or os.path.getsize(path) <= packed_bits.MOST_DENSE:
        return False
    try:
        with opened(path) as file:
            header = read_header(path, file, WHAT, size_of(file))
    except FormatError:  # whoever reads it whole says so
        return False
    numbers = header.dtype.kind in "biuf" and len(header.shape) == 2
    return numbers and math.prod(header.shape) > packed_bits.MOST_DENSE


def read_in_pieces(path: str | os.PathLike[str], n_inputs: int | None) -> Items:
    """The items of a large file. Raises `FormatError` as npy.md lists it."""
    shape, pieces = row_pieces(os.fspath(path), PIECE_BYTES)
    n_items, n_columns = shape
    n_inputs = checked_inputs(path, n_columns, n_inputs)
    if not n_inputs:
        raise FormatError(path, None, f"{n_items} items have no inputs; those of so many must be given.")
    n_outputs = n_columns - n_inputs
    room = n_items * (n_inputs // 8 + OUTPUT_BYTES * n_outputs)
    check_room(path, None, room, f"{n_items} items of {n_inputs} inputs and {n_outputs} outputs")
    inputs, outputs = Packer(n_items, n_inputs), np.empty((n_items, n_outputs), dtype=np.int8)
    care, spelling, first = np.ones((n_items, n_outputs), dtype=bool), Spelling(WHAT), 0
    try:
        for rows in pieces:
            counts = ~np.isnan(rows) if rows.dtype.kind == "f" else np.ones(rows.shape, dtype=bool)
            signs = spelling.signs(
                rows if counts.all() else np.where(counts, rows, rows.dtype.type(1)), first
            )
            check_no_gaps(path, counts[:, :n_inputs], first)
            here = slice(first, first + len(rows))
            inputs.add(signs[:, :n_inputs] > 0)
            outputs[here], care[here] = signs[:, n_inputs:], counts[:, n_inputs:]
            first += len(rows)
        spelling.check()
        return Items(PackedBits(inputs.columns, n_items), outputs, care=care)  # type: ignore[arg-type]
    except FormatError:
        raise
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def checked_inputs(path: object, n_columns: int, n_inputs: int | None) -> int:
    """How many columns are inputs. Raises `FormatError` where nobody says it, or no output is left."""
    if n_inputs is None:
        raise FormatError(
            path,
            None,
            f"nothing says how many of the {n_columns} columns are inputs; state it ({called('n_inputs')}).",
        )
    if n_inputs >= n_columns:
        raise FormatError(
            path,
            None,
            f"the array has {n_columns} columns, {n_inputs} of them inputs; expected an output more.",
        )
    return n_inputs


def check_no_gaps(path: object, counts: NDArray[np.bool_], first: int) -> None:
    """Raise `FormatError` for inputs that are NaN; counts are false there, and items count from `first`."""
    if not counts.all():
        item, column = np.argwhere(~counts)[0]
        raise FormatError(
            path,
            None,
            f"item {first + item + 1} has NaN in column {column + 1}, an input; only outputs may be left open, so "
            f"give one item for each value of the input.",
        )

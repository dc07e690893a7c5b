"""Tables from arrays of NumPy that are no items of btfnet: `.npy` of numbers, `.npz` with columns or matrices."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError
from btfnet.formats.arrays.npy_rows import row_pieces
from btfnet.formats.arrays.npz import ARRAYS
from btfnet.formats.arrays.zip_arrays import open_archive
from btfnet.formats.tables.text import named
from btfnet.matching.columns import name_shown
from btfnet.tables.cells import plain
from btfnet.tables.table import Table

PIECE_BYTES = 1 << 24
AnyPath = str | os.PathLike[str]


def table_of_array(path: AnyPath) -> Table:
    """An array of two axes, a row for each item; its columns are x0, x1, …. Raises `FormatError`."""
    shape, pieces = row_pieces(str(path), PIECE_BYTES)
    if len(shape) != 2 or 0 in shape:
        raise FormatError(path, None, f"found an array of the shape {shape}; expected rows of columns.")
    rows = np.concatenate([np.asarray(piece) for piece in pieces])
    return named(str(path), tuple(f"x{place}" for place in range(shape[1])), [*map(plain, rows.T)])


def table_of_arrays(path: AnyPath) -> Table | None:
    """Named arrays as columns: flat ones by their names, those of a matrix by its name and a number (x0, … of X).

    None where the names are those of items. Raises `FormatError` where rows differ in number.
    """
    archive = open_archive(path, ())
    if "outputs" in archive.entries and set(archive.entries) <= set(ARRAYS):
        return None
    columns: dict[str, NDArray[Any]] = {}
    for name, array in archive.arrays().items():
        if array.ndim == 1:
            columns[name] = plain(array)
        elif array.ndim == 2:
            stem = name.lower() if len(name) == 1 else name
            columns |= {f"{stem}{place}": plain(column) for place, column in enumerate(array.T)}
        else:
            found = f"the array {name_shown(name)} has the shape {array.shape}"
            raise FormatError(path, None, f"{found}; expected a column, or rows of columns.")
    if len({len(column) for column in columns.values()}) != 1:
        counts = ", ".join(f"{name_shown(name)} {len(column)}" for name, column in list(columns.items())[:8])
        raise FormatError(path, None, f"the arrays differ in rows: {counts}; give all as many.")
    return named(str(path), tuple(columns), list(columns.values()))

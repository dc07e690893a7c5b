"""Rows of `.npy` files piece by piece, for files larger than memory. See npy.md."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError
from btfnet.files.reading import opened, read_bytes, read_into
from btfnet.formats.arrays.npy_header import Header, decode, read_header

WHAT = "rows"


def row_pieces(path: str, piece_bytes: int) -> tuple[tuple[int, ...], Iterator[NDArray[Any]]]:
    """The shape of an array, and its rows in pieces of about so many bytes.

    Arrays in C order are read, so that memory stays small; others are mapped. What is no regular file (a pipe) is
    read whole.
    Raises `FormatError` as npy.md lists it.
    """
    if not os.path.isfile(path):
        array = decode(path, read_bytes(path), WHAT)
        return array.shape, iter([array])
    header = _header(path)
    if len(header.shape) != 2:
        return header.shape, iter([np.zeros([1] * len(header.shape))])
    row_bytes = header.dtype.itemsize * header.shape[1]
    per_piece = max(1, piece_bytes // row_bytes)
    if header.fortran:
        array = np.memmap(path, header.dtype, "r", header.offset, header.shape, "F")
        return header.shape, (array[at : at + per_piece] for at in range(0, header.shape[0], per_piece))
    return header.shape, _read(path, header.dtype, header.shape, header.offset, per_piece)


def _header(path: str) -> Header:
    with opened(path) as file:
        return read_header(path, file, WHAT, os.fstat(file.fileno()).st_size)


def _read(
    path: str, dtype: np.dtype[Any], shape: tuple[int, ...], offset: int, per_piece: int
) -> Iterator[NDArray[Any]]:
    with opened(path) as file:
        file.seek(offset)
        for first in range(0, shape[0], per_piece):
            piece = np.empty((min(per_piece, shape[0] - first), shape[1]), dtype=dtype)
            view = piece.reshape(-1).view(np.uint8).data
            if read_into(file, view) != len(view):
                raise FormatError(path, None, f"{WHAT}: the file became shorter while it was read.")
            yield piece


class RowWriter:
    """Writes a two-dimensional int8 array row by row; the number of rows may turn out at the end.

    n_rows   how many rows will come, None if unknown: then the file must be seekable
    """

    def __init__(self, file: BinaryIO, n_columns: int, n_rows: int | None) -> None:
        self.file, self.n_columns, self.n_rows = file, n_columns, 0
        self._promised = n_rows
        self._header(n_rows or 0)

    def write(self, rows: NDArray[np.int8]) -> None:
        self.file.write(np.ascontiguousarray(rows, dtype=np.int8).data)
        self.n_rows += len(rows)

    def close(self) -> None:
        """State the number of rows."""
        if self.n_rows != self._promised:
            self.file.seek(0)
            self._header(self.n_rows)

    def _header(self, n_rows: int) -> None:
        """NumPy pads headers so that one for more rows is as long."""
        shape = (n_rows, self.n_columns)
        np.lib.format.write_array_header_1_0(
            self.file, {"descr": "|i1", "fortran_order": False, "shape": shape}
        )

"""Which of the files that exist are of the kind that a command is about to write.

Circuits, drawings and .npz say themselves that btfnet wrote them (`btfnet.formats.format`). Rows of outputs and
other files of items have no place for such words: there a file is of the same kind when it begins and ends as the
command would write it, for as many columns. Nothing is read as a whole: a look costs nothing beside the work.

All functions take a regular file that is not empty, and raise OSError where it cannot be read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from btfnet.formats import Items

ITEM_COUNT_BYTES = 32
"""More than a file of items has for their number."""


def is_circuit(path: str) -> bool:
    """Whether btfnet wrote the file as a circuit or a drawing, in the format that the suffix names."""
    from btfnet.formats.format import MARK_BYTES
    from btfnet.formats.recognise import suffix_of
    from btfnet.formats.registry import FORMATS

    return FORMATS[suffix_of(path)].is_own(*_ends(path, MARK_BYTES))


def is_rows(path: str, n_columns: int) -> bool:
    """Whether the file holds rows of so many 0 and 1, as .csv without a header or as .npy."""
    if Path(path).suffix.lower() == ".npy":
        found = _values(path, n_columns, ("int8", "uint8"))
        return found is not None and bool(((found == 0) | (found == 1)).all())
    return _is_csv_of_bits(path, n_columns)


def is_items(path: str, items: Items) -> bool:
    """Whether the file holds items with the same columns: names of .csv, kinds and counts of .dat, the count of
    .npy; an .npz says that btfnet wrote it.
    """
    import numpy as np

    from btfnet.formats.authors.dat import shape_lines
    from btfnet.formats.csv.items import typed_header

    suffix = Path(path).suffix.lower()
    if suffix == ".npz":
        return is_circuit(path)
    if suffix == ".npy":
        found = _values(path, items.inputs.shape[1] + items.n_outputs, ("int8", "float32"))
        return found is not None and bool(((np.abs(found) == 1) | np.isnan(found)).all())
    if suffix == ".dat":
        shape = shape_lines(items).encode()
        words = _ends(path, ITEM_COUNT_BYTES + len(shape))[0].split()
        return words[:1] != [] and words[0].isdigit() and words[1:5] == shape.split()
    header = typed_header(items, "\t" if suffix == ".tsv" else ",").encode()
    return _ends(path, len(header))[0] == header


def _ends(path: str, size: int) -> tuple[bytes, bytes]:
    """So many bytes, or all there are, from the beginning and from the end."""
    with open(path, "rb") as file:
        head = file.read(size)
        file.seek(-min(size, os.fstat(file.fileno()).st_size), os.SEEK_END)
        return head, file.read(size)


def _is_csv_of_bits(path: str, n_columns: int) -> bool:
    """Whether every second byte is a bit, followed by a comma or, behind each row, by the end of the line."""
    from btfnet.formats.format import MARK_BYTES

    n_bytes = os.path.getsize(path)
    if n_columns < 1 or n_bytes % (2 * n_columns):
        return False
    head, tail = _ends(path, MARK_BYTES)
    return _are_bits(head, 0, n_columns) and _are_bits(tail, (n_bytes - len(tail)) // 2, n_columns)


def _are_bits(piece: bytes, n_before: int, n_columns: int) -> bool:
    """The same of a piece of whole cells, behind so many others."""
    bits, signs = piece[::2], piece[1::2]
    column = n_before % n_columns
    row = b"," * (n_columns - 1) + b"\n"
    expected = row * (len(signs) // n_columns + 2)
    return not bits.strip(b"01") and signs == expected[column : column + len(signs)]


def _values(path: str, n_columns: int, dtypes: tuple[str, ...]) -> NDArray[Any] | None:
    """Values at both ends of a two-dimensional .npy with so many columns; None where the file is none."""
    import numpy as np

    from btfnet.errors import FormatError
    from btfnet.formats.arrays.npy import read_header
    from btfnet.formats.format import MARK_BYTES

    n_bytes = os.path.getsize(path)
    try:
        with open(path, "rb") as file:
            header = read_header(path, file, "rows", n_bytes)
    except FormatError:
        return None
    if len(header.shape) != 2 or header.shape[1] != n_columns or header.dtype.name not in dtypes:
        return None
    array = np.memmap(
        path, header.dtype, "r", header.offset, (n_bytes - header.offset) // header.dtype.itemsize
    )
    return np.concatenate([array[:MARK_BYTES], array[-MARK_BYTES:]])

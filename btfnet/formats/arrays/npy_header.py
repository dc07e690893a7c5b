"""The bytes of a `.npy` file: its header, checked against them, and its array. See npy.md."""

from __future__ import annotations

import io
import math
import warnings
from io import RawIOBase
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError
from btfnet.printable import shown

MOST_AXES = 32
"""NumPy's own limit was this before it was 64; no reader here wants more than two."""


def decode(path: object, data: bytes, what: str) -> NDArray[np.generic]:
    """The array in the bytes of a `.npy` file; numbers, Booleans or text, never objects.

    Nothing larger than the data is allocated. Raises `FormatError` when header and data do not fit.
    """
    file = io.BytesIO(data)
    header = read_header(path, file, what, len(data))
    flat = np.frombuffer(data, dtype=header.dtype, offset=header.offset)
    return flat.reshape(header.shape[::-1]).T if header.fortran else flat.reshape(header.shape)


class Header(NamedTuple):
    """What the header of a `.npy` file says, and where the data begin."""

    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype[Any]
    offset: int


def read_header(path: object, file: IO[bytes] | RawIOBase, what: str, n_bytes: int) -> Header:
    """The header of a file of n_bytes, checked against that. Raises `FormatError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = np.lib.format.read_magic(file)
            reader = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }[version]
            shape, fortran, dtype = reader(file)
            size = np.dtype(dtype).itemsize
    except Exception as error:  # NumPy's header parser raises many kinds, none of them documented
        raise FormatError(
            path, None, f"{what}: this is no .npy data of version 1 or 2; save it with numpy.save."
        ) from error
    if dtype.kind not in "biufU" or dtype.hasobject or not size:
        raise FormatError(
            path,
            None,
            f"{what}: found the type {shown(str(dtype))[1:-1]}, expected numbers (objects are never read).",
        )
    if len(shape) > MOST_AXES or not all(type(extent) is int and 0 <= extent < 2**63 for extent in shape):
        raise FormatError(
            path,
            None,
            f"{what}: found the shape {shown(shape)} of {len(shape)} dimensions; expected two lengths, whole "
            f"numbers of at least 1.",
        )
    count = math.prod(shape)
    present = n_bytes - file.tell()
    if count == 0:
        raise FormatError(
            path,
            None,
            f"{what}: found the shape {shown(shape)}, which is empty; expected at least one value.",
        )
    if count * size != present:
        raise FormatError(
            path,
            None,
            f"{what}: the header promises the shape {shown(shape)} of {dtype}, that is {shown(count * size)} "
            f"bytes, but {present} follow; the file is cut short or damaged.",
        )
    return Header(shape, fortran, dtype, file.tell())

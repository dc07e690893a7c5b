"""`.npy`: one NumPy array of bits, inputs and outputs side by side. See npy.md."""

from __future__ import annotations

import io
import math
import os
import warnings
from io import RawIOBase
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import called
from btfnet.errors import DataError, FormatError, UsageError
from btfnet.files.reading import read_bytes
from btfnet.formats.format import MARK_BYTES
from btfnet.printable import shown
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind, OutputKind, booleans, booleans_and_care

ITEM_BYTES = 12
"""What a value of one byte takes until it is an item: itself, ±1, a float and the masks that check it."""
MOST_AXES = 32
"""NumPy's own limit was this before it was 64; no reader here wants more than two."""


def read(path: str | os.PathLike[str], *, n_inputs: int | None = None) -> Items:
    """The items of a `.npy` file, (n_items, n_inputs + n_outputs).

    n_inputs   how many of the columns, from the left, are inputs; 0 when they are unknown

    Raises `FormatError` as npy.md lists it.
    """
    array = decode(path, read_bytes(path, per_byte=ITEM_BYTES), "array")
    values, care = bits_and_care(path, "array", array)
    n_columns = values.shape[1]
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
    kind = InputKind.BITS if n_inputs else InputKind.UNKNOWN_BITS
    if care is not None and not care[:, :n_inputs].all():
        item, column = np.argwhere(~care[:, :n_inputs])[0]
        raise FormatError(
            path,
            None,
            f"item {item + 1} has NaN in column {column + 1}, an input; only outputs may be left open, so "
            f"give one item for each value of the input.",
        )
    return Items(
        values[:, :n_inputs].astype(np.float32),
        values[:, n_inputs:],
        kind,
        care=None if care is None else care[:, n_inputs:],
    )


def to_bytes(items: Items) -> bytes:
    """Items as one int8 array of ±1, or float32 with NaN for output bits that do not count.

    Names and the number of inputs have no place and are left out.

    Raises `UsageError` for analog or one-hot inputs and for classes.
    """
    if (
        items.input_kind not in (InputKind.BITS, InputKind.UNKNOWN_BITS)
        or items.output_kind is not OutputKind.BITS
    ):
        raise UsageError(
            f"a .npy file holds bits, but these items have {items.input_kind} inputs and "
            f"{items.output_kind} outputs; write .dat or .npz."
        )
    if items.care is None:
        outputs, dtype = items.outputs, np.int8
    else:
        outputs, dtype = np.where(items.care, items.outputs, np.nan), np.float32  # type: ignore[assignment]
    return encode(np.hstack([items.inputs, outputs]).astype(dtype))


def encode(array: NDArray[np.generic]) -> bytes:
    """An array as the bytes of a `.npy` file."""
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)
    return file.getvalue()


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


def bits(path: object, what: str, array: NDArray[np.generic]) -> NDArray[np.int8]:
    """0/1, ±1 or bool as ±1; a `FormatError` names the first value that is something else."""
    try:
        return booleans(array, what)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def bits_and_care(
    path: object, what: str, array: NDArray[np.generic]
) -> tuple[NDArray[np.int8], NDArray[np.bool_] | None]:
    """The same, where NaN does not count: also where the values count, None for everywhere."""
    try:
        return booleans_and_care(array, what)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def has_columns_of(path: str, items: Items) -> bool:
    """Whether a file holds nothing but items of as many columns, as far as its ends tell."""
    values = values_at_both_ends(path, items.inputs.shape[1] + items.n_outputs, ("int8", "float32"))
    return values is not None and bool(((np.abs(values) == 1) | np.isnan(values)).all())


def values_at_both_ends(path: str, n_columns: int, dtypes: tuple[str, ...]) -> NDArray[Any] | None:
    """Values of a two-dimensional .npy with so many columns; None where the file is none."""
    n_bytes = os.path.getsize(path)
    try:
        with open(path, "rb") as file:
            header = read_header(path, file, "rows", n_bytes)
    except FormatError:
        return None
    if len(header.shape) != 2 or header.shape[1] != n_columns or header.dtype.name not in dtypes:
        return None
    n_values = (n_bytes - header.offset) // header.dtype.itemsize
    array = np.memmap(path, header.dtype, "r", header.offset, n_values)
    return np.concatenate([array[:MARK_BYTES], array[-MARK_BYTES:]])

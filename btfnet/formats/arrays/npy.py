"""`.npy`: one NumPy array of bits, inputs and outputs side by side. See npy.md."""

from __future__ import annotations

import io
import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError, FormatError, UsageError
from btfnet.files.reading import read_bytes
from btfnet.formats.arrays.npy_header import decode, read_header
from btfnet.formats.arrays.npy_large import check_no_gaps, checked_inputs, is_large, read_in_pieces
from btfnet.formats.format import MARK_BYTES
from btfnet.problem.items import Items
from btfnet.problem.values import InputKind, OutputKind, booleans, booleans_and_care

ITEM_BYTES = 12
"""What a value of one byte takes until it is an item: itself, ±1, a float and the masks that check it."""


def read(path: str | os.PathLike[str], *, n_inputs: int | None = None) -> Items:
    """The items of a `.npy` file, (n_items, n_inputs + n_outputs).

    n_inputs   how many of the columns, from the left, are inputs; 0 when they are unknown

    Raises `FormatError` as npy.md lists it.
    """
    if is_large(path):
        return read_in_pieces(path, n_inputs)
    array = decode(path, read_bytes(path, per_byte=ITEM_BYTES), "array")
    values, care = bits_and_care(path, "array", array)
    n_inputs = checked_inputs(path, values.shape[1], n_inputs)
    kind = InputKind.BITS if n_inputs else InputKind.UNKNOWN_BITS
    if care is not None:
        check_no_gaps(path, care[:, :n_inputs], 0)
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
    inputs = items.inputs if items.packed is None else np.where(items.packed.dense(), np.int8(1), np.int8(-1))
    return encode(np.hstack([inputs, outputs]).astype(dtype))


def encode(array: NDArray[np.generic]) -> bytes:
    """An array as the bytes of a `.npy` file."""
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)
    return file.getvalue()


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
    values = values_at_both_ends(path, items.n_columns + items.n_outputs, ("int8", "float32"))
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

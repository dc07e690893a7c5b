"""The layout of safetensors: named arrays behind a header of JSON. Checkpoints and packed models use it.

    offset   size   content
    0        8      n, the length of the header, unsigned, little-endian
    8        n      the header: JSON in UTF-8, padded with spaces to a multiple of 8
    8 + n    …      the arrays, C order, little-endian, each where the header's data_offsets (from 8 + n) say

Nothing of a header is believed: names, types, shapes and offsets must fit each other, and the arrays must
fill the file without gap or overlap, before anything of their size is made.
Source: https://github.com/huggingface/safetensors, "Format".
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.files import strict_json
from btfnet.printable import shown

METADATA = "__metadata__"
MOST_AXES = 8
_KINDS = {
    "bool": "BOOL", "int8": "I8", "int16": "I16", "int32": "I32", "int64": "I64", "uint8": "U8",
    "uint16": "U16", "uint32": "U32", "uint64": "U64", "float32": "F32", "float64": "F64",
}  # fmt: skip
_DTYPES = {kind: np.dtype(name).newbyteorder("<") for name, kind in _KINDS.items()}


@dataclass(frozen=True)
class Place:
    """Where an array lies: `start` counts from the end of the header."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    start: int

    @property
    def n_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def header(
    metadata: Mapping[str, str], arrays: Iterable[tuple[str, np.dtype[Any], tuple[int, ...]]]
) -> bytes:
    """Length and header of a file that holds such arrays, one after another."""
    entries: dict[str, Any] = {METADATA: dict(metadata)}
    offset = 0
    for name, dtype, shape in arrays:
        end = offset + math.prod(shape) * dtype.itemsize
        entries[name] = {"dtype": _KINDS[dtype.name], "shape": list(shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(entries).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def parse(text: bytes, n_bytes: int) -> tuple[dict[str, str], dict[str, Place]]:
    """Metadata, and where the arrays lie in the n_bytes behind the header.

    Raises ValueError with the reason when anything does not fit.
    """
    try:
        entries = strict_json.parse(text.decode("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"its header is no JSON in UTF-8: {error}") from error
    except ValueError as error:
        raise ValueError(f"its header: {error}") from error
    if type(entries) is not dict:
        raise ValueError("its header is no object")
    metadata = entries.pop(METADATA, {})
    if type(metadata) is not dict or not all(type(value) is str for value in metadata.values()):
        raise ValueError(f"{METADATA} is no object of strings")
    places = {name: _place(name, entry) for name, entry in entries.items()}
    end = 0
    for name, place in sorted(places.items(), key=lambda item: (item[1].start, item[1].n_bytes)):
        if place.start != end:
            raise ValueError(f"{shown(name)} begins at byte {place.start} of the data, expected {end}")
        end += place.n_bytes
    if end != n_bytes:
        raise ValueError(f"the arrays take {end} bytes, but {n_bytes} follow the header")
    return metadata, places


def pack(metadata: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A whole file."""
    entries = [(name, array.dtype, array.shape) for name, array in arrays.items()]
    data = (array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes() for array in arrays.values())
    return b"".join((header(metadata, entries), *data))


def wide_first(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The same with long words first, so that all are aligned in a file."""
    return dict(sorted(arrays.items(), key=lambda pair: -pair[1].dtype.itemsize))


def part(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    """Those whose names begin so, by the rest of their names."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


def unpack(data: bytes, *, longest_header: int) -> tuple[dict[str, str], dict[str, NDArray[Any]]]:
    """Metadata and arrays of a whole file; the arrays are read-only views of the data.

    Raises ValueError with the reason when the file breaks the layout's rules.
    """
    if len(data) < 8:
        raise ValueError(f"it has {len(data)} bytes; expected at least 8")
    length = int.from_bytes(data[:8], "little")
    if length > min(longest_header, len(data) - 8):
        raise ValueError(
            f"its header claims {length} bytes, but {len(data) - 8} follow and {longest_header} are allowed"
        )
    begin = 8 + length
    metadata, places = parse(data[8:begin], len(data) - begin)
    arrays = {
        name: np.frombuffer(data, place.dtype, math.prod(place.shape), begin + place.start).reshape(
            place.shape
        )
        if place.n_bytes
        else np.empty(place.shape, place.dtype)
        for name, place in places.items()
    }
    return metadata, arrays


def _place(name: str, entry: Any) -> Place:
    if type(entry) is not dict or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"{shown(name)} has other keys than dtype, shape and data_offsets")
    kind, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if type(kind) is not str or kind not in _DTYPES:
        raise ValueError(f"{shown(name)} has the type {shown(kind)}; expected one of {', '.join(_DTYPES)}")
    if not _counts(shape) or len(shape) > MOST_AXES:
        raise ValueError(f"{shown(name)} has the shape {shown(shape)}; expected at most {MOST_AXES} lengths")
    if not _counts(offsets) or len(offsets) != 2:
        raise ValueError(f"{shown(name)} has the offsets {shown(offsets)}; expected two")
    place = Place(_DTYPES[kind], tuple(shape), offsets[0])
    if place.n_bytes != offsets[1] - offsets[0]:
        raise ValueError(
            f"{shown(name)} has the shape {shown(shape)} of {kind}, which does not fill its offsets "
            f"{shown(offsets)}"
        )
    return place


def _counts(values: Any) -> bool:
    return type(values) is list and all(type(value) is int and 0 <= value < 2**63 for value in values)

"""One checkpoint file: named arrays, generators among them, and a few values. See docs/checkpoints.md.

The layout is that of safetensors, so that any reader of those can look inside; the last tensor is the
SHA-256 of everything before it. Arrays are streamed: neither writing nor reading doubles the memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError, UsageError
from btfnet.files import strict_json, tensors
from btfnet.files.atomic import whole_or_not
from btfnet.files.reading import opened, read_into
from btfnet.printable import shown

FORMAT, VERSION = "btfnet-checkpoint", 2
DIGEST = "digest"
DIGEST_BYTES = hashlib.sha256().digest_size
CHUNK = 1 << 24
"""Bytes between two calls of the operating system."""


@dataclass(frozen=True)
class Record:
    """Values that JSON can hold, and arrays by name (read when they are asked for)."""

    values: dict[str, Any]
    arrays: Mapping[str, NDArray[Any]]

    def part(self, name: str) -> Mapping[str, NDArray[Any]]:
        """The arrays whose names start with "name.", under the rest of their names."""
        return _Part(self.arrays, f"{name}.")


def named(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The arrays under names that `Record.part` finds again."""
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def write(path: Path, record: Record) -> None:
    """Replace the file by the record, or leave everything as it was.

    Raises OSError when that cannot be done.
    """
    with whole_or_not(path, path.with_suffix(f".{secrets.randbelow(10**12)}.part")) as file:
        _write(file, record)


def packed(record: Record) -> bytes:
    """The bytes that `write` writes."""
    file = BytesIO()
    _write(file, record)
    return file.getvalue()


def unpacked(data: bytes, where: str) -> Record:
    """What `packed` made, its arrays in memory.

    where  it came from, for messages. Raises `DataError` as `read` does
    """
    size, path = len(data), Path(where)
    try:
        if size < 8 + DIGEST_BYTES or hashlib.sha256(data[:-DIGEST_BYTES]).digest() != data[-DIGEST_BYTES:]:
            raise _damaged(path, "its digest does not fit its content")
        start = 8 + int.from_bytes(data[:8], "little")
        values, places = _parse(path, size, data[8:start])
    except (ValueError, KeyError) as error:
        raise _damaged(path, f"its header says {type(error).__name__}: {error}") from error
    arrays = {
        name: np.frombuffer(data[start + place.start :][: place.n_bytes], dtype=place.dtype).reshape(
            place.shape
        )
        for name, place in places.items()
    }
    return Record(values, arrays)


def _write(file: BinaryIO, record: Record) -> None:
    digest = hashlib.sha256()
    for chunk in _chunks(record):
        digest.update(chunk)
        file.write(chunk)
    file.write(digest.digest())


def read(path: Path) -> Record:
    """The record of a file, checked from its first byte to its last; arrays are read when they are asked for.

    Raises `DataError` for a file that is damaged, cut short, or of a newer version.
    """
    try:
        with opened(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size < 8 + DIGEST_BYTES or _digest(file, size - DIGEST_BYTES) != file.read(DIGEST_BYTES):
                raise _damaged(path, "its digest does not fit its content")
            file.seek(0)
            length = int.from_bytes(file.read(8), "little")
            header = file.read(min(length, size))
        values, places = _parse(path, size, header)
    except (ValueError, KeyError) as error:
        raise _damaged(path, f"its header says {type(error).__name__}: {error}") from error
    return Record(values, _Arrays(path, 8 + len(header), places))


def overwrite(targets: Mapping[str, NDArray[Any]], saved: Mapping[str, NDArray[Any]]) -> None:
    """Give every target the content that was saved under its name.

    Raises `DataError` when a name, shape or type differs.
    """
    for name, target in targets.items():
        source = saved.get(name)
        if source is None or source.shape != target.shape or source.dtype != target.dtype:
            found = "nothing" if source is None else f"{source.dtype} {source.shape}"
            raise DataError(
                f"The checkpoint holds {found} for {name}, but this version of btfnet needs "
                f"{target.dtype} {target.shape}; go on with the version that wrote it."
            )
        target[...] = source


# -- writing ----------------------------------------------------------------------------------------------


def _chunks(record: Record) -> Iterator[bytes | memoryview]:
    """Arrays that lie in pieces elsewhere (`btfnet.ranks.records`) have `chunks` of their own."""
    metadata = {"format": FORMAT, "version": str(VERSION), "values": json.dumps(record.values)}
    arrays: dict[str, Any] = {
        name: array if hasattr(array, "chunks") else np.asarray(array, order="C")
        for name, array in record.arrays.items()
    }
    entries = [(name, array.dtype, array.shape) for name, array in arrays.items()]
    yield tensors.header(metadata, [*entries, (DIGEST, np.dtype(np.uint8), (DIGEST_BYTES,))])
    for array in arrays.values():
        if hasattr(array, "chunks"):
            yield from array.chunks()
            continue
        flat = array.reshape(-1).view(np.uint8).data
        for start in range(0, array.nbytes, CHUNK):
            yield flat[start : start + CHUNK]


# -- reading ----------------------------------------------------------------------------------------------


def _digest(file: BinaryIO | RawIOBase, n_bytes: int) -> bytes:
    digest = hashlib.sha256()
    while n_bytes > 0 and (chunk := file.read(min(CHUNK, n_bytes))):
        digest.update(chunk)
        n_bytes -= len(chunk)
    return digest.digest()


def _parse(path: Path, size: int, text: bytes) -> tuple[dict[str, Any], dict[str, tensors.Place]]:
    """Values, and where arrays lie behind the header."""
    data = 8 + len(text)
    metadata, places = tensors.parse(text, size - data)
    if metadata["format"] != FORMAT:
        raise DataError(f"{path}: is no checkpoint of btfnet, but {shown(metadata['format'])}.")
    if int(metadata["version"]) > VERSION:
        raise DataError(
            f"{path}: is a checkpoint of version {shown(metadata['version'])}, and this btfnet reads versions "
            f"up to {VERSION}; go on with the newer btfnet that wrote it."
        )
    values = strict_json.parse(metadata["values"], constants=True)
    if not isinstance(values, dict):
        raise _damaged(path, "its values are no object")
    del places[DIGEST]
    return values, places


class _Arrays(Mapping[str, NDArray[Any]]):
    """The arrays of a file; each is read anew whenever it is asked for."""

    def __init__(self, path: Path, data: int, places: dict[str, tensors.Place]) -> None:
        self._path, self._data, self._places = path, data, places

    def __getitem__(self, name: str) -> NDArray[Any]:
        place = self._places[name]
        return self._read(name, place.start, place.shape)

    def rows(self, name: str, wanted: range) -> NDArray[Any]:
        """Some rows of an array (see `shape`)."""
        place = self._places[name]
        row = place.n_bytes // max(1, place.shape[0])
        return self._read(name, place.start + wanted.start * row, (len(wanted), *place.shape[1:]))

    def shape(self, name: str) -> tuple[int, ...]:
        """Of an array; () for one that is not there."""
        return tuple(self._places[name].shape) if name in self._places else ()

    def _read(self, name: str, start: int, shape: tuple[int, ...]) -> NDArray[Any]:
        array = np.empty(shape, dtype=self._places[name].dtype)
        with opened(self._path) as file:
            file.seek(self._data + start)
            if read_into(file, array.reshape(-1).view(np.uint8).data) != array.nbytes:
                raise _damaged(self._path, f"{name} is cut short")
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Part(Mapping[str, NDArray[Any]]):
    """Those arrays of another mapping whose names start with a prefix."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]], prefix: str) -> None:
        self._arrays, self._prefix = arrays, prefix

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[self._prefix + name]

    def rows(self, name: str, wanted: range) -> NDArray[Any]:
        """Some rows of an array; the mapping can read such."""
        return self._arrays.rows(self._prefix + name, wanted)  # type: ignore[attr-defined]

    def __iter__(self) -> Iterator[str]:
        return (name.removeprefix(self._prefix) for name in self._arrays if name.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _damaged(path: Path, reason: str) -> DataError:
    return DataError(
        f"{path}: this checkpoint is damaged or cut short ({reason}). "
        f"Remove this file to go on without it: its trials start anew."
    )


KIND = "PCG64"
"""NumPy's own choice, `numpy.random.default_rng`."""
_LOW = (1 << 64) - 1


def generator_state(rng: np.random.Generator) -> NDArray[np.uint64]:
    """Everything that decides what it draws next; (6,): state, increment (low words first), half a word.

    Raises `UsageError` for a generator of another kind than `numpy.random.default_rng` makes.
    """
    state: Any = rng.bit_generator.state
    if state["bit_generator"] != KIND:
        raise UsageError(
            f"the generator is a {state['bit_generator']}, and only {KIND} can be saved; "
            f"make it by numpy.random.default_rng(seed)."
        )
    inner, increment = state["state"]["state"], state["state"]["inc"]
    words = [
        inner & _LOW,
        inner >> 64,
        increment & _LOW,
        increment >> 64,
        state["has_uint32"],
        state["uinteger"],
    ]
    return np.array(words, dtype=np.uint64)


def set_generator_state(rng: np.random.Generator, saved: NDArray[Any] | None) -> None:
    """Draw from now on what the generator whose state was saved would draw. Raises `DataError` if it is none."""
    if saved is None or saved.shape != (6,) or saved.dtype != np.uint64 or saved[4] > 1 or saved[5] >> 32:
        raise DataError(
            "The checkpoint holds no generator that this version of btfnet understands; "
            "go on with the version that wrote it."
        )
    low, high, increment_low, increment_high, has_half, half = map(int, saved)
    rng.bit_generator.state = {
        "bit_generator": KIND,
        "state": {"state": low | high << 64, "inc": increment_low | increment_high << 64},
        "has_uint32": has_half,
        "uinteger": half,
    }

"""The arrays of a `.npz` archive, unpacked only once it is known how large they are. See npz.md.

A few bytes of a zip archive may promise, or unpack to, any amount. The directory of the archive and the header of
every array are compared with each other and with the free memory before anything is unpacked, and unpacking goes
piece by piece, so that an archive that lies about a size costs no more than the size that it tells.
"""

from __future__ import annotations

import io
import math
import os
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError
from btfnet.files.reading import SHARE, UNKNOWN_MEMORY, read_bytes
from btfnet.formats.arrays.npy_header import Header, decode, read_header
from btfnet.machine import available_bytes
from btfnet.printable import shown

MOST_ARRAYS = 64
HEADER_BYTES = 1 << 14
"""NumPy reads no longer header of an array."""
VALUE_BYTES = 16
"""What checking and converting a value takes at most, beside the value itself."""
MOST_RATIO, FREE_BYTES = 500, 1 << 28
"""So many bytes for each packed one, beyond so many bytes: only runs of one and the same value pack like that."""
PIECE = 1 << 20
_DIRECTORY_ENTRY = b"PK\1\2"
_ENCRYPTED = 1


@dataclass(frozen=True)
class Archive:
    """An archive whose directory has been read, and of each array the header: shape and type."""

    path: str | os.PathLike[str]
    file: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]
    headers: dict[str, Header]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """All arrays. Raises `FormatError` where they do not fit into memory, or are damaged."""
        self._check_sizes()
        return {name: self.array(name) for name in self.entries}

    def array(self, name: str) -> NDArray[np.generic]:
        return decode(self.path, _content(self.path, self.file, self.entries[name], name), name)

    def _check_sizes(self) -> None:
        free = int(SHARE * (available_bytes() or UNKNOWN_MEMORY))
        needed = sum(
            entry.file_size + VALUE_BYTES * math.prod(self.headers[name].shape)
            for name, entry in self.entries.items()
        )
        if needed > free:
            raise FormatError(
                self.path,
                None,
                f"the arrays unpack to {_listed(self.headers)}, which take {needed / 2**30:.1f} GiB of memory, "
                f"but {free / 2**30:.1f} GiB are free; use fewer items.",
            )
        for name, entry in self.entries.items():
            if entry.file_size > FREE_BYTES and entry.file_size > MOST_RATIO * max(1, entry.compress_size):
                raise FormatError(
                    self.path,
                    None,
                    f"{name}: {entry.compress_size} bytes unpack to {entry.file_size}, so nearly all values are "
                    f"the same; if that is what you want, save it with numpy.savez, which does not compress.",
                )


def open_archive(path: str | os.PathLike[str], known: tuple[str, ...]) -> Archive:
    """The archive and what it says of its arrays, each of a known name and given once.

    known   names that are allowed; () for any
    Raises `FormatError`.
    """
    data = read_bytes(path)
    if data.count(_DIRECTORY_ENTRY) > MOST_ARRAYS:
        raise FormatError(
            path, None, f"the archive holds more than {MOST_ARRAYS} files; save only the items."
        )
    try:
        file = zipfile.ZipFile(io.BytesIO(data))
        listed = file.infolist()
    except Exception as error:  # zipfile raises many kinds on damaged archives, none of them documented
        raise FormatError(
            path, None, "this is no .npz file (a zip archive of arrays); save it with numpy.savez."
        ) from error
    entries: dict[str, zipfile.ZipInfo] = {}
    headers: dict[str, Header] = {}
    for entry in listed:
        if entry.filename in ("[Content_Types].xml", "mimetype"):
            raise FormatError(path, None, "this is a workbook or a document; save the sheet as .csv.")
    for entry in listed:
        name = entry.filename.removesuffix(".npy")
        if name in entries or (known and name not in known):
            expected = f"each once of {', '.join(known)}" if known else "each name once"
            raise FormatError(path, None, f"found the array {shown(name)}; expected {expected}.")
        _check_kind(path, entry, shown(name)[1:-1])
        start = _content(path, file, entry, shown(name)[1:-1], HEADER_BYTES)
        entries[name] = entry
        headers[name] = read_header(path, io.BytesIO(start), shown(name)[1:-1], entry.file_size)
    return Archive(path, file, entries, headers)


def _check_kind(path: object, entry: zipfile.ZipInfo, name: str) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise FormatError(path, None, f"{name}: the array is encrypted; save the file without a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FormatError(
            path, None, f"{name}: found a compression other than deflate; save it with numpy.savez."
        )


def _content(
    path: object, file: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, most: int | None = None
) -> bytes:
    """An entry, or its beginning; never more than its directory says."""
    content, left = bytearray(), entry.file_size if most is None else min(most, entry.file_size)
    try:
        with file.open(entry) as stream:
            while left > 0 and (piece := stream.read(min(left, PIECE))):
                content += piece
                left -= len(piece)
            if most is None:
                stream.read(1)  # at its end the check sum is compared
    except Exception as error:  # of zipfile and zlib, as above
        raise FormatError(
            path, None, f"{name}: the array is damaged ({shown(str(error))}); save the file again."
        ) from error
    return bytes(content)


def _listed(headers: dict[str, Header]) -> str:
    return ", ".join(f"{name} {shown(header.shape)}" for name, header in headers.items())


def scalar(path: str | os.PathLike[str], name: str) -> Any:
    """The single value of an array in an archive of any arrays; None where there is none.

    Raises `FormatError`.
    """
    archive = open_archive(path, ())
    header = archive.headers.get(name)
    return archive.array(name).item() if header is not None and math.prod(header.shape) == 1 else None

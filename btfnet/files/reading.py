"""Opening files of others, or bytes in their place: never without end, never more than fits into memory.

A path may name anything: a directory, a device that gives bytes for ever, a pipe to which nobody writes, a file
of terabytes without content. Regular files and pipes are read; everything else is refused before it is opened.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO, RawIOBase
from typing import cast

from btfnet.errors import FormatError
from btfnet.machine import available_bytes, open_flags, waits_for_writer

WRITER_SECONDS = 3.0
"""How long a pipe may be without anybody who writes to it."""
SHARE = 0.9
"""Part of the free memory that a file may take."""
UNKNOWN_MEMORY = 1 << 34
"""Bytes; where nobody says what is free."""
PIPE_BYTES = 1 << 16

_KINDS = (
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)

Path = str | os.PathLike[str]


class InMemory(os.PathLike[str]):
    """A path whose file was read already: all functions here take it, and give these bytes."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path, self.data = path, data

    def __fspath__(self) -> str:
        return os.fspath(self.path)

    def __str__(self) -> str:
        return str(self.path)


def read_bytes(path: Path, *, per_byte: float = 1.0, most: int | None = None) -> bytes:
    """The file's content.

    most       bytes that a file of this kind may have; None for any number
    per_byte   bytes of memory that the reader will take for each byte of the file, these included
    Raises `FormatError` when the file is missing, no file, unreadable, or too large for the memory that is free.
    """
    pieces = list(pieces_that_fit(path, None, per_byte=per_byte, most=most))
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def pieces_of(path: Path, size: int) -> Iterator[bytes]:
    """The file's content in pieces of at most so many bytes; errors as in `read_bytes`, but any length."""
    with opened(path) as file:
        yield from _pieces(file, path, size)


def pieces_that_fit(
    path: Path, size: int | None, *, per_byte: float = 1.0, most: int | None = None
) -> Iterator[bytes]:
    """The same for whoever keeps what is in them, None for one piece; refused as by `read_bytes`."""
    fits = int(SHARE * (available_bytes() or UNKNOWN_MEMORY) / per_byte)
    total = 0
    with opened(path) as file:
        n_bytes = size_of(file)
        _check_size(path, n_bytes, fits, most)
        for piece in _pieces(file, path, size or (n_bytes + 1 if n_bytes else PIPE_BYTES)):
            total += len(piece)
            _check_size(path, total, fits, most)
            yield piece


def size_of(file: RawIOBase) -> int:
    """Bytes of an opened file; 0 of a pipe."""
    return file.getbuffer().nbytes if isinstance(file, BytesIO) else os.fstat(file.fileno()).st_size


def read_into(file: RawIOBase, view: memoryview) -> int:
    """Fill the view from the file; how many bytes there were, fewer only at its end."""
    filled = 0
    while filled < len(view) and (count := file.readinto(view[filled:])):
        filled += count
    return filled


def _check_size(path: Path, n_bytes: int, fits: int, most: int | None) -> None:
    if most is not None and n_bytes > most:
        raise FormatError(
            path,
            None,
            f"the file has {_size(n_bytes)} or more; a file of this kind has at most {_size(most)}.",
        )
    if n_bytes > fits:
        raise FormatError(
            path,
            None,
            f"the file has {_size(n_bytes)} or more, but the free memory allows {_size(fits)} of this kind; "
            f"use fewer items or a smaller circuit, or a machine with more memory.",
        )


@contextmanager
def opened(path: Path) -> Iterator[RawIOBase]:
    """A regular file or a pipe, open for reading; errors of the system inside become `FormatError`."""
    if isinstance(path, InMemory):
        yield cast("RawIOBase", BytesIO(path.data))
        return
    try:
        _check_kind(path)
        flags = open_flags("O_NONBLOCK", "O_BINARY", "O_CLOEXEC", "O_NOCTTY")
        with open(os.open(path, os.O_RDONLY | flags), "rb", buffering=0) as file:
            yield file
    except FileNotFoundError as error:
        raise FormatError(path, None, "there is no such file; check its name and place.") from error
    except IsADirectoryError as error:
        raise FormatError(path, None, "this is a directory; name a file in it.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FormatError(path, None, f"the file cannot be read ({reason}).") from error


def is_pipe(path: Path) -> bool:
    """Whether there is a pipe of this name, such as `<(…)` of a shell."""
    with suppress(OSError, ValueError):
        return stat.S_ISFIFO(os.stat(path).st_mode)
    return False


def _check_kind(path: Path) -> None:
    status = os.stat(path)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError
    for is_kind, name in _KINDS:
        if is_kind(status.st_mode) and status.st_rdev != os.stat(os.devnull).st_rdev:
            raise FormatError(path, None, f"this is {name}; name a file, or a pipe.")


def _pieces(file: RawIOBase, path: Path, size: int) -> Iterator[bytes]:
    if not isinstance(file, BytesIO) and stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
        yield from _pipe_pieces(file.fileno(), path, size)
    else:
        while piece := file.read(size):
            yield piece


def _pipe_pieces(pipe: int, path: Path, size: int) -> Iterator[bytes]:
    """What comes through a pipe, until all who write have closed it; not blocking, so that nobody is missed."""
    has_writer = waits_for_writer(pipe)
    deadline, begun = time.monotonic() + WRITER_SECONDS, False
    while True:
        try:
            piece = os.read(pipe, size)
        except BlockingIOError:  # somebody has it open, and takes their time
            begun = True
            if has_writer is None:
                time.sleep(0.05)
            else:
                has_writer(None)
            continue
        if piece:
            begun = True
            yield piece
        elif begun or has_writer is None or not has_writer(50):  # closed
            return
        elif time.monotonic() > deadline:
            raise FormatError(
                path,
                None,
                "this is a pipe to which nobody writes; start the program that writes to it first.",
            )


def check_room(path: Path, line: int | None, n_bytes: int, what: str) -> None:
    """Raise `FormatError` when what a file is about to become does not fit into memory."""
    free = int(SHARE * (available_bytes() or UNKNOWN_MEMORY))
    if n_bytes > free:
        raise FormatError(
            path,
            line,
            f"{what} take {_size(n_bytes)} of memory, but {_size(free)} are free; use fewer items.",
        )


def _size(n_bytes: int) -> str:
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB")):
        if n_bytes >= unit:
            return f"{n_bytes / unit:.1f} {name}"
    return f"{n_bytes} bytes"


def both_ends(path: str | os.PathLike[str], size: int) -> tuple[bytes, bytes]:
    """So many bytes, or all there are, from the beginning and from the end of a file."""
    with open(path, "rb") as file:
        head = file.read(size)
        file.seek(-min(size, os.fstat(file.fileno()).st_size), os.SEEK_END)
        return head, file.read(size)

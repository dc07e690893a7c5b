"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from btfnet.errors import OutputError
from btfnet.machine import open_flags


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write UTF-8 text with "\\n" line ends; see `write_bytes`."""
    write_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Replace the file at `path` by `data`, or leave everything as it was.

    The data go to a new file in the same directory, which takes the old one's place once it is on the disk.
    A link is followed; what is not a regular file (a pipe, /dev/stdout) is written to directly.

    Raises `OutputError` when the file cannot be written.
    """
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write to piece by piece; it takes the place of the one at `path` when the block ends well.

    Where the block ends in an exception, everything is as it was. See `write_bytes`.

    Raises `OutputError` when the file cannot be written.
    """
    try:
        mode = os.stat(path).st_mode if os.path.exists(path) else None
        if mode is None or stat.S_ISREG(mode):
            with _replacing(Path(os.path.realpath(path)), mode) as file:
                yield file
        else:  # under its own name: what /dev/stdout leads to has none when it is a pipe
            with open(path, "wb") as file:
                yield file
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(
            f"{path}: cannot be written ({reason}); nothing was changed. Choose another place."
        ) from error


@contextmanager
def _replacing(target: Path, mode: int | None) -> Iterator[BinaryIO]:
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(0, "the file is write-protected")
    with whole_or_not(target, target.parent / f".btfnet-{secrets.token_hex(8)}.part", mode) as file:
        yield file


@contextmanager
def whole_or_not(target: Path, part: Path, mode: int | None = None) -> Iterator[BinaryIO]:
    """A file to write to piece by piece under the name `part`, which becomes `target` once it is on the disk.

    part   in the same directory; no such file may be there
    mode   the rights of the target, None for the usual ones
    Where the block ends in an exception, an interrupt too, the part is removed. Raises `OSError`.
    """
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | open_flags("O_BINARY"), 0o666)
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(part, stat.S_IMODE(mode))
        os.replace(part, target)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise

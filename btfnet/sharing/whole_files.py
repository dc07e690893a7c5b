"""Files that appear whole or not at all, and in one place only once: what NFS and parallel file systems promise.

A hard link is made by one process alone, however many try. Directories are listed rather than asked for a name:
clients of NFS remember for a while that a file is not there, but look again when a directory is opened.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

PART = ".part"


def names(folder: Path) -> set[str] | None:
    """Of the files in a folder; None where it cannot be listed now."""
    try:
        return set(os.listdir(folder))
    except OSError:
        return None


def content(path: Path) -> bytes | None:
    """Of a file; None where it cannot be read now."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def create(path: Path, data: bytes, *, durable: bool = False) -> bool:
    """Make a file that was not there, whole; False where somebody else has made it.

    durable  wait until it is on the disk. Raises `OSError` where it cannot be made.
    """
    part = _written(path.parent, data, durable)
    try:
        os.link(part, path)
        return True
    except FileExistsError:
        return os.stat(part).st_nlink == 2  # NFS may have done it, and say so too late
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def replace(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Make a file, or put another in its place. Raises `OSError` where that cannot be done."""
    part = _written(path.parent, data, durable)
    try:
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def remove(path: Path) -> None:
    """Where that can be done."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _written(folder: Path, data: bytes, durable: bool) -> Path:
    part = folder / f"{secrets.token_hex(8)}{PART}"
    try:
        with open(part, "xb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return part

"""Where compiled kernels are kept: folders whose names say which sources they are of, and when old ones go."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from btfnet.machine import user_cache, user_number

HERE = Path(__file__).resolve().parent
UNUSED_SECONDS = 60 * 24 * 3600
"""A folder of other sources goes when nothing was written to it, or loaded from it, for so long."""
_FOLDER_NAME = re.compile(r"(btfnet|kernels)-[0-9a-f]{12}")
_FILE_SUFFIXES = (".kernel", ".done", ".tmp")


def sources_digest(folder: Path = HERE) -> str:
    """Changes whenever any kernel file does, at any depth: a kernel holds the code of those that it calls."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


SOURCES = sources_digest()


def folders() -> Iterator[Path]:
    """Where kernels may be, best first: in the package, in the user's cache folder; or below NUMBA_CACHE_DIR.

    The others count beside the named one only where that cannot be written to; where none can, a folder of the
    user's own among the temporary ones does, so that no home is no reason to compile in every run. Read at every
    use, so that a process may be given a folder of its own. None of them need exist.
    """
    given, user = os.environ.get("NUMBA_CACHE_DIR"), user_cache()
    if given:
        named = Path(given).absolute() / f"btfnet-{SOURCES}"
        yield named
        if can_be_written(named):
            return
    usual = [HERE / "__pycache__" / f"btfnet-{SOURCES}"]
    usual += [] if user is None else [user / "btfnet" / f"kernels-{SOURCES}"]
    yield from usual
    if not any(map(can_be_written, usual)):
        private = _private_folder()
        if private is not None:
            yield private / f"kernels-{SOURCES}"


def can_be_written(folder: Path) -> bool:
    """Whether a file may be made in a folder, or the folder itself where it is missing."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _private_folder() -> Path | None:
    """A folder among the temporary ones that nobody but this user can read or write; None where there is none.

    What lies there is run, so that a folder which somebody else has made, or could write to, is not taken.
    """
    user = user_number()
    if user is None:
        return None
    try:
        folder = Path(tempfile.gettempdir()) / f"btfnet-{user}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        status = folder.lstat()
    except OSError:
        return None
    private = stat.S_ISDIR(status.st_mode) and status.st_uid == user and not status.st_mode & 0o077
    return folder if private else None


def note_use(folder: Path) -> None:
    """Let a folder look used today, for `remove_unused` of other versions."""
    with suppress(OSError):
        if time.time() - folder.stat().st_mtime > UNUSED_SECONDS / 60:
            os.utime(folder)


def remove_unused(beside: Path) -> None:
    """Remove what other sources kept beside a folder that has just been made, if it is unused for UNUSED_SECONDS.

    Only files of the cache's own go, and a folder only when nothing else is in it. A process that should still
    want them has them in memory, or compiles them again.
    """
    for folder in beside.parent.iterdir():
        if folder == beside or folder.is_symlink() or not _FOLDER_NAME.fullmatch(folder.name):
            continue
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > UNUSED_SECONDS:
                for path in folder.iterdir():
                    if path.suffix in _FILE_SUFFIXES:
                        path.unlink()
                folder.rmdir()

"""The files that commands write: never onto what they read, nor, without --force, onto what is of another kind.

One rule for all of them (export, predict, inspect --draw, problems --write):

- what a command reads, it does not overwrite, by whatever name (a link, another spelling), not even with --force;
- a file of the same kind, which btfnet wrote (circuits.py, items.py and rows.py say how that is known), or an
  empty one, is replaced, whole or not at all, so that a command can be repeated, also after another training;
- any other file that exists is replaced with --force only;
- what is no regular file (a pipe, a device) is written to.

Nothing is read as a whole to tell its kind: a look at both ends costs nothing beside the work.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import FormatError, OutputError
from btfnet.formats.arrays.npy import read_header
from btfnet.formats.format import MARK_BYTES

STANDARD_INPUT = "-"


def check_output(out: str, inputs: Iterable[str | os.PathLike[str] | None]) -> None:
    """Raise `OutputError` where `out` is a directory, or a file that the command reads; before any work.

    inputs  files, directories of runs (whose files count), - for standard input, None for what was not given
    """
    if os.path.isdir(out):
        raise OutputError(f"{out}: this is a directory; name a file to write.")
    for path in inputs:
        for read in [] if path is None else _files(path):
            if _same(out, read):
                also = "" if str(read) == str(out) else f" ({read})"
                raise OutputError(
                    f"{out}: is read by this very command{also}, and would be lost; choose another name to write."
                )


def check_replaceable(out: str, what: str, is_own: Callable[[], bool], *, force: bool) -> None:
    """Raise `OutputError` where a regular file is that holds anything, and is not what a command would write.

    is_own  whether it is, for a file that is not empty; one that cannot be read (OSError) is nobody's
    """
    if force or not _is_regular(out) or not os.path.getsize(out):
        return
    if not _is_true(is_own):
        raise OutputError(
            f"{out}: exists already, and is not {what}; nothing was changed. Add --force to replace it, or choose "
            f"another name."
        )


def both_ends(path: str, size: int) -> tuple[bytes, bytes]:
    """So many bytes, or all there are, from the beginning and from the end of a file."""
    with open(path, "rb") as file:
        head = file.read(size)
        file.seek(-min(size, os.fstat(file.fileno()).st_size), os.SEEK_END)
        return head, file.read(size)


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


def _is_true(is_own: Callable[[], bool]) -> bool:
    try:
        return is_own()
    except OSError:
        return False


def _is_regular(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _files(path: str | os.PathLike[str]) -> list[str | os.PathLike[str]]:
    """The file itself, or those of a run's directory."""
    if not os.path.isdir(path):
        return [path]
    with os.scandir(path) as entries:
        return [entry.path for entry in entries if entry.is_file()]


def _same(out: str, read: str | os.PathLike[str]) -> bool:
    """Whether both are one regular file, however they are spelled or linked."""
    if not _is_regular(out):
        return False
    try:
        there = os.fstat(0) if str(read) == STANDARD_INPUT else os.stat(read)
        return os.path.samestat(os.stat(out), there)
    except (OSError, ValueError):
        return False

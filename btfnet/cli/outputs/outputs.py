"""The files that commands write: never onto what they read, nor, without --force, onto what is of another kind.

One rule for all of them (export, predict, inspect --draw, problems --write):

- what a command reads, it does not overwrite, by whatever name (a link, another spelling), not even with --force;
- a file of the same kind, which btfnet wrote (own_files.py says how that is known), or an empty one, is
  replaced, whole or not at all, so that a command can be repeated, also after another training;
- any other file that exists is replaced with --force only;
- what is no regular file (a pipe, a device) is written to.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from btfnet.cli.outputs import own_files
from btfnet.errors import OutputError

if TYPE_CHECKING:
    from btfnet.formats import Items
    from btfnet.logic.circuit import Circuit

STANDARD_INPUT = "-"
WRITING = "writing circuits"

force_option = click.option(
    "--force",
    is_flag=True,
    help="Replace any file but those that are read; without it, only one of the same kind that btfnet wrote, "
    "or an empty one.",
)


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


def check_circuit(out: str, *, force: bool) -> None:
    """Raise `UsageError` where the suffix names no netlist, model or drawing, `OutputError` where a file is that
    may not be replaced by one; before any work.
    """
    from btfnet.formats.format import Holds
    from btfnet.formats.writing import checked_suffix

    suffix = checked_suffix(out, WRITING, Holds.CIRCUIT, Holds.DRAWING)
    what = f"a {suffix} file that btfnet wrote"
    _check_replaceable(out, what, lambda: own_files.is_circuit(out), force=force)


def check_rows(out: str, n_columns: int, *, force: bool) -> None:
    """Raise `OutputError` where a file is that may not be replaced by rows of so many bits; before any work."""
    what = f"a file of nothing but rows of {n_columns} values, each 0 or 1"
    _check_replaceable(out, what, lambda: own_files.is_rows(out, n_columns), force=force)


def put_circuit(out: str, circuit: Circuit, *, force: bool) -> None:
    """Write a circuit in the format that the suffix names; .svg and .png are drawings.

    Raises as `check_circuit`.
    """
    from btfnet.formats.format import Holds
    from btfnet.formats.writing import write_thing

    check_circuit(out, force=force)
    write_thing(out, circuit, WRITING, Holds.CIRCUIT, Holds.DRAWING)


def put_items(out: str, items: Items, *, force: bool) -> None:
    """The same for items: an .npz that btfnet wrote may be replaced, and another file with the same columns."""
    from btfnet import formats
    from btfnet.formats.format import Holds
    from btfnet.formats.writing import checked_suffix

    suffix = checked_suffix(out, "items", Holds.ITEMS)
    what = "an .npz file that btfnet wrote" if suffix == ".npz" else f"a {suffix} file of the same columns"
    _check_replaceable(out, what, lambda: own_files.is_items(out, items), force=force)
    formats.write_items(out, items)


def circuit_bytes(suffix: str, circuit: Circuit) -> bytes:
    """What a file of that suffix (with its dot) holds of a circuit."""
    from btfnet.formats.format import Holds
    from btfnet.formats.writing import bytes_of

    return bytes_of(suffix, circuit, Holds.CIRCUIT)


def _check_replaceable(out: str, what: str, is_own: Callable[[], bool], *, force: bool) -> None:
    """Raise `OutputError` where a regular file is that holds anything, and is not what a command would write."""
    if force or not _is_regular(out) or not os.path.getsize(out):
        return
    if not _is_true(is_own):
        raise OutputError(
            f"{out}: exists already, and is not {what}; nothing was changed. Add --force to replace it, or choose "
            f"another name."
        )


def _is_true(is_own: Callable[[], bool]) -> bool:
    """A file that cannot be read is nobody's."""
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

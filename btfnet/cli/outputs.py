"""The files that commands write: never onto what they read, and onto what exists only with --force.

One rule for all of them (export, predict, inspect --draw, problems --write):

- what a command reads, it does not overwrite, by whatever name (a link, another spelling), not even with --force;
- a file that exists is replaced with --force only. One that holds already what would be written stays as it is,
  and the command succeeds, so that a command can be repeated;
- what is no regular file (a pipe, a device) is written to.
"""

from __future__ import annotations

import filecmp
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from btfnet.errors import OutputError

if TYPE_CHECKING:
    from btfnet.circuit import Circuit
    from btfnet.formats import Items

STANDARD_INPUT = "-"
DRAWINGS = (".svg", ".png")
COMPARED_BYTES = 1 << 20

force_option = click.option(
    "--force",
    is_flag=True,
    help="Replace what exists already; without it only the same content may be there.",
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


def check_new(out: str, *, force: bool) -> None:
    """Raise `OutputError` where a regular file exists that may not be replaced; before long work."""
    if not force and _is_regular(out):
        raise _exists(out)


@contextmanager
def opened(out: str, *, force: bool) -> Iterator[BinaryIO]:
    """What takes the bytes of a file; it appears, or changes, only when the block ends well.

    Raises `OutputError` as soon as the bytes differ from those of a file that may not be replaced.
    """
    from btfnet.formats.atomic import replacing

    if force or not _is_regular(out):
        with replacing(out) as file:
            yield file
        return
    with _Compared(out) as compared:
        yield cast(BinaryIO, compared)
        compared.finish()


def put_circuit(out: str, circuit: Circuit, *, force: bool) -> None:
    """Write a circuit in the format that the suffix names; .svg and .png are drawings.

    Raises `OutputError` where another content is there that may not be replaced.
    """
    check_circuit_suffix(out)
    _put(out, lambda path: _write_circuit(path, circuit), force=force)


def put_items(out: str, items: Items, *, force: bool) -> None:
    """The same for items."""
    from btfnet import formats
    from btfnet.formats.items import check_items_suffix

    check_items_suffix(out)
    _put(out, lambda path: formats.write_items(path, items), force=force)


def circuit_bytes(suffix: str, circuit: Circuit) -> bytes:
    """What a file of that suffix (with its dot) holds of a circuit."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"circuit{suffix}"
        _write_circuit(path, circuit)
        return path.read_bytes()


def check_circuit_suffix(out: str) -> None:
    """Raise `UsageError` where the suffix names no netlist, model or drawing."""
    from btfnet.formats import CIRCUITS_OUT
    from btfnet.formats.items import unknown_suffix
    from btfnet.formats.recognise import suffix_of

    if suffix_of(out) not in (*CIRCUITS_OUT, *DRAWINGS):
        raise unknown_suffix(out, "writing circuits", (*CIRCUITS_OUT, *DRAWINGS))


def _write_circuit(path: str | Path, circuit: Circuit) -> None:
    from btfnet import formats
    from btfnet.circuit.draw import draw_svg
    from btfnet.circuit.png import draw_png
    from btfnet.formats.atomic import write_bytes, write_text

    suffix = Path(path).suffix.lower()
    if suffix == ".svg":
        write_text(path, draw_svg(circuit))
    elif suffix == ".png":
        write_bytes(path, draw_png(circuit))
    else:
        formats.write_circuit(path, circuit)


def _put(out: str, write: Callable[[str | Path], None], *, force: bool) -> None:
    """Write, or, where a file is that may not be replaced, see whether it holds the same."""
    if force or not _is_regular(out):
        write(out)
        return
    with TemporaryDirectory() as folder:
        fresh = Path(folder) / Path(out).name
        write(fresh)
        if not _readable(out) or not filecmp.cmp(fresh, out, shallow=False):
            raise _exists(out)


class _Compared:
    """Takes bytes and raises `OutputError` once they differ from the file's; writes nothing."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> _Compared:
        if not _readable(self._path):
            raise _exists(self._path)
        self._file = open(self._path, "rb")
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        view = memoryview(data).cast("B")
        for first in range(0, len(view), COMPARED_BYTES):
            piece = view[first : first + COMPARED_BYTES]
            if self._file.read(len(piece)) != piece:
                raise _exists(self._path)
        return len(view)

    def seek(self, _: int) -> int:
        """Whoever goes back to write another number of rows does so because it differs."""
        raise _exists(self._path)

    def finish(self) -> None:
        if self._file.read(1):
            raise _exists(self._path)


def _exists(out: str) -> OutputError:
    return OutputError(
        f"{out}: exists already, with another content; nothing was changed. "
        f"Add --force to replace it, or choose another name."
    )


def _readable(path: str) -> bool:
    return os.access(path, os.R_OK)


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

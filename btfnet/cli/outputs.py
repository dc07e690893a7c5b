"""The files that commands write: never onto what they read, nor, without --force, onto what is of another kind.

One rule for all of them (export, predict, inspect --draw, problems --write):

- what a command reads, it does not overwrite, by whatever name (a link, another spelling), not even with --force;
- a file of the same kind, which btfnet wrote (the registry of formats knows how to tell), or an empty one, is
  replaced, whole or not at all, so that a command can be repeated, also after another training;
- any other file that exists is replaced with --force only;
- what is no regular file (a pipe, a device) is written to.

Nothing is read as a whole to tell its kind: a look at both ends costs nothing beside the work.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import similar
from btfnet.errors import OutputError, UsageError
from btfnet.files.atomic import replacing
from btfnet.files.reading import both_ends
from btfnet.formats import CIRCUITS_OUT
from btfnet.formats.arrays.npy import values_at_both_ends
from btfnet.formats.arrays.npy_rows import RowWriter
from btfnet.formats.by_suffix import bytes_of, checked_suffix, write_items, write_thing
from btfnet.formats.csv.rows import csv_text
from btfnet.formats.format import MARK_BYTES, Holds
from btfnet.formats.recognise import names_of_formats, suffix_called, suffix_of
from btfnet.formats.registry import FORMATS, writable
from btfnet.logic.circuit import Circuit
from btfnet.problem.items import Items

STANDARD_INPUT = "-"
WRITING = "writing circuits"


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


def check_circuit(out: str, *, force: bool) -> None:
    """Raise `UsageError` where the suffix names no netlist, model or drawing, `OutputError` where a file is that
    may not be replaced by one; before any work.
    """
    suffix = checked_suffix(out, WRITING, Holds.CIRCUIT, Holds.DRAWING)
    _check_mark(out, suffix, force=force)


def put_circuit(out: str, circuit: Circuit, *, force: bool) -> None:
    """Write a circuit in the format that the suffix names; raises as `check_circuit`."""
    check_circuit(out, force=force)
    write_thing(out, circuit, WRITING, Holds.CIRCUIT, Holds.DRAWING)


def takes_raw_rows(out: str) -> bool:
    """Whether the suffix names a format that holds what a table's model does with raw rows."""
    return suffix_of(out) in writable(Holds.RULE)


def circuit_bytes(suffix: str, circuit: Circuit) -> bytes:
    """What a file of that suffix (with its dot) holds of a circuit."""
    return bytes_of(suffix, circuit, Holds.CIRCUIT)


def put_items(out: str, items: Items, *, force: bool) -> None:
    """Write items. Raises `UsageError` for a suffix that names no format of items, `OutputError` where a file is
    that may not be replaced.
    """
    suffix = checked_suffix(out, "items", Holds.ITEMS)
    has_same_columns = FORMATS[suffix].same_columns
    if has_same_columns is None:
        _check_mark(out, suffix, force=force)
    else:
        what = f"a {suffix} file of the same columns"
        check_replaceable(out, what, lambda: has_same_columns(out, items), force=force)
    write_items(out, items)


def _check_mark(out: str, suffix: str, *, force: bool) -> None:
    is_own = FORMATS[suffix].is_own
    what = f"a {suffix} file that btfnet wrote"
    check_replaceable(out, what, lambda: is_own(*both_ends(out, MARK_BYTES)), force=force)


def check_writable(path: str | None) -> None:
    """Raise `UsageError` when the suffix names no format that `sink` knows."""
    if path is not None and Path(path).suffix.lower() not in (".csv", ".npy"):
        raise UsageError(f"{path}: rows of outputs are written as .csv or .npy.")


def check_rows(out: str, n_columns: int, *, force: bool) -> None:
    """Raise `OutputError` where a file is that may not be replaced by rows of so many bits; before any work."""
    what = f"a file of nothing but rows of {n_columns} values, each 0 or 1"
    check_replaceable(out, what, lambda: _holds_rows(out, n_columns), force=force)


@contextmanager
def sink(
    path: str | None, n_outputs: int, n_rows: int | None
) -> Iterator[Callable[[NDArray[np.int8]], object]]:
    """The function that takes rows of 0 and 1: to .csv or .npy, by the suffix, or to standard output.

    A file appears, or changes, only once all rows are written; `check_rows` has said that it may.
    """
    if path is None:
        yield lambda rows: click.echo(csv_text(rows), nl=False)
        return
    as_csv = Path(path).suffix.lower() == ".csv"
    if n_rows is None and not as_csv and os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"{path}: how many rows come is unknown before the end; write .csv to a pipe.")
    with replacing(path) as file:
        if as_csv:
            yield lambda rows: file.write(csv_text(rows))
            return
        writer = RowWriter(file, n_outputs, n_rows)
        yield writer.write
        writer.close()


def _holds_rows(path: str, n_columns: int) -> bool:
    """Whether the file holds rows of so many 0 and 1."""
    if Path(path).suffix.lower() == ".npy":
        values = values_at_both_ends(path, n_columns, ("int8", "uint8"))
        return values is not None and bool(((values == 0) | (values == 1)).all())
    n_bytes = os.path.getsize(path)
    if n_columns < 1 or n_bytes % (2 * n_columns):
        return False
    head, tail = both_ends(path, MARK_BYTES)
    return _are_bits(head, 0, n_columns) and _are_bits(tail, (n_bytes - len(tail)) // 2, n_columns)


def _are_bits(piece: bytes, n_before: int, n_columns: int) -> bool:
    """Whether whole cells of a .csv file, behind so many others, are bits, each followed by a comma or, at the end
    of a row, by the end of the line.
    """
    bits, signs = piece[::2], piece[1::2]
    column = n_before % n_columns
    row = b"," * (n_columns - 1) + b"\n"
    expected = row * (len(signs) // n_columns + 2)
    return not bits.strip(b"01") and signs == expected[column : column + len(signs)]


def checked_netlist(options: dict[str, Any]) -> str | None:
    """The suffix of the netlist's format, without its dot; the options have it in place of what was given.

    Raises `UsageError` for what is no format, and where --json leaves no place for the netlist.
    """
    if options["netlist"] is None:
        return None
    given = str(options["netlist"])
    netlist = options["netlist"] = suffix_called(given).removeprefix(".")
    if f".{netlist}" not in CIRCUITS_OUT:
        known = [suffix[1:] for suffix in CIRCUITS_OUT]
        near = similar(given, [*known, *names_of_formats()])
        raise UsageError(f"--netlist is {given!r}{near} Choose one of {', '.join(known)}.")
    if options["json"] and not options["out"]:
        raise UsageError(
            "--netlist with --json needs --out, because --json prints one object and nothing else."
        )
    return netlist

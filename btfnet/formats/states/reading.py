"""`read_observations`: files of states as the observations of one automaton."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from btfnet.arguments import FLAG, PATH, called, is_list, need, optional
from btfnet.errors import DataError, FormatError, UsageError, path_shown
from btfnet.files.reading import InMemory, Path, read_bytes
from btfnet.files.text import TEXT_BYTES, decoded
from btfnet.formats.states.arrays import Array, array_of_npy, array_of_npz
from btfnet.formats.states.pattern import HEADER, pieces_of_cells, pieces_of_rle
from btfnet.formats.states.runs import check_shapes, looks_like_grid, runs_of_files, runs_of_pieces
from btfnet.formats.states.snapshots import Piece, Run
from btfnet.formats.states.text import pieces_of_text
from btfnet.rules.observations import UNKNOWN, Observations

MAX_BYTES = 1 << 26
"""Of a text: 64 million cells."""
MAX_FILES = 4096
_NPY, _NPZ = b"\x93NUMPY", b"PK\x03\x04"


def read_observations(
    paths: Path | Sequence[Path],
    *,
    grid: bool | None = None,
    steps: int | None = None,
    times: Sequence[int] | None = None,
    periodic: bool = True,
) -> Observations:
    """The states that files hold: rows of digits, grids separated by empty lines, `.npy`, `.npz`, and Life's
    `.cells` and `.rle`; `btfnet formats states` says how they are written.

    paths     one file, or several: those of one state each are successive, those of several are runs
    grid      whether the cells lie on a grid; None: where nobody can doubt it
    steps     between two observations; None: 1, or what the file says
    times     in steps, of each observation, in place of `steps`
    periodic  whether what lies beyond an end is the other end; else it is in state 0
    Raises `FormatError` when a file breaks its format's rules, `UsageError` for arguments that do not fit it.
    """
    need("read_observations", grid=(grid, optional(FLAG)), periodic=(periodic, FLAG))
    files: list[Any] = list(paths) if is_list(paths) else [paths]  # type: ignore[arg-type]
    if not 1 <= len(files) <= MAX_FILES:
        raise UsageError(f"read_observations: {len(files)} files; expected 1 to {MAX_FILES}.")
    for file in files:
        need("read_observations", paths=(file, PATH))
    found = [_read(file) for file in files]
    arrays = [each for each in found if isinstance(each, Array)]
    if arrays and len(found) > 1:
        raise FormatError(
            arrays[0].path, None, "an array holds all states; give it alone, or all files as text."
        )
    try:
        if arrays:
            return _of_array(arrays[0], grid, steps, times, periodic)
        return _of_pieces([each for each in found if isinstance(each, list)], grid, steps, times, periodic)
    except FormatError:
        raise
    except DataError as error:
        raise FormatError(files[0], None, str(error)) from error


def read(path: Path) -> Observations:
    """As the registry of formats calls it: one file, as it says itself."""
    return read_observations(path)


def _read(path: Path) -> list[Piece] | Array:
    data = read_bytes(
        path, per_byte=TEXT_BYTES, most=None if _suffix(path) in (".npy", ".npz") else MAX_BYTES
    )
    file = InMemory(path, data)
    if data.startswith(_NPY) or _suffix(path) == ".npy":
        return array_of_npy(file)
    if data.startswith(_NPZ) or _suffix(path) == ".npz":
        return array_of_npz(file)
    text = decoded(path, data)
    if _suffix(path) == ".cells":
        return pieces_of_cells(path, text)
    if _suffix(path) == ".rle" or any(HEADER.fullmatch(line) for line in text[:4096].split("\n")):
        return pieces_of_rle(path, text)
    pieces = pieces_of_text(path, text)
    if not pieces:
        raise FormatError(path, None, "found no states; expected rows of digits such as 0110.")
    return pieces


def _suffix(path: Path) -> str:
    return os.path.splitext(os.fspath(path))[1].lower()


def _of_array(
    array: Array, grid: bool | None, steps: int | None, times: Sequence[int] | None, periodic: bool
) -> Observations:
    axes = array.states.ndim
    if grid is None:
        grid = axes == 4 or (axes == 3 and _is_grid(array))
    if axes < 2 + grid or axes > 3 + grid:
        raise FormatError(
            array.path,
            None,
            f"found {axes} axes; expected {'times, height, width' if grid else 'times, cells'}, and runs before "
            f"these or not.",
        )
    moments = _one_of(array.path, array.times, steps, times)
    return Observations.of(array.states, steps=steps, times=moments, grid=grid, periodic=periodic)


def _is_grid(array: Array) -> bool:
    height, width = array.states.shape[1:]
    looks = looks_like_grid([(height, width)])
    if looks is None:
        raise UsageError(_which(array.path, f"found the shape {array.states.shape}"))
    return looks


def _of_pieces(
    files: list[list[Piece]],
    grid: bool | None,
    steps: int | None,
    times: Sequence[int] | None,
    periodic: bool,
) -> Observations:
    everything = [piece for pieces in files for piece in pieces]
    if grid is None:
        grid = _guess(everything)
    if not grid and any(piece.grid for piece in everything):
        raise UsageError(f"{path_shown(everything[0].path)}: is a grid; leave out {called('grid')}.")
    runs = runs_of_files([runs_of_pieces(pieces, grid=grid) for pieces in files])
    check_shapes(runs)
    said = any(snapshot.time is not None for run in runs for snapshot in run)
    moments = _times_of(runs) if said else None
    chosen = _one_of(everything[0].path, moments, steps, times)
    if moments is None:
        longest = max(map(len, runs))
        for run in runs:
            if len(run) != longest:
                raise FormatError(
                    run[0].path, run[0].line,
                    f"this run has {len(run)} states, another one {longest}; give as many for each, or times in "
                    f"lines before them, such as t = 0.",
                )  # fmt: skip
    states = _gathered(runs, moments)
    return Observations.of(states, steps=steps, times=chosen, grid=grid, periodic=periodic)


def _guess(pieces: list[Piece]) -> bool:
    """Whether the pieces are grids. Raises `UsageError` where both may be meant."""
    if any(piece.grid for piece in pieces):
        return True
    blocks_of_runs = Counter((str(piece.path), piece.run) for piece in pieces if piece.run)
    if len(pieces) == 1 or all(piece.height == 1 for piece in pieces) or set(blocks_of_runs.values()) == {1}:
        return False
    if all(piece.time is not None and piece.height > 1 for piece in pieces):
        return True
    looks = looks_like_grid([(piece.height, piece.width) for piece in pieces])
    if looks is None:
        first = pieces[0]
        raise UsageError(
            _which(
                first.path,
                f"found {len(pieces)} blocks, the first of {first.height} rows of {first.width} cells",
            )
        )
    return looks


def _which(path: Path, found: str) -> str:
    yes, no = called("grid=True"), called("grid=False")
    return f"{path_shown(path)}: {found}: grids, or runs of a row? Say {yes} or {no}."


def _one_of(
    path: Path, said: Sequence[int] | None, steps: int | None, times: Sequence[int] | None
) -> Sequence[int] | None:
    """The times that hold: the file's own, or those that were given."""
    if said is not None and (steps is not None or times is not None):
        name = called("steps") if times is None else called("times")
        raise UsageError(f"{path_shown(path)}: the file says its times itself; leave out {name}.")
    return times if said is None else said


def _times_of(runs: list[Run]) -> tuple[int, ...]:
    """All times of runs that have them, ascending. Raises `FormatError`."""
    for run in runs:
        for before, snapshot in zip([None, *run], run, strict=False):
            if snapshot.time is None:
                raise FormatError(
                    snapshot.path, snapshot.line,
                    "nothing says the time of this state; expected a line such as t = 5 before each, or before "
                    "none.",
                )  # fmt: skip
            if before is not None and before.time is not None and snapshot.time <= before.time:
                raise FormatError(
                    snapshot.path, snapshot.line,
                    f"t = {snapshot.time} after t = {before.time}; expected ascending times, and a line with the "
                    f"word run between runs.",
                )  # fmt: skip
    return tuple(sorted({snapshot.time for run in runs for snapshot in run if snapshot.time is not None}))


def _gathered(runs: list[Run], moments: tuple[int, ...] | None) -> np.ndarray:
    """(n_runs, n_times, …); unknown where a run was not seen at a time of another."""
    if moments is None:
        return np.stack([np.stack([snapshot.cells for snapshot in run]) for run in runs])
    shape = runs[0][0].cells.shape
    if len(runs) * len(moments) * int(np.prod(shape)) > MAX_BYTES:
        raise DataError(
            f"{len(runs)} runs at {len(moments)} times in all; too many cells, more than {MAX_BYTES}."
        )
    states = np.full((len(runs), len(moments), *shape), UNKNOWN, dtype=np.int8)
    places = {time: place for place, time in enumerate(moments)}
    for index, run in enumerate(runs):
        for snapshot in run:
            states[index, places[snapshot.time]] = snapshot.cells  # type: ignore[index]
    return states

"""`read_observations`: files of states as the observations of one automaton."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import FLAG, PATH, called, is_list, need, optional
from btfnet.errors import DataError, FormatError, UsageError, path_shown
from btfnet.files.reading import InMemory, Path, read_bytes
from btfnet.files.text import TEXT_BYTES, decoded
from btfnet.formats.states.arrays import Array, array_of_npy, array_of_npz
from btfnet.formats.states.pattern import HEADER, pieces_of_cells, pieces_of_rle
from btfnet.formats.states.runs import (
    check_shapes,
    gathered,
    looks_like_grid,
    runs_of_files,
    runs_of_pieces,
    times_of,
)
from btfnet.formats.states.snapshots import Piece
from btfnet.formats.states.text import pieces_of_text
from btfnet.rules.observations import Observations

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
    said = _Said(files[0], grid, steps, times, periodic)
    if arrays:
        return _of_array(arrays[0], said)
    return _of_pieces([each for each in found if isinstance(each, list)], said)


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


@dataclass(frozen=True)
class _Said:
    """What the caller says of files, of which `path` is the first; the arguments of `read_observations`."""

    path: Path
    grid: bool | None
    steps: int | None
    times: Sequence[int] | None
    periodic: bool

    def observed(
        self, states: NDArray[np.int8], moments: tuple[int, ...] | None, *, grid: bool
    ) -> Observations:
        """Observations at the times that the file says, or the caller.

        Raises `FormatError` for states that cannot be, `UsageError` for arguments that do not fit them.
        """
        given = self.steps is not None or self.times is not None
        if moments is not None and given:
            name = called("steps") if self.times is None else called("times")
            raise UsageError(f"{path_shown(self.path)}: the file says its times itself; leave out {name}.")
        times = self.times if moments is None else moments
        try:
            return Observations.of(states, steps=self.steps, times=times, grid=grid, periodic=self.periodic)
        except UsageError as error:
            if given:
                raise
            raise FormatError(self.path, None, str(error)) from error
        except DataError as error:
            raise FormatError(self.path, None, str(error)) from error


def _of_array(array: Array, said: _Said) -> Observations:
    axes, grid = array.states.ndim, said.grid
    if grid is None:
        grid = axes == 4 or (axes == 3 and _is_grid(array))
    if axes < 2 + grid or axes > 3 + grid:
        raise FormatError(
            array.path,
            None,
            f"found {axes} axes; expected {'times, height, width' if grid else 'times, cells'}, and runs before "
            f"these or not.",
        )
    return said.observed(array.states, array.times, grid=grid)


def _is_grid(array: Array) -> bool:
    height, width = array.states.shape[1:]
    looks = looks_like_grid([(height, width)])
    if looks is None:
        raise _either(array.path, None, f"found the shape {array.states.shape}")
    return looks


def _of_pieces(files: list[list[Piece]], said: _Said) -> Observations:
    everything = [piece for pieces in files for piece in pieces]
    grid = _guess(everything) if said.grid is None else said.grid
    if not grid and any(piece.grid for piece in everything):
        raise UsageError(f"{path_shown(said.path)}: is a grid; leave out {called('grid=False')}.")
    runs = runs_of_files([runs_of_pieces(pieces, grid=grid) for pieces in files])
    check_shapes(runs)
    moments = times_of(runs)
    return said.observed(gathered(runs, moments), moments, grid=grid)


def _guess(pieces: list[Piece]) -> bool:
    """Whether the pieces are grids. Raises `FormatError` where both may be meant."""
    if any(piece.grid for piece in pieces):
        return True
    blocks_of_runs = Counter((str(piece.path), piece.run) for piece in pieces if piece.run)
    if len(pieces) == 1 or all(piece.height == 1 for piece in pieces) or set(blocks_of_runs.values()) == {1}:
        return False
    if all(piece.time is not None and piece.height > 1 for piece in pieces):
        return True
    shapes = [(piece.height, piece.width) for piece in pieces if piece.rows]
    looks = looks_like_grid(shapes)
    if looks is None:
        first, (height, width) = pieces[0], shapes[0]
        found = f"found {len(pieces)} blocks, the first of {height} rows of {width} cells"
        raise _either(first.path, first.line, found)
    return looks


def _either(path: Path, line: int | None, found: str) -> FormatError:
    yes, no = called("grid=True"), called("grid=False")
    return FormatError(path, line, f"{found}: grids, or runs of a row? Say {yes} or {no}.")

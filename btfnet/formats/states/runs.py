"""From pieces of files to runs: which states follow each other, and whether they are rows or grids."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from btfnet.errors import FormatError
from btfnet.formats.states.snapshots import Piece, Run, Snapshot

LEAST_SIDE = 3
"""Of a square that is taken for a grid unasked."""
FLAT = 4
"""A block so many times as wide as high is a run of rows."""


def looks_like_grid(shapes: list[tuple[int, int]]) -> bool | None:
    """Whether blocks of such heights and widths are grids; None where they may be either."""
    if len(set(shapes)) == 1 and shapes[0][0] == shapes[0][1] >= LEAST_SIDE:
        return True
    if all(width >= FLAT * height for height, width in shapes):
        return False
    return None


def runs_of_pieces(pieces: list[Piece], *, grid: bool) -> list[Run]:
    """The runs of one file. Raises `FormatError`."""
    for piece in pieces:
        if not piece.rows:
            raise FormatError(
                piece.path, piece.line, f"found no states for t = {piece.time}; expected some below."
            )
    if grid:
        return [[_of_grid(piece) for piece in run] for _, run in groupby(pieces, lambda piece: piece.run)]
    alone = len({piece.run for piece in pieces}) > 1 or all(piece.height == 1 for piece in pieces)
    if alone or any(piece.time is not None for piece in pieces):
        groups = [list(run) for _, run in groupby(pieces, lambda piece: piece.run)]
    else:
        groups = [[piece] for piece in pieces]
    return [[row for piece in group for row in _rows(piece)] for group in groups]


def _of_grid(piece: Piece) -> Snapshot:
    return Snapshot(piece.path, piece.line, piece.time, np.stack([cells for _, cells in piece.rows]))


def _rows(piece: Piece) -> list[Snapshot]:
    if piece.time is not None and piece.height > 1:
        raise FormatError(
            piece.path, piece.line,
            f"found {piece.height} rows at t = {piece.time}; expected one, for a row of cells has one state at "
            f"a time.",
        )  # fmt: skip
    return [Snapshot(piece.path, line, piece.time, cells) for line, cells in piece.rows]


def runs_of_files(files: list[list[Run]]) -> list[Run]:
    """Files of one state each are successive; those of several are runs of their own. Raises `FormatError`."""
    if all(len(runs) == 1 and len(runs[0]) == 1 for runs in files):
        return [[runs[0][0] for runs in files]]
    everything = [run for runs in files for run in runs]
    for run in everything:
        if len(run) == 1:
            raise FormatError(
                run[0].path, run[0].line, "one state; expected two at least, at different times."
            )
    return everything


def check_shapes(runs: list[Run]) -> None:
    """Raise `FormatError` for a state of another size than the first."""
    first = runs[0][0]
    for snapshot in (snapshot for run in runs for snapshot in run):
        if snapshot.cells.shape != first.cells.shape:
            raise FormatError(
                snapshot.path,
                snapshot.line,
                f"found {_size(snapshot)}, but the first state has {_size(first)}; expected as many at each time.",
            )


def _size(snapshot: Snapshot) -> str:
    return f"{' x '.join(map(str, snapshot.cells.shape))} cells"

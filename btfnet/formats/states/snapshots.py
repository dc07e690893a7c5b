"""What the readers of files of states give: pieces, of which `reading` makes runs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from btfnet.files.reading import Path

Cells = NDArray[np.int8]


@dataclass(eq=False)
class Piece:
    """Rows that stand together in a file.

    line   of the first one
    run    which run of the file, counted by its lines `run`
    time   in steps, where the file says it
    rows   the line of each, and its states, UNKNOWN where nobody knows them
    grid   whether the format says that they are a grid
    """

    path: Path
    line: int
    run: int = 0
    time: int | None = None
    rows: list[tuple[int, Cells]] = field(default_factory=list)
    grid: bool = False

    @property
    def height(self) -> int:
        return len(self.rows)

    @property
    def width(self) -> int:
        return len(self.rows[0][1])


@dataclass(eq=False)
class Snapshot:
    """States at one time: (length,), or (height, width)."""

    path: Path
    line: int
    time: int | None
    cells: Cells


Run = list[Snapshot]

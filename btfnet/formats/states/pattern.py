"""`.cells` and `.rle`: patterns as programs of Life write them, a grid a file. See life.md."""

from __future__ import annotations

import re
from typing import NoReturn

import numpy as np

from btfnet.errors import FormatError
from btfnet.files.reading import Path
from btfnet.formats.states.cells import LIFE, NO_CELL
from btfnet.formats.states.snapshots import Cells, Piece
from btfnet.printable import shown
from btfnet.rules.lattice import MAX_CELLS
from btfnet.rules.observations import MAX_STATES

HEADER = re.compile(r"\s*x\s*=\s*(\d{1,9})\s*,\s*y\s*=\s*(\d{1,9})\s*(,.*)?", re.I)
_GENERATION = re.compile(r"#CXRLE\b.*\bGen\s*=\s*(\d{1,9})\b", re.I)
_TOKEN = re.compile(r"(\d*)\s*([^\d\s])")
_STATES = {"b": 0, "o": 1, ".": 0, **{chr(ord("A") + index): index + 1 for index in range(24)}}


def pieces_of_cells(path: Path, text: str) -> list[Piece]:
    """The grid of a `.cells` file; rows that end early are dead to the right. Raises `FormatError`."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    rows = [(number, line) for number, line in enumerate(lines, start=1) if not line.startswith("!")]
    while rows and not rows[-1][1]:
        rows.pop()
    width = max((len(line) for _, line in rows), default=0)
    _check_size(path, None, len(rows), width)
    piece = Piece(path, rows[0][0], grid=True)
    for number, line in rows:
        cells = np.zeros(width, dtype=np.int8)
        for column, sign in enumerate(line):
            if sign not in LIFE:
                raise FormatError(
                    path, number, f"found {shown(sign)}; expected . for a dead cell, O for a living one."
                )
            cells[column] = LIFE[sign]
        piece.rows.append((number, cells))
    return [piece]


def pieces_of_rle(path: Path, text: str) -> list[Piece]:
    """The grid of a `.rle` file, and its generation where Golly noted it. Raises `FormatError`."""
    lines = text.replace("\r\n", "\n").split("\n")
    time = next((int(found[1]) for line in lines if (found := _GENERATION.match(line))), None)
    body = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    ]
    header = HEADER.fullmatch(body[0][1]) if body else None
    if header is None:
        raise FormatError(
            path,
            body[0][0] if body else 1,
            "found no header; expected a line such as x = 16, y = 16, rule = B3/S23.",
        )
    width, height = int(header[1]), int(header[2])
    _check_size(path, body[0][0], height, width)
    cells = _Runs(path, np.zeros((height, width), dtype=np.int8))
    for number, line in body[1:]:
        if not cells.take(number, line):
            break
    return [Piece(path, body[0][0], 0, time, [(body[0][0], row) for row in cells.cells], grid=True)]


def _check_size(path: Path, line: int | None, height: int, width: int) -> None:
    if not height or not width:
        raise FormatError(path, line, "found no cells; expected a pattern of one at least.")
    if height * width > MAX_CELLS:
        raise FormatError(
            path, line, f"found a grid of {height} x {width} cells; expected at most {MAX_CELLS}."
        )


class _Runs:
    """Cells that are filled by runs of equal ones."""

    def __init__(self, path: Path, cells: Cells) -> None:
        self.path, self.cells, self._row, self._column = path, cells, 0, 0

    def take(self, number: int, line: str) -> bool:
        """The runs of a line; whether more may come."""
        place = 0
        line = line.rstrip()
        while place < len(line):
            token = _TOKEN.match(line, place)
            if token is None:
                self._fail(number, f"found {shown(line[place : place + 12])}", "expected runs such as 3o2b$")
            place = token.end()
            if token[2] == "!":
                return False
            count = int(token[1] or 1) if len(token[1]) < 9 else MAX_CELLS + 1
            self._run(number, count, token[2])
        return True

    def _run(self, number: int, count: int, sign: str) -> None:
        height, width = self.cells.shape
        if sign == "$":
            self._row, self._column = self._row + count, 0
            return
        state = _STATES.get(sign, NO_CELL)
        if not 0 <= state < MAX_STATES:
            self._fail(
                number,
                f"found {shown(sign)}",
                f"expected b, o, $ or !, or . and A to O for {MAX_STATES} states",
            )
        if state and (self._row >= height or self._column + count > width):
            self._fail(
                number,
                f"found a cell beyond the {height} x {width} of the header",
                "expected cells within it",
            )
        if state:
            self.cells[self._row, self._column : self._column + count] = state
        self._column += count

    def _fail(self, number: int, found: str, expected: str) -> NoReturn:
        raise FormatError(self.path, number, f"{found}; {expected}.")

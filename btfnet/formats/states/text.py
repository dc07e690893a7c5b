"""Rows and grids of signs, one line a row, with times, runs and comments between them. See states.md."""

from __future__ import annotations

import re

from btfnet.files.reading import Path
from btfnet.formats.states.cells import LIFE, Line
from btfnet.formats.states.snapshots import Piece
from btfnet.rules.observations import DIGITS

_TIME = re.compile(r"#?\s*t\s*=\s*(\d+)\s*:?(.*)", re.I)
_RUN = re.compile(r"run(\s+\d+)?\s*:?", re.I)
_LONGEST_TIME = 9
"""Digits."""


def pieces_of_text(path: Path, text: str) -> list[Piece]:
    """What stands together, in the order of the file. Raises `FormatError`."""
    reader = _Reader(path)
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        reader.take(number, line.strip(" "))
    return reader.pieces


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path, self.pieces = path, list[Piece]()
        self._run, self._open = 0, False
        self._life: str | None = None

    def take(self, number: int, line: str) -> None:
        """One line, without blanks around it."""
        found = _TIME.match(line)
        if found:
            self._time(Line(self.path, number, line), found)
        elif _RUN.fullmatch(line):
            self._run, self._open = self._run + 1, False
        elif line.strip() == "":
            self._open = False
        elif text := re.split("[#!]", line, maxsplit=1)[0].rstrip(" "):
            self._row(Line(self.path, number, text))

    def _time(self, line: Line, found: re.Match[str]) -> None:
        if len(found[1]) > _LONGEST_TIME:
            line.fail(f"found a time of {len(found[1])} digits; expected at most {_LONGEST_TIME}.")
        last = self.pieces[-1] if self.pieces else None
        if last is not None and not last.rows:
            line.fail(f"found another time, but no states for t = {last.time}; put them between.")
        self.pieces.append(Piece(self.path, line.number, self._run, int(found[1])))
        self._open = True
        if rest := found[2].strip():
            self.take(line.number, rest)

    def _row(self, line: Line) -> None:
        self._check_signs(line)
        if not self._open:
            self.pieces.append(Piece(self.path, line.number, self._run))
            self._open = True
        piece, cells = self.pieces[-1], line.cells()
        if piece.rows and len(cells) != piece.width:
            line.fail(
                f"found {len(cells)} cells, but the row above has {piece.width}; expected as many in each row."
            )
        piece.rows.append((line.number, cells))

    def _check_signs(self, line: Line) -> None:
        """0 and O look alike: a file has digits, or Life's signs."""
        words = set(re.sub(r"\d\.\d*(e[-+]?\d+)?", "0", line.text))
        for kind, signs in (("digits", DIGITS), ("Life's signs . and O", "".join(LIFE))):
            if not words.isdisjoint(signs):
                if self._life not in (None, kind):
                    line.fail(f"found {kind} in a file that has {self._life} above; use one of them.")
                self._life = kind

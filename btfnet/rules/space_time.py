"""Space and time as SVG: rows below each other, or grids side by side; what was seen, unknown, and is wrong."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import CapacityError, UsageError
from btfnet.files.mark import MARK
from btfnet.logic.drawing.labels import escaped
from btfnet.rules.observations import UNKNOWN, Observations

MOST_CELLS = 4_000_000
"""Cells of a picture: of some twenty megabytes then."""
WIDE = 900
"""Pixels that cells should take; a cell takes at least one, and at most twelve."""
LARGEST = 12
MARGIN, LABELS, LINE = 16, 52, 18
STYLE = """
.bca-paper{fill:#fcfdfe}.bca-text{fill:#20262c}.bca-field{fill:#eceff2}.bca-seen{fill:#20262c}
.bca-between{fill:#6f8fb3}.bca-unknown{fill:#e0a100;fill-opacity:.55}.bca-wrong{fill:#d0312d}.bca-mark{fill:#2f7d48}
@media (prefers-color-scheme:dark){.bca-paper{fill:#14181c}.bca-text{fill:#e3e8ee}.bca-field{fill:#262d34}
.bca-seen{fill:#e3e8ee}.bca-between{fill:#56789f}.bca-mark{fill:#57b573}}
""".strip()
LEGEND = (
    ("seen", "seen"), ("between", "in between"), ("unknown", "seen, state unknown"), ("wrong", "seen otherwise"),
)  # fmt: skip


class Sheet(NamedTuple):
    """States that are drawn together, at some place: those of a row at all times, or of a grid at one time.

    time    the first one; rows  int64, (n_rows, n_columns)
    """

    x: float
    y: float
    time: int
    rows: NDArray[np.int64]


def draw_space_time(
    observations: Observations, states: NDArray[np.int64], *, run: int = 0, title: str = "Space and time"
) -> str:
    """All states of one run as SVG text that needs nothing else, for light and for dark surroundings.

    observations  what was seen
    states        under a rule, (n_runs, steps + 1, n_cells), as `Reconstruction.states`
    run           which one, from 0
    Of a row time goes down, grids stand side by side. What was seen is dark and has its time in bold, what was not
    is blue; cells of unknown state are yellow, those that were seen otherwise red. States 1, 2, … of more than two
    are of different opacity.

    Raises `UsageError` for a run that there is not, `CapacityError` for more than four million cells.
    """
    if not 0 <= run < observations.n_runs:
        raise UsageError(f"run is {run}; there are {observations.n_runs}, counted from 0.")
    if states[run].size > MOST_CELLS:
        raise CapacityError(f"a picture of {states[run].size} cells; at most {MOST_CELLS}. Draw fewer steps.")
    picture = _Picture(observations, states[run], run)
    return picture.text(
        title if observations.n_runs == 1 else f"{title}, run {run + 1} of {observations.n_runs}"
    )


class _Picture:
    def __init__(self, observations: Observations, states: NDArray[np.int64], run: int) -> None:
        self.n_states, shape = observations.n_states, observations.lattice.shape
        self.seen = np.full(states.shape, UNKNOWN, dtype=np.int64)
        self.times = set(observations.times)
        self.seen[list(observations.times)] = observations.states[run].reshape(len(observations.times), -1)
        self.states, self.grid = states, len(shape) == 2
        self.scale = float(np.clip(WIDE / shape[-1], 1, LARGEST)) if not self.grid else float(
            np.clip(WIDE / (4 * shape[1]), 1, LARGEST)
        )  # fmt: skip
        self.sheets = self._grids(shape) if self.grid else [Sheet(LABELS, 0, 0, states)]

    def _grids(self, shape: tuple[int, ...]) -> list[Sheet]:
        height, width = shape
        wide, high = max(width * self.scale, LABELS) + MARGIN, height * self.scale + MARGIN + LINE
        beside = max(1, int((WIDE + LABELS + MARGIN) // wide))
        return [
            Sheet(wide * (time % beside), LINE + high * (time // beside), time, row.reshape(height, width))
            for time, row in enumerate(self.states)
        ]

    def text(self, title: str) -> str:
        width = max(sheet.x + sheet.rows.shape[1] * self.scale for sheet in self.sheets)
        height = max(sheet.y + sheet.rows.shape[0] * self.scale for sheet in self.sheets)
        drawn = [part for sheet in self.sheets for part in self._sheet(sheet)]
        legend, wide = self._legend("".join(drawn))
        width = max(width, wide, 7.5 * len(title)) + 2 * MARGIN
        top = MARGIN + LINE + 6
        height += top + LINE + 2 * MARGIN
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}" font-family="Helvetica, Arial, sans-serif" font-size="12">',
            f"<!-- {MARK} -->",
            f"<title>{escaped(title)}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="bca-paper" width="{width:g}" height="{height:g}"/>',
            f'<text class="bca-text" x="{MARGIN}" y="{MARGIN + 10}" font-size="13" font-weight="bold">'
            f"{escaped(title)}</text>",
            f'<g transform="translate({MARGIN} {top})">',
            *drawn,
            "</g>",
            f'<g transform="translate({MARGIN} {height - MARGIN})">{legend}</g>',
            "</svg>\n",
        ])  # fmt: skip

    def _sheet(self, sheet: Sheet) -> list[str]:
        rows, columns = sheet.rows.shape
        place = f'transform="translate({sheet.x:g} {sheet.y:g}) scale({self.scale:g})"'
        return [
            *self._labels(sheet),
            f'<g {place} shape-rendering="crispEdges"><rect class="bca-field" width="{columns}" height="{rows}"/>',
            *self._cells(sheet),
            "</g>",
        ]

    def _labels(self, sheet: Sheet) -> list[str]:
        if self.grid:
            return [_time(sheet.time, sheet.x, sheet.y - 5, sheet.time in self.times, "start")]
        found: list[str] = []
        last: float = -LINE
        for time in sorted(self.times):
            middle = (time + 0.5) * self.scale + 4
            if middle - last >= LINE * 0.7:
                found.append(_time(time, LABELS - 10, middle, True, "end"))
                last = middle
            found.append(
                f'<rect class="bca-mark" x="{LABELS - 6}" y="{time * self.scale:g}" '
                f'width="3" height="{self.scale:g}"/>'
            )
        return found

    def _cells(self, sheet: Sheet) -> list[str]:
        """Paths of cells of a kind, runs of equal ones in a row at once."""
        seen = self.seen[sheet.time].reshape(sheet.rows.shape) if self.grid else self.seen
        at = np.array([(sheet.time if self.grid else row) in self.times for row in range(len(sheet.rows))])[
            :, None
        ]
        wrong = (seen != UNKNOWN) & (seen != sheet.rows)
        found = []
        for state in range(1, self.n_states):
            cells = (sheet.rows == state) & ~wrong
            opacity = "" if self.n_states == 2 else f' fill-opacity="{state / (self.n_states - 1):.2f}"'
            found += _path(cells & at, f'class="bca-seen"{opacity}')
            found += _path(cells & ~at, f'class="bca-between"{opacity}')
        found += _path((seen == UNKNOWN) & at, 'class="bca-unknown"')
        return found + _path(wrong, 'class="bca-wrong"')

    def _legend(self, drawn: str) -> tuple[str, float]:
        parts, x = [], 0.0
        for name, words in LEGEND:
            if f'"bca-{name}"' in drawn:
                parts.append(f'<rect class="bca-{name}" x="{x:g}" y="-9" width="10" height="10"/>')
                parts.append(f'<text class="bca-text" x="{x + 15:g}" y="0">{words}</text>')
                x += 32 + 6.4 * len(words)
        return "".join(parts), x


def _time(time: int, x: float, y: float, seen: bool, anchor: str) -> str:
    weight = ' font-weight="bold"' if seen else ""
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
    return f'<text class="bca-text" {place} font-size="11"{weight}>t = {time}</text>'


def _path(cells: NDArray[np.bool_], attributes: str) -> list[str]:
    """One path of all cells; a run of them in a row is a rectangle."""
    padded = np.pad(cells, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    ends = np.nonzero(change == -1)[1]
    if not len(rows):
        return []
    steps = zip(rows.tolist(), starts.tolist(), (ends - starts).tolist(), strict=True)
    pieces = "".join(f"M{start} {row}h{length}v1h-{length}z" for row, start, length in steps)
    return [f'<path {attributes} d="{pieces}"/>']

"""Space and time as signs of a terminal: a row's states below each other, grids side by side."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from btfnet.rules.lattice import Lattice
from btfnet.rules.observations import DIGITS

HALVES = " ▄▀█"
"""Of two cells below each other, the upper one in the second bit."""
PLAIN = ".#"
MARGIN, GAP = 6, 2
MOST_LINES = 40


def in_blocks(
    states: NDArray[np.int64], lattice: Lattice, n_states: int = 2, *, columns: int = 80, plain: bool = False
) -> str:
    """All states of a run, (steps + 1, n_cells), as lines of so many columns; time goes down, or grid by grid.

    plain  ASCII alone, a line a row; so it is with more than two states, which are digits
    What is too wide ends in "…" (plain: ">"), what is too long leaves out its middle.
    """
    plain = plain or n_states > 2
    if len(lattice.shape) == 1:
        lines = _of_row(states, columns, n_states, plain)
    else:
        lines = _of_grids(states.reshape(len(states), *lattice.shape), columns, n_states, plain)
    return "\n".join(lines)


def _of_row(states: NDArray[np.int64], columns: int, n_states: int, plain: bool) -> list[str]:
    wide = columns - MARGIN
    cut = states.shape[1] > wide
    drawn = _drawn(states[:, : wide - 1] if cut else states, n_states, plain)
    end = "" if not cut else ">" if plain else "…"
    step = 1 if plain else 2
    lines = [f"{step * index:>{MARGIN - 1}} {line}{end}" for index, line in enumerate(drawn)]
    return _shortened(lines, plain)


def _of_grids(grids: NDArray[np.int64], columns: int, n_states: int, plain: bool) -> list[str]:
    """As many side by side as fit, with their times above them."""
    width = grids.shape[2]
    cut = width > columns
    shown = min(width, columns - 1) if cut else width
    beside = max(1, (columns + GAP) // (shown + GAP))
    lines = []
    for first in range(0, len(grids), beside):
        group = range(first, min(first + beside, len(grids)))
        pictures = [_drawn(grids[time, :, :shown], n_states, plain) for time in group]
        room = max(shown, MARGIN) + GAP
        lines.append("".join(f"{f't = {time}':<{room}}" for time in group).rstrip())
        end = "" if not cut else ">" if plain else "…"
        lines += [
            "".join(f"{part + end:<{room}}" for part in row).rstrip() for row in zip(*pictures, strict=True)
        ]
    return _shortened(lines, plain)


def _drawn(cells: NDArray[np.int64], n_states: int, plain: bool) -> list[str]:
    if plain:
        signs = PLAIN if n_states == 2 else DIGITS
        return ["".join(signs[state] for state in row) for row in cells.tolist()]
    padded = np.vstack([cells, np.zeros((len(cells) % 2, cells.shape[1]), dtype=cells.dtype)])
    pairs = 2 * padded[0::2] + padded[1::2]
    return ["".join(HALVES[pair] for pair in row) for row in pairs.tolist()]


def _shortened(lines: list[str], plain: bool) -> list[str]:
    if len(lines) <= MOST_LINES:
        return lines
    half = math.ceil(MOST_LINES / 2)
    return [*lines[:half], "..." if plain else "⋮", *lines[-half:]]

"""Two observations of an automaton, some steps apart: planted ones, and files of the reference's programs.

A ring: cell p reads cells p, p + 1, …, p + n - 1, the first is the most significant bit, and bit k of the rule is
the next state of a cell that reads k. A grid on a torus: a cell is alive next when mask1·x ≥ b1 and mask2·x ≤ b2,
x being the square of cells around it, row by row; with 3 and 3, all ones, and all but the centre this is Life.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ring:
    """Two rows of a ring, and how many cells a cell reads."""

    name: str
    first: Bits
    last: Bits
    inputs: int
    steps: int

    def later(self, table: Bits) -> Bits:
        """The row that this table, (2^n,), makes of the first."""
        row = self.first
        for _ in range(self.steps):
            row = table[around(row, np.arange(self.inputs)) @ (1 << np.arange(self.inputs)[::-1])]
        return row


@dataclass(frozen=True, eq=False)
class Grid:
    """Two grids of a torus, the width of both masks, and the bounds."""

    name: str
    first: Bits
    last: Bits
    width: int
    bounds: tuple[int, int]
    steps: int

    @property
    def places(self) -> list[tuple[int, int]]:
        """Where the cells of a mask lie, row by row, as seen from the cell itself."""
        reach = range(-(self.width // 2), self.width // 2 + 1)
        return [(down, right) for down in reach for right in reach]

    def later(self, masks: Bits) -> Bits:
        """The grid that these masks, (2, width²), make of the first."""
        grid = self.first
        for _ in range(self.steps):
            seen = np.stack([np.roll(grid, (-down, -right), (0, 1)) for down, right in self.places], axis=-1)
            grid = ((seen @ masks[0] >= self.bounds[0]) & (seen @ masks[1] <= self.bounds[1])).astype(
                np.int64
            )
        return grid


Instance = Ring | Grid
LIFE = np.array([[1] * 9, [1] * 4 + [0] + [1] * 4])


def around(row: Bits, places: Bits) -> Bits:
    """The cells at these places, as seen from each cell, (cells, places)."""
    return row[(np.arange(row.size)[:, None] + places) % row.size]


def planted_ring(name: str, table: Bits, cells: int, steps: int, rng: np.random.Generator) -> Ring:
    first = rng.integers(2, size=cells)
    start = Ring(name, first, first, table.size.bit_length() - 1, steps)
    return Ring(name, first, start.later(table), start.inputs, steps)


def planted_life(name: str, side: int, steps: int, rng: np.random.Generator) -> Grid:
    first = rng.integers(2, size=(side, side))
    start = Grid(name, first, first, 3, (3, 3), steps)
    return Grid(name, first, start.later(LIFE), 3, (3, 3), steps)


def planted(seed: int = 0) -> Iterator[Instance]:
    """Elementary rules on 30 cells, random rules of six inputs on 200, and Life on a small torus."""
    for rule in (30, 110):
        table = np.array([rule >> pattern & 1 for pattern in range(8)])
        for steps in range(2, 9):
            yield planted_ring(
                f"rule {rule}, t = {steps}", table, 30, steps, np.random.default_rng([seed, steps])
            )
    for steps in (2, 3):
        rng = np.random.default_rng([seed, 6, steps])
        yield planted_ring(f"n = 6, t = {steps}", rng.integers(2, size=64), 200, steps, rng)
    for steps in (2, 3):
        yield planted_life(f"Life 12×12, t = {steps}", 12, steps, np.random.default_rng([seed, 9, steps]))


BOUNDS = {"gol": (3, (3, 3)), "goal": (5, (2, 2))}
"""Width of the masks and bounds of the reference's grids; those of goal are what `btfnet automaton` finds."""
RING, GRID = re.compile(r"\w+?_(\d+)_(\d+)\.dat"), re.compile(r"(gol|goal)\d+_(\d+)")


def read(folder: Path) -> Iterator[Instance]:
    """The instances of a folder: NAME_INPUTS_STEPS.dat, two rows; golSIZE_STEPS and goalSIZE_STEPS, two grids."""
    for path in sorted(folder.iterdir()):
        ring, grid = RING.fullmatch(path.name), GRID.fullmatch(path.name)
        if ring or grid:
            first, last = halves(path)
        if ring:
            yield Ring(path.name, first[0], last[0], int(ring[1]), int(ring[2]))
        if grid:
            width, bounds = BOUNDS[grid[1]]
            yield Grid(path.name, first, last, width, bounds, int(grid[2]))


def halves(path: Path) -> tuple[Bits, Bits]:
    """The upper and the lower half of a file's rows of 0 and 1, empty lines left out."""
    rows = path.read_text(encoding="ascii", errors="replace").split()
    if len(rows) < 2 or len(rows) % 2 or len({*map(len, rows)}) > 1 or {*"".join(rows)} - {*"01"}:
        raise click.UsageError(f"{path} has not two equal halves of rows of 0 and 1, all of one length.")
    bits = np.array([list(map(int, row)) for row in rows])
    return bits[: len(rows) // 2], bits[len(rows) // 2 :]

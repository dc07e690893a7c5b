"""Where cells lie, and which of them a cell reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from btfnet.arguments import FLAG, is_list, is_whole, must_be, said
from btfnet.errors import UsageError

Offset = tuple[int, ...]
OUTSIDE = -1
MAX_INPUTS = 10
"""Inputs of a table, of 1024 entries then."""
MAX_NEIGHBOURS = 62
"""So many a threshold node can count: `MOST_LITERALS` of its kernels."""
MAX_CELLS = 1 << 20


@dataclass(frozen=True)
class Lattice:
    """A row of cells, or a grid of them.

    shape     (length,) or (height, width), each at least 1
    periodic  whether what lies beyond an end is the other end; else it is in state 0
    """

    shape: tuple[int, ...]
    periodic: bool = True

    def __post_init__(self) -> None:
        must_be("periodic", self.periodic, FLAG)
        good = is_list(self.shape) and len(self.shape) in (1, 2) and all(map(is_whole, self.shape))
        if not good or min(self.shape) < 1 or math.prod(self.shape) > MAX_CELLS:
            raise UsageError(
                f"a lattice of shape {said(self.shape)}; expected a length, or height and width, "
                f"of {MAX_CELLS} cells at most."
            )

    @property
    def n_cells(self) -> int:
        return math.prod(self.shape)

    @property
    def in_words(self) -> str:
        """Such as "ring of 200", "16 x 16 grid"."""
        if len(self.shape) == 1:
            return f"{'ring' if self.periodic else 'row'} of {self.n_cells}"
        return f"{' x '.join(map(str, self.shape))} {'torus' if self.periodic else 'grid'}"

    def reads(self, offset: Offset) -> NDArray[np.int64]:
        """The number of the cell that each cell reads at an offset, OUTSIDE where there is none; (n_cells,)."""
        places = np.indices(self.shape)
        number, inside = np.zeros(self.shape, dtype=np.int64), np.ones(self.shape, dtype=bool)
        for place, length, step in zip(places, self.shape, offset, strict=True):
            read = place + step
            inside &= (read >= 0) & (read < length)
            number = number * length + read % length
        return np.where(inside | self.periodic, number, OUTSIDE).ravel()


@dataclass(frozen=True)
class Neighbourhood:
    """The cells that a cell reads, relative to it, in the order of a rule's digits, the most significant first.

    offsets  whole numbers, one of each for a row, (down, right) for a grid; no two alike, one at least
    """

    offsets: tuple[Offset, ...]

    def __post_init__(self) -> None:
        good = isinstance(self.offsets, tuple) and all(isinstance(offset, tuple) for offset in self.offsets)
        if not good or not all(is_whole(part) for offset in self.offsets for part in offset):
            raise UsageError(
                f"offsets are {said(self.offsets)}; expected a tuple of tuples of whole numbers."
            )
        if not self.offsets:
            raise UsageError("a neighbourhood without cells; a cell reads one at least.")
        if len(self.offsets) > MAX_NEIGHBOURS:
            raise UsageError(f"{len(self.offsets)} neighbours; a cell reads {MAX_NEIGHBOURS} cells at most.")
        if len({len(offset) for offset in self.offsets}) > 1 or len(set(self.offsets)) < len(self.offsets):
            raise UsageError(
                f"neighbours are {said(self.offsets)}; expected different offsets, whole numbers or pairs of them."
            )
        if max(abs(part) for offset in self.offsets for part in offset) > MAX_CELLS:
            raise UsageError(f"neighbours are {said(self.offsets)}; expected offsets of at most {MAX_CELLS}.")

    @property
    def size(self) -> int:
        return len(self.offsets)

    @property
    def dimensions(self) -> int:
        return len(self.offsets[0])

    @cached_property
    def in_words(self) -> str:
        """Such as "cells 0 to 5", "cells -1, 0, 2", "5 x 5 cells"."""
        if self.dimensions == 1:
            numbers = [offset[0] for offset in self.offsets]
            if numbers == list(range(numbers[0], numbers[0] + len(numbers))) and len(numbers) > 1:
                return f"cells {numbers[0]} to {numbers[-1]}"
            return f"cells {', '.join(map(str, numbers))}"
        side = math.isqrt(self.size)
        if side % 2 and self.offsets == square(side).offsets:
            return f"{side} x {side} cells"
        return f"{self.size} cells"

    @classmethod
    def of(cls, neighbours: object, dimensions: int) -> Neighbourhood:
        """What users say: how many cells, a name, or offsets. Raises `UsageError`.

        A number n stands for cells p, p + 1, … p + n - 1 of a row, as in the source's programs; of a grid for the
        square around a cell (9, 25, …), or the cell and the four beside it (5).
        """
        if isinstance(neighbours, Neighbourhood):
            found = neighbours
        elif isinstance(neighbours, (int, np.integer)) and not isinstance(neighbours, bool):
            found = _of_number(int(neighbours), dimensions)
        elif isinstance(neighbours, str):
            found = _of_text(neighbours, dimensions)
        elif isinstance(neighbours, Sequence) and not isinstance(neighbours, bytes | bytearray | memoryview):
            found = cls(tuple(_offset(each) for each in neighbours))
        else:
            raise UsageError(
                f"neighbours is {said(neighbours)}; expected a number, a name, or a list of offsets."
            )
        if found.dimensions != dimensions:
            where = "a row" if dimensions == 1 else "a grid"
            raise UsageError(f"neighbours are {said(neighbours)}, but the states are those of {where}.")
        return found


def window(first: int, size: int) -> Neighbourhood:
    """Cells first, first + 1, … of a row."""
    return Neighbourhood(tuple((first + index,) for index in range(size)))


def square(side: int) -> Neighbourhood:
    """The square of an odd side around a cell, row by row."""
    reach = range(-(side // 2), side // 2 + 1)
    return Neighbourhood(tuple((down, right) for down in reach for right in reach))


CROSS = Neighbourhood(((-1, 0), (0, -1), (0, 0), (0, 1), (1, 0)))
"""A cell and the four beside it, as von Neumann had them."""
NAMES = {"moore": square(3), "von-neumann": CROSS}


def _of_number(number: int, dimensions: int) -> Neighbourhood:
    if number < 1:
        raise UsageError(f"neighbours is {number}; a cell reads one cell at least.")
    if number > MAX_NEIGHBOURS:
        raise UsageError(f"neighbours is {said(number)}; a cell reads {MAX_NEIGHBOURS} cells at most.")
    if dimensions == 1:
        return window(0, number)
    side = math.isqrt(number)
    if number == CROSS.size:
        return CROSS
    if side * side == number and side % 2:
        return square(side)
    raise UsageError(
        f"neighbours is {number}, but on a grid a number is 5, 9, 25, 49: a cross, or a square around the cell; "
        f"give other neighbourhoods as offsets, such as 0:-1,0:0,0:1."
    )


def _of_text(text: str, dimensions: int) -> Neighbourhood:
    name = text.strip().lower()
    if name in NAMES:
        return NAMES[name]
    if name.isdecimal() and len(name) < 7:
        return _of_number(int(name), dimensions)
    try:
        if "x" in name:
            high, wide = map(int, name.split("x"))
            if high == wide and high % 2 and high > 0:
                return _of_number(high * wide, 2) if high > 1 else square(1)
            raise ValueError
        return Neighbourhood(tuple(tuple(map(int, each.split(":"))) for each in name.split(",")))
    except ValueError:
        raise UsageError(
            f"neighbours is {said(text)}; expected a number, offsets such as -1,0,1 (of a grid: down:right, "
            f"such as -1:0,0:0,1:0), an odd square such as 3x3, or one of {', '.join(NAMES)}."
        ) from None


def _offset(each: object) -> Offset:
    parts = tuple(each) if isinstance(each, (tuple, list)) else (each,)
    if parts and all(isinstance(part, (int, np.integer)) and not isinstance(part, bool) for part in parts):
        return tuple(map(int, parts))
    raise UsageError(f"an offset is {said(each)}; expected a whole number, or a pair of them.")

"""Two observations of an automaton as clauses: the rule's bits and the states between are variables.

Of a table: for each cell, step and pattern k, two clauses say  the inputs are k → the output is T_k.  Of masks:
products of mask bits and states, counted as far as the bound by a sequential counter (Sinz 2005), both ways.
A literal is a whole number other than 0, negative for "not"; TRUE and -TRUE stand for what is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise, product

import numpy as np

from scripts.studies.rules.instances import Bits, Grid, Instance, Ring, around

TRUE = 1


class Clauses:
    """Clauses over numbered variables, of which the first is true."""

    def __init__(self) -> None:
        self.n_variables = TRUE
        self.lists: list[list[int]] = [[TRUE]]

    def fresh(self, *shape: int) -> Bits:
        """New variables."""
        first = self.n_variables + 1
        self.n_variables += int(np.prod(shape))
        return np.arange(first, self.n_variables + 1).reshape(shape)

    def add(self, *literals: int) -> None:
        """One of these; a clause that is true by what is known is left out, and so are false literals."""
        if TRUE not in literals:
            self.lists.append([int(literal) for literal in literals if literal != -TRUE])

    def both(self, a: int, b: int) -> int:
        """A literal that is true when both are."""
        if -TRUE in (a, b):
            return -TRUE
        if TRUE in (a, b):
            return b if a == TRUE else a
        (both,) = self.fresh(1)
        self.add(-both, a)
        self.add(-both, b)
        self.add(both, -a, -b)
        return int(both)

    def either(self, a: int, b: int) -> int:
        return -self.both(-a, -b)

    def at_least(self, bound: int, literals: Sequence[int]) -> int:
        """A literal that is true when so many of these are."""
        reached = [TRUE] + [-TRUE] * bound  # at least 0, 1, …, bound of those counted so far
        for literal in literals:
            more = [self.both(literal, before) for before in reached[:-1]]
            reached = [TRUE, *(self.either(old, new) for old, new in zip(reached[1:], more, strict=True))]
        return reached[bound]


def states(clauses: Clauses, instance: Instance) -> list[Bits]:
    """A literal for every cell at every time; the first and the last observed."""
    ends = [np.where(seen == 1, TRUE, -TRUE) for seen in (instance.first, instance.last)]
    between = [clauses.fresh(*instance.first.shape) for _ in range(instance.steps - 1)]
    return [ends[0], *between, ends[1]]


def table_of(clauses: Clauses, ring: Ring) -> Bits:
    """Says that one table leads from row to row; returns its variables, (2^n,)."""
    table = clauses.fresh(2**ring.inputs)
    rows = states(clauses, ring)
    for now, later in pairwise(rows):
        for inputs, output in zip(around(now, np.arange(ring.inputs)), later, strict=True):
            for number, pattern in enumerate(product((False, True), repeat=ring.inputs)):
                other = [-x if bit else x for x, bit in zip(inputs, pattern, strict=True)]
                clauses.add(*other, -table[number], output)
                clauses.add(*other, table[number], -output)
    return table


def masks_of(clauses: Clauses, grid: Grid) -> Bits:
    """Says that one pair of masks leads from grid to grid; returns their variables, (2, width²)."""
    masks = clauses.fresh(2, grid.width**2)
    grids = states(clauses, grid)
    for now, later in pairwise(grids):
        seen = np.stack([np.roll(now, (-down, -right), (0, 1)) for down, right in grid.places], axis=-1)
        for inputs, output in zip(seen.reshape(-1, grid.width**2), later.ravel(), strict=True):
            enough, few = (
                clauses.at_least(
                    bound, [clauses.both(int(m), int(x)) for m, x in zip(mask, inputs, strict=True)]
                )
                for bound, mask in zip((grid.bounds[0], grid.bounds[1] + 1), masks, strict=True)
            )
            alive = clauses.both(enough, -few)
            clauses.add(-alive, int(output))
            clauses.add(alive, -int(output))
    return masks


def encoded(instance: Instance) -> tuple[Clauses, Bits]:
    """The clauses of an instance, and the variables of its rule."""
    clauses = Clauses()
    encode: Callable[..., Bits] = table_of if isinstance(instance, Ring) else masks_of
    return clauses, encode(clauses, instance)

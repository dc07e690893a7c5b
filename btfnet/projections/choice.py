"""Constraints that choose: one of a group, k of a group, a permutation. Entries are `low` or `high`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment

from btfnet.projections.point import Indices, Point, copied, count_of, groups_of, levels_of


@dataclass(frozen=True, eq=False)
class ExactlyK:
    """In each group exactly k entries are high, the others low; entries of no group are free.

    The nearest member makes the k largest entries of each group high.
    Tie: of equal entries, those that come first in the group are chosen.

    k          from 0 to the size of the groups
    groups     indices, (n_groups, size), no index twice; a flat list is one group
    low, high  the two values, low below high
    """

    k: int
    groups: Indices
    low: float
    high: float

    def __init__(self, k: int, groups: ArrayLike, *, low: float = -1.0, high: float = 1.0) -> None:
        name = type(self).__name__
        table = groups_of(f"{name}: groups", groups)
        object.__setattr__(self, "k", count_of(f"{name}: k", k, least=0, most=table.shape[1]))
        object.__setattr__(self, "groups", table)
        _set_levels(self, low, high)

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, least=int(self.groups.max()) + 1)
        order = np.argsort(-nearest[self.groups], axis=1, kind="stable")
        nearest[self.groups] = self.low
        nearest[np.take_along_axis(self.groups, order[:, : self.k], axis=1)] = self.high
        return nearest


class OneHot(ExactlyK):
    """In each group exactly one entry is high, the others low; entries of no group are free.

    The nearest member makes the largest entry of each group high.
    Tie: of equal entries, the first in the group is chosen.

    groups     indices, (n_groups, size), no index twice; a flat list is one group
    low, high  the two values, low below high
    """

    def __init__(self, groups: ArrayLike, *, low: float = -1.0, high: float = 1.0) -> None:
        super().__init__(1, groups, low=low, high=high)

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, least=int(self.groups.max()) + 1)
        largest = nearest[self.groups].argmax(axis=1)
        nearest[self.groups] = self.low
        nearest[self.groups[np.arange(len(largest)), largest]] = self.high
        return nearest


@dataclass(frozen=True)
class Permutation:
    """A permutation matrix: in each row and each column exactly one entry is high, the others low.

    The nearest member maximises the sum of the chosen entries: a linear assignment, solved exactly.
    Tie: the one that `scipy.optimize.linear_sum_assignment` finds; the same for the same point.

    n          rows; the point is the n × n matrix, row by row
    low, high  the two values, low below high
    """

    n: int
    low: float
    high: float

    def __init__(self, n: int, *, low: float = -1.0, high: float = 1.0) -> None:
        object.__setattr__(self, "n", count_of("Permutation: n", n))
        _set_levels(self, low, high)

    def project(self, point: Point) -> Point:
        matrix = copied(self, point, size=self.n**2).reshape(self.n, self.n)
        chosen = linear_sum_assignment(matrix, maximize=True)
        matrix[:] = self.low
        matrix[chosen] = self.high
        return matrix.ravel()


def _set_levels(constraint: ExactlyK | Permutation, low: float, high: float) -> None:
    low, high = levels_of(type(constraint).__name__, low, high)
    object.__setattr__(constraint, "low", low)
    object.__setattr__(constraint, "high", high)

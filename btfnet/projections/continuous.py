"""Constraints with smooth sets: sphere, hyperplane, half-space, agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from btfnet.arguments import Wanted, is_iterable, need, optional
from btfnet.errors import UsageError
from btfnet.projections.point import Indices, Point, copied, frozen, indices_of, number_of, numbers_of

LISTS = Wanted("a list of lists, one for each group", is_iterable)


@dataclass(frozen=True)
class Sphere:
    """The point has a given length.

    The set is  { v : |v| = radius }.  The nearest member is  v radius/|v|.
    Tie: all members are equally near to the zero vector; it goes to the one with equal positive entries.
    """

    radius: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "radius", number_of("Sphere: radius", self.radius, positive=True))

    def project(self, point: Point) -> Point:
        nearest = copied(self, point)
        largest = np.abs(nearest).max()
        # Scaled by the largest entry first: squares of very small or large entries leave the range of floats.
        nearest = nearest / largest if largest > 0 else np.ones_like(nearest)
        return nearest * (self.radius / np.linalg.norm(nearest))


@dataclass(frozen=True, eq=False)
class Hyperplane:
    """A weighted sum of the entries has a given value.

    The set is  { v : n·v = offset }.  The nearest member is  v + n (offset - n·v)/(n·n).

    normal  n, one number for each entry of the point, not all zero
    """

    normal: Point
    offset: float

    def __init__(self, normal: ArrayLike, offset: float) -> None:
        object.__setattr__(self, "normal", _normal("Hyperplane", normal))
        object.__setattr__(self, "offset", number_of("Hyperplane: offset", offset))

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, size=self.normal.size)
        return nearest + _step(self.normal, self.offset, nearest) * self.normal


@dataclass(frozen=True, eq=False)
class HalfSpace:
    """A weighted sum of the entries is at least a given value.

    The set is  { v : n·v ≥ offset }.  Outside it the nearest member is  v + n (offset - n·v)/(n·n).
    For "at most", negate both n and the offset.

    normal  n, one number for each entry of the point, not all zero
    """

    normal: Point
    offset: float

    def __init__(self, normal: ArrayLike, offset: float) -> None:
        object.__setattr__(self, "normal", _normal("HalfSpace", normal))
        object.__setattr__(self, "offset", number_of("HalfSpace: offset", offset))

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, size=self.normal.size)
        return nearest + max(0.0, _step(self.normal, self.offset, nearest)) * self.normal


def _normal(where: str, values: ArrayLike) -> Point:
    normal = numbers_of(f"{where}: normal", values)
    if normal.ndim != 1 or not normal.any():
        raise UsageError(
            f"{where}: normal has the shape {normal.shape}; give a flat list of numbers, not all zero."
        )
    return normal


def _step(normal: Point, offset: float, point: Point) -> float:
    return float((offset - normal @ point) / (normal @ normal))


@dataclass(frozen=True, eq=False)
class Agreement:
    """Within each group all entries are equal; entries of no group are free.

    The set is  { v : v[k] = v[l] for k, l in one group }.  Its member nearest to v, distances counted with
    the weights g, gives every entry of a group the weighted mean:

        out[k] = sum_{l in group} g[l] v[l] / sum_{l in group} g[l]

    groups   lists of indices, of any lengths, no index twice
    weights  g, lists of positive numbers shaped like the groups; without them plain means

    This is "concur" of divide and concur. Source: Gravel & Elser, Phys. Rev. E 78, 036706 (2008).
    """

    indices: Indices
    group: Indices
    share: Point
    """Flat index, group number, and share of its group's weight, of every entry that belongs to a group."""

    def __init__(self, groups: Sequence[ArrayLike], weights: Sequence[ArrayLike] | None = None) -> None:
        need("Agreement", groups=(groups, LISTS), weights=(weights, optional(LISTS)))
        lists = [indices_of(f"Agreement: group {number}", indices) for number, indices in enumerate(groups)]
        if not lists:
            raise UsageError("Agreement got no groups; give at least one list of indices.")
        sizes = [indices.size for indices in lists]
        group = np.repeat(np.arange(len(sizes)), sizes)
        weight = np.ones(len(group)) if weights is None else _weights(weights, sizes)
        object.__setattr__(self, "indices", indices_of("Agreement", np.concatenate(lists)))
        object.__setattr__(self, "group", frozen(group))
        object.__setattr__(self, "share", frozen(weight / np.bincount(group, weight)[group]))

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, least=int(self.indices.max()) + 1)
        means = np.bincount(self.group, self.share * nearest[self.indices])
        nearest[self.indices] = means[self.group]
        return nearest


def _weights(weights: Sequence[ArrayLike], sizes: list[int]) -> Point:
    lists = [
        numbers_of(f"Agreement: weights of group {number}", values) for number, values in enumerate(weights)
    ]
    shapes = [values.shape for values in lists]
    if shapes != [(size,) for size in sizes]:
        raise UsageError(
            f"Agreement has groups of {sizes} entries, but weights of shapes {shapes}; "
            f"give one weight for each entry."
        )
    flat = np.concatenate(lists)
    if flat.min() <= 0:
        raise UsageError(f"Agreement has the weight {flat.min():g}; weights must be positive.")
    return flat

"""Constraints on the values of single entries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from btfnet.errors import UsageError
from btfnet.projections.point import Indices, Point, copied, indices_of, numbers_of


@dataclass(frozen=True, eq=False)
class Fixed:
    """Some entries have given values; the others are free.

    The set is  { v : v[indices] = values }.  The nearest member overwrites these entries.

    indices  distinct indices into the point, flat
    values   one number for each index, or one number for all
    """

    indices: Indices
    values: Point

    def __init__(self, indices: ArrayLike | slice | range, values: ArrayLike) -> None:
        places, numbers = indices_of("Fixed: indices", indices), numbers_of("Fixed: values", values)
        if numbers.ndim and numbers.shape != places.shape:
            raise UsageError(
                f"Fixed has {places.size} indices, but values of shape {numbers.shape}; give one each."
            )
        object.__setattr__(self, "indices", places)
        object.__setattr__(self, "values", np.broadcast_to(numbers, places.shape))

    def project(self, point: Point) -> Point:
        nearest = copied(self, point, least=int(self.indices.max()) + 1)
        nearest[self.indices] = self.values
        return nearest


@dataclass(frozen=True)
class PlusMinusOne:
    """Every entry is -1 or +1.

    The set is  {-1, +1}^n.  The nearest member holds the signs:  out[k] = +1 if v[k] > 0 else -1.
    Tie: 0 goes to -1, as everywhere in btfnet.
    """

    def project(self, point: Point) -> Point:
        return np.where(copied(self, point) > 0, 1.0, -1.0)

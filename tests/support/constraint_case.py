"""What the laws of constraints are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TOLERANCE = 1e-10


@dataclass
class Case:
    """A constraint, its twin, a way to make members near a point, and what is true of a member."""

    constraint: Any
    size: int
    twin: Any
    member: Any
    """(rng, near) -> a member, found by other means than the projection."""
    holds: Any
    metric: Any = 1.0
    """Weights of the squared distance in which the projection is nearest."""

    def __str__(self):
        return type(self.constraint).__name__


def agreeing(groups):
    def member(rng, near):
        near = np.array(near)
        for group in groups:
            near[group] = rng.choice(near[group])
        return near

    return member

"""How a cost grows: y = c x^e, by least squares of the logarithms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scripts.lib.rows import Row
from scripts.studies.growth.study import BASE

LEAST_BYTES = 1 << 25
"""Less memory than this beside what was there before is not told apart from it."""


class Growth(NamedTuple):
    """An exponent, and by how much one standard error of the points' scatter would change it."""

    exponent: float
    error: float


def growth(sizes: Sequence[float], costs: Sequence[float]) -> Growth:
    """Of at least three points."""
    x, y = np.log(np.array(sizes)), np.log(np.array(costs))
    centred = x - x.mean()
    exponent = float(centred @ y / (centred @ centred))
    left = y - y.mean() - exponent * centred
    return Growth(exponent, float(np.sqrt((left @ left) / (len(x) - 2) / (centred @ centred))))


def series(rows: Sequence[Row], kind: str, name: str) -> list[Row]:
    """The runs of a kind of network in which one size grows, and the others are as in BASE."""
    others = {key: size for key, size in BASE.items() if key != name}
    chosen = [row for row in rows if row["kind"] == kind and all(row[key] == others[key] for key in others)]
    return sorted(chosen, key=lambda row: row[name])


def grown(row: Row) -> int:
    """Bytes of memory that the items and the search took."""
    return row["peak"] - row["before"]


def upper_half(rows: Sequence[Row], name: str) -> list[Row]:
    """The runs in which the size is the one of BASE or more: where what does not grow weighs less."""
    return [row for row in rows if row[name] >= BASE[name]]

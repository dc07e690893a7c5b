"""The order of the parts within the columns of a circuit's picture: few crossings.

Sweeps to and fro sort every column by the mean place of its neighbours (Sugiyama, Tagawa & Toda, IEEE Trans. SMC
11, 1981); every other pair of sweeps is followed by swaps of neighbours. The order of fewest crossings stays.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(eq=False, slots=True)
class Part:
    """Something with a place in a column: an input, a gate, a passing wire or an output.

    node is the node whose value leaves the part; for an output, its index.
    """

    kind: str
    node: int
    height: int
    y: int = 0
    pins: list[Pin] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Pin:
    """Where a wire enters a part; literal is signed, weight how often it stands in the gate."""

    sender: Part
    literal: int
    weight: int
    y: int = 0


def receivers_of(columns: Iterable[Iterable[Part]]) -> dict[Part, list[Part]]:
    receivers: dict[Part, list[Part]] = {part: [] for column in columns for part in column}
    for column in columns:
        for part in column:
            for pin in part.pins:
                receivers[pin.sender].append(part)
    return receivers


def mean(values: Iterable[float], otherwise: float) -> float:
    values = list(values)
    return sum(values) / len(values) if values else otherwise


SWEEPS = 24
TRANSPOSITIONS = 8


def reduce_crossings(columns: list[list[Part]]) -> None:
    """Sort every column by the mean place of its neighbours, to and fro; keep the best order."""
    best, fewest = [list(column) for column in columns], crossings_of(columns)
    receivers = receivers_of(columns)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for index in range(1, len(columns)) if forward else range(len(columns) - 2, -1, -1):
            neighbours = columns[index - 1 if forward else index + 1]
            rank = {part: number / len(neighbours) for number, part in enumerate(neighbours)}
            means = {}
            for number, part in enumerate(columns[index]):
                near = [pin.sender for pin in part.pins] if forward else receivers[part]
                means[part] = mean((rank[other] for other in near), number / len(columns[index]))
            columns[index].sort(key=means.__getitem__)
        if sweep % 4 >= 2:
            _transpose(columns, receivers)
        crossings = crossings_of(columns)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns], crossings
    columns[:] = best


def _transpose(columns: list[list[Part]], receivers: dict[Part, list[Part]]) -> None:
    """Swap neighbours in a column while that removes crossings (Gansner et al., IEEE TSE 19, 1993)."""
    place = {part: number for column in columns for number, part in enumerate(column)}
    senders = {part: [pin.sender for pin in part.pins] for part in place}
    for _ in range(TRANSPOSITIONS):
        changed = False
        for column in columns:
            for index in range(len(column) - 1):
                upper, lower = column[index], column[index + 1]
                above = _tangled(senders[upper], senders[lower], place)
                if above + _tangled(receivers[upper], receivers[lower], place) > 0:
                    column[index], column[index + 1] = lower, upper
                    place[lower], place[upper], changed = index, index + 1, True
        if not changed:
            break


def _tangled(upper: list[Part], lower: list[Part], place: dict[Part, int]) -> int:
    """How many more lines cross than if two neighbours changed places; upper and lower hold their other ends."""
    if not upper or not lower:
        return 0
    above, below = [place[other] for other in upper], [place[other] for other in lower]
    return sum((one > two) - (one < two) for one in above for two in below)


def crossings_of(columns: list[list[Part]]) -> int:
    """Pairs of straight lines between neighbouring columns that cross."""
    total = 0
    for left, right in pairwise(columns):
        index = {part: number for number, part in enumerate(left)}
        seen: list[int] = []
        for part in right:
            starts = sorted(index[pin.sender] for pin in part.pins)
            total += sum(len(seen) - bisect_left(seen, start + 1) for start in starts)
            for start in starts:
                insort(seen, start)
    return total

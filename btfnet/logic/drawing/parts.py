"""What stands in the columns of a circuit's picture, and who hears whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


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

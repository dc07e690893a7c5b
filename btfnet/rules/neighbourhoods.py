"""Which neighbourhoods, and how many gates, are tried, and for how long: the smallest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from btfnet.rules.attempt import CellKind
from btfnet.rules.lattice import CROSS, Neighbourhood, square, window
from btfnet.rules.observations import Observations

WIDEST = 8
FIRST_BUDGET = 250_000
"""Changes that the smallest candidate gets first; twice as many each time round."""
ROUNDS = 10
FIRST_GATES, MOST_GATES = 3, 14
Kind = TypeVar("Kind")
"""Whatever is tried in turn."""


def sizes(observations: Observations, kind: CellKind) -> list[list[Neighbourhood]]:
    """Neighbourhoods of equal size together, growing. A row's are all windows in which the cell itself is."""
    if len(observations.lattice.shape) == 2:
        squares = [square(3), square(5), square(7)] if kind.name == "masks" else [CROSS, square(3)]
        return [[each] for each in squares]
    widest = WIDEST // observations.n_channels
    widest = min(widest, observations.lattice.n_cells)
    return [[window(-before, size) for before in range(size)] for size in range(1, widest + 1)]


def in_turn(candidates: list[list[Kind]]) -> Iterator[tuple[Kind, int]]:
    """Candidates of growing size and the changes each may try: large ones join later, small ones get ever more."""
    for turn in range(ROUNDS + len(candidates)):
        for size, alike in enumerate(candidates[: turn + 1]):
            if turn - size < ROUNDS:
                for candidate in alike:
                    yield candidate, FIRST_BUDGET << (turn - size)


def gate_counts(observations: Observations) -> list[int]:
    """Numbers of gates that are tried where none is given."""
    return list(range(max(FIRST_GATES, observations.n_channels), MOST_GATES + 1))

"""Literals in the order in which a builder joins them, the early ones first, while new ones come in."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from btfnet.logic.aig.aig import Builder


class Earliest:
    """A queue by `Builder.by_depth`; n literals go in and out in O(n log n), where sorting anew takes n²."""

    def __init__(self, builder: Builder, literals: Iterable[int]) -> None:
        self._key = builder.by_depth
        self._heap = [self._key(literal) for literal in literals]
        heapify(self._heap)

    def __len__(self) -> int:
        return len(self._heap)

    def take(self, count: int) -> list[int]:
        """The so many earliest, or all that there are."""
        return [heappop(self._heap)[-1] for _ in range(min(count, len(self._heap)))]

    def put(self, literal: int) -> None:
        heappush(self._heap, self._key(literal))

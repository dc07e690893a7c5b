"""Literals in the order in which a builder joins them, the early ones first, while new ones come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

Key = tuple[bool, int, int]
"""What decides which literal is earlier, and at the end the literal itself."""


class Earliest:
    """A queue by `Builder.by_depth`; n literals go in and out in O(n log n), where sorting anew takes n²."""

    def __init__(self, key: Callable[[int], Key], literals: Iterable[int]) -> None:
        self._key = key
        self._heap = [self._key(literal) for literal in literals]
        heapify(self._heap)

    def __len__(self) -> int:
        return len(self._heap)

    def take(self, count: int) -> list[int]:
        """The so many earliest, or all that there are."""
        return [heappop(self._heap)[-1] for _ in range(min(count, len(self._heap)))]

    def put(self, literal: int) -> None:
        heappush(self._heap, self._key(literal))

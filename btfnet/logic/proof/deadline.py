"""The time that a proof may take."""

from __future__ import annotations

import math
import time

from btfnet.errors import UsageError


class OutOfTime(Exception):
    """The time limit came first."""


class Deadline:
    """Seconds since the start, and the limit after which `check` raises `OutOfTime`."""

    def __init__(self, time_limit: float | None) -> None:
        if time_limit is not None and not time_limit > 0:
            raise UsageError(f"the time limit is {time_limit} seconds; expected more than 0, or none.")
        self._begun = time.monotonic()
        self._limit = math.inf if time_limit is None else time_limit

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._begun

    @property
    def left(self) -> float:
        """Seconds until the limit, at least 0."""
        return max(0.0, self._limit - self.seconds)

    @property
    def over(self) -> bool:
        return self.seconds > self._limit

    def check(self) -> None:
        if self.over:
            raise OutOfTime

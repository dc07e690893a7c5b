"""How often to save: as often as it costs next to nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

SHARE = 0.01
"""Part of the time that saving may take."""
LEAST_SECONDS = 1.0
"""Between two checkpoints, however cheap they are."""
BYTES_PER_SECOND = 2e8
"""What a slow disk takes; the guess before there is a measurement."""


class SaveInterval:
    """When the next checkpoint is due, from what the last one cost."""

    def __init__(self, n_bytes: float = 0.0) -> None:
        self._cost, self._last = n_bytes / BYTES_PER_SECOND, time.monotonic()

    @property
    def interval(self) -> float:
        """Seconds from the end of one checkpoint to the start of the next."""
        return max(LEAST_SECONDS, self._cost / SHARE)

    def due(self) -> bool:
        return time.monotonic() - self._last >= self.interval

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Around the saving; failed attempts count too, so that a full disk is not asked all the time."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self._last = time.monotonic()
            self._cost = self._last - begun

"""Reading with little memory and in little time."""

from __future__ import annotations

import time
import tracemalloc
from contextlib import contextmanager

QUICK = 2.0
"""Seconds, with all the rest that this machine does."""


@contextmanager
def little(n_bytes=1 << 22):
    """What happens inside takes little memory and time."""
    tracemalloc.start()
    begun = time.monotonic()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < n_bytes
        assert time.monotonic() - begun < QUICK
    finally:
        tracemalloc.stop()

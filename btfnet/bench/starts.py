"""What a user waits for: the command from its call to its answer, compiled before or not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

import numpy as np

from btfnet.errors import BtfnetError

COMMAND = ("solve", "multiplier-2x2", "--quiet")
"""A problem that takes a few milliseconds: nearly all of its time is the start."""


def cached_start(times: int) -> float | None:
    """Median seconds of the command with the kernels in the cache; None for no times."""
    if times < 1:
        return None
    _seconds(dict(os.environ))  # fills the cache, should it be empty
    return float(np.median([_seconds(dict(os.environ)) for _ in range(times)]))


def cold_start() -> float:
    """Seconds of the command with an empty cache: everything is compiled."""
    with tempfile.TemporaryDirectory(prefix="btfnet-bench-") as folder:
        return _seconds({**os.environ, "NUMBA_CACHE_DIR": folder})


def _seconds(environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "btfnet", *COMMAND]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BtfnetError(
            f"btfnet {' '.join(COMMAND)} exited with {done.returncode}:\n{done.stderr.rstrip()}"
        )
    return time.perf_counter() - begun

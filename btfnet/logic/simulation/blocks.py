"""Items in blocks, shared out among threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.logic.byte_rows import LINES
from btfnet.machine import cores

OPERATIONS_A_THREAD = 1_000_000
"""Below so many operations on words (some 200 µs) a further thread costs more than it saves."""


def share(
    run: Callable[[int, int], None], size: int, block: int, operations: int, threads: int | None
) -> None:
    """run(first, last) on parts of 0 … size, each of whole blocks, on as many threads as the work is worth.

    operations  on words, of all parts together
    threads     at most so many, one for each core by default
    """
    n_blocks = -(-size // block)
    n_threads = max(1, min(threads or cores(), n_blocks, operations // OPERATIONS_A_THREAD))
    if n_threads == 1:
        run(0, size)
        return
    cuts = [min(size, n_blocks * index // n_threads * block) for index in range(n_threads + 1)]
    with ThreadPoolExecutor(n_threads) as pool:
        for future in [pool.submit(run, *cut) for cut in pairwise(cuts)]:
            future.result()


def row_scratch(n_columns: int) -> tuple[NDArray[np.uint8], NDArray[np.uint64], NDArray[np.uint8]]:
    """What `btfnet.kernels.logic.bit_transpose.pack_rows` needs."""
    padded = -(-n_columns // LINES) * LINES
    return (
        np.zeros((LINES, padded), dtype=np.uint8),
        np.zeros(padded, dtype=np.uint64),
        np.zeros((8, n_columns), dtype=np.uint8),
    )

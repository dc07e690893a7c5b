"""Rows of inputs in any spelling as bytes, which circuits take, in blocks shared out among threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError
from btfnet.kernels.logic.byte_rows import LINES, MINUS, OTHERS, ZEROS, kinds_of_bytes
from btfnet.machine import cores
from btfnet.matching.columns import Ports
from btfnet.matching.row_kinds import Kind, kind_of
from btfnet.problem.values import booleans


def kind_of_bytes(inputs: ArrayLike, rows: NDArray[np.uint8]) -> Kind:
    """`kind_of`, where the rows are already bytes; quicker on many of them."""
    if isinstance(inputs, np.ndarray) and inputs.dtype == np.int8:
        return "signs" if kinds_of_bytes(rows.reshape(-1)) & MINUS and (inputs == -1).any() else "bits"
    return kind_of(inputs)


def as_bytes(inputs: ArrayLike, where: str, *, first: int = 0) -> NDArray[np.uint8]:
    """Rows of Booleans as bytes, copied only where they are none yet: 1 is true, 0 and 255 are false.

    first   the number of the first row, for messages
    Raises `DataError` as `btfnet.problem.values.booleans` does.
    """
    if isinstance(inputs, np.ndarray) and inputs.ndim == 2 and inputs.dtype in (np.bool_, np.int8, np.uint8):
        rows = np.ascontiguousarray(inputs).view(np.uint8)
        refused = OTHERS | (MINUS if inputs.dtype != np.int8 else 0)
        kinds = kinds_of_bytes(rows.reshape(-1))
        if not kinds & refused and kinds & (ZEROS | MINUS) != ZEROS | MINUS:
            return rows
    return booleans(inputs, where, first=first).view(np.uint8)


def check_width(ports: Ports, width: int) -> None:
    """Raise `DataError` where rows have not a value for each input."""
    if width != len(ports.inputs):
        names = ports.inputs if len(ports.inputs) <= 6 else (*ports.inputs[:4], "…", ports.inputs[-1])
        raise DataError(
            f"{ports.side}: the rows have {width} values, but the circuit has "
            f"{len(ports.inputs)} inputs ({', '.join(names)}).\n"
            f"Give every row {len(ports.inputs)} values."
        )


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

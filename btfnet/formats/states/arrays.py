"""`.npy` and `.npz`: states as one array, times beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError, FormatError
from btfnet.files.reading import Path, read_bytes
from btfnet.formats.arrays.npy_header import decode
from btfnet.formats.arrays.zip_arrays import open_archive
from btfnet.printable import shown
from btfnet.rules.observations import as_states

MAX_BYTES = 1 << 28
STATES, TIMES = "states", "times"


@dataclass(eq=False)
class Array:
    """States, (n_runs, n_times, …) or (n_times, …), and the time of each where the file says it."""

    path: Path
    states: NDArray[np.int8]
    times: tuple[int, ...] | None = None


def array_of_npy(path: Path) -> Array:
    """Raises `FormatError`."""
    return Array(path, _states(path, decode(path, read_bytes(path, per_byte=12, most=MAX_BYTES), "states")))


def array_of_npz(path: Path) -> Array:
    """The array `states`, or the only one that is not `times`. Raises `FormatError`."""
    archive = open_archive(path, ())
    names = [name for name in archive.entries if name != TIMES]
    if STATES not in names and len(names) != 1:
        raise FormatError(
            path,
            None,
            f"found the arrays {shown(', '.join(names) or 'none')[1:-1]}; expected one called {STATES}.",
        )
    arrays = archive.arrays()
    times = arrays.get(TIMES)
    states = _states(path, arrays[STATES if STATES in names else names[0]])
    return Array(path, states, None if times is None else _times(path, times))


def _states(path: Path, array: NDArray[np.generic]) -> NDArray[np.int8]:
    try:
        states = as_states(array)
    except DataError as error:
        raise FormatError(path, None, str(error)) from error
    if not 2 <= states.ndim <= 4:
        raise FormatError(
            path,
            None,
            f"found the shape {shown(states.shape)}; expected (times, cells) or (times, height, width), or runs "
            f"before these.",
        )
    return states


def _times(path: Path, times: NDArray[np.generic]) -> tuple[int, ...]:
    if times.ndim != 1 or times.dtype.kind not in "iu":
        found = f"the type {times.dtype} and the shape {shown(times.shape)}"
        raise FormatError(path, None, f"{TIMES}: found {found}; expected a list of whole numbers.")
    return tuple(int(time) for time in times.tolist())

"""The state of a random generator as an array, so that it is saved together with what it draws for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError, UsageError

KIND = "PCG64"
"""NumPy's own choice, `numpy.random.default_rng`."""
_LOW = (1 << 64) - 1


def generator_state(rng: np.random.Generator) -> NDArray[np.uint64]:
    """Everything that decides what it draws next; (6,): state, increment (low words first), half a word.

    Raises `UsageError` for a generator of another kind than `numpy.random.default_rng` makes.
    """
    state: Any = rng.bit_generator.state
    if state["bit_generator"] != KIND:
        raise UsageError(
            f"the generator is a {state['bit_generator']}, and only {KIND} can be saved; "
            f"make it by numpy.random.default_rng(seed)."
        )
    inner, increment = state["state"]["state"], state["state"]["inc"]
    words = [
        inner & _LOW,
        inner >> 64,
        increment & _LOW,
        increment >> 64,
        state["has_uint32"],
        state["uinteger"],
    ]
    return np.array(words, dtype=np.uint64)


def set_generator_state(rng: np.random.Generator, saved: NDArray[Any] | None) -> None:
    """Draw from now on what the generator whose state was saved would draw. Raises `DataError` if it is none."""
    if saved is None or saved.shape != (6,) or saved.dtype != np.uint64 or saved[4] > 1 or saved[5] >> 32:
        raise DataError(
            "The checkpoint holds no generator that this version of btfnet understands; "
            "go on with the version that wrote it."
        )
    low, high, increment_low, increment_high, has_half, half = map(int, saved)
    rng.bit_generator.state = {
        "bit_generator": KIND,
        "state": {"state": low | high << 64, "inc": increment_low | increment_high << 64},
        "has_uint32": has_half,
        "uinteger": half,
    }

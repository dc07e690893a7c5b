"""Fractions of output bits, words and classes that are right; only bits that count are counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Fractions = tuple[float, float]
_NOTHING = (float("nan"), float("nan"))


def bits_right(
    outputs: NDArray[np.int8], found: NDArray[np.generic], care: NDArray[np.bool_] | None
) -> Fractions:
    """Of bits and of whole words; a word is right when all its bits that count are. NaN where nothing counts.

    outputs  ±1, (n_items, n_outputs); found  the same, or preactivations: positive is true
    """
    right = (found > 0) == (outputs > 0)  # type: ignore[operator]
    if care is None:
        return (float(right.mean()), float(right.all(axis=1).mean())) if right.size else _NOTHING
    if not care.any():
        return _NOTHING
    words = (right | ~care).all(axis=1)[care.any(axis=1)]
    return float(right[care].mean()), float(words.mean())


def classes_right(
    outputs: NDArray[np.int8], found: NDArray[np.generic], care: NDArray[np.bool_] | None
) -> Fractions:
    """Of classes, twice. The class is the largest output, the first of equals: of bits, the first true one,
    and class 0 where none is.

    outputs  one-hot ±1, (n_items, n_classes); found  the same shape, ±1 or preactivations
    """
    right = outputs.argmax(axis=1) == found.argmax(axis=1)
    if care is not None:
        right = right[care.all(axis=1)]
    share = float(right.mean()) if right.size else float("nan")
    return share, share

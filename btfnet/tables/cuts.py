"""Levels at which a column of numbers is cut: few, and where that tells the classes apart."""

from __future__ import annotations

from enum import StrEnum
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

N_CUTS = 10
"""Levels of a column, at most."""
BY_QUANTILES = 3
"""Of these so many, and at most a third, stand at quantiles, whatever the classes: what tells apart in company
only is cut, too.
"""
APART = 0.05
LARGEST = 308
"""The exponent of the largest power of ten that a float holds."""


class Cuts(StrEnum):
    """How levels are chosen.

    CLASSES      where they tell the classes apart: again and again the cut, in any part, that gains most
    QUANTILES    as many rows between any two
    THERMOMETER  as far from each other, from the smallest value to the largest
    """

    CLASSES = "classes"
    QUANTILES = "quantiles"
    THERMOMETER = "thermometer"


def levels_of(
    values: NDArray[np.float64], labels: NDArray[np.int64], how: Cuts, n_cuts: int = N_CUTS
) -> tuple[float, ...]:
    """Ascending levels, at most so many; a value is at least as large as a level, or smaller.

    values  (n_rows,), NaN where none is known; labels  (n_rows,): classes 0, 1, …
    Each level is the shortest decimal number above the values below it.
    """
    known = ~np.isnan(values)
    order = np.argsort(values[known], kind="stable")
    ordered, classes = values[known][order], labels[known][order]
    seen, first = np.unique(ordered, return_index=True)
    if len(seen) < 2:
        return ()
    if len(seen) - 1 <= n_cuts:
        places = set(range(1, len(seen)))
    elif how is Cuts.CLASSES:
        at_quantiles = _at_quantiles(ordered, seen, min(BY_QUANTILES, n_cuts // 3))
        places = _by_classes(classes, first, n_cuts - len(at_quantiles))
        places |= _apart(at_quantiles, places, first, len(ordered))
    elif how is Cuts.QUANTILES:
        places = _at_quantiles(ordered, seen, n_cuts)
    else:
        parts = np.arange(1, n_cuts + 1) / (n_cuts + 1)
        wanted = seen[0] * (1 - parts) + seen[-1] * parts
        places = set(np.clip(np.searchsorted(seen, wanted), 1, len(seen) - 1).tolist())
    return tuple(between(float(seen[place - 1]), float(seen[place])) for place in sorted(places))


def between(low: float, high: float) -> float:
    """The number with the fewest decimals in (low, high], the one nearest to the middle of these."""
    middle, gap = low + (high - low) / 2, high - low
    if not 0 < gap < float("inf"):
        return high
    for digits in range(max(-floor(log10(gap)) - 1, -LARGEST), 18):
        step = 10.0**-digits
        for near in (round(middle / step), floor(middle / step), ceil(middle / step)):
            found = round(near * step, max(digits, 0))
            if low < found <= high:
                return float(found)
    return high


def _at_quantiles(ordered: NDArray[np.float64], seen: NDArray[np.float64], number: int) -> set[int]:
    """Places in the distinct values at which a cut leaves as many rows on each side as wanted."""
    parts = np.linspace(0, 1, number + 2)[1:-1]
    wanted = np.quantile(ordered / 2, parts) * 2  # the difference of the largest floats is none
    return set(np.clip(np.searchsorted(seen, wanted), 1, len(seen) - 1).tolist())


def _apart(some: set[int], others: set[int], first: NDArray[np.int64], n_rows: int) -> set[int]:
    """Those of some cuts that have `APART` of the rows between them and each of the others."""
    return {
        place
        for place in some
        if all(abs(int(first[place] - first[other])) >= APART * n_rows for other in others)
    }


def _by_classes(classes: NDArray[np.int64], first: NDArray[np.int64], number: int) -> set[int]:
    """Places of the cuts that gain most, one after another, in whichever part that is.

    classes  of all rows in the order of their values; first  the first row of each distinct value
    Source: the gain is that of decision trees (J. R. Quinlan, Machine Learning 1 (1986), 81), best first.
    """
    one_hot = classes[:, None] == np.unique(classes)
    counts = np.concatenate([np.zeros((1, one_hot.shape[1])), np.cumsum(one_hot, axis=0)])
    bounds = np.append(first, len(classes))  # of distinct value k the rows bounds[k] … bounds[k + 1]
    open_parts = [_best_cut(counts, bounds, 0, len(first))]
    found: set[int] = set()
    while len(found) < number:
        open_parts.sort(key=lambda part: part[0])
        gain, place, start, end = open_parts.pop()
        if gain <= 0:
            break
        found.add(place)
        open_parts += [_best_cut(counts, bounds, start, place), _best_cut(counts, bounds, place, end)]
        if not open_parts:
            break
    return found


def _best_cut(
    counts: NDArray[np.float64], bounds: NDArray[np.int64], start: int, end: int
) -> tuple[float, int, int, int]:
    """The gain of the best cut within distinct values start … end - 1, its place, and these two."""
    if end - start < 2:
        return 0.0, start, start, end
    below, whole, above = counts[bounds[start]], counts[bounds[end]], counts[bounds[start + 1 : end]]
    gain = _bits((whole - below)[None])[0] - _bits(above - below) - _bits(whole - above)
    best = int(gain.argmax())
    return float(gain[best]) - 1e-9, start + 1 + best, start, end


def _bits(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows times the entropy of their classes, in bits; counts  (n, n_classes)."""
    total = counts.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = counts * np.log2(counts / total)
    parts[counts == 0] = 0.0
    return -parts.sum(axis=1)

"""Other integer weights of the same size that are right on the same patterns, one after the other."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.completion.integer import LARGEST, first_patterns, worst_patterns

MOST_CHOICES = 8
FIRST = 1024


def other_weights(
    rows: NDArray[np.int8], weights: NDArray[np.int64], *, most: int = MOST_CHOICES, seconds: float = 5.0
) -> tuple[list[NDArray[np.int64]], bool]:
    """Up to `most` other integer w with rows @ w ≥ 1 and the same Σ|w|; and whether these are all there are.

    rows     int8 ±1, (n_patterns, n_senders): y x
    weights  int64, (n_senders,): right on all rows, and proven smallest

    A binary variable for each unit of each signed weight makes two weights differ in these variables; what was
    found is cut off (no-good cuts), and HiGHS looks for the next one, over few patterns first.
    """
    deadline = time.monotonic() + seconds
    found: list[NDArray[np.int64]] = []
    active = first_patterns(len(rows), FIRST)
    while len(found) < most and time.monotonic() < deadline:
        candidate, none_left = _next(rows[active], [weights, *found], deadline - time.monotonic())
        if candidate is None:
            return found, none_left
        more = worst_patterns(rows @ candidate)
        if more.size:
            active = np.union1d(active, more)
        else:
            found.append(candidate)
    return found, False


def _next(
    rows: NDArray[np.int8], known: list[NDArray[np.int64]], seconds: float
) -> tuple[NDArray[np.int64] | None, bool]:
    """Weights, right on all rows, that are none of the known ones; else None and whether that is proven.

    Unit u of sender s with sign ± is on when ±w[s] > u. Of two weights with one Σ|w| each has a unit on that is
    off in the other, so that the units of a known one must not all be on.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # half a second that few runs need
    from scipy.sparse import csr_array, hstack, vstack

    size, n_senders = int(np.abs(known[0]).sum()), rows.shape[1]
    n_units = min(LARGEST, (size + 1) // 2)
    signed = csr_array(rows.astype(np.float64))
    margins = hstack([signed] * n_units + [-signed] * n_units)
    units = np.array([_units(weights, n_units) for weights in known], dtype=np.float64)
    total = np.ones((1, 2 * n_units * n_senders))
    steps = _steps(n_units, n_senders)
    outcome = milp(
        np.zeros(2 * n_units * n_senders),
        integrality=np.ones(2 * n_units * n_senders),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(margins, lb=1),
            LinearConstraint(total, lb=size, ub=size),
            LinearConstraint(
                vstack([csr_array(units), steps]), ub=[size - 1] * len(known) + [0] * steps.shape[0]
            ),
        ],
        options={"time_limit": max(0.05, seconds)},
    )
    if outcome.x is None:
        return None, outcome.status == 2
    on = np.rint(outcome.x).astype(np.int64).reshape(2, n_units, n_senders).sum(axis=1)
    return on[0] - on[1], False


def _units(weights: NDArray[np.int64], n_units: int) -> NDArray[np.bool_]:
    thresholds = np.arange(n_units)[:, None]
    return np.concatenate([weights > thresholds, -weights > thresholds]).ravel()


def _steps(n_units: int, n_senders: int) -> Any:
    """Rows "unit u + 1 minus unit u", which are to be at most 0: a second unit only after a first one.

    Units of both signs of a sender are never on together: what remains of them would be smaller weights than the
    smallest.
    """
    from scipy.sparse import coo_array

    index = np.arange(2 * n_units * n_senders).reshape(2, n_units, n_senders)
    later, earlier = index[:, 1:].ravel(), index[:, :-1].ravel()
    rows = np.tile(np.arange(later.size), 2)
    signs = np.repeat([1.0, -1.0], later.size)
    return coo_array(
        (signs, (rows, np.concatenate([later, earlier]))), shape=(later.size, index.size)
    ).tocsr()

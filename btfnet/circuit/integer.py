"""The last resort for a node: the smallest integer weights that reproduce its values, or proof of none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SECONDS = 5.0


def smallest_weights(
    patterns: NDArray[np.int8], values: NDArray[np.int8], *, largest: int = 9, seconds: float = SECONDS
) -> NDArray[np.int64] | None:
    """Integer weights with y (w·x) ≥ 1 on all patterns and the least Σ|w|; None if there are none, or no time.

    patterns  int8 ±1, (n_patterns, n_senders), the bias column included; values  int8 ±1, (n_patterns,)
    largest   bound of |w|
    The weights are split into positive and negative parts; solved by HiGHS (scipy.optimize.milp).
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    rows = patterns.astype(np.float64) * values[:, None]
    n_senders = rows.shape[1]
    outcome = milp(
        np.ones(2 * n_senders),
        integrality=np.ones(2 * n_senders),
        bounds=Bounds(0, largest),
        constraints=LinearConstraint(csr_array(np.hstack([rows, -rows])), lb=1),
        options={"time_limit": seconds},
    )
    if outcome.x is None:
        return None
    split = np.rint(outcome.x).astype(np.int64)
    weights = split[:n_senders] - split[n_senders:]
    margins = (patterns.astype(np.int64) @ weights) * values
    return weights if (margins >= 1).all() else None

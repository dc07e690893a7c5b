"""The smallest integer weights of a node: proven, or as good as the time allowed.

The size of a gate is Σ|w|, the bias included: 1 for Copy and Not, 3 for Maj3 and And or Or of two, an odd number
always (with an even Σ|w| every margin is even, and one unit can go). Sizes 1 and 3 are decided by looking at all
gates, larger ones by an integer program over few patterns, to which violated ones are added until none is left: a
relaxation, so that its optimum is the whole program's as soon as it satisfies all patterns.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import pack_bits, pad_mask
from btfnet.kernels.completion.triples import exact_copies, exact_triples

SECONDS = 5.0
LARGEST = 9
MOST_COLUMNS = 4096
"""Above it the triples' graph would need more than 8 MB, and size 3 is left to the integer program."""
FIRST_PATTERNS, MORE_PATTERNS = 128, 128
TOLERANCE = 1e-6
EXTRA = 2.0**-6
"""What a second unit of a weight costs more than a first: of gates of one size, the one nearest to ±1."""


@dataclass(frozen=True, slots=True)
class Smallest:
    """The smallest weights that were found.

    weights  int64, (n_senders,), y (w·x) ≥ 1 on all patterns; None where none were found
    proven   no smaller ones exist; without weights: none exist at all, up to the bound of |w|
    """

    weights: NDArray[np.int64] | None
    proven: bool

    @property
    def size(self) -> int | None:
        """Σ|w|."""
        return None if self.weights is None else int(np.abs(self.weights).sum())

    def __str__(self) -> str:
        if self.weights is None:
            return "proven to have none" if self.proven else "none found in time"
        return "proven smallest" if self.proven else "not proven smallest in time"


def smallest_weights(
    patterns: NDArray[np.int8],
    values: NDArray[np.int8],
    *,
    largest: int = LARGEST,
    seconds: float = SECONDS,
    hint: NDArray[np.float64] | None = None,
) -> Smallest:
    """Integer weights with y (w·x) ≥ 1 on all patterns, of the least Σ|w|; among these nearest to ±1.

    patterns  int8 ±1, (n_patterns, n_senders), the bias column included; values  int8 ±1, (n_patterns,)
    largest   bound of |w|
    seconds   for the integer program; what it did not prove by then is not called proven
    hint      real weights, (n_senders,), whose multiples are rounded where the program finds none in time

    Columns are in order of preference: the first of equal gates of size 1 and 3 is taken, and of senders that
    are equal or opposite on all patterns only the first is used. Otherwise HiGHS decides, the same each time.
    """
    rows = np.unique(patterns * values[:, None], axis=0)
    small = smallest_small(rows)
    if small is not None:
        return Smallest(small, True)
    kept = distinct_columns(rows)
    if _contradict(rows):
        return Smallest(None, True)
    least = 3 if rows.shape[1] > MOST_COLUMNS else 5
    found = Smallest(None, False)
    if seconds > 0:
        found = _Program(rows[:, kept].astype(np.float64), largest, least, time.monotonic() + seconds).solve()
    if found.weights is None:
        rough = None if found.proven or hint is None else rounded_multiple(rows, hint, largest)
        return Smallest(rough, found.proven)
    weights = np.zeros(rows.shape[1], dtype=np.int64)
    weights[kept] = found.weights
    return Smallest(weights, found.proven)


def smallest_small(rows: NDArray[np.int8]) -> NDArray[np.int64] | None:
    """The first Copy, else the first majority of three, that is right everywhere; rows y x, (n_patterns, n)."""
    marks, mask = pack_bits(rows < 0), pad_mask(len(rows))
    weights, first = np.zeros(rows.shape[1], dtype=np.int64), np.zeros(3, dtype=np.int64)
    if exact_copies(marks, mask, first):
        chosen = first[:1]
    elif rows.shape[1] <= MOST_COLUMNS and exact_triples(marks, mask, first):
        chosen = first
    else:
        return None
    weights[chosen >> 1] = 1 - 2 * (chosen & 1)
    return weights


def distinct_columns(rows: NDArray[np.int8]) -> NDArray[np.int64]:
    """Columns that are neither equal nor opposite to an earlier one."""
    if not len(rows):
        return np.arange(min(1, rows.shape[1]))
    signed = rows * rows[:1]
    return np.sort(np.unique(signed, axis=1, return_index=True)[1])


def rounded_multiple(
    rows: NDArray[Any], weights: NDArray[np.float64], largest: int
) -> NDArray[np.int64] | None:
    """The smallest multiple of real weights whose rounding is right on all patterns, if |w| ≤ largest does."""
    unit = weights / max(float(np.abs(weights).max()), 1e-30)
    for peak in np.arange(0.75, largest + 0.5, 0.125):
        rounded = np.rint(peak * unit)
        if (rows @ rounded >= 1).all():
            return rounded.astype(np.int64)
    return None


def _contradict(rows: NDArray[np.int8]) -> bool:
    """Whether a pattern and its opposite ask for the same value, or one pattern for both: w·r and -w·r above 0."""
    return len(np.unique(np.concatenate([rows, -rows]), axis=0)) < 2 * len(rows)


class _Program:
    """min Σ|w| with rows @ w ≥ 1; w = p - n, each split into a first unit and the others."""

    def __init__(self, rows: NDArray[np.float64], largest: int, least: int, deadline: float) -> None:
        self.rows, self.largest, self.least, self.deadline = rows, largest, least, deadline
        n_senders = rows.shape[1]
        self.bounds = np.repeat([1, largest - 1, 1, largest - 1], n_senders).astype(np.float64)
        self.costs = np.repeat([1, 1 + EXTRA, 1, 1 + EXTRA], n_senders)

    def solve(self) -> Smallest:
        """First the linear program, which finds the patterns that matter, then the integer one from there."""
        active = first_patterns(len(self.rows))
        weights, active, proven = self._grow(active, integer=False)
        if weights is None:
            return Smallest(None, proven)
        rough = rounded_multiple(self.rows, weights, self.largest)
        if rough is not None and self._is_smallest(rough, weights):
            return Smallest(rough, True)
        weights, _, proven = self._grow(active, integer=True)
        if weights is not None:
            return Smallest(np.rint(weights).astype(np.int64), proven)
        return Smallest(None, True) if proven else Smallest(rough, False)

    def _grow(
        self, active: NDArray[np.int64], *, integer: bool
    ) -> tuple[NDArray[np.float64] | None, NDArray[np.int64], bool]:
        """Weights right on all patterns (None: none, or no time), active patterns, whether it is proven."""
        while True:
            outcome = self._step(active, integer=integer)
            if outcome.x is None:
                return None, active, outcome.status == 2
            first, more, first_down, more_down = outcome.x.reshape(4, -1)
            weights = first + more - first_down - more_down
            if integer:
                weights = np.rint(weights)
            margins = self.rows @ weights
            worst = worst_patterns(margins)
            if not worst.size:
                return weights, active, outcome.status == 0
            if time.monotonic() >= self.deadline:
                return None, active, False
            if not np.setdiff1d(worst, active).size:  # round-off of the solver; nothing new to tell it
                return None, active, False
            active = np.union1d(active, worst)

    def _step(self, active: NDArray[np.int64], *, integer: bool) -> Any:
        from scipy.optimize import Bounds, LinearConstraint, milp  # half a second that few runs need
        from scipy.sparse import csr_array

        rows, ones = self.rows[active], np.ones((1, self.costs.size))
        lower = np.concatenate([np.ones(len(active)), [self.least if integer else 0]])
        return milp(
            self.costs,
            integrality=np.full(self.costs.size, int(integer)),
            bounds=Bounds(0, self.bounds),
            constraints=LinearConstraint(
                csr_array(np.concatenate([np.hstack([rows, rows, -rows, -rows]), ones])), lb=lower
            ),
            options={"time_limit": max(0.05, self.deadline - time.monotonic()), "mip_rel_gap": 0},
        )

    def _is_smallest(self, rough: NDArray[np.int64], relaxed: NDArray[np.float64]) -> bool:
        """Whether the linear program's optimum already proves it: nothing cheaper, or no odd size in between."""
        bound, cost, size = _cost(relaxed), _cost(rough), int(np.abs(rough).sum())
        if cost <= bound + TOLERANCE:
            return True
        odd = 2 * int(np.ceil((bound / (1 + EXTRA) - 1) / 2 - TOLERANCE)) + 1
        return cost == size == max(odd, self.least)


def first_patterns(n_patterns: int, most: int = FIRST_PATTERNS) -> NDArray[np.int64]:
    """Some patterns to begin with, evenly spread."""
    return np.unique(np.linspace(0, n_patterns - 1, min(most, n_patterns), dtype=np.int64))


def worst_patterns(margins: NDArray[Any]) -> NDArray[np.int64]:
    """The patterns whose margin is most below 1, worst first; none if all reach it."""
    wrong = np.flatnonzero(margins < 1 - TOLERANCE)
    return wrong[np.argsort(margins[wrong], kind="stable")[:MORE_PATTERNS]]


def _cost(weights: NDArray[Any]) -> float:
    """Σ|w|, with second units of a weight a little dearer."""
    sizes = np.abs(weights)
    return float(sizes.sum() + EXTRA * np.maximum(sizes - 1, 0).sum())

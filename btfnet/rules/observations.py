"""States of cells that were seen at some times, with gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import FLAG, a, is_whole, must_be, need, said, whole
from btfnet.errors import DataError, UsageError
from btfnet.rules.lattice import Lattice

UNKNOWN = -1
MAX_STATES = 16
UNKNOWN_SIGNS = "-?"
DIGITS = "0123456789abcdef"


@dataclass(frozen=True, eq=False)
class Observations:
    """Runs of one automaton, each seen at the same times.

    states  int8, (n_runs, n_times, *lattice.shape): states 0 … n_states - 1, or UNKNOWN
    times   in steps, ascending, the first 0; two at least
    Raises `UsageError` for arguments, `DataError` for states that do not fit.
    """

    states: NDArray[np.int8] = field(repr=False)
    times: tuple[int, ...]
    lattice: Lattice
    n_states: int = 2

    def __post_init__(self) -> None:
        need(
            "Observations", states=(self.states, a(np.ndarray, "an int8 array")), times=(self.times, a(tuple)),
            lattice=(self.lattice, a(Lattice)), n_states=(self.n_states, whole(2, MAX_STATES)),
        )  # fmt: skip
        if _times(None, self.times, len(self.times)) != self.times:
            raise UsageError(f"times are {said(self.times)}; expected 0 for the first.")
        shape = (self.states.ndim > 2 and self.states.shape[0], len(self.times), *self.lattice.shape)
        if self.states.shape != shape or not self.states.shape[0]:
            raise DataError(
                f"states of shape {self.states.shape}; expected runs, times, and the lattice: {shape}."
            )
        if self.states.dtype != np.int8:
            raise DataError(f"states of type {self.states.dtype}; expected int8.")
        low, high = int(self.states.min()), int(self.states.max())
        if low < UNKNOWN or high >= self.n_states:
            raise DataError(
                f"states {low} to {high}; expected 0 to {self.n_states - 1}, and {UNKNOWN} where unknown."
            )
        if not (self.states[:, 0] != UNKNOWN).any():
            raise DataError("nothing is known of the first states, from which all others follow.")
        if not (self.states[:, 1:] != UNKNOWN).any():
            raise DataError("nothing is known of any state after the first: no rule can be told from that.")

    @property
    def n_runs(self) -> int:
        return int(self.states.shape[0])

    @property
    def steps(self) -> int:
        """From the first time to the last."""
        return self.times[-1]

    @property
    def n_channels(self) -> int:
        """Bits of a state."""
        return bits_of(self.n_states)

    @cached_property
    def n_known(self) -> int:
        """Known bits after the first states."""
        return int((self.states[:, 1:] != UNKNOWN).sum()) * self.n_channels

    @cached_property
    def n_seen(self) -> int:
        """Known bits, those of the first states included."""
        return int((self.states != UNKNOWN).sum()) * self.n_channels

    @cached_property
    def flat(self) -> NDArray[np.int8]:
        """(n_times, n_runs · n_cells)."""
        moved = np.moveaxis(self.states, 1, 0)
        return np.ascontiguousarray(moved).reshape(len(self.times), -1)

    def bits(self, time: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Of the time-th observation: states as bits, most significant first, and whether they are known.

        Both (n_channels, n_runs · n_cells); unknown bits are False.
        """
        states = self.flat[time].astype(np.int64)
        known = states != UNKNOWN
        shifts = np.arange(self.n_channels)[::-1, None]
        return (np.where(known, states, 0) >> shifts & 1).astype(bool), np.tile(known, (self.n_channels, 1))

    @classmethod
    def of(
        cls,
        states: ArrayLike | Sequence[str],
        *,
        steps: int | None = None,
        times: Sequence[int] | None = None,
        grid: bool = False,
        periodic: bool = True,
    ) -> Observations:
        """From what users have.

        states    rows of a lattice, (n_times, length), or with `grid` (n_times, height, width); with another axis
                  before these, that of independent runs. Numbers 0, 1, … (at most 16 states), negative or NaN
                  where
                  unknown, Booleans, or texts such as "0110-?" in place of the last axis
        steps     between two observations; None: 1
        times     in steps, of each observation, in place of `steps`
        grid      whether the cells lie on a grid
        periodic  whether what lies beyond an end is the other end; else it is in state 0
        Raises `UsageError` for arguments, `DataError` for states that do not fit.
        """
        must_be("grid", grid, FLAG)
        must_be("periodic", periodic, FLAG)
        cells = as_states(states)
        axes = 3 if grid else 2
        lacks_runs = cells.ndim == axes
        if lacks_runs:
            cells = cells[None]
        if cells.ndim != axes + 1 or not all(cells.shape):
            lattice = "height, width" if grid else "length"
            shape = cells.shape[1:] if lacks_runs else cells.shape
            raise DataError(
                f"states of shape {shape}; expected (times, {lattice}), or (runs, times, {lattice})."
            )
        moments = _times(steps, times, cells.shape[1])
        n_states = max(2, int(cells.max()) + 1)
        if n_states > MAX_STATES:
            raise DataError(
                f"a state of {n_states - 1}; there may be {MAX_STATES} states, 0 to {MAX_STATES - 1}."
            )
        return cls(cells, moments, Lattice(cells.shape[2:], bool(periodic)), n_states)


def bits_of(n_states: int) -> int:
    """Bits of a state, of which there are so many."""
    return max(1, (n_states - 1).bit_length())


def as_states(states: ArrayLike | Sequence[str]) -> NDArray[np.int8]:
    """Numbers, Booleans or texts as int8 states, UNKNOWN where negative, NaN, masked, or one of `-?`.

    Raises `DataError`.
    """
    try:
        cells = np.asarray(states)
    except ValueError as error:
        raise DataError(f"the states have rows of different lengths ({error}).") from error
    if cells.dtype.kind == "U":
        return _read(cells)
    if cells.dtype.kind not in "biuf":
        raise DataError(f"states of type {cells.dtype}; expected numbers, Booleans, or texts of digits.")
    unknown = ~(cells >= 0) if cells.dtype.kind != "b" else np.zeros(cells.shape, dtype=bool)
    if isinstance(states, np.ma.MaskedArray):
        unknown |= np.ma.getmaskarray(states)
    values = np.where(unknown, 0, cells)
    if not np.isfinite(values).all() or (values != np.floor(values)).any() or (values > 127).any():
        raise DataError(
            f"the states have a value that is no state: expected whole numbers 0 to {MAX_STATES - 1}."
        )
    return np.where(unknown, UNKNOWN, values).astype(np.int8)


def _read(texts: NDArray[np.str_]) -> NDArray[np.int8]:
    """Texts of one length as another axis."""
    rows = ["".join(str(text).split()) for text in texts.ravel()]
    length = len(rows[0]) if rows else 0
    for number, row in enumerate(rows, start=1):
        if len(row) != length:
            raise DataError(f"row {number} has {len(row)} cells, but row 1 has {length}.")
        for sign in row:
            if sign not in DIGITS + UNKNOWN_SIGNS:
                raise DataError(
                    f"row {number} has {said(sign)}; a cell is a digit, or - or ? where it is unknown."
                )
    cells = [[DIGITS.find(sign) for sign in row] for row in rows]
    return np.array(cells, dtype=np.int8).reshape(*texts.shape, length)


def _times(steps: int | None, times: Sequence[int] | None, n_times: int) -> tuple[int, ...]:
    if n_times < 2:
        raise DataError("one observation; expected two at least, at different times.")
    if steps is not None and times is not None:
        raise UsageError("both steps and times; give one of them.")
    if times is None:
        if steps is not None and (not is_whole(steps) or not 1 <= steps <= 10_000):
            raise UsageError(
                f"steps is {said(steps)}; expected a whole number of at least 1 and at most 10000."
            )
        return tuple(index * int(steps or 1) for index in range(n_times))
    listed = isinstance(times, Sequence) or getattr(times, "ndim", None) == 1
    moments: tuple[Any, ...] = tuple(times) if listed else ()
    good = all(is_whole(each) and 0 <= each <= 1_000_000 for each in moments)
    if not good or len(moments) != n_times or any(b <= a for a, b in pairwise(moments)):
        raise UsageError(
            f"times are {said(times)}; expected a whole number of steps for each of the {n_times} observations, "
            f"ascending."
        )
    return tuple(int(each - moments[0]) for each in moments)

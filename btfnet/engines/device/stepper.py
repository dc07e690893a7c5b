"""`DeviceStepper`: one trial of a batch, as the loop drives it."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import overwrite
from btfnet.engines.device.batch import Batch
from btfnet.engines.device.points import Point
from btfnet.engines.projections.stepper import scores_at, spread_gaps
from btfnet.errors import ProjectionError
from btfnet.halting import Halt
from btfnet.ranks.ranks import ALONE, Ranks
from btfnet.settings import Settings


class DeviceStepper:
    """The iteration for a problem's training items on a device (a `btfnet.projections.rrr.Stepper`).

    batch  those it runs with; a slot of it is taken, and given back by `leave`, or with this object
    rng    draws the start, the same numbers as for `NetworkStepper`; after it everything is deterministic
    halt   once requested, `Halted` is raised while the start is drawn
    """

    ranks: Ranks = ALONE

    def __init__(
        self, batch: Batch, settings: Settings, rng: np.random.Generator, halt: Halt | None = None
    ) -> None:
        self.problem, self.settings, self.batch = batch.problem, settings, batch
        self._slot = batch.enter(settings, rng, halt)
        self._give_back = weakref.finalize(self, batch.leave, self._slot)
        self._iteration, self._gap = 0, float("inf")
        self._gaps = np.zeros(3)
        self._point: Point | None = None
        self._seen: tuple[NDArray[Any], NDArray[Any]] | None = None
        """Where it stands, and what a look needs of that; None until somebody asks."""

    @property
    def iteration(self) -> int:
        return self._iteration

    @property
    def gap(self) -> float:
        return self._gap

    def advance(self, iterations: int, stop_gap: float) -> None:
        """Raises `ProjectionError` when a value of the state is no longer finite."""
        target = self._iteration + iterations
        while self._iteration < target:
            done, gaps = self.batch.advance(self._slot, target - self._iteration, stop_gap)
            self._iteration, self._gaps, self._point, self._seen = self._iteration + done, gaps, None, None
            mean = float(gaps.sum())
            if not np.isfinite(mean):
                raise ProjectionError(
                    f"{self.problem.name}: the gap is {mean} at iteration {self._iteration}; the state has left "
                    f"the range of {self.batch.precision}. Use a smaller beta or gamma, or float64."
                )
            self._gap = mean**0.5
            if self._gap <= stop_gap:
                return

    def leave(self) -> None:
        """Nothing is left to do but to look: others may have the slot."""
        self._here()
        self._look()
        self._give_back()

    def _here(self) -> Point:
        """Its point, copied from the device once."""
        if self._point is None:
            self._point = self.batch.point(self._slot)
        return self._point

    def _look(self) -> tuple[NDArray[Any], NDArray[Any]]:
        if self._seen is None:
            self._seen = self.batch.look(self._slot)
        return self._seen

    def measure(self) -> dict[str, float]:
        """Gap parts, and the fractions of bits that plain inference gets right."""
        return spread_gaps(self._gaps, self.scores())

    # -- going on later -------------------------------------------------------------------------------

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything that the next iteration reads, by name."""
        return {**self._here()._asdict(), "progress": np.array([self._iteration, self._gap])}

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        point = Point(*(np.array(array) for array in self._here()))
        progress = np.zeros(2)
        overwrite({**point._asdict(), "progress": progress}, saved)
        self.batch.set_point(self._slot, point)
        self._point, self._seen, self._gaps = point, None, point.gaps.astype(np.float64)
        self._iteration, self._gap = int(progress[0]), float(progress[1])

    # -- what it has found ----------------------------------------------------------------------------

    @property
    def weights(self) -> NDArray[np.float64]:
        """The B weights of the last iteration; (n_edges,), each BTF's with norm sqrt(fan-in)."""
        return self._look()[0].astype(np.float64)

    def codes(self) -> NDArray[np.int8] | None:
        """The A values of unknown inputs, int8 ±1, (n_train, n_inputs); None when the inputs are known."""
        if self.problem.input_kind.known:
            return None
        return self._look()[1].T.astype(np.int8)

    def read(self) -> DeviceStepper:
        """It can be read where it stands."""
        return self

    def scores(self) -> tuple[float, float, float, float]:
        """Fractions of training bits and words, test bits and words, by plain inference with the B weights."""
        return scores_at(self.problem, self.weights, self.codes())

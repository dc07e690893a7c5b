"""Trials that run as one on a device: each asks for iterations on its own thread, and all that ask run together.

A trial has a slot: its place along the first axis of every array on the device. What a trial does depends on
its own numbers and on how many slots there are, and not on its slot, on who else is there, or on when they ask.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.device.backend import device_named, precise, require_jax
from btfnet.engines.device.points import NUMPY, Known, Point, Rates
from btfnet.engines.device.programs import programs
from btfnet.engines.device.starts import known_of, rates_of, start_point
from btfnet.engines.device.wires import Wires, wires_of
from btfnet.engines.projections.layout import UNKNOWN
from btfnet.halting import Halt
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

PATIENCE = 0.02
"""Seconds that a trial waits for others that look at their weights, before it goes on without them."""
LONGEST = 2**30
"""Iterations of one call at most."""


Answer = tuple[int, NDArray[np.float64]]
"""Iterations done, and the mean squared gaps of w, x, y."""


class Batch:
    """Slots for trials of a problem.

    size       slots
    device     cpu or gpu; None: as JAX chooses
    precision  float32 or float64
    make       the layout of the edges
    """

    def __init__(
        self,
        problem: Problem,
        precision: str,
        size: int = 1,
        device: str | None = None,
        make: Callable[..., Wires] = wires_of,
    ) -> None:
        self.problem, self.precision, self.size = problem, precision, size
        self.dtype = np.dtype(precision)
        self.device = device_named(device)
        self.wires, self._programs = programs(problem.network, make, UNKNOWN.get(problem.input_kind, 0))
        self._changed = threading.Condition()
        self._points: Point | None = None
        self._rates: Rates | None = None
        with precise(precision):
            self._known: Known = self._put(known_of(problem, self.dtype))
        self._free = set(range(size))
        self._parked: dict[int, Point] = {}
        """Points of trials that stand still while others go on."""
        self._asked: dict[int, tuple[int, float]] = {}
        self._answers: dict[int, Answer] = {}
        self._failed: dict[int, BaseException] = {}

    # -- slots ----------------------------------------------------------------------------------------

    def enter(self, settings: Settings, rng: np.random.Generator, halt: Halt | None = None) -> int:
        """A slot for a trial, at its start, projected. Waits where all are taken; raises `Halted`."""
        point = start_point(self.problem, self.wires, self.dtype, rng, halt)
        with self._changed:
            while not self._free:
                self._changed.wait(PATIENCE)
                if halt is not None:
                    halt.check()
            slot = min(self._free)
            self._free.remove(slot)
            with precise(self.precision):
                rates = rates_of(self.problem, settings, self.dtype)
                self._set_rates(slot, rates)
                self._parked[slot] = self._started(point, rates)
        return slot

    def leave(self, slot: int) -> None:
        """The slot is free for another trial."""
        with self._changed:
            self._parked.pop(slot, None)
            self._free.add(slot)
            self._changed.notify_all()

    def point(self, slot: int) -> Point:
        """A trial's point, its edges one array; NumPy's arrays, copied."""
        with self._changed, precise(self.precision):
            held = self._parked.get(slot)
            if held is None:
                held = self._programs.take(self._points, slot)
            return self._shown(require_jax().device_get(held))

    def look(self, slot: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """A trial's B weights, (n_edges,), and A values of the inputs, (n_inputs, K)."""
        with self._changed, precise(self.precision):
            held = self._parked.get(slot)
            if held is not None:
                weights, inputs = held.mean_w, held.y_a[1 : self.problem.network.n_inputs + 1]
            else:
                weights, inputs = self._programs.look(self._points, slot)
            weights, inputs = require_jax().device_get((weights, inputs))
        return self.wires.given(NUMPY, weights), inputs

    def set_point(self, slot: int, point: Point) -> None:
        """Let a trial stand at a point as `point` gives it."""
        with self._changed, precise(self.precision):
            self._parked[slot] = self._put(self._held(point))

    def _shown(self, point: Point) -> Point:
        return point._replace(**{
            name: self.wires.given(NUMPY, getattr(point, name)) for name in ("w", "x", "w_sum", "mean_w")
        })  # fmt: skip

    def _held(self, point: Point) -> Point:
        return point._replace(**{
            name: self.wires.taken(getattr(point, name)) for name in ("w", "x", "w_sum", "mean_w")
        })  # fmt: skip

    def _put(self, tree: Any) -> Any:
        return require_jax().device_put(tree, self.device)

    def _set_rates(self, slot: int, rates: Rates) -> None:
        """Rates lie here: they are few, and change when a trial begins."""
        if self._rates is None:
            self._rates = Rates(*(np.stack([value] * self.size) for value in rates))
        for every, value in zip(self._rates, rates, strict=True):
            every[slot] = value

    def _started(self, point: Point, rates: Rates) -> Point:
        """One iteration that moves nothing: it projects the start and adds up what the first B needs."""
        jax = require_jax()
        still, alone = self._put(
            jax.tree.map(lambda array: array[None], (rates._replace(beta=np.zeros_like(rates.beta)), point))
        )
        nobody, nothing = np.zeros(1, dtype=bool), np.zeros(1, dtype=self.dtype)
        alone, _ = self._programs.run(self._known, still, alone, np.int32(1), nobody, nothing)
        after = self._programs.take(alone, 0)._replace(gaps=self._put(np.zeros(3, dtype=self.dtype)))
        if self._points is None:
            self._points = self._programs.many(after, self.size)
        return after

    # -- running --------------------------------------------------------------------------------------

    def advance(self, slot: int, iterations: int, stop_gap: float) -> Answer:
        """Up to so many iterations of a trial, at least one; they end once its gap is at or below stop_gap.

        Waits for the others of the batch, but not long.
        """
        with self._changed:
            self._asked[slot] = min(iterations, LONGEST), stop_gap
            self._changed.notify_all()
            until = time.monotonic() + PATIENCE
            while slot not in self._answers and slot not in self._failed:
                left = until - time.monotonic()
                if len(self._asked) + len(self._free) == self.size or left <= 0:
                    self._run()
                else:
                    self._changed.wait(left)
            if slot in self._failed:
                raise self._failed.pop(slot)
            return self._answers.pop(slot)

    def _run(self) -> None:
        """All that have asked, as far as all of them want to go."""
        asked, self._asked = self._asked, {}
        try:
            with precise(self.precision):
                done, gaps = self._advanced(asked)
        except BaseException as error:
            self._failed.update(dict.fromkeys(asked, error))
        else:
            self._answers.update({slot: (done, gaps[slot]) for slot in asked})
        self._changed.notify_all()

    def _advanced(self, asked: dict[int, tuple[int, float]]) -> Answer:
        program, points = self._programs, self._points
        for slot in range(self.size):
            if slot in asked and slot in self._parked:
                points = program.put(points, slot, self._parked.pop(slot))
            elif slot not in asked and slot not in self._parked and slot not in self._free:
                self._parked[slot] = program.take(points, slot)
        watched: NDArray[np.bool_] = np.isin(np.arange(self.size), list(asked))
        stop = np.zeros(self.size, dtype=self.dtype)
        for slot, (_, gap) in asked.items():
            stop[slot] = gap * gap
        least = np.int32(min(iterations for iterations, _ in asked.values()))
        self._points, done = program.run(self._known, self._rates, points, least, watched, stop)
        return int(done), np.asarray(self._points.gaps, dtype=np.float64)

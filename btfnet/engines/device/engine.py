"""The engine `rrr-jax`: the projections in JAX, on a GPU where there is one, many trials in a batch.

Looks, races of settings and what is saved are those of the engine `rrr`.
"""

from __future__ import annotations

import numpy as np

from btfnet.engines.completion.completion_check import Candidate
from btfnet.engines.device.backend import device_named
from btfnet.engines.device.batch import Batch
from btfnet.engines.device.stepper import DeviceStepper
from btfnet.engines.projections.engine import ProjectionsAttempt, Race
from btfnet.engines.protocol import EngineSpec, Orders, Sizes, TrialBatch
from btfnet.engines.registry import Engine
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status

FULL_EDGE_ITEMS = 2**24
"""Edge·items of a batch on a GPU: from here on an iteration's bytes should outlast the starts of its kernels (at
40 bytes each and 3.35 TB/s, 0.2 ms beside some thirty starts of 5 µs; arithmetic, not measured)."""
MOST_TRIALS = 64
"""Trials of a batch at most: each has a thread, which looks at its weights."""


class DeviceAttempt(ProjectionsAttempt):
    """An `Attempt` (see the protocol) in a batch."""

    def __init__(self, orders: Orders, batch: Batch) -> None:
        def begin(orders: Orders) -> DeviceStepper:
            return DeviceStepper(batch, orders.settings, np.random.default_rng(orders.seed), orders.halt)

        super().__init__(orders, begin, Engine.RRR_JAX)

    def finish(self, status: Status) -> Candidate | None:
        """As for the projections; the place in the batch is free from here on."""
        candidate = super().finish(status)
        assert isinstance(self.stepper, DeviceStepper)
        self.stepper.leave()
        return candidate


class DeviceBatch:
    """A `TrialBatch`: trials of one problem, side by side on the device."""

    def __init__(self, problem: Problem, precision: str, size: int, device: str | None = None) -> None:
        self._batch = Batch(problem, precision, size, device)
        self.size = size

    def start(self, orders: Orders) -> DeviceAttempt:
        return DeviceAttempt(orders, self._batch)


def start(orders: Orders) -> DeviceAttempt:
    """A trial alone."""
    return DeviceAttempt(orders, Batch(orders.problem, orders.precision))


def batch(problem: Problem, precision: str) -> TrialBatch | None:
    """On a GPU, as many trials as keep it busy, from sizes alone; none on a processor, where trials have cores."""
    if device_named().platform == "cpu":
        return None
    size = max(1, min(MOST_TRIALS, FULL_EDGE_ITEMS // max(1, problem.edge_items)))
    return DeviceBatch(problem, precision, size)


def state_bytes(sizes: Sizes) -> int:
    """Of the point, and of what an iteration computes besides: as much again."""
    rows = 2 * sizes.n_edges + 6 * sizes.n_nodes
    return 2 * sizes.n_items * rows * np.dtype(sizes.precision).itemsize


def kernels_for(problem: Problem, precision: str, jobs: int | None) -> tuple[str, ...]:
    """Those of looks."""
    return ("fit",)


ENGINE = EngineSpec(
    name=Engine.RRR_JAX,
    start=start,
    state_bytes=state_bytes,
    tuner=Race,
    takes_analog=True,
    kernels_for=kernels_for,
    batch=batch,
)

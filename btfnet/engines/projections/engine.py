"""The engine `rrr`: projections alone."""

from __future__ import annotations

from btfnet.engines.projections.attempt import ProjectionsAttempt
from btfnet.engines.projections.kernel_tasks import KERNEL_TASKS
from btfnet.engines.projections.layout import block_shape
from btfnet.engines.projections.stepper import state_bytes_of
from btfnet.engines.projections.tuning import Race
from btfnet.engines.protocol import EngineSpec, Sizes
from btfnet.engines.registry import Engine
from btfnet.problem.problem import Problem

SHARED_EDGE_ITEMS = 300_000
"""From this size on, one attempt on all threads beats several side by side: an iteration outlasts its forking."""


def state_bytes(sizes: Sizes) -> int:
    return state_bytes_of(*sizes)


def shares_items(problem: Problem) -> bool:
    return problem.edge_items >= SHARED_EDGE_ITEMS and block_shape(problem.n_train)[0] > 1


def kernels_for(problem: Problem, precision: str, jobs: int | None) -> tuple[str, ...]:
    shared = problem.edge_items >= SHARED_EDGE_ITEMS and jobs != 1
    return (f"sweep-{precision}", "fit", *((f"shared-{precision}",) if shared else ()))


ENGINE = EngineSpec(
    name=Engine.RRR,
    start=ProjectionsAttempt,
    state_bytes=state_bytes,
    tuner=Race,
    takes_analog=True,
    shares_items=shares_items,
    kernel_tasks=KERNEL_TASKS,
    kernels_for=kernels_for,
)

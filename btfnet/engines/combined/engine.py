"""The engine `rrr+descent`: projections, and gate descent from where they are."""

from __future__ import annotations

from dataclasses import replace

from btfnet.engines.combined.attempt import CombinedAttempt
from btfnet.engines.descent.engine import ENGINE as DESCENT
from btfnet.engines.projections.engine import ENGINE as PROJECTIONS
from btfnet.engines.registry import Engine
from btfnet.problem.problem import Problem


def kernels_for(problem: Problem, precision: str, jobs: int | None) -> tuple[str, ...]:
    return tuple(
        name for engine in (PROJECTIONS, DESCENT) for name in engine.kernels_for(problem, precision, jobs)
    )


ENGINE = replace(
    PROJECTIONS,
    name=Engine.BOTH,
    start=CombinedAttempt,
    takes_analog=False,
    kernel_tasks={},
    kernels_for=kernels_for,
)

"""The engine `descent`: gate descent alone."""

from __future__ import annotations

from btfnet.engines.descent.attempt import DescentAttempt
from btfnet.engines.descent.buffers import whole_vectors
from btfnet.engines.descent.kernel_tasks import KERNEL_TASKS
from btfnet.engines.descent.tuning import Descents
from btfnet.engines.protocol import EngineSpec, Sizes
from btfnet.engines.registry import Engine
from btfnet.kernels.bits import words_for


def state_bytes(sizes: Sizes) -> int:
    """Rows of words: values, flipped values, and about as much again of all else."""
    return 4 * sizes.n_nodes * 8 * whole_vectors(words_for(sizes.n_items))


ENGINE = EngineSpec(
    name=Engine.DESCENT,
    start=DescentAttempt,
    state_bytes=state_bytes,
    tuner=Descents,
    measures_distance=False,
    kernel_tasks=KERNEL_TASKS,
    kernels_for=lambda problem, precision, jobs: ("walk",),
)

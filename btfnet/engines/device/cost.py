"""Bytes that an iteration moves, as the compiler counts them, and what they would cost at a memory's bandwidth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from btfnet.engines.device.backend import precise, require_jax
from btfnet.engines.device.programs import programs
from btfnet.engines.device.starts import known_of, rates_of, start_point
from btfnet.engines.device.wires import Wires, wires_of
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

H100_BANDWIDTH = 3.35e12
"""Bytes a second between memory and processor of an H100 with HBM3, as its maker states them."""


class Cost(NamedTuple):
    """Of one iteration, per trial, edge and item."""

    bytes_moved: float
    operations: float

    def nanoseconds(self, bandwidth: float = H100_BANDWIDTH) -> float:
        """What the bytes take at so many bytes a second, if nothing else took time: a bound, not a measurement."""
        return 1e9 * self.bytes_moved / bandwidth


def iteration_cost(
    problem: Problem, trials: int = 1, precision: str = "float32", layout: Callable[..., Wires] = wires_of
) -> Cost:
    """Of a batch of so many trials, as compiled for JAX's device: bytes that all its passes read and write.

    The compiler counts what each fused pass reads and writes, caches apart. Raises `UsageError` without JAX.
    """
    jax, dtype = require_jax(), np.dtype(precision)
    wires, compiled = programs(problem.network, layout, 0)
    known, rates = known_of(problem, dtype), rates_of(problem, Settings(), dtype)
    point = start_point(problem, wires, dtype, np.random.default_rng(0))

    def shape(array: Any, *ahead: int) -> Any:
        return jax.ShapeDtypeStruct((*ahead, *np.shape(array)), array.dtype)

    with precise(precision):
        known = jax.tree.map(shape, known)
        rates, point = jax.tree.map(lambda array: shape(array, trials), (rates, point))
        analysis = compiled.one.lower(known, rates, point).compile().cost_analysis()
    per = trials * problem.edge_items
    return Cost(float(analysis["bytes accessed"]) / per, float(analysis["flops"]) / per)

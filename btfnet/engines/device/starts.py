"""What a trial begins with on a device: the same numbers as in the sweep, and the problem's data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.device.points import Known, Point, Rates
from btfnet.engines.device.wires import Wires
from btfnet.engines.projections import layout
from btfnet.halting import Halt
from btfnet.kernels.projections.blocks import from_lanes
from btfnet.problem.problem import Problem
from btfnet.settings import Settings


def start_point(
    problem: Problem, wires: Wires, dtype: np.dtype, rng: np.random.Generator, halt: Halt | None = None
) -> Point:
    """Drawn as `layout.start_state` does; nothing is projected yet. Raises `Halted` once the halt is requested."""
    state, network = layout.start_state(problem, dtype, rng, halt), problem.network

    def rows(blocks: NDArray[np.floating]) -> NDArray[np.floating]:
        return np.ascontiguousarray(from_lanes(blocks, problem.n_train).T)

    ones = np.ones((network.n_btf, problem.n_train), dtype=dtype)
    weights = np.zeros(network.n_edges, dtype=dtype)
    return Point(
        w=wires.taken(rows(state.w)),
        x=wires.taken(rows(state.x)),
        y=rows(state.y),
        g=ones,
        z=rows(state.z),
        y_a=rows(state.y_a),
        a=ones,
        b=np.zeros_like(ones),
        w_sum=wires.taken(weights),
        mean_w=wires.taken(weights),
        gaps=np.zeros(3, dtype=dtype),
    )


def known_of(problem: Problem, dtype: np.dtype) -> Known:
    """The outputs' data, and which of them do not count."""
    outputs = np.ascontiguousarray(problem.outputs[: problem.n_train].T.astype(dtype))
    care = problem.train_care
    free = np.zeros(outputs.shape, dtype=bool) if care is None else np.ascontiguousarray(~care.T)
    return Known(outputs, free)


def rates_of(problem: Problem, settings: Settings, dtype: np.dtype) -> Rates:
    """β, γ, and the margins sqrt(m/σ)."""
    fan_ins = np.diff(problem.network.fan_in_start)[problem.network.n_inputs + 1 :]
    real = dtype.type
    delta = np.sqrt(fan_ins / settings.sigma).astype(dtype)[:, None]
    return Rates(np.asarray(real(settings.beta)), np.asarray(real(settings.gamma)), delta)

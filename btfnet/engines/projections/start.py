"""Where the iteration starts when it does not start at random: weights and values at hand, part of them frozen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.projections.layout import set_known
from btfnet.errors import UsageError
from btfnet.kernels.projections.edge_update import as_lanes
from btfnet.kernels.projections.sweep import State, Wiring
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem


@dataclass(frozen=True)
class Start:
    """A point that all copies agree on, such as a circuit's weights and the values of its nodes.

    weights  (n_edges,); every BTF's are scaled to norm sqrt(fan-in)
    values   (n_train, n_nodes), in [-1, 1]; node 0, known inputs and outputs that count take their data
    frozen   bool, (n_nodes,): BTFs whose B weights stay as they are here; None: none
    """

    weights: NDArray[np.floating]
    values: NDArray[np.floating] | NDArray[np.integer]
    frozen: NDArray[np.bool_] | None = None

    def check(self, problem: Problem) -> None:
        """Raises `UsageError` where an array has another shape than the problem asks for, or no finite values."""
        network, n_items = problem.network, problem.n_train
        wanted: dict[str, tuple[int, ...]] = {
            "weights": (network.n_edges,),
            "values": (n_items, network.n_nodes),
            "frozen": (network.n_nodes,),
        }
        for name, shape in wanted.items():
            array = getattr(self, name)
            if array is None:
                continue
            if np.shape(array) != shape:
                raise UsageError(
                    f"{problem.name}: the start's {name} have shape {np.shape(array)}; give {shape}."
                )
            if not np.isfinite(array).all():
                raise UsageError(f"{problem.name}: the start's {name} are not all finite.")
        if not scales(network, self.weights).all():
            raise UsageError(f"{problem.name}: some node's start weights are all 0; give it one at least.")


def scales(network: Network, weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """For each BTF what its weights must be multiplied by for norm sqrt(fan-in); 0 where they are all 0."""
    first = network.fan_in_start[network.n_inputs + 1 : -1]
    fan_ins = np.diff(network.fan_in_start)[network.n_inputs + 1 :]
    squares = np.add.reduceat(np.square(weights, dtype=np.float64), first)
    return np.sqrt(np.divide(fan_ins, squares, out=np.zeros(len(first)), where=squares > 0))


def take(problem: Problem, start: Start, wiring: Wiring, state: State) -> None:
    """Put a start in the place of the one that was drawn, before it is projected."""
    network, n_items = problem.network, problem.n_train
    n_blocks, _, n_lanes = state.w.shape
    dtype = state.w.dtype
    fan_ins = np.diff(network.fan_in_start)[network.n_inputs + 1 :]
    weights = (start.weights * np.repeat(scales(network, start.weights), fan_ins)).astype(dtype)
    mask = as_lanes(np.ones((n_items, 1), dtype=dtype), n_blocks, n_lanes)
    state.y[:] = as_lanes(np.asarray(start.values, dtype=dtype), n_blocks, n_lanes)
    set_known(problem, state, n_blocks, n_lanes, mask)
    state.w[:] = weights[:, None] * mask
    state.x[:] = state.y[:, network.fan_in]
    state.mean_w[:] = weights
    if start.frozen is not None:
        wiring.frozen[:] = start.frozen

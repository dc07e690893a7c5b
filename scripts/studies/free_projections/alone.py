"""Projections alone on free networks: the networks, margins and starts that study.py compares."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from btfnet import Network, Problem, Settings
from btfnet.engines.completion.completion_check import CompletedNetwork, complete_at, schedule_for
from btfnet.engines.descent.free import WINDOW as WINDOW_SWEEPS
from btfnet.engines.descent.free import FreeSearch
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.rearrange import needed_nodes
from btfnet.engines.projections.layout import all_blocks, block_shape, set_known
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.kernels.projections.blocks import as_lanes

SPARSE, WINDOW, SOFT, NOISE = 16, 8, 4, 0.3
"""Senders of a node; hidden nodes in a window; fan-in for each unit of σ; noise of a start from gates."""
STEP = 20
"""Iterations between two looks at the clock."""


@dataclass
class Least:
    """The completion with the fewest wrong bits, and after how many seconds of the processor it was there."""

    reading: CompletedNetwork
    seconds: float
    iterations: int

    @property
    def wrong(self) -> int:
        return self.reading.completion.wrong_bits


def run_projections(stepper: NetworkStepper, seconds: float) -> Least:
    """Iterate until a completion is exact or so many seconds of the processor are over."""
    begun, schedule, least = time.process_time(), schedule_for(stepper.problem), None
    target = schedule.next_look(0)
    while least is None or (least.wrong and time.process_time() - begun < seconds and stepper.gap > 0.01):
        while stepper.iteration < target and time.process_time() - begun < seconds:
            stepper.advance(min(STEP, target - stepper.iteration), 0.01)
        reading = complete_at(stepper.problem, stepper, stepper.settings.sigma)
        if least is None or reading.completion.wrong_bits < least.wrong:
            least = Least(reading, time.process_time() - begun, stepper.iteration)
        target = schedule.next_look(stepper.iteration)
    return least


def stepper_of(problem: Problem, rng: np.random.Generator) -> NetworkStepper:
    return NetworkStepper(problem, Settings(), rng)


# -- networks ---------------------------------------------------------------------------------------------


def sparse(problem: Problem, hidden: int, rng: np.random.Generator) -> Problem:
    """Every node hears the constant and a random few of the inputs and of the hidden nodes before it."""
    network = problem.network
    first = network.n_inputs + 1
    edges = [
        (node, int(sender))
        for node in range(first, first + hidden + network.n_outputs)
        for last in [min(node, first + hidden)]
        for sender in rng.choice(np.arange(1, last), min(SPARSE, last - 1), replace=False)
    ]
    return problem.with_network(Network.from_edges(network.n_inputs, network.n_outputs, edges))


def windowed(problem: Problem, hidden: int) -> Problem:
    network = problem.network
    return problem.with_network(Network.free(network.n_inputs, network.n_outputs, hidden, window=WINDOW))


def in_layers(free: Problem, count: int) -> Problem:
    """As many hidden nodes in so many layers of equal width."""
    network = free.network
    width = -(-network.n_hidden // count)
    return free.with_network(Network.layered([network.n_inputs, *[width] * count, network.n_outputs]))


# -- margins and starts -----------------------------------------------------------------------------------


def soften(stepper: NetworkStepper) -> NetworkStepper:
    """σ grows with the fan-in m of a node: m/4, at least 3."""
    fan_ins = np.maximum(1, np.diff(stepper.problem.network.fan_in_start))
    stepper.wiring.delta[:] = np.sqrt(fan_ins / np.maximum(stepper.settings.sigma, fan_ins / SOFT))[:, None]
    stepper.project_start()
    return stepper


def start_from_gates(
    stepper: NetworkStepper,
    search: GateSearch,
    rng: np.random.Generator,
    chosen: NDArray[np.intp] | None = None,
) -> NetworkStepper:
    """Weights of a search's gates at their margins, x and y its nodes' values, outputs the data; and noise.

    search  in the stepper's network
    chosen  the items of the search that the stepper has; None: all
    """
    problem, state = stepper.problem, stepper.state
    shape = block_shape(problem.n_train)
    values = np.where(search.values(), 1.0, -1.0)
    values = values if chosen is None else values[chosen]
    weights = np.tile(search.weights(), (problem.n_train, 1))

    def lanes(array: NDArray[np.float64]) -> NDArray[np.float32]:
        noisy = array + rng.uniform(-NOISE, NOISE, array.shape)
        filled: NDArray[np.float32] = as_lanes(noisy.astype(np.float32), *shape)
        return filled

    state.w[:], state.y[:] = lanes(weights), lanes(values)
    state.x[:] = lanes(values[:, problem.network.fan_in])
    mask = as_lanes(np.ones((problem.n_train, 1), dtype=np.float32), *shape)
    set_known(problem, state, all_blocks(problem), mask)
    stepper.project_start()
    return stepper


Prepared = Callable[[Problem, Problem, np.random.Generator], NetworkStepper]
"""From the problem with its own layers, the problem with the free network of fixed size, and a generator."""


def weigh_by_fan_in(stepper: NetworkStepper) -> NetworkStepper:
    """The metric of a node starts at the mean fan-in over its own, so that all nodes' edges count alike."""
    fan_ins = np.maximum(1, np.diff(stepper.problem.network.fan_in_start))
    first = stepper.problem.network.btf_nodes.start
    factors = np.ones(fan_ins.size)
    factors[first:] = fan_ins[first:].mean() / fan_ins[first:]
    stepper.state.g[:] *= factors[:, None].astype(np.float32)
    stepper.project_start()
    return stepper


def _of_needed_size(problem: Problem, rng: np.random.Generator) -> NetworkStepper:
    """On a free network with as many hidden nodes as an exact circuit of gate descent needs."""
    search = begun(problem, rng)
    while search.error:
        search.walk(10)
    network = problem.network
    hidden = needed_nodes(search.search).size
    return stepper_of(problem.with_network(Network.free(network.n_inputs, network.n_outputs, hidden)), rng)


def _from_gates(problem: Problem, rng: np.random.Generator) -> NetworkStepper:
    """From gate descent as it is when it may grow for the first time."""
    search = begun(problem, rng)
    search.walk(WINDOW_SWEEPS // 2)
    return start_from_gates(stepper_of(problem.with_network(search.network), rng), search.search, rng)


def begun(problem: Problem, rng: np.random.Generator) -> FreeSearch:
    network = problem.network
    return FreeSearch(problem.with_network(Network.free(network.n_inputs, network.n_outputs)), rng)


ALONE: dict[str, Prepared] = {
    "its own layers": lambda layers, free, rng: stepper_of(layers, rng),
    "two layers": lambda layers, free, rng: stepper_of(in_layers(free, 2), rng),
    "free": lambda layers, free, rng: stepper_of(free, rng),
    "size of descent's circuit": lambda layers, free, rng: _of_needed_size(free, rng),
    "window": lambda layers, free, rng: stepper_of(windowed(free, free.network.n_hidden), rng),
    "sparse": lambda layers, free, rng: stepper_of(sparse(free, free.network.n_hidden, rng), rng),
    "soft margins": lambda layers, free, rng: soften(stepper_of(free, rng)),
    "metric by fan-in": lambda layers, free, rng: weigh_by_fan_in(stepper_of(free, rng)),
    "from descent's gates": lambda layers, free, rng: _from_gates(free, rng),
}

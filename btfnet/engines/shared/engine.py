"""The engine `shared`: one gate for all nodes that share it, as a trial drives it, and what it compiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record
from btfnet.engines.completion.completion_check import Candidate, Scores, complete_and_verify
from btfnet.engines.protocol import EngineSpec, KernelTask, Orders, Sizes
from btfnet.engines.registry import Engine
from btfnet.engines.shared.gates import circuit_of
from btfnet.engines.shared.search import CopiesSearch
from btfnet.engines.tuning.rounds import PastRound, Tuner
from btfnet.kernels.bits import words_for
from btfnet.logic.circuit import Circuit
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Schedule, Status
from btfnet.settings import Settings

FIRST_ROUNDS, LONGER = 20_000, 2
"""Iterations of the first trial, and how many times as many each later one has: 3.2 million changes at first."""


class SharedStepper:
    """Shared gates at a ladder of temperatures (a `btfnet.projections.rrr.Stepper`).

    An iteration is a round of changes at every temperature; the gap is the number of wrong output bits of the best
    gates so far.
    """

    def __init__(self, search: CopiesSearch) -> None:
        self.search = search

    @property
    def iteration(self) -> int:
        return self.search.rounds

    @property
    def gap(self) -> float:
        return float(self.search.error)

    def advance(self, iterations: int, stop_gap: float) -> None:
        if self.gap > stop_gap:
            self.search.run(iterations)

    def measure(self) -> dict[str, float]:
        return {"train_bits": 1.0 - self.search.error / max(1, self.search.n_bits)}

    def export(self) -> dict[str, NDArray[Any]]:
        """See `CopiesSearch.export`."""
        return self.search.export()

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        self.search.restore(saved)


class SharedAttempt:
    """An `Attempt` (see the protocol) at shared gates; it has no floats but temperatures, and one thread.

    Its circuits are ordinary ones of the whole network: one gate for every node, verified on every item.
    """

    found_by: str = Engine.SHARED

    def __init__(self, orders: Orders) -> None:
        self.problem, self.schedule = orders.problem, Schedule(first=20, growth=1.5, longest=2000)
        rng = np.random.default_rng(orders.seed)
        self.stepper = SharedStepper(CopiesSearch(orders.problem, rng, halt=orders.halt))

    def look(self) -> bool:
        return self.stepper.search.error == 0

    def present(self) -> Candidate:
        return self.finish(Status.STOPPED)

    def finish(self, status: Status) -> Candidate:
        problem, weights = self.problem, self.stepper.search.integer_weights()
        inputs = problem.inputs[: problem.n_train] > 0
        return complete_and_verify(problem, self._circuit(weights), inputs, weights=weights)

    def _circuit(self, weights: NDArray[np.int64]) -> Circuit:
        names = (self.problem.input_names, self.problem.output_names)
        return circuit_of(self.problem.network, weights, self.problem.name, *names)

    def weights(self, candidate: Candidate | None) -> NDArray[np.float64]:
        assert candidate is not None
        assert candidate.weights is not None
        network = self.problem.network
        sizes = np.diff(network.fan_in_start)
        squares = np.add.reduceat(candidate.weights**2, network.fan_in_start[network.n_inputs + 1 : -1])
        scale = np.sqrt(sizes[network.n_inputs + 1 :] / squares)
        return candidate.weights * np.repeat(scale, sizes[network.n_inputs + 1 :])

    def scores(self, candidate: Candidate | None) -> Scores:
        circuit = self.present().circuit if candidate is None else candidate.circuit
        return self.problem.scores(circuit.predict(self.problem.items.bits()))

    @property
    def work_ns(self) -> float:
        return self.stepper.search.work_ns

    def export(self) -> Record:
        return Record({}, self.stepper.export())

    def restore(self, saved: Record) -> None:
        self.stepper.restore(saved.arrays)


@dataclass(frozen=True)
class Longer:
    """A `Tuner`: one trial after another from new gates, each twice as long as the one before."""

    base: Settings
    first_round: int = 1
    later_round: int = 1

    def untuned(self, turn: int) -> Settings:
        return self.base.but(widen=1.0)

    def next_round(self, past: Sequence[PastRound]) -> tuple[Settings, ...]:
        limit = min(self.base.max_iterations, FIRST_ROUNDS * LONGER ** len(past))
        return (self.base.but(max_iterations=limit, widen=1.0),)


def longer(problem: Problem, settings: Settings, in_turn: bool) -> Tuner:
    """The tuner of a search; in_turn  as the protocol has it: no other engine shares gates."""
    return Longer(settings)


def _temper() -> None:
    """Two copies of a gate, one after the other."""
    network = Network.unrolled(Network.free(2, 1, 1), 3, [[1, 2], [3, 4]])
    bits = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 0], [1, 1, 1]], dtype=bool)
    problem = Problem.from_arrays(bits, bits.all(axis=1, keepdims=True), network)
    search = CopiesSearch(problem, np.random.default_rng(0))
    search.run(2)
    search.restore(search.export())


def state_bytes(sizes: Sizes) -> int:
    """Signals of all items, and what else there is for every node."""
    return sizes.n_nodes * (8 * words_for(sizes.n_items) + 64) + 32 * sizes.n_edges + 2**20


ENGINE = EngineSpec(
    name=Engine.SHARED,
    start=SharedAttempt,
    state_bytes=state_bytes,
    tuner=longer,
    measures_distance=False,
    shares_gates=True,
    kernel_tasks={
        "shared": KernelTask(
            _temper, ("shared.tempering.draw_gates", "shared.tempering.temper", "shared.tempering.stand"), 5
        )
    },
    kernels_for=lambda problem, precision, jobs: ("shared",),
)

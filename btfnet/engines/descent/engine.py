"""The engine `descent`: gate descent alone, as the loop and a trial drive it, and what it compiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record
from btfnet.engines.completion.completion_check import Candidate, Scores, complete_and_verify
from btfnet.engines.descent.free import FreeSearch
from btfnet.engines.descent.inputs import FEW_INPUTS, LARGEST, find_sets, spectrum_of
from btfnet.engines.descent.local_search import CODES_AFTER, GateSearch
from btfnet.engines.descent.rearrange import needed_nodes
from btfnet.engines.descent.shrink import shrink
from btfnet.engines.descent.state import scaled_weights, whole_vectors
from btfnet.engines.descent.tuning import descents
from btfnet.engines.descent.widening import WideStart
from btfnet.engines.protocol import EngineSpec, KernelTask, Orders, Sizes
from btfnet.engines.registry import Engine
from btfnet.halting import Halt
from btfnet.kernels.bits import words_for
from btfnet.kernels.descent.removal import bypass_copies, price_copies
from btfnet.logic.circuit import Circuit
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Schedule, Status
from btfnet.ranks.ranks import ALONE, Ranks


class DescentStepper:
    """Gate descent from random gates (a `btfnet.projections.rrr.Stepper`).

    An iteration is a sweep over the nodes; the gap is the number of wrong output bits, 0 for an exact circuit.

    widen  1, or by how much wider its hidden layers are at first (see `WideStart`); a network that grows has none
    halt, repeats, ranks  see `GateSearch`; one that begins wide, or grows, every rank walks by itself
    """

    def __init__(
        self,
        problem: Problem,
        rng: np.random.Generator,
        *,
        sigma: float = 3.0,
        widen: float = 1.0,
        halt: Halt | None = None,
        repeats: bool = True,
        ranks: Ranks = ALONE,
    ) -> None:
        self.problem, self.ranks = problem, ranks
        self.search: GateSearch | WideStart | FreeSearch
        if problem.network.grows:
            self.search = FreeSearch(problem, rng, sigma=sigma, halt=halt, repeats=repeats)
        elif widen > 1:
            self.search = WideStart(problem, rng, widen, sigma=sigma, halt=halt)
        else:
            self.search = GateSearch.of(problem, rng, sigma=sigma, halt=halt, repeats=repeats, ranks=ranks)

    @property
    def iteration(self) -> int:
        return self.search.sweeps

    @property
    def gap(self) -> float:
        return float(self.search.error)

    def advance(self, iterations: int, stop_gap: float) -> None:
        iterations = self.ranks.agreed(iterations)
        if self.search.error > stop_gap:
            self.search.walk(max(1, iterations // 2))

    def measure(self) -> dict[str, float]:
        scores = self.scores()
        return {"train_bits": scores[0], "test_bits": scores[2]}

    def export(self) -> dict[str, NDArray[Any]]:
        """All that decides what follows, by name; see `GateSearch.export`."""
        return self.search.export()

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called. Raises `DataError` when the arrays do not fit."""
        self.search.restore(saved)

    def fitted(self) -> GateSearch:
        """The present gates in the problem's network, which drops some while it is still wider.

        Where that grows, in its present one.
        """
        return self.search if isinstance(self.search, GateSearch) else self.search.fitted()

    def circuit(self) -> Circuit:
        """The present gates; while they are in wider layers, of those."""
        problem = self.problem
        return self.search.circuit(problem.name, problem.input_names, problem.output_names)

    def scores(self, circuit: Circuit | None = None) -> tuple[float, float, float, float]:
        """Fractions of training bits and words, test bits and words, of a circuit, the present one by default."""
        known = self.problem.input_kind.known
        codes = None if known else self.search.codes()

        def scores() -> tuple[float, float, float, float]:
            inputs = self.problem.items.bits() if codes is None else codes
            return self.problem.scores((circuit or self.circuit()).predict(inputs))

        return self.ranks.from_first(scores)


class DescentAttempt:
    """An `Attempt` (see the protocol) of gate descent alone; it has no floats and runs on one thread."""

    found_by: str = Engine.DESCENT

    def __init__(self, orders: Orders) -> None:
        problem, settings = orders.problem, orders.settings
        self.problem, self.schedule = problem, Schedule(first=20, growth=1.5, longest=2000)
        rng = np.random.default_rng(orders.seed)
        self.stepper = DescentStepper(
            problem,
            rng,
            sigma=settings.sigma,
            widen=settings.widen,
            halt=orders.halt,
            repeats=orders.repeats,
            ranks=orders.ranks,
        )

    def look(self) -> bool:
        return self.stepper.search.error == 0

    def present(self) -> Candidate:
        return self.finish(Status.STOPPED)

    def finish(self, status: Status) -> Candidate:
        problem, search = self.problem, self.stepper.fitted()
        circuit = search.circuit(problem.name, problem.input_names, problem.output_names)
        inputs = problem.train_inputs if problem.input_kind.known else search.codes()
        weights = search.integer_weights()
        network = search.network if problem.network.grows else None
        return self.stepper.ranks.from_first(
            lambda: complete_and_verify(problem, circuit, inputs, weights=weights, network=network)
        )

    def weights(self, candidate: Candidate | None) -> NDArray[np.float64]:
        assert candidate is not None
        assert candidate.weights is not None
        return scaled_weights(self.problem.with_network(candidate.network).network, candidate.weights)

    def scores(self, candidate: Candidate | None) -> Scores:
        return self.stepper.scores(None if candidate is None else candidate.circuit)

    @property
    def work_ns(self) -> float:
        search = self.stepper.search
        return search.effort * search.ns_per_word

    def export(self) -> Record:
        return Record({}, self.stepper.export())

    def restore(self, saved: Record) -> None:
        self.stepper.restore(saved.arrays)


BITS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=bool)


def conjunction() -> Problem:
    """The smallest problem with a hidden layer."""
    return Problem.from_bits(BITS, BITS.all(axis=1, keepdims=True), hidden=(2,))


def _walk() -> None:
    DescentStepper(conjunction(), np.random.default_rng(0)).advance(2, 0.0)


def _codes() -> None:
    """Inputs that are ours to choose; outputs that are too much for one gate after another."""
    outputs = np.column_stack([BITS, BITS.all(axis=1), BITS.any(axis=1)])
    search = GateSearch(
        Network.layered([1, 1, 4]), BITS[:, :1], outputs, np.random.default_rng(0), unknown=True
    )
    search.walk(CODES_AFTER)


def _shrink() -> None:
    search = GateSearch.of(conjunction(), np.random.default_rng(0), repeats=False, begin=False)
    conjunctions = np.zeros(search.network.n_edges, dtype=np.int64)
    for node in search.network.btf_nodes:
        conjunctions[search.network.edges(node)][:3] = 1  # of two senders: the third is the constant
    search.start_from(conjunctions, BITS)
    nodes = needed_nodes(search)
    price_copies(search.shape, search.gates, search.buffers, nodes, np.zeros((nodes.size, 3), dtype=np.int64))
    bypass_copies(search.shape, search.gates)
    shrink(search, 1)


def _inputs() -> None:
    find_sets(spectrum_of(BITS, BITS[:, 0], np.ones(4, dtype=np.int64), 2), LARGEST)


GATE_SEARCH = (
    "descent.best_gate.random_gate",
    "descent.gate_arrays.evaluate",
    "descent.walk.separate_kinds",
    "descent.breakout.fill_slots",
    "descent.walk.copy_gates",
)
KERNEL_TASKS = {
    "walk": KernelTask(_walk, (*GATE_SEARCH, "descent.walk.walk"), 15),
    "codes": KernelTask(_codes, ("descent.walk.improve_codes",), 3),
    "shrink": KernelTask(
        _shrink,
        (
            "descent.cheapest_gate.total_cost",
            "descent.shrink.shrink_sweep",
            "descent.removal.price_copies",
            "descent.removal.bypass_copies",
        ),
        7,
    ),
    "inputs": KernelTask(
        _inputs, tuple(f"spectrum.find_{sets}" for sets in ("singles", "pairs", "triples")), 3
    ),
}
"""In the order in which one process compiles them: shrinking needs what walking compiles first."""


def state_bytes(sizes: Sizes) -> int:
    """Rows of words: values, flipped values, and about as much again of all else."""
    return 4 * sizes.n_nodes * 8 * whole_vectors(words_for(sizes.n_items))


def kernels_for(problem: Problem, precision: str, jobs: int | None) -> tuple[str, ...]:
    """Those of the choice of inputs only where there is one."""
    network = problem.network
    return ("walk", "inputs") if network.grows and network.heard_inputs.size > FEW_INPUTS else ("walk",)


ENGINE = EngineSpec(
    name=Engine.DESCENT,
    start=DescentAttempt,
    state_bytes=state_bytes,
    tuner=descents,
    grows=True,
    measures_distance=False,
    kernel_tasks=KERNEL_TASKS,
    kernels_for=kernels_for,
)

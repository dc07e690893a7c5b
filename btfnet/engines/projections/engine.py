"""The engine `rrr`: projections alone, completed to gates at every look; their race of settings; their kernels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record, named
from btfnet.engines.completion.completion_check import (
    Candidate,
    CompletedNetwork,
    HasWeights,
    Scores,
    candidate_of,
    candidate_values,
    complete_at,
    iteration_ns,
    schedule_for,
    verify_completion,
)
from btfnet.engines.completion.evidence import evidence
from btfnet.engines.projections.layout import block_shape
from btfnet.engines.projections.stepper import NetworkStepper, state_bytes_of, warm_up
from btfnet.engines.protocol import EngineSpec, KernelTask, Orders, Sizes
from btfnet.engines.registry import Engine, engine_named
from btfnet.engines.tuning.information import larger_for_random
from btfnet.engines.tuning.rounds import EndedTrial, PastRound, next_support, score_key, stalled
from btfnet.halting import Halt
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Status, Stepper
from btfnet.ranks.ranks import Ranks
from btfnet.settings import Settings

ENTRANTS = (
    (0.3, 3e-4), (0.5, 1e-3), (0.3, 1e-3), (0.5, 3e-4), (0.3, 1e-4), (0.5, 3e-3), (0.3, 3e-3), (0.5, 1e-4),
)  # fmt: skip
"""(β, γ), those that have worked elsewhere first."""
HEAT, GROWTH = 20_000, 4
"""Iterations of a trial in the first round of the race; a later round's trials get so many times more."""
FIELD = 4
"""Trials of a round after the first."""


@dataclass(frozen=True)
class Race:
    """A `Tuner`: successive halving over β and γ.

    Every entrant gets a short trial, the better half a trial four times as long, and so on. A round that stands
    still (see `stalled`) makes σ larger in the next one: 3, 5, 7, and 3 again. Data without structure get the σ
    that circuits are counted for (`information`).
    Source: K. Jamieson and A. Talwalkar, AISTATS (2016), 240.
    """

    problem: Problem
    base: Settings
    in_turn: bool
    first_round: int = len(ENTRANTS)
    later_round: int = FIELD

    def untuned(self, turn: int) -> Settings:
        return self.base.but(widen=1.0)

    def next_round(self, past: Sequence[PastRound]) -> tuple[Settings, ...]:
        if not past:
            return tuple(self._limited(HEAT, beta=beta, gamma=gamma) for beta, gamma in ENTRANTS)
        before = past[-1]
        sigma = self._support_after(before.settings[0].sigma, before.trials)
        iterations = HEAT * GROWTH ** len(past)
        return tuple(
            self._limited(iterations, sigma=sigma, beta=settings.beta, gamma=settings.gamma)
            for settings in _better_half(before)
        )

    def _support_after(self, sigma: float, trials: Sequence[EndedTrial]) -> float:
        larger = larger_for_random(self.problem, sigma, trials)
        if larger:
            return larger[-1]
        return next_support(sigma, self.base.sigma) if stalled(trials) else sigma

    def _limited(self, iterations: int, **changes: float) -> Settings:
        limit = min(self.base.max_iterations, iterations)
        return self.base.but(max_iterations=limit, widen=1.0, **changes)


def _better_half(before: PastRound) -> list[Settings]:
    """The better half of a round's settings, each judged by the best of its trials; on equal terms the first."""
    count = len(before.settings)
    best = [min(map(score_key, before.trials[turn::count])) for turn in range(count)]
    better = sorted(range(count), key=best.__getitem__)[: max(1, count // 2)]
    return [before.settings[turn] for turn in better]


class WeightStepper(Stepper, HasWeights, Protocol):
    """A stepper of the projections, wherever they are computed; ranks  which share its items."""

    ranks: Ranks

    def read(self) -> HasWeights:
        """Its weights and codes of now, of all ranks' items."""

    def scores(self) -> Scores:
        """By plain inference with the weights."""

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything that the next iteration reads, by name."""

    def restore(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Stand where `export` was called."""


def begin_stepper(orders: Orders) -> NetworkStepper:
    """The fused sweep at the start of a trial."""
    return NetworkStepper(
        orders.problem,
        orders.settings,
        np.random.default_rng(orders.seed),
        precision=orders.precision,
        threads=orders.threads,
        halt=orders.halt,
        ranks=orders.ranks,
    )


class ProjectionsAttempt:
    """An `Attempt` (see the protocol) of the projections alone.

    begin   their stepper, at a trial's start
    engine  the name of the engine that it is an attempt of
    """

    def __init__(
        self,
        orders: Orders,
        begin: Callable[[Orders], WeightStepper] = begin_stepper,
        engine: str = Engine.RRR,
    ) -> None:
        self.problem, self.settings = orders.problem, orders.settings
        self.stepper, self.projections = begin(orders), str(engine)
        self.schedule = schedule_for(orders.problem)
        self.best: Candidate | None = None
        self.found_by: str = self.projections

    @property
    def exact(self) -> bool:
        """Whether the best candidate is."""
        return self.best is not None and self.best.exact

    def look(self) -> bool:
        """Complete the weights to gates; analog inputs have none to check."""
        if self.problem.has_boolean_inputs:
            self.complete()
        return self.exact

    def present(self) -> Candidate | None:
        return self.best

    def complete(self, *, thorough: bool = False) -> CompletedNetwork:
        """The weights completed to gates, which become the best candidate if they are better."""
        problem, read = self.problem, self.stepper.read()

        def completed() -> tuple[CompletedNetwork, Candidate]:
            made = complete_at(problem, read, self.settings.sigma, thorough=thorough)
            return made, verify_completion(problem, made)

        network, candidate = self.stepper.ranks.from_first(completed)
        self.keep(candidate, self.projections, or_equal=thorough)
        return network

    def keep(self, candidate: Candidate | None, engine: str, *, or_equal: bool = False) -> None:
        """Take it for the best, if it is better than that."""
        if candidate is not None and (
            self.best is None or candidate.wrong_bits < self.best.wrong_bits + or_equal
        ):
            self.best, self.found_by = candidate, engine

    def finish(self, status: Status) -> Candidate | None:
        """A last, thorough look where weights that fit everything were not yet turned into an exact circuit."""
        if self.best is None:
            return None
        ended = self.exact or status is Status.STOPPED or status.unfinished
        if not ended and (status is Status.SOLVED or self.stepper.scores()[0] == 1):
            self.complete(thorough=True)
        return replace(self.best, circuit=self.best.circuit.simplified())

    def weights(self, candidate: Candidate | None) -> NDArray[np.float64]:
        return self.stepper.weights

    def scores(self, candidate: Candidate | None) -> Scores:
        return self.stepper.scores()

    @property
    def work_ns(self) -> float:
        return self.stepper.iteration * iteration_ns(self.problem)

    def export(self) -> Record:
        best, arrays = candidate_values(self.best)
        return Record(
            {"best": best, "found_by": str(self.found_by)},
            {**named("stepper", self.stepper.export()), **named("best", arrays)},
        )

    def restore(self, saved: Record) -> None:
        self.best = candidate_of(saved.values["best"], saved.part("best"))
        self.found_by = engine_named(saved.values["found_by"]).name
        self.stepper.restore(saved.part("stepper"))


BITS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def _complete(outputs: list[list[int]], sigma: float) -> None:
    """A look at weights, from which gates are made and checked."""
    problem = Problem.from_bits(BITS, outputs, hidden=(2,))
    attempt = ProjectionsAttempt(
        Orders(problem, Settings(sigma=sigma), 0, "float32", 1, lambda: None, Halt())
    )
    attempt.stepper.advance(20, 0.0)
    attempt.look()
    attempt.finish(Status.ITERATION_LIMIT)


def _large_gates() -> None:
    """Gates beyond majorities of three, which are fitted one by one, and what the items say of them."""
    _complete([[0], [1], [1], [0]], sigma=9)
    evidence(Circuit(2, (Gate(2, (1, 2)),), (3,)), np.array(BITS, dtype=bool))


ADVANCE, SHARED = ("projections.sweep.advance",), ("projections.sweep.advance_threads",)
KERNEL_TASKS = {
    "sweep-float32": KernelTask(lambda: warm_up("float32", 1), ADVANCE, 2),
    "sweep-float64": KernelTask(lambda: warm_up("float64", 1), ADVANCE, 2),
    "shared-float32": KernelTask(lambda: warm_up("float32", 2), SHARED, 4),
    "shared-float64": KernelTask(lambda: warm_up("float64", 2), SHARED, 4),
    "fit": KernelTask(
        lambda: _complete([[0], [0], [0], [1]], sigma=3),
        ("completion.fit_gate.complete_network", "bits.evaluate_gates", "bits.count_ones"),
        4,
    ),
    "large-gates": KernelTask(
        _large_gates,
        (
            "completion.fit_gate.fit_small_gate",
            "completion.fit_gate.best_pair",
            "completion.triples.exact_triples",
        ),
        4,
    ),
}


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

"""What an engine is: `EngineSpec` says it, an `Attempt` is one at work.

To add one: a folder beside the others with a module that has an `ENGINE`, and its line in registry.py. The search,
checkpoints, tuning, memory and the command line then know it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import Record
from btfnet.engines.completion.completion_check import Candidate, Scores
from btfnet.engines.tuning.information import sized
from btfnet.engines.tuning.rounds import FixedSettings, Tuner
from btfnet.halting import Halt
from btfnet.problem.problem import Problem
from btfnet.projections.rrr import Schedule, Status, Stepper
from btfnet.ranks.ranks import ALONE, Ranks
from btfnet.settings import Settings


class Attempt(Protocol):
    """An engine at work on a problem, which a trial drives: the stepper by the loop of `rrr`, a look in between.

    schedule  when looks pay; it must not depend on the clock
    found_by  the name of the engine that found the best candidate so far

    Everything is deterministic for problem, settings, seed and precision, but for when it is halted.
    """

    schedule: Schedule

    @property
    def found_by(self) -> str: ...

    @property
    def stepper(self) -> Stepper: ...

    @property
    def work_ns(self) -> float:
        """Estimated nanoseconds so far, from sizes and counts alone, never the clock's."""

    def look(self) -> bool | Status:
        """Whether an exact circuit is at hand, or a status that ends it; work that was halted raises `Halted`, and
        is done again later.
        """

    def present(self) -> Candidate | None:
        """The circuit that it stands at, or the best so far; None where there is none. Draws nothing."""

    def finish(self, status: Status) -> Candidate | None:
        """The best candidate, perhaps after a last and thorough look; None where there are no circuits."""

    def weights(self, candidate: Candidate | None) -> NDArray[np.float64]:
        """(n_edges,): those of the candidate that `finish` gave, each node's with norm sqrt(fan-in)."""

    def scores(self, candidate: Candidate | None) -> Scores:
        """Fractions of training bits and words, test bits and words, right by now."""

    def export(self) -> Record:
        """All that decides what follows; a look under way has not begun, but what it has paid for is kept."""

    def restore(self, saved: Record) -> None:
        """Stand where `export` was called. Raises `DataError` when that does not fit."""


class Orders(NamedTuple):
    """What an attempt begins with.

    precision  float32 or float64, where the engine has floats
    threads    it may run on so many; the result must not depend on them
    over       asked where its state is whole: a status ends what runs, and the state may have been saved
    halt       once it is requested, whatever runs raises `Halted` within a fraction of a second
    repeats    items that stay wrong come to weigh more, where the engine knows how
    ranks      which share the problem's items; all of them begin the same attempt, and `over` answers all alike
    """

    problem: Problem
    settings: Settings
    seed: int
    precision: str
    threads: int
    over: Callable[[], Status | None]
    halt: Halt
    repeats: bool = True
    ranks: Ranks = ALONE


class Sizes(NamedTuple):
    """What memory depends on, of a problem or of one that does not exist yet; where that grows, an estimate."""

    n_items: int
    n_nodes: int
    n_edges: int
    precision: str

    @classmethod
    def of(cls, problem: Problem, precision: str) -> Sizes:
        network = sized(problem).network
        return cls(problem.n_train, network.n_nodes, network.n_edges, precision)


@dataclass(frozen=True)
class KernelTask:
    """Kernels that are compiled together.

    run      compiles them, or loads them from the cache, on a problem of four items
    kernels  module.name, below `btfnet.kernels`, of those that Python calls; what these call is found by itself
    seconds  of one core, for sharing tasks out; from scripts/benchmarks/compile_times.py
    """

    run: Callable[[], object]
    kernels: tuple[str, ...]
    seconds: float


def _alone(problem: Problem) -> bool:
    return False


class TrialBatch(Protocol):
    """Trials of one problem that run as one, such as on a GPU, each driven as an attempt of its own.

    size  so many at a time; a trial's result may depend on this, and must not on who else is there
    """

    size: int

    def start(self, orders: Orders) -> Attempt:
        """Begin one of them."""


@dataclass(frozen=True)
class EngineSpec:
    """What the search needs to know of an engine.

    name               as the command line, files and results spell it
    start              begins an attempt
    state_bytes        memory of an attempt
    tuner              of a search: (problem, settings, whether other engines run in turn with it)
    measures_distance  its gap is a distance; else a count, as of wrong bits, and results show no gap
    takes_analog       it runs on analog inputs
    grows              it finds how many nodes a network that grows needs; others get a network of fixed size
    shares_gates       it keeps gates shared where nodes share them, and takes no other networks
    shares_items       whether one attempt on all cores beats several side by side, for a problem
    kernel_tasks       what can be compiled before it runs
    made_by            makes it anew in another process, where its name alone does not
    kernels_for        names of those that a search needs: (problem, precision, jobs)
    batch              where trials run as one: (problem, precision); None where they do not
    """

    name: str
    start: Callable[[Orders], Attempt]
    state_bytes: Callable[[Sizes], int]
    tuner: Callable[[Problem, Settings, bool], Tuner] = field(
        default=lambda problem, settings, in_turn: FixedSettings(settings)
    )
    measures_distance: bool = True
    takes_analog: bool = False
    grows: bool = False
    shares_gates: bool = False
    shares_items: Callable[[Problem], bool] = _alone
    kernel_tasks: Mapping[str, KernelTask] = field(default_factory=dict)
    kernels_for: Callable[[Problem, str, int | None], tuple[str, ...]] = lambda problem, precision, jobs: ()
    made_by: Callable[[], EngineSpec] | None = None
    batch: Callable[[Problem, str], TrialBatch | None] = lambda problem, precision: None

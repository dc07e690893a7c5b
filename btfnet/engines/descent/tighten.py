"""An exact circuit of a free network becomes small, and says of unseen items what many small ones say.

First a walk among exact circuits (exact_walk.py). Where there are unseen items, bits of them on which nearly all
circuits of its later half agree then count as training items do: the smallest circuit walks until it has them all,
and among the circuits that have them goes on to a small one. What these bits should be is never looked at.

Source: votes, L. Breiman, Machine Learning 24 (1996), 123; one model that says what several say, C. Bucilă,
R. Caruana and A. Niculescu-Mizil, KDD (2006), 535.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.exact_walk import ExactWalk
from btfnet.engines.descent.local_search import MOST_SEEN, NS_PER_WORD, GateSearch
from btfnet.engines.descent.rearrange import move_gates, needed_nodes, places
from btfnet.halting import Halt, Halted
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

SHARE = 2.0
"""Work among exact circuits over work that it took to find the first, at most."""
LEAST_NS, MOST_NS = 1e9, 200e9
"""Bounds of that budget, in nanoseconds."""
STEP = 0.25
"""Work of a step that does not come back to exact circuits, over that of finding the first."""
STEP_NS = 0.05e9
"""But at least so much."""
CONFIDENT = 0.75
"""An unseen bit counts where so large a part of the circuits, or more, say the same."""
MOST_UNSEEN = 2048
"""Unseen items that are asked, the first ones."""
ROUNDS = 20
"""Of a walk, between two looks at the budget."""

Bits = NDArray[np.bool_]


class Sample(NamedTuple):
    """Items that a circuit has to reproduce."""

    inputs: Bits
    outputs: Bits
    care: Bits

    def searches(
        self, network: Network, sigma: float, rng: np.random.Generator, halt: Halt | None
    ) -> Callable[[int], GateSearch]:
        """What makes a search in the free network of so many hidden nodes that has the ends of this one."""
        heard = network.heard_inputs.tolist()

        def make(hidden: int) -> GateSearch:
            return GateSearch(
                Network.free(network.n_inputs, network.n_outputs, hidden, inputs=heard),
                *(self.inputs, self.outputs, rng),
                care=self.care, sigma=sigma, begin=False, halt=halt, most_seen=MOST_SEEN,
            )  # fmt: skip

        return make


def tighten(
    problem: Problem,
    search: GateSearch,
    rng: np.random.Generator,
    *,
    work_ns: float,
    over: Callable[[], object],
    halt: Halt | None = None,
) -> GateSearch:
    """A small exact search, from an exact one in a free network of the problem's.

    work_ns  estimated nanoseconds that it took to find the circuit: never the clock's
    over     asked between two steps whether to give up

    Raises `Halted` when it was given up, by that or by the halt. Deterministic for the generator.
    """
    sample = _sample_of(problem, search)
    patience = int(max(STEP_NS, STEP * work_ns) / NS_PER_WORD)
    budget = min(max(LEAST_NS, SHARE * work_ns), MOST_NS) / NS_PER_WORD

    def walked(start: GateSearch, sample: Sample, unseen: Bits) -> ExactWalk:
        make = sample.searches(search.network, search.shape.sigma, rng, halt)
        walk = ExactWalk(start, make, rng, unseen=unseen, patience=patience)
        while walk.effort < budget and not walk.stands_still and walk.size:
            _check(over)
            walk.step()
        return walk

    unseen = _unseen_of(problem)
    walk = walked(search, sample, unseen)
    share = walk.agreed()
    if not len(share):
        return walk.smallest
    pinned = _with_votes(sample, unseen, share)
    started = _moved(walk.smallest, pinned.searches(search.network, search.shape.sigma, rng, halt))
    if not _mended(started, budget, over):
        return walk.smallest
    return walked(started, pinned, unseen[:0]).smallest


def _sample_of(problem: Problem, search: GateSearch) -> Sample:
    outputs = problem.outputs[: problem.n_train] > 0
    care = np.ones(outputs.shape, dtype=bool) if problem.train_care is None else problem.train_care
    return Sample(search.codes(), outputs, care)


def _unseen_of(problem: Problem) -> Bits:
    """Inputs of items that are neither for training nor for validation."""
    if not problem.input_kind.known:
        return np.zeros((0, problem.network.n_inputs), dtype=bool)
    return problem.inputs[problem.n_items - problem.n_test :][:MOST_UNSEEN] > 0


def _with_votes(sample: Sample, unseen: Bits, share: NDArray[np.float64]) -> Sample:
    counts = np.maximum(share, 1 - share) >= CONFIDENT
    return Sample(
        np.concatenate([sample.inputs, unseen]),
        np.concatenate([sample.outputs, share > 0.5]),
        np.concatenate([sample.care, counts]),
    )


def _moved(search: GateSearch, make: Callable[[int], GateSearch]) -> GateSearch:
    """The gates of a search in another one of as many hidden nodes, on items of its own."""
    moved = make(search.network.n_hidden)
    move_gates(search, moved, places(search, moved.network, needed_nodes(search)))
    return moved


def _mended(search: GateSearch, budget: float, over: Callable[[], object]) -> bool:
    """Walk until all bits that count are right; False where the budget does not do."""
    while search.error > 0 and search.effort < budget:
        _check(over)
        search.walk(ROUNDS)
    return search.error == 0


def _check(over: Callable[[], object]) -> None:
    if over():
        raise Halted

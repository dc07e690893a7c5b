"""What exact circuits say together of unseen items: bits on which nearly all of them agree come to count.

Each of several circuits that fit the training items is wrong in its own way elsewhere, so that most of them
together are right more often than any one. What the outputs of unseen items should be is never looked at.

Source: votes, L. Breiman, Machine Learning 24 (1996), 123; one model that says what several say, C. Bucilă,
R. Caruana and A. Niculescu-Mizil, KDD (2006), 535.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.local_search import GateSearch, seen_in
from btfnet.halting import Halt, Halted
from btfnet.problem import packed_bits
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

VOTERS = 3
"""Fewer circuits have no majority."""
CONFIDENT = 0.75
"""An unseen bit counts where so large a part of the circuits, or more, say the same."""
MOST_UNSEEN = 2048
"""Unseen items that are asked, the first ones."""
ROUNDS = 20
"""Of a walk, between two looks at the budget."""

Bits = NDArray[np.bool_]


class Sample(NamedTuple):
    """Items that a circuit has to reproduce.

    inputs  (n_items, n_inputs), packed or not;  outputs  (n_items, n_outputs);  care  as outputs: the bits that
            count
    """

    inputs: packed_bits.Bits
    outputs: Bits
    care: Bits

    @classmethod
    def of(cls, problem: Problem, inputs: packed_bits.Bits) -> Sample:
        """A problem's training items, with these inputs."""
        outputs = problem.outputs[: problem.n_train] > 0
        care = np.ones(outputs.shape, dtype=bool) if problem.train_care is None else problem.train_care
        return cls(inputs, outputs, care)

    def with_votes(self, unseen: Bits, share: NDArray[np.float64]) -> Sample:
        """And unseen items, of which those bits count that nearly all say alike.

        unseen  (n_unseen, n_inputs);  share  (n_unseen, n_outputs): the part of the circuits that says 1
        """
        outputs, care = (
            np.concatenate([self.outputs, share > 0.5]),
            np.concatenate([self.care, confident(share)]),
        )
        return Sample(packed_bits.bits_joined(self.inputs, unseen), outputs, care)

    def search_in(
        self,
        network: Network,
        sigma: float,
        rng: np.random.Generator,
        halt: Halt | None,
        *,
        repeats: bool = True,
    ) -> GateSearch:
        """A search for these items; arguments as for `GateSearch`."""
        return GateSearch(
            network,
            self.inputs,
            self.outputs,
            rng,
            care=self.care,
            sigma=sigma,
            repeats=repeats,
            begin=False,
            halt=halt,
            most_seen=seen_in(network),
        )


def confident(share: NDArray[np.float64]) -> Bits:
    """Where nearly all say the same, from the part of them that says 1."""
    return np.maximum(share, 1 - share) >= CONFIDENT


def unseen_inputs(problem: Problem) -> Bits:
    """Inputs of the unseen items that are asked, (n_unseen, n_inputs): neither for training nor for validation."""
    if not problem.input_kind.known:
        return np.zeros((0, problem.network.n_inputs), dtype=bool)
    first = problem.first_test
    return np.asarray(problem.items.bits(first, min(problem.n_items, first + MOST_UNSEEN)))


def mended(search: GateSearch, budget: int, over: Callable[[], object]) -> bool:
    """Walk until all bits that count are right; False where the budget does not do.

    budget  work, as `GateSearch.effort` counts it
    over    asked between two walks whether to give up: then `Halted` is raised
    """
    last = search.effort + budget
    while search.error > 0:
        if over():
            raise Halted
        if search.effort >= last:
            return False
        search.walk(ROUNDS)
    return True

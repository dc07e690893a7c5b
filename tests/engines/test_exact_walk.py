"""Walks among exact circuits, and what becomes of one in a free network: smaller, exact, and what many say."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import booleans

import btfnet
from btfnet.engines.descent.exact_walk import ExactWalk
from btfnet.engines.descent.free import FreeSearch
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.rearrange import needed_nodes
from btfnet.engines.descent.tighten import tighten
from btfnet.halting import Halt, Halted
from btfnet.logic.verify import verify_items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

pytestmark = pytest.mark.needs_jit


def sum_of_words(n_train=None, seed=0):
    """Two words of three bits are added; (problem, exact search)."""
    numbers = np.random.default_rng(seed).permutation(64)
    total = (numbers & 7) + (numbers >> 3)
    problem = Problem.from_bits(
        numbers[:, None] >> np.arange(6) & 1, total[:, None] >> np.arange(4) & 1, n_train=n_train
    )
    search = FreeSearch(problem, np.random.default_rng(seed))
    search.walk(3000)
    assert search.error == 0
    return problem, search.search


def items(problem):
    n_train = problem.n_train
    return problem.inputs[:n_train] > 0, problem.outputs[:n_train] > 0


def walk_of(problem, search, seed=0, unseen=None):
    rng = np.random.default_rng(seed)

    def make(hidden):
        network = Network.free(problem.network.n_inputs, problem.network.n_outputs, hidden)
        return GateSearch(network, *items(problem), rng, begin=False)

    unseen = np.zeros((0, problem.network.n_inputs), dtype=bool) if unseen is None else unseen
    return ExactWalk(search, make, rng, unseen=unseen, patience=10**7)


def test_every_circuit_on_the_way_is_exact_and_the_smallest_is_remembered():
    problem, search = sum_of_words()
    walk = walk_of(problem, search)
    sizes = [walk.size]
    for _ in range(40):
        if walk.step():
            sizes.append(needed_nodes(walk.present).size)
        assert verify_items(walk.present.circuit(""), *items(problem)).exact
    assert len(set(sizes)) > 1
    assert walk.size == min(sizes) == needed_nodes(walk.smallest).size
    assert verify_items(walk.smallest.circuit(""), *items(problem)).exact


def test_a_walk_is_the_same_for_the_same_seed():
    problem, search = sum_of_words()
    walks = [walk_of(problem, search, seed=3) for _ in range(2)]
    for _ in range(10):
        assert len({walk.step() for walk in walks}) == 1
    assert walks[0].effort == walks[1].effort
    for first, second in zip(walks[0].present.gates, walks[1].present.gates, strict=True):
        np.testing.assert_array_equal(first, second)


def test_of_the_later_half_of_its_circuits_it_says_how_many_give_1():
    problem, search = sum_of_words(n_train=40)
    unseen = problem.inputs[40:] > 0
    walk, answers = walk_of(problem, search, unseen=unseen), []
    assert walk.agreed().shape == (0, 4)
    while len(answers) < 7:
        if walk.step():
            answers.append(walk.present.circuit("").predict(unseen) > 0)
    np.testing.assert_allclose(walk.agreed(), np.mean(answers[3:], axis=0))


@pytest.mark.parametrize("n_train", [None, 40])
def test_what_is_tightened_is_exact_and_no_larger_and_repeats(n_train):
    problem, search = sum_of_words(n_train)
    before = len(search.circuit("").simplified().gates)
    results = [
        tighten(problem, search, np.random.default_rng(1), work_ns=1e8, over=lambda: False) for _ in range(2)
    ]
    circuits = [result.circuit("") for result in results]
    assert circuits[0] == circuits[1]
    assert verify_items(circuits[0], *items(problem)).exact
    if n_train is None:
        assert len(circuits[0].simplified().gates) <= before


def test_answers_of_unseen_items_are_never_looked_at():
    problem, search = sum_of_words(n_train=40)
    outputs = problem.outputs.copy()
    outputs[40:] *= -1
    lies = Problem.from_bits(problem.inputs, outputs, n_train=40)
    circuits = [
        tighten(asked, search, np.random.default_rng(1), work_ns=1e8, over=lambda: False).circuit("")
        for asked in (problem, lies)
    ]
    assert circuits[0] == circuits[1]


def test_it_ends_when_it_is_over_or_halted():
    problem, search = sum_of_words()
    with pytest.raises(Halted):
        tighten(problem, search, np.random.default_rng(1), work_ns=1e8, over=lambda: True)
    halt = Halt()
    halt.set()
    with pytest.raises(Halted):
        tighten(problem, search, np.random.default_rng(1), work_ns=1e8, over=lambda: False, halt=halt)


@pytest.mark.parametrize("output", [0, 1])
def test_circuits_without_gates_are_as_small_as_can_be(output):
    inputs = booleans(0, 20, 3)
    answers = inputs[:, [output]]
    result = btfnet.solve(Problem.from_bits(inputs, answers), seed=1)
    assert result.exact
    assert result.circuit.simplified().gates == ()

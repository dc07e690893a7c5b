"""Walks among exact circuits, and what becomes of one in a free network: smaller, exact, and what many say."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import booleans

import btfnet
from btfnet.engines.completion.completion_check import complete_and_verify
from btfnet.engines.descent.exact_walk import ExactWalk
from btfnet.engines.descent.free import FreeSearch
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.rearrange import needed_nodes
from btfnet.engines.descent.shrink import shrink_found
from btfnet.engines.descent.tighten import tightened
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
    for _ in range(20):
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
    while len(answers) < 7:
        if len(answers) < 5:  # of fewer than three in the later half nothing is said
            assert walk.agreed().shape == (0, 4)
        if walk.step():
            answers.append(walk.present.circuit("").predict(unseen) > 0)
    np.testing.assert_allclose(walk.agreed(), np.mean(answers[3:], axis=0))


def tighten(problem, search, over=lambda: False, halt=None):
    """All that it comes to, the last of which is the result."""
    rng = np.random.default_rng(1)
    return [search, *tightened(problem, search, rng, work_ns=1e8, over=over, halt=halt)]


@pytest.mark.parametrize("n_train", [None, 40])
def test_what_is_tightened_is_exact_and_no_larger_and_repeats(n_train):
    problem, search = sum_of_words(n_train)
    before = len(search.circuit("").simplified().gates)
    circuits = [tighten(problem, search)[-1].circuit("") for _ in range(2)]
    assert circuits[0] == circuits[1]
    assert verify_items(circuits[0], *items(problem)).exact
    if n_train is None:
        assert len(circuits[0].simplified().gates) <= before


def test_answers_of_unseen_items_are_never_looked_at():
    problem, search = sum_of_words(n_train=40)
    outputs = problem.outputs.copy()
    outputs[40:] *= -1
    lies = Problem.from_bits(problem.inputs, outputs, n_train=40)
    circuits = [tighten(asked, search)[-1].circuit("") for asked in (problem, lies)]
    assert circuits[0] == circuits[1]


def test_it_ends_when_it_is_over_or_halted():
    problem, search = sum_of_words()
    with pytest.raises(Halted):
        tighten(problem, search, over=lambda: True)
    halt = Halt()
    halt.set()
    with pytest.raises(Halted):
        tighten(problem, search, halt=halt)


def test_a_long_step_ends_soon_after_it_is_halted():
    problem, search = sum_of_words()
    rng, halt = np.random.default_rng(0), Halt()

    def make(hidden):
        network = Network.free(problem.network.n_inputs, problem.network.n_outputs, hidden)
        searching = GateSearch(network, *items(problem), rng, begin=False, halt=halt)
        searching._slow = False  # as after rounds that were quick
        return searching

    walk = ExactWalk(search, make, rng, unseen=np.zeros((0, 6), dtype=bool), patience=10**15)
    halt.set()
    with pytest.raises(Halted):
        _ = [walk.step() for _ in range(100)]


def found_in(problem, search):
    circuit, codes = search.circuit(""), items(problem)[0]
    weights, network = search.integer_weights(), search.network
    return complete_and_verify(problem, circuit, codes, weights=weights, network=network)


def test_what_it_had_come_to_is_handed_back_when_it_is_over():
    problem, search = sum_of_words(seed=4)
    found, asked = found_in(problem, search), []

    def over():
        asked.append(1)
        return len(asked) > 25

    given_up = shrink_found(problem, found, sigma=3.0, seed=0, work_ns=1e8, over=over)
    assert not given_up.whole
    assert given_up.candidate.exact
    assert given_up.by.gates[1] < given_up.by.gates[0]
    assert given_up.candidate.weights.shape == (given_up.candidate.network.n_edges,)


def test_a_window_stays_binding():
    numbers = np.arange(16)
    inputs, sums = numbers[:, None] >> np.arange(4) & 1, (numbers & 3) + (numbers >> 2)
    problem = Problem.from_arrays(inputs, sums[:, None] >> np.arange(3) & 1, Network.free(4, 3, window=3))
    search = FreeSearch(problem, np.random.default_rng(0))
    search.walk(3000)
    assert search.error == 0
    found = found_in(problem, search.search)
    small = shrink_found(problem, found, sigma=3.0, seed=0, work_ns=1e8, over=lambda: False).candidate
    network = small.network
    assert network == Network.free(4, 3, network.n_hidden, window=3)


@pytest.mark.parametrize("output", [0, 1])
def test_circuits_without_gates_are_as_small_as_can_be(output):
    inputs = booleans(0, 20, 3)
    answers = inputs[:, [output]]
    result = btfnet.solve(Problem.from_bits(inputs, answers), seed=1)
    assert result.exact
    assert result.circuit.simplified().gates == ()

"""Gates of more than three weights: found as far as sigma allows, and only where they help."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from support.descent_samples import JIT, SEEDS, all_small_gates, booleans, random_search, wrong_bits

import btfnet
from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.descent.walk import improve_node
from btfnet.logic.verify import verify_items
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler


def single_gate(weights, n_items=200, seed=7):
    """One node that must be sgn(Σ w x); the first weight is the bias."""
    inputs = booleans(seed, n_items, len(weights) - 1)
    values = np.column_stack([np.full(n_items, -1), np.where(inputs, 1, -1)])
    return Network.layered([len(weights) - 1, 1]), inputs, (values @ weights > 0)[:, None]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_walk_with_larger_gates_reports_the_true_error(seed):
    search, inputs, outputs = random_search(seed, sigma=7)
    for _ in range(3):
        before = search.error
        assert search.walk(3) <= before
        assert search.error == wrong_bits(search, inputs, outputs).sum()
        assert search.error == verify_items(search.circuit("c"), inputs, outputs).n_wrong_bits
    gates = [search.gate(node) for node in search.network.btf_nodes]
    assert all(sum(weight**2 for weight in gate.values()) <= 7 for gate in gates)
    assert all(sum(map(abs, gate.values())) % 2 for gate in gates)


@pytest.mark.parametrize("sigma", [5, 7, 9])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_pair_of_literals_makes_a_larger_gate_better_than_the_one_chosen(seed, sigma):
    network = Network.layered([5, 1])
    inputs, outputs = booleans(seed, 40, 5), booleans(seed + 100, 40, 1)
    search = GateSearch(network, inputs, outputs, np.random.default_rng(seed), sigma=sigma)
    for _ in range(4):
        held, before = search.gate(6), search.error
        search.error += improve_node(
            search.shape, search.gates, search.buffers, 6, np.random.default_rng(seed)
        )
        errors = [
            wrong_bits(search, inputs, outputs, gates={6: gate}).sum() for gate in all_small_gates(range(6))
        ]
        if sum(map(abs, held.values())) > 3:
            for first, second in itertools.product(
                [s * (n + 1) for n in range(6) for s in (1, -1)], repeat=2
            ):
                gate = dict(held)
                for literal in (first, second):
                    sender = abs(literal) - 1
                    gate[sender] = gate.get(sender, 0) + (1 if literal > 0 else -1)
                if sum(weight**2 for weight in gate.values()) <= sigma:
                    errors.append(wrong_bits(search, inputs, outputs, gates={6: gate}).sum())
        assert search.error == wrong_bits(search, inputs, outputs).sum() <= min(before, *errors)


@pytest.mark.parametrize(
    "weights, sigma",
    [([0, 1, 1, -1, 1, 1, 0], 5), ([1, 1, 0, 1, -1, 1, 0], 5), ([0, 2, 1, -1, 1, 0], 7), ([1] * 7, 7)],
)
def test_larger_gates_are_found_as_far_as_sigma_allows(weights, sigma):
    network, inputs, outputs = single_gate(weights)
    small = GateSearch(network, inputs, outputs, np.random.default_rng(0))
    assert small.walk(30) > 0
    large = GateSearch(network, inputs, outputs, np.random.default_rng(0), sigma=sigma)
    assert large.walk(30) == 0
    node = network.n_nodes - 1
    assert large.gate(node) == {sender: weight for sender, weight in enumerate(weights) if weight}
    again = GateSearch(network, inputs, outputs, np.random.default_rng(1), sigma=sigma)
    again.start_from(np.array(weights), inputs)
    assert again.error == 0
    assert (again.weights() ** 2).sum() == pytest.approx(len(weights))


def test_a_small_gate_is_kept_where_a_larger_one_is_no_better():
    network, inputs, outputs = single_gate([0, 1, 1, -1, 0, 0])
    search = GateSearch(network, inputs, outputs, np.random.default_rng(0), sigma=9)
    assert search.walk(5) == 0
    assert search.gate(network.n_nodes - 1) == {1: 1, 2: 1, 3: -1}


@pytest.mark.skipif(not JIT, reason="a whole search")
def test_one_hidden_layer_multiplies_two_bits_with_majorities_of_five_but_not_of_three():
    problem = btfnet.load("multiplier-2x2-wide").problem
    small = GateSearch.of(problem, np.random.default_rng(0))
    assert small.walk(2000) > 0
    large = GateSearch.of(problem, np.random.default_rng(0), sigma=5)
    assert large.walk(100_000) == 0
    assert verify_items(large.circuit("c"), problem.inputs > 0, problem.outputs > 0).exact

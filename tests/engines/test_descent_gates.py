"""The Copy, Not or majority of three that a node gets: the best of all, ties broken by chance."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from support.descent_samples import JIT, SEEDS, all_small_gates, booleans, prices, random_search, wrong_bits

from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.descent.walk import improve_node
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler


@pytest.mark.parametrize("n_items", [66, 150])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gate_that_a_node_gets_is_the_best_of_all(seed, n_items):
    search, inputs, outputs = random_search(seed, n_items=n_items)
    for node in search.network.btf_nodes:
        if not prices(search, node).any():
            continue
        errors = [
            wrong_bits(search, inputs, outputs, gates={node: gate}).sum()
            for gate in all_small_gates(search.network.senders(node))
        ]
        before = search.error
        search.error += improve_node(
            search.shape, search.gates, search.buffers, node, np.random.default_rng(seed)
        )
        assert search.error == min(errors) == wrong_bits(search, inputs, outputs).sum() <= before


@pytest.mark.skipif(not JIT, reason="thousands of draws")
def test_equally_good_gates_are_chosen_about_equally_often():
    network = Network.layered([5, 1])
    inputs = booleans(1, 64, 5)
    inputs[:, 1] = inputs[:, 0]
    outputs = (inputs[:, [0]].astype(int) + inputs[:, [2]] + inputs[:, [3]]) >= 2
    chosen: dict[frozenset, int] = {}
    rng = np.random.default_rng(0)
    search = GateSearch(network, inputs, outputs, rng)
    for _ in range(2000):
        improve_node(search.shape, search.gates, search.buffers, 6, rng)
        gate = frozenset(search.gate(6).items())
        chosen[gate] = chosen.get(gate, 0) + 1
    assert set(chosen) == {
        frozenset({(1, 1), (3, 1), (4, 1)}), frozenset({(2, 1), (3, 1), (4, 1)})
    }  # fmt: skip
    assert min(chosen.values()) > 800


def _signed_triples(width):
    for chosen in itertools.combinations(range(width), 3):
        for signs in itertools.product((1, -1), repeat=3):
            yield list(chosen), signs


@pytest.mark.skipif(not JIT, reason="thousands of gates")
@pytest.mark.parametrize("seed", range(3))
def test_the_best_of_all_gates_of_a_wide_node_is_found_with_whole_vectors_and_without(seed):
    network = Network.layered([13, 1])
    for n_items in (100, 520):
        inputs, outputs = booleans(seed, n_items, 13), booleans(seed + 9, n_items, 1)
        search = GateSearch(network, inputs, outputs, np.random.default_rng(seed))
        improve_node(search.shape, search.gates, search.buffers, 14, np.random.default_rng(seed))
        right = np.where(np.column_stack([np.zeros((n_items, 1), bool), inputs]) ^ ~outputs, 1, -1)
        majorities = [(right[:, chosen] * signs).sum(axis=1) for chosen, signs in _signed_triples(14)]
        copies = [sign * right[:, column] for column in range(14) for sign in (1, -1)]
        least = min(int((sums < 0).sum()) for sums in majorities + copies)
        assert wrong_bits(search, inputs, outputs).sum() == least


@pytest.mark.skipif(not JIT, reason="a wide node")
def test_a_node_of_hundreds_of_senders_finds_its_gate_among_the_most_useful_ones():
    inputs = booleans(3, 300, 200)
    outputs = (inputs[:, [50]].astype(int) + inputs[:, [120]] + ~inputs[:, [199]]) >= 2
    found = []
    for _ in range(2):
        search = GateSearch(Network.layered([200, 1]), inputs, outputs, np.random.default_rng(4))
        assert search.walk(3) == 0
        found.append(search.gate(201))
    assert found == [{51: 1, 121: 1, 200: -1}] * 2

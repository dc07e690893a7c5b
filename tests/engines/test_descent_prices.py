"""What a change costs, against full re-evaluation by plain integers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from support.descent_samples import (
    N_ITEMS,
    SEEDS,
    all_small_gates,
    booleans,
    evaluate,
    prices,
    random_search,
    wrong_bits,
)

from btfnet.engines.descent.local_search import GateSearch
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler


@pytest.mark.parametrize("seed", SEEDS)
def test_the_price_of_flipping_a_node_equals_full_re_evaluation(seed):
    search, inputs, outputs = random_search(seed)
    now = wrong_bits(search, inputs, outputs)
    assert search.error == now.sum()
    for node in range(1, search.network.n_nodes):
        then = wrong_bits(search, inputs, outputs, flip=node)
        np.testing.assert_array_equal(prices(search, node), then - now)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_price_of_every_change_of_a_gate_equals_full_re_evaluation(seed):
    search, inputs, outputs = random_search(seed, n_items=66)
    now, values = search.error, evaluate(search, inputs)
    for node in search.network.btf_nodes:
        price = prices(search, node)
        for gate in all_small_gates(search.network.senders(node)):
            value = np.sign(sum(weight * values[sender] for sender, weight in gate.items()))
            then = wrong_bits(search, inputs, outputs, gates={node: gate}).sum()
            assert price[value != values[node]].sum() == then - now


@pytest.mark.parametrize("n_outputs", [100, 128, 300])
def test_a_node_that_hundreds_of_outputs_hear_is_priced_without_overflow(n_outputs):
    edges = [(3, 1), (3, 2)] + [(4 + output, 3) for output in range(n_outputs)]
    network = Network.from_edges(2, n_outputs, edges)
    inputs = booleans(0, 70, 2)
    chance = np.linspace(0, 1, 70)[:, None]
    outputs = np.random.default_rng(1).random((70, n_outputs)) < chance
    outputs[:2], outputs[-2:] = False, True
    search = GateSearch(network, inputs, outputs, np.random.default_rng(2))
    now = wrong_bits(search, inputs, outputs)
    then = wrong_bits(search, inputs, outputs, flip=3)
    np.testing.assert_array_equal(prices(search, 3), then - now)
    copies = (network.fan_in == 3).astype(np.int64)
    copies[network.edges(3)] = network.fan_in[network.edges(3)] == 1
    search.start_from(copies, inputs)
    now = wrong_bits(search, inputs, outputs)
    change = wrong_bits(search, inputs, outputs, flip=3) - now
    assert np.abs(change).max() == n_outputs
    np.testing.assert_array_equal(prices(search, 3), change)


@pytest.mark.parametrize("seed", SEEDS)
def test_output_bits_that_do_not_count_are_never_counted(seed):
    care = booleans(seed + 3, N_ITEMS, 3)
    search, inputs, outputs = random_search(seed, care=care)
    now = wrong_bits(search, inputs, outputs, care=care)
    assert search.error == now.sum()
    for node in search.network.btf_nodes:
        then = wrong_bits(search, inputs, outputs, flip=node, care=care)
        np.testing.assert_array_equal(prices(search, node), then - now)
    other, _, _ = random_search(seed, care=care)
    other.shape.targets[:] ^= ~other.shape.care
    for one in (search, other):
        one.walk(5)
    assert search.error == wrong_bits(search, inputs, outputs, care=care).sum() == other.error
    assert [search.gate(node) for node in search.network.btf_nodes] == [
        other.gate(node) for node in search.network.btf_nodes
    ]


def test_bits_that_do_not_count_make_an_impossible_function_possible():
    inputs = np.array(list(itertools.product((False, True), repeat=2)))
    outputs = inputs[:, :1] ^ inputs[:, 1:]
    network = Network.layered([2, 1])
    search = GateSearch(network, inputs, outputs, np.random.default_rng(0))
    assert search.walk(20) == 1
    care = np.array([[True], [True], [True], [False]])
    assert GateSearch(network, inputs, outputs, np.random.default_rng(0), care=care).walk(20) == 0

"""Merging nodes that compute the same: no value changes on items that count, and σ and the edges are kept."""

from __future__ import annotations

import numpy as np
import pytest
from numba import config
from support.kernel_samples import GatesOnItems, booleans

from btfnet.kernels.descent.merge import merge_equal, relation, signature, take_over
from btfnet.kernels.descent.prices import price_node
from btfnet.kernels.descent.walk import alter_gate, sweep_nodes
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler

JIT = not config.DISABLE_JIT
SEEDS = range(60 if JIT else 8)


def gates_on(network, seed, *, n_items=9, **options):
    """Few items: many nodes agree by chance."""
    inputs, outputs = (
        booleans(seed, n_items, network.n_inputs),
        booleans(seed + 1, n_items, network.n_outputs),
    )
    return GatesOnItems.of(network, inputs, outputs, seed, **options)


def merge(search):
    pairs = merge_equal(search.shape, search.gates, search.work, search.rng)
    return pairs, search.evaluate()


def random_graph(seed, sigma):
    rng = np.random.default_rng(seed)
    edges = []
    for node in range(4, 16):
        edges += [(node, int(sender)) for sender in rng.choice(node, rng.integers(1, node), replace=False)]
    search = gates_on(Network.from_edges(3, 4, edges), seed, sigma=sigma)
    if sigma > 3:
        for node in search.network.btf_nodes:
            alter_gate(search.shape, search.gates, search.work, node, search.rng)
        search.evaluate()
        sweep_nodes(search.shape, search.gates, search.work, search.rng)
    return search


@pytest.mark.parametrize("sigma", [3.0, 7.0])
def test_no_value_changes_and_gates_stay_within_sigma_and_the_edges(sigma):
    n_pairs = 0
    for seed in SEEDS:
        search = random_graph(seed, sigma)
        before, error = search.values(), search.evaluate()
        pairs, after = merge(search)
        n_pairs += pairs
        assert np.array_equal(search.values(), before)
        assert after == error
        for node in search.network.btf_nodes:
            gate = search.gate(node)
            assert set(gate) <= set(search.network.senders(node).tolist())
            assert 0 < sum(weight * weight for weight in gate.values()) <= sigma
            assert sum(abs(weight) for weight in gate.values()) % 2 == 1
            assert all(gate.values())
    assert n_pairs > len(SEEDS)


def test_of_two_equal_nodes_one_is_free_afterwards():
    network = Network.layered([3, 4, 3])
    for seed in SEEDS:
        search = gates_on(network, seed, n_items=40)
        for node, literal in zip(range(4, 8), (1, 2, -1, 3), strict=True):
            search.set_gate(node, [literal])
        search.evaluate()
        pairs, _ = merge(search)
        heard = [sum(node in search.gate(output) for output in network.output_nodes) for node in (4, 6)]
        assert pairs >= 1 + 4  # the hidden pair, and each hidden node and the input that it copies
        assert min(heard) == 0
        idle = 4 if heard[0] == 0 else 6
        assert price_node(search.shape, search.gates, search.work, idle) == 0


def test_items_that_do_not_count_may_differ():
    network = Network.layered([2, 2, 1])
    inputs = np.array([[0, 0], [1, 1], [0, 1]], dtype=bool)
    care = np.array([[True], [True], [False]])
    search = GatesOnItems.of(network, inputs, inputs[:, :1], 1, care=care)
    for node, sender in ((3, 1), (4, 2)):
        search.set_gate(node, [sender])
    search.evaluate()
    assert relation(search.work.values[3], search.work.values[4], search.shape.care[0]) == 1
    assert merge(search)[0] > 0


@pytest.mark.parametrize(
    ("literals", "sign", "sigma", "expected"),
    [
        ((1, 2, 3), 1, 3, {1: 1}),  # the same twice outweighs the third
        ((1, 2, 3), -1, 3, {3: 1}),  # opposites cancel
        ((2,), -1, 3, {1: -1}),
        ((2, 3, 4), 1, 3, {1: 1, 3: 1, 4: 1}),
        ((1, 2, 3, 4, 5), 1, 5, {1: 1, 2: 1, 3: 1, 4: 1, 5: 1}),  # 4 + 1 + 1 + 1 is more than σ: refused
        ((1, 2, 3, 4, 5), 1, 7, {1: 2, 3: 1, 4: 1, 5: 1}),
        ((1, 2, 3, 4, 5), -1, 5, {3: 1, 4: 1, 5: 1}),
        ((1, 2, 3, 3, 4), -1, 7, {3: 1}),
        ((1, 1, 2, 3, 4), 1, 7, {1: 1}),
        ((3, 4, 5), 1, 3, {3: 1, 4: 1, 5: 1}),  # does not hear it
    ],
)
def test_a_listener_that_takes_the_other_sender(literals, sign, sigma, expected):
    search = gates_on(Network.layered([5, 1]), 1, sigma=sigma)
    search.set_gate(6, literals)
    take_over(search.shape, search.gates, 1, 2, sign)
    assert search.gate(6) == expected


def naive_relation(a, b, counted):
    """1 if the rows agree on all bits that count, -1 if on none, else 0; by Python's integers."""
    differing = [int(x ^ y) & int(mask) for x, y, mask in zip(a, b, counted, strict=True)]
    if not any(differing):
        return 1
    return -1 if differing == counted.tolist() else 0


def test_signatures_tell_equal_and_opposite_rows_from_others():
    counted = np.array([0, 2**63 + 5, 0, 2**40 - 1], dtype=np.uint64)
    rows = np.random.default_rng(1).integers(0, 2**64, (40, 4), dtype=np.uint64)
    for row in rows:
        noise = row ^ np.array([7, 2, 2**50, 2**63], dtype=np.uint64)
        assert signature(row, counted) == signature(~row, counted) == signature(noise, counted)
        assert relation(row, noise, counted) == 1
        assert relation(row, ~noise, counted) == -1
    marks = {int(signature(row, counted)) for row in rows}
    assert len(marks) == len(rows)
    for other in (rows[0], ~rows[0], rows[1], rows[0] ^ counted, rows[0] ^ ~counted):
        assert relation(rows[0], other, counted) == naive_relation(rows[0], other, counted)
    assert relation(rows[0], rows[1], counted) == 0
    assert relation(rows[0], rows[1], np.zeros(4, dtype=np.uint64)) == 1


def test_where_no_item_counts_all_rows_are_alike():
    nothing = np.zeros(4, dtype=np.uint64)
    rows = np.random.default_rng(2).integers(0, 2**64, (3, 4), dtype=np.uint64)
    assert {int(signature(row, nothing)) for row in rows} == {0}

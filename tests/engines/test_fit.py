"""Choosing gates: the bit-parallel scores against plain counting, and circuits from weights."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numba import config

from btfnet.engines.completion.fit import TargetBits, complete, fit_gate, rounded
from btfnet.engines.completion.integer import Smallest, smallest_weights
from btfnet.engines.completion.rationalise import rationalise
from btfnet.kernels.bits import pack_bits, pad_mask
from btfnet.kernels.completion.fit_gate import apply_weights, best_pair, count_at_least, fit_small_gate
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.verify import verify_items
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler

JIT = not config.DISABLE_JIT
N_ITEMS = [5, 64, 70] if JIT else [5, 66]


def booleans(seed, *shape):
    return np.random.default_rng(seed).random(shape) < 0.5


def majority(rows, weights):
    """sgn(Σ w x) with plain integers; rows bool (n_items, n_columns)."""
    return np.where(rows, 1, -1) @ weights > 0


def best_by_counting(rows, target):
    """The least wrong items of all Copies and signed majorities of three, by plain counting."""
    n_columns, least = rows.shape[1], len(rows)
    for size in (1, 3):
        for columns in itertools.combinations(range(n_columns), size):
            for signs in itertools.product((1, -1), repeat=size):
                weights = np.zeros(n_columns, dtype=int)
                weights[list(columns)] = signs
                least = min(least, int((majority(rows, weights) != target).sum()))
    return least


def small_fit(rows, target, order=None):
    weights = np.zeros(rows.shape[1], dtype=np.int64)
    order = np.arange(rows.shape[1]) if order is None else order
    mask = pad_mask(len(rows))
    wrong = fit_small_gate(
        pack_bits(rows), pack_bits(target[:, None])[0], order, mask, len(rows), 99, weights
    )
    return wrong, weights


@pytest.mark.parametrize("n_items", N_ITEMS)
@pytest.mark.parametrize("seed", range(4 if JIT else 1))
def test_no_copy_or_majority_is_wrong_less_often_than_the_one_chosen(n_items, seed):
    rows, target = booleans(seed, n_items, 6), booleans(seed + 100, n_items)
    wrong, weights = small_fit(rows, target)
    assert wrong == best_by_counting(rows, target)
    assert wrong == (majority(rows, weights) != target).sum()


def test_a_copy_is_preferred_where_a_majority_is_no_better():
    rows = booleans(1, 50, 7)
    wrong, weights = small_fit(rows, ~rows[:, 4])
    assert wrong == 0
    assert weights.tolist() == [0, 0, 0, 0, -1, 0, 0]


def test_the_sender_with_the_larger_weight_wins_a_tie():
    rows = booleans(1, 50, 4)
    rows[:, 3] = rows[:, 1]
    _, weights = small_fit(rows, rows[:, 1], order=np.array([3, 2, 1, 0]))
    assert weights.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_gates_are_applied_as_plain_integers_say(seed):
    rng = np.random.default_rng(seed)
    rows, weights = booleans(seed, 77, 6), rng.integers(-2, 3, 6)
    out = np.zeros(2, dtype=np.uint64)
    apply_weights(pack_bits(rows), weights.astype(np.int64), out)
    np.testing.assert_array_equal(out & pad_mask(77), pack_bits(majority(rows, weights)[:, None])[0])


def test_counts_of_wrong_literals_agree_with_plain_sums():
    rows, weights = booleans(3, 70, 5), np.array([2, -1, 0, 1, -2])
    wrong = np.where(weights > 0, rows, ~rows) @ np.abs(weights)
    out = np.empty((4, 2), dtype=np.uint64)
    count_at_least(pack_bits(rows), weights, np.array([0, 1, 3, 6]), out)
    for threshold, found in zip((0, 1, 3, 6), out, strict=True):
        np.testing.assert_array_equal(found & pad_mask(70), pack_bits((wrong >= threshold)[:, None])[0])


def test_the_best_pair_is_the_best_of_all_pairs():
    rows, target = booleans(5, 40, 5), booleans(6, 40)
    base = np.array([1, 0, -1, 1, 0])
    marks, mask = pack_bits(rows ^ target[:, None]), pad_mask(40)
    at_least = np.empty((3, 1), dtype=np.uint64)
    count_at_least(marks, base, np.array([1, 2, 3]), at_least)
    chosen, signs = np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64)
    wrong = best_pair(at_least, marks, mask, 40, 41, chosen, signs)
    counts = []
    for i, j in itertools.combinations_with_replacement(range(5), 2):
        for s, t in itertools.product((1, -1), repeat=2):
            weights = base.copy()
            weights[i] += s
            weights[j] += t
            if i != j or s == t:
                counts.append(int((majority(rows, weights) != target).sum()))
    assert wrong == min(counts)


@pytest.mark.parametrize(
    "weights, sigma", [([1, 1, 1, 1, 1, 0], 5), ([2, 1, -1, 1, 0, 0], 7), ([1, -1, 1, 1, -1, 1, 1], 7)]
)
def test_larger_gates_are_found_as_far_as_sigma_allows(weights, sigma):
    weights = np.array(weights)
    rows = booleans(7, 200, len(weights))
    target = majority(rows, weights)
    sheet = TargetBits(pack_bits(rows), pack_bits(target[:, None]), pad_mask(200), 200)
    found = np.zeros(len(weights), dtype=np.int64)
    noisy = weights + np.random.default_rng(0).normal(0, 0.05, len(weights))
    assert fit_gate(sheet.inputs, sheet.targets[0], noisy, sheet, sigma, found) == 0
    np.testing.assert_array_equal(majority(rows, found), target)
    assert fit_gate(sheet.inputs, sheet.targets[0], noisy, sheet, 3, found) > 0


def test_rounding_keeps_the_signs_of_the_largest_weights():
    patterns = rounded(np.array([0.9, -0.1, -1.2, 0.8, 0.2]), 5.5)
    assert [pattern.tolist() for pattern in patterns] == [
        [0, 0, -1, 0, 0], [1, 0, -1, 1, 0], [1, -1, -1, 1, 1]
    ]  # fmt: skip


def test_integer_program_finds_the_smallest_weights_or_none():
    rows = np.array(list(itertools.product((-1, 1), repeat=4)), dtype=np.int8)
    weights = np.array([2, 1, -1, 1])
    values = np.where(rows @ weights > 0, 1, -1).astype(np.int8)
    assert smallest_weights(rows, values).weights.tolist() == weights.tolist()
    parity = rows.prod(axis=1).astype(np.int8)
    assert smallest_weights(rows, parity) == Smallest(None, True)


# -- whole networks ---------------------------------------------------------------------------------------


def planted(seed=0, n_items=40):
    """A network with known gates, and weights near them."""
    rng = np.random.default_rng(seed)
    network = Network.layered([5, 4, 2])
    weights = np.zeros(network.n_edges)
    for node in network.btf_nodes:
        edges = network.edges(node)
        size = edges.stop - edges.start
        weights[edges.start + rng.choice(size, 3, replace=False)] = rng.choice([-1, 1], 3)
    inputs = np.unique(booleans(seed, n_items, 5), axis=0)
    values = np.full((network.n_nodes, len(inputs)), False)
    values[1:6] = inputs.T
    for node in network.btf_nodes:
        values[node] = majority(values[network.senders(node)].T, weights[network.edges(node)].astype(int))
    sheet = TargetBits.of(network, inputs, values[6:-2].T, values[-2:].T)
    return network, weights + rng.normal(0, 0.1, weights.size), sheet, inputs, values[-2:].T


@pytest.mark.parametrize("sigma", [3.0, 7.0])
def test_completion_reproduces_a_planted_network_and_its_circuit_is_verified(sigma):
    network, weights, sheet, inputs, outputs = planted()
    completion = complete(network, weights, sheet, sigma)
    assert completion.exact
    assert (completion.wrong == 0).all()
    circuit = completion.circuit("planted")
    assert verify_items(circuit, inputs, outputs).exact
    assert verify_items(circuit.simplified(), inputs, outputs).exact


def test_wrong_bits_of_a_completion_are_the_circuits_own():
    network, weights, _, inputs, outputs = planted()
    other = booleans(9, *outputs.shape)
    hidden = booleans(10, len(inputs), 4)
    completion = complete(network, weights, TargetBits.of(network, inputs, hidden, other), 3.0)
    circuit = completion.circuit("noise")
    assert completion.wrong_bits == verify_items(circuit, inputs, other).n_wrong_bits > 0


def test_a_node_that_needs_larger_integers_gets_them_from_the_integer_program():
    network = Network.layered([4, 1])
    inputs = np.array(list(itertools.product((False, True), repeat=4)))
    weights = np.array([0, 3, 2, 1, 1])  # the bias first
    target = majority(np.column_stack([np.zeros(16, bool), inputs]), weights)
    sheet = TargetBits.of(network, inputs, np.empty((16, 0), bool), target[:, None])
    found = rationalise(network, weights.astype(float), sheet, 3.0)
    assert found.completion.exact
    assert found.doubts == ()
    assert verify_items(found.completion.circuit("c"), inputs, target[:, None]).exact


def test_a_node_that_no_weights_reproduce_is_named():
    network = Network.layered([2, 1])
    inputs = np.array(list(itertools.product((False, True), repeat=2)))
    target = inputs[:, :1] ^ inputs[:, 1:]
    sheet = TargetBits.of(network, inputs, np.empty((4, 0), bool), target)
    found = rationalise(network, np.ones(3), sheet, 3.0)
    assert not found.completion.exact
    assert "Node 3" in found.doubts[0]
    assert "misses 1 of 4" in found.doubts[0]


def test_a_node_that_sees_the_same_inputs_at_two_items_is_told_so():
    network = Network.from_edges(2, 1, [(3, 1), (4, 3)])
    inputs = np.array([[True, False], [True, True]])
    sheet = TargetBits.of(network, inputs, np.array([[True], [True]]), np.array([[True], [False]]))
    found = rationalise(network, np.ones(network.n_edges), sheet, 3.0)
    assert "same inputs at items 1 and 2" in found.doubts[0]


@pytest.mark.parametrize(
    "weights", [{0: 1, 2: 1, 3: 1}, {0: -1, 2: 1, 3: -1}, {1: 1}, {0: 1}, {0: 2, 1: 2, 3: 1}]
)
def test_the_bias_folds_into_the_threshold(weights):
    gate = Gate.from_weights(weights)
    inputs = np.array(list(itertools.product((False, True), repeat=3)))
    circuit = Circuit(3, (gate,), (4,))
    values = np.column_stack([np.zeros(8, bool), inputs])
    expected = majority(values, np.array([weights.get(node, 0) for node in range(4)]))
    np.testing.assert_array_equal(circuit.predict(inputs)[:, 0] > 0, expected)

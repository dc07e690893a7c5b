"""The naive network constraints are what the network engine is checked by, so they are checked themselves."""

from __future__ import annotations

import numpy as np
import pytest
from support.naive import NaiveNetworkA, NaiveNetworkB, NetworkPoint, naive_gap2, naive_reweigh

import btfnet
from btfnet.projections.btf import Btf

pytestmark = pytest.mark.no_compiler

SIGMA = 3.0
XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]


def xor_problem():
    return btfnet.Problem.from_bits(*XOR, hidden=(3,), name="xor")


def unknown_problem(kind):
    network = btfnet.Network.layered([3, 2, 2])
    outputs = np.array([[1, -1], [-1, 1], [1, 1]])
    return btfnet.Problem("unknown", network, btfnet.Items(np.empty((3, 0)), outputs, input_kind=kind))


def start(problem, seed=0):
    """As the method page says: w, x and hidden y uniform in (-1, 1)."""
    return np.random.default_rng(seed).uniform(-1, 1, NetworkPoint(problem).size)


def metric(problem, seed=1):
    """A metric as the tuning could have left it: inputs and constant stay at 1."""
    b = NaiveNetworkB(problem)
    n_btf = len(problem.network.btf_nodes)
    b.g[:, -n_btf:] = np.random.default_rng(seed).uniform(0.2, 3, (b.n_items, n_btf))
    return b


def test_constraint_a_treats_each_btf_as_the_ready_made_constraint_does():
    problem = xor_problem()
    a, network = NaiveNetworkA(problem, SIGMA), problem.network
    before, after = a.split(start(problem)), a.split(a.project(start(problem)))
    for item in range(a.n_items):
        for node in network.btf_nodes:
            edges = network.edges(node)
            parts = [[w[item, edges], x[item, edges], y[item, [node]]] for w, x, y in (before, after)]
            nearest = Btf(len(parts[0][0]), SIGMA).project(np.concatenate(parts[0]))
            np.testing.assert_allclose(np.concatenate(parts[1]), nearest, rtol=1e-10, atol=1e-12)


def test_constraint_a_fixes_what_is_known():
    problem = xor_problem()
    a = NaiveNetworkA(problem, SIGMA)
    _, _, y = a.split(a.project(start(problem)))
    assert (y[:, 0] == -1).all()
    np.testing.assert_array_equal(y[:, 1:3], problem.inputs)


def test_unknown_bits_go_to_the_nearer_sign():
    problem = unknown_problem("unknown_bits")
    a = NaiveNetworkA(problem, SIGMA)
    before, after = start(problem), a.project(start(problem))
    np.testing.assert_array_equal(a.split(after)[2][:, 1:4], np.sign(a.split(before)[2][:, 1:4]))


def test_unknown_one_hot_inputs_have_one_true_bit_where_they_were_largest():
    problem = unknown_problem("unknown_one_hot")
    a = NaiveNetworkA(problem, SIGMA)
    before, after = (a.split(point)[2][:, 1:4] for point in (start(problem), a.project(start(problem))))
    assert ((after == 1).sum(axis=1) == 1).all()
    np.testing.assert_array_equal(after.argmax(axis=1), before.argmax(axis=1))


@pytest.mark.parametrize("build", [lambda problem: NaiveNetworkA(problem, SIGMA), metric])
def test_projecting_twice_changes_nothing(build):
    problem = xor_problem()
    once = build(problem).project(start(problem))
    np.testing.assert_allclose(build(problem).project(once), once, rtol=1e-9, atol=1e-12)


def member_of_b(b, point, rng):
    """A member of B from any point: the weights of a random item, the values of a random copy."""
    network, (w, _, y) = b.problem.network, b.split(point)
    outputs = list(network.output_nodes)
    y[:, outputs] = b.problem.outputs[: b.n_items]
    w[:] = w[rng.integers(b.n_items)]
    for node in network.btf_nodes:
        edges = network.edges(node)
        w[:, edges] *= np.sqrt(len(network.senders(node)) / np.sum(w[0, edges] ** 2))
    return b.join(w, y[:, network.fan_in], y)


def test_no_sampled_member_of_b_is_nearer_in_the_metric():
    problem, rng = xor_problem(), np.random.default_rng(2)
    b, point = metric(problem), start(problem)
    receiving = b.g[:, problem.network.edge_receiver]
    weights = b.join(receiving, receiving, b.g)
    nearest = b.project(point)
    np.testing.assert_allclose(member_of_b(b, nearest, rng), nearest, rtol=1e-12)
    distance = weights @ (point - nearest) ** 2
    for spread in (1e-3, 1e-2, 0.1, 1.0):
        for _ in range(20):
            member = member_of_b(b, nearest + spread * rng.normal(size=b.size), rng)
            assert distance <= weights @ (point - member) ** 2


def test_weights_of_length_zero_stay_zero():
    problem = xor_problem()
    b = NaiveNetworkB(problem)
    assert not b.split(b.project(np.zeros(b.size)))[0].any()


def test_the_gap_of_all_items_and_nodes_is_the_distance_of_the_points():
    """Up to the inputs, which are not of any BTF."""
    problem = xor_problem()
    a, b = NaiveNetworkA(problem, SIGMA), NaiveNetworkB(problem)
    in_a = a.project(start(problem))
    in_b = b.project(2 * in_a - start(problem))
    of_inputs = (b.split(in_b)[2] - a.split(in_a)[2])[:, : problem.network.n_inputs + 1]
    expected = np.sum((in_b - in_a) ** 2) - np.sum(of_inputs**2)
    assert naive_gap2(problem, in_a, in_b).sum() == pytest.approx(expected)


def test_the_metric_follows_the_gaps_and_leaves_the_inputs_alone():
    g, gap2 = np.ones((2, 4)), np.array([[1.0, 3.0], [2.0, 2.0]])
    np.testing.assert_array_equal(naive_reweigh(g, gap2, None, 0.1), g)
    after = naive_reweigh(g, gap2, gap2.mean(), 0.1)
    np.testing.assert_allclose(after, [[1, 1, 0.95, 1.05], [1, 1, 1, 1]])


def test_the_general_engine_learns_xor_from_the_naive_constraints():
    problem = xor_problem()
    a, b = NaiveNetworkA(problem, SIGMA), NaiveNetworkB(problem)
    solution = btfnet.reconcile(a, b, start(problem, seed=4), beta=0.7, gap=1e-3, max_iterations=1000)
    assert solution.solved
    w = b.split(solution.point)[0]
    inputs = problem.inputs
    hidden = np.sign(np.column_stack([-np.ones(4), inputs]) @ w[0, :9].reshape(3, 3).T)
    outputs = np.sign(np.column_stack([-np.ones(4), hidden]) @ w[0, 9:])
    np.testing.assert_array_equal(outputs, problem.outputs[:, 0])

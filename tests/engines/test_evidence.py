"""What the data say of gates, the smallest integer weights, and circuits from float weights."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from support.circuit_samples import full_adder, half_adder, multiplier, random_circuit
from support.evidence_samples import network_of, square

import btfnet
from btfnet import Circuit, Gate, Network, NodeEvidence, evidence
from btfnet.engines.completion.alternative_weights import other_weights
from btfnet.engines.completion.evidence import kind_in_words, largest_support, size_of, weights_of
from btfnet.engines.completion.integer import Smallest, distinct_columns, smallest_weights
from btfnet.errors import DataError
from btfnet.kernels.bits import pack_bits, pad_mask
from btfnet.kernels.completion.triples import exact_copies, exact_triples
from btfnet.logic.verify import compare

pytestmark = pytest.mark.no_compiler


def signs(rows, weights):
    return np.where(rows.astype(int) @ weights > 0, 1, -1).astype(np.int8)


def smallest_by_trying(rows, values, largest):
    """The least Σ|w| of all integer weights; None if there are none."""
    every = np.array(list(itertools.product(range(-largest, largest + 1), repeat=rows.shape[1])))
    fits = ((every @ rows.T) * values >= 1).all(axis=1)
    return int(np.abs(every[fits]).sum(axis=1).min()) if fits.any() else None


def majorities(rows):
    """All sets of three literals whose majority is right on all rows y x."""
    literals = np.concatenate([rows, -rows], axis=1).astype(int)
    n = rows.shape[1]
    return sum(
        bool((literals[:, list(chosen)].sum(axis=1) > 0).all())
        for chosen in itertools.combinations(range(2 * n), 3)
        if len({index % n for index in chosen}) == 3
    )


# -- the smallest integer weights ---------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_no_integer_weights_are_smaller_than_the_smallest(seed):
    rng = np.random.default_rng(seed)
    rows = rng.choice(square(5), int(rng.integers(3, 20)), replace=False)
    values = signs(rows, rng.integers(-3, 4, 5) + 0.5 * rng.normal(size=5))
    found, least = smallest_weights(rows, values, largest=4), smallest_by_trying(rows, values, 4)
    assert found.proven
    assert found.size == least
    if found.weights is not None:
        assert ((rows @ found.weights) * values >= 1).all()


def test_weights_of_one_are_preferred_to_larger_ones_of_the_same_size():
    rows = square(6)
    rows = rows[np.abs(rows @ [1, 1, 1, 1, 1, 0]) > 1]  # both five ones and (2, 1, 1, 1) might do
    found = smallest_weights(rows, signs(rows, np.array([1, 1, 1, 1, 1, 0])))
    least = smallest_by_trying(rows, signs(rows, np.array([1, 1, 1, 1, 1, 0])), 2)
    assert (found.size, found.proven) == (least, True)
    assert np.abs(found.weights).max() == 1


@pytest.mark.parametrize("weights", [[1, 1, 1, 1, 1], [3, 2, 2, 1, 1], [1] * 9])
def test_a_gate_among_two_hundred_senders_is_found_from_two_thousand_patterns(weights):
    rng = np.random.default_rng(1)
    rows = rng.choice(np.array([-1, 1], dtype=np.int8), (2000, 200))
    planted = np.zeros(200, dtype=np.int64)
    planted[rng.choice(200, len(weights), replace=False)] = weights * rng.choice([-1, 1], len(weights))
    found = smallest_weights(rows, signs(rows, planted), seconds=60)
    np.testing.assert_array_equal(found.weights, planted)
    assert found.proven


def test_patterns_that_contradict_each_other_are_proven_to_have_no_weights():
    rows = square(3)
    twice, values = np.concatenate([rows, rows[:1]]), np.append(rows[:, 0], -rows[0, 0])
    assert smallest_weights(twice, values) == Smallest(None, True)
    opposite = np.array([[1, 1, -1], [-1, -1, 1]], dtype=np.int8)
    assert smallest_weights(opposite, np.array([1, 1], dtype=np.int8)) == Smallest(None, True)


def test_what_is_found_without_time_is_not_called_proven():
    rows, weights = square(7), np.array([3, 2, 2, 1, 1, 1, 1])
    hurried = smallest_weights(rows, signs(rows, weights), seconds=0, hint=weights * 0.37)
    assert not hurried.proven
    assert ((rows @ hurried.weights) * signs(rows, weights) >= 1).all()
    assert smallest_weights(rows, signs(rows, weights), seconds=0) == Smallest(None, False)


def test_a_hint_never_passes_for_weights_that_are_wrong():
    rows, weights = square(5), np.array([2, 1, 1, 1, 0])
    assert smallest_weights(rows, signs(rows, weights), seconds=0, hint=np.ones(5)).weights is None


def test_equal_and_opposite_senders_are_one():
    rows = square(3)
    assert distinct_columns(np.hstack([rows, -rows, rows])).tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(10))
def test_triples_are_counted_as_by_trying_all(seed):
    rng = np.random.default_rng(seed)
    rows = square(5)[rng.choice(32, int(rng.integers(2, 9)), replace=False)]
    first = np.zeros(3, dtype=np.int64)
    copies = exact_copies(pack_bits(rows < 0), pad_mask(len(rows)), first)
    assert copies == (rows > 0).all(axis=0).sum() + (rows < 0).all(axis=0).sum()
    if not copies:
        count = exact_triples(pack_bits(rows < 0), pad_mask(len(rows)), first)
        assert count == majorities(rows)
        if count:
            chosen = rows[:, first >> 1] * (1 - 2 * (first & 1))
            assert (chosen.astype(int).sum(axis=1) > 0).all()


def test_other_weights_are_all_those_of_the_same_size():
    rows = square(5)
    rows = rows[:20] * signs(rows[:20], np.array([2, 1, 1, 1, 0]))[:, None]
    best = smallest_weights(rows, np.ones(20, dtype=np.int8))
    size = best.size
    every = np.array(list(itertools.product(range(-size, size + 1), repeat=5)))
    every = every[(np.abs(every).sum(axis=1) == size)]
    fits = {tuple(w) for w in every[((every @ rows.T) >= 1).all(axis=1)].tolist()}
    others, complete = other_weights(rows, best.weights, most=50, seconds=30)
    assert complete
    assert {tuple(w.tolist()) for w in [best.weights, *others]} == fits


# -- evidence ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gate, words, size",
    [
        (Gate(2, (1, 2)), "And", 3),
        (Gate(1, (1, -2)), "Or", 3),
        (Gate(2, (1, 2, 3)), "Maj3", 3),
        (Gate(1, (1,)), "Copy", 1),
        (Gate(1, (-1,)), "Not", 1),
        (Gate(2, (1, 2, 3, 4)), "at least 2 of 4", 5),
        (Gate(3, (1, 1, 2, 3, 4)), "at least 3 of 5 (weights 2,1,1,1)", 5),
        (Gate(3, (1, 2, 3)), "And", 5),
        (Gate(0, ()), "true", 1),
    ],
)
def test_gates_are_called_by_their_names_and_weighed_with_their_bias(gate, words, size):
    assert (kind_in_words(gate), size_of(gate)) == (words, size)


@pytest.mark.parametrize("seed", range(5))
def test_weights_of_a_gate_give_the_gate_back(seed):
    for gate in random_circuit(seed).simplified().gates:
        if gate.constant is None:
            assert Gate.from_weights(weights_of(gate)) == gate


@pytest.mark.parametrize("sigma, bound", [(3, 3), (4.9, 3), (5, 5), (7.5, 7), (1, 1), (2.9, 1)])
def test_the_bound_is_the_largest_odd_number_up_to_sigma(sigma, bound):
    assert largest_support(sigma) == bound


def test_all_patterns_and_no_other_gate_make_a_gate_forced():
    found = evidence(half_adder(), square(2), sigma=3)
    assert [node.words for node in found] == ["And", "Or", "And"]
    assert [node.patterns for node in found] == [4, 4, 3]
    assert [node.verdict for node in found[:2]] == ["forced", "forced"]
    assert found[2].forced is False
    assert {(node.support, node.bound) for node in found} == {(3, 3)}


def test_fewer_items_leave_choices():
    circuit = Circuit(3, (Gate(2, (1, 2)),), (4,))
    inputs = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1]])
    (found,) = evidence(circuit, inputs)
    assert (found.patterns, found.possible) == (3, 4)
    assert found.verdict == "a smaller gate would do"  # x2 alone
    assert (found.choices, found.least_size) == (1, 1)


def test_choices_count_all_small_gates_over_lower_levels_that_agree():
    circuit, rng = multiplier(2), np.random.default_rng(0)
    inputs = square(4)[rng.choice(16, 9, replace=False)]
    for node in evidence(circuit, inputs):
        below = [0] + [n for n in range(1, node.node) if circuit.levels[n] < circuit.levels[node.node]]
        nodes = circuit.__class__(4, circuit.gates, tuple(range(1, node.node + 1)))
        values = np.vstack([np.full(9, -1), nodes.predict(inputs, kind="signs").T])
        rows = (values[below] * values[node.node]).T
        copies = (rows > 0).all(axis=0).sum() + (rows < 0).all(axis=0).sum()
        assert node.choices == (copies or majorities(rows))
        assert node.least_size == (1 if copies else 3)


def test_larger_gates_are_decided_on_demand_only():
    circuit = Circuit(4, (Gate(2, (1, 2, 3, 4)),), (5,))
    assert evidence(circuit, square(4))[0].verdict == "not decided"
    (found,) = evidence(circuit, square(4), exact=True, seconds=30)
    assert (found.verdict, found.forced, found.size) == ("forced", True, 5)
    (found,) = evidence(Circuit(5, circuit.gates, (6,)), np.hstack([square(4)] * 2)[:, :5], exact=True)
    assert found.choices > 1


def test_a_search_that_was_cut_off_never_calls_a_gate_forced():
    cut_off = NodeEvidence(5, "at least 2 of 4", 4, 5, 5, 5, patterns=16, choices=1, more=True, least_size=5)
    assert (cut_off.forced, cut_off.verdict) == (None, "no other found in time")
    whole = replace(cut_off, more=False)
    assert (whole.forced, whole.verdict) == (True, "forced")


def test_without_time_nothing_is_decided_but_patterns_are_counted():
    found = evidence(multiplier(2), square(4), seconds=0)
    assert {node.verdict for node in found} == {"not decided"}
    assert all(node.patterns > 1 for node in found)


def test_items_that_do_not_count_are_no_evidence():
    circuit = Circuit(2, (Gate(2, (1, 2)), Gate(1, (1, 2))), (3, 4))
    care = np.array([[True, True], [True, False], [True, True], [True, True]])
    found = evidence(circuit, square(2), care=care)
    assert [node.patterns for node in found] == [4, 3]
    assert [node.forced for node in found] == [True, False]


def test_no_items_are_no_evidence():
    with pytest.raises(DataError, match="no items"):
        evidence(half_adder(), np.empty((0, 2)))
    with pytest.raises(DataError, match="no items"):
        btfnet.circuit_from_weights(Network.layered([2, 1]), np.ones(3), np.empty((0, 2)))


def test_inputs_of_another_width_are_refused():
    with pytest.raises(DataError, match="have 3 inputs"):
        evidence(half_adder(), square(3))


def test_constants_and_circuits_without_gates_have_no_choices():
    assert evidence(Circuit(1, (), (1,)), [[0], [1]]) == ()
    assert evidence(Circuit(1, (Gate(0, ()),), (2,)), [[0], [1]])[0].verdict == "not decided"


# -- float weights --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("circuit", [half_adder(), full_adder()], ids=lambda circuit: circuit.name)
def test_float_weights_become_the_gates_that_they_mean(circuit):
    gates = (*circuit.gates, Gate(1, (circuit.outputs[0],)), Gate(1, (circuit.outputs[1],)))
    last = circuit.n_nodes
    whole = Circuit(circuit.n_inputs, gates, (last + 1, last + 2))
    network, weights = network_of(whole)
    found = btfnet.circuit_from_weights(network, weights, square(circuit.n_inputs))
    assert found.exact
    assert found.doubts == ()
    assert found.proven == found.n_nodes == len(gates)
    assert compare(whole, found.circuit).exact


def test_a_node_whose_weights_need_too_large_integers_is_named():
    network, inputs = Network.layered([8, 1]), square(8)
    found = btfnet.circuit_from_weights(network, np.array([0, 1, 1, 2, 3, 5, 8, 13, 20.0]), inputs)
    assert not found.exact
    assert "Node 9: no weights up to 9" in found.doubts[0]


def test_weights_of_another_length_are_refused():
    with pytest.raises(DataError, match="has 9 edges"):
        btfnet.circuit_from_weights(Network.layered([8, 1]), np.ones(8), square(8))

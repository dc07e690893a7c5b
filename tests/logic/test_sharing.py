"""Gates computed from one another: the same weights, by a tree that nothing beats, at a counted effort."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree

from btfnet.errors import UsageError
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.packed import sharing
from btfnet.logic.packed.sharing import effort_report, effort_words
from btfnet.logic.packed.weights import weights_of
from btfnet.logic.packed_model import PackedModel

UNITS = ("bit", "word")


def dense(weights):
    """One layer of gates with integer weights, (n_gates, n_inputs)."""
    n = weights.shape[1]
    literals = [np.repeat(np.sign(row) * np.arange(1, n + 1), np.abs(row)).tolist() for row in weights]
    gates = [Gate(len(row) // 2 + 1, tuple(row)) for row in literals]
    return PackedModel.from_circuit(Circuit(n, tuple(gates), tuple(range(n + 1, n + 1 + len(gates)))))


def weights_of_kind(kind, rng, shape=(40, 150)):
    signs = rng.choice([-1, 1], shape)
    match kind:
        case "dense":
            return signs
        case "sparse":
            return signs * (rng.random(shape) < 0.1)
        case "alike":
            return np.where(rng.random(shape) < 0.03, -1, 1) * signs[:1]
        case "integer":
            return signs * rng.integers(0, 9, shape)
        case "repeated":
            return signs[rng.integers(0, 4, shape[0])]
        case "none":
            return 0 * signs


KINDS = ("dense", "sparse", "alike", "integer", "repeated", "none")


def distances(model, unit):
    """Between all gates and, last, the zero vector, counted place by place from the weights."""
    weights = np.vstack([model.weights.toarray(), np.zeros((1, 64 * model.row_words), int)])
    differ = weights[:, None, :] != weights[None, :, :]
    if unit == "bit":
        return differ.sum(axis=2)
    planes = [(np.abs(weights) >> plane & 1) * np.sign(weights) for plane in range(4)]
    words = [(a[:, None, :] != a[None, :, :]).reshape(*differ.shape[:2], -1, 64).any(axis=3) for a in planes]
    return sum(word.sum(axis=2) for word in words)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_gates_weights_are_its_parents_and_the_differences(unit, kind):
    model = dense(weights_of_kind(kind, np.random.default_rng(3)))
    shared, weights = model.shared(unit), model.weights.toarray()
    parents = np.where(shared.parent[:, None] >= 0, weights[shared.parent], 0)
    assert np.array_equal(parents + weights_of(shared.terms, weights.shape[1]).toarray(), weights)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("kind", KINDS)
def test_tree_has_the_least_total_distance(unit, kind):
    model = dense(weights_of_kind(kind, np.random.default_rng(4)))
    table_of, parent = distances(model, unit), model.shared(unit).parent
    total = sum(table_of[gate, above] for gate, above in enumerate(parent))  # -1 is the zero vector
    least = (
        minimum_spanning_tree(table_of + (1 - np.eye(len(table_of)))).sum() - model.n_gates
    )  # 0 is no edge there
    assert total == least


@pytest.mark.parametrize("kind", KINDS)
def test_no_gate_is_computed_from_itself_however_many_lie_between(kind):
    parent = dense(weights_of_kind(kind, np.random.default_rng(5))).shared().parent
    above = parent.copy()
    for _ in parent:
        above = np.where(above >= 0, parent[above], -1)
    assert (above == -1).all()


@pytest.mark.parametrize("name", ["MOST_GATES", "MOST_WORK", "MOST_WORDS"])
@pytest.mark.parametrize("limit", [0, 1, 64, 1000, 5000])
def test_wide_layers_are_shared_in_stretches(monkeypatch, name, limit):
    monkeypatch.setattr(sharing, name, limit)
    rng = np.random.default_rng(6)
    model = dense(weights_of_kind("alike", rng))
    shared, weights = model.shared(), model.weights.toarray()
    parents = np.where(shared.parent[:, None] >= 0, weights[shared.parent], 0)
    assert np.array_equal(parents + weights_of(shared.terms, weights.shape[1]).toarray(), weights)


def test_gates_of_several_layers_stay_within_their_layer():
    rng = np.random.default_rng(7)
    gates = tuple(
        Gate(3, tuple((first + rng.permutation(5)).tolist())) for first in (1, 1, 1, 6, 6, 6) for _ in "ab"
    )
    circuit = Circuit(5, gates, (12, 17))
    model = PackedModel.from_circuit(circuit)
    shared = model.shared()
    layer = np.repeat(np.arange(model.layers.size), model.layers)
    child = shared.parent >= 0
    assert child.any()
    assert (layer[child] == layer[shared.parent[child]]).all()


# -- effort -----------------------------------------------------------------------------------------------


def test_effort_of_a_gate_counted_by_hand():
    # 70 inputs: two words; weights ±1 everywhere, one of them 3: planes 0 and 1
    weights = np.ones((1, 70), int)
    weights[0, 69] = 3
    effort = dense(weights).effort()
    assert (effort.xnor_words, effort.popcounts, effort.adds, effort.compares) == (3, 3, 2, 1)
    assert (effort.xnor_bits, effort.bit_adds) == (71, 71 + 7)  # 72 literals: 7 digits
    assert effort.word_operations == 2 * 3 + 3 + 2 + 1
    assert effort.bit_operations == 71 + 78


def test_effort_of_a_shared_gate_is_that_of_the_places_that_differ():
    weights = np.ones((2, 128), int)
    weights[1, [3, 7]] = -1
    plain, shared = dense(weights).effort(), dense(weights).shared().effort()
    assert (plain.xnor_words, shared.xnor_words) == (4, 3)
    assert (plain.xnor_bits, shared.xnor_bits) == (256, 128 + 2)
    assert (plain.adds, shared.adds) == (2, 1 + 1)


def test_equal_gates_are_computed_once():
    weights = np.repeat(np.random.default_rng(8).choice([-1, 1], (1, 100)), 20, axis=0)
    shared = dense(weights).shared().effort()
    assert (shared.xnor_words, shared.xnor_bits, shared.adds) == (2, 100, 1)


def test_constant_gates_are_compared_with_nothing():
    model = PackedModel.from_circuit(Circuit(1, (Gate(0, (1,)), Gate(2, (1,)), Gate(1, (1,))), (2, 3, 4)))
    assert model.effort().compares == 1


def test_report_says_what_the_models_say():
    model = dense(weights_of_kind("alike", np.random.default_rng(9)))
    report = effort_report(model)
    assert report["plain"]["word_operations"] == model.effort().word_operations
    assert report["shared_bits"]["bit_operations"] == model.shared().effort().bit_operations
    assert f"{report['plain']['bit_operations']:,} operations on single bits" in effort_words(report)[1]


def test_unknown_unit_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match="choose one of bit, word"):
        dense(np.ones((2, 3), int)).shared("byte")

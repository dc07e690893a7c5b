"""Laws of simplification: the same function, never more gates, and nothing left to simplify."""

from itertools import product

import numpy as np
import pytest
from support.circuit_samples import full_adder, half_adder, multiplier, random_circuit, random_gate

from btfnet import Circuit, Gate
from btfnet.logic.gate import FALSE, TRUE, fold_gate
from btfnet.logic.simplify import simplify
from btfnet.logic.verify import compare

SEEDS = range(150)


def value(gate, inputs):
    return sum(inputs[abs(literal) - 1] == (literal > 0) for literal in gate.literals) >= gate.at_least


def same_function(a, b, n_inputs):
    return all(value(a, inputs) == value(b, inputs) for inputs in product((False, True), repeat=n_inputs))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_simplified_circuit_computes_the_same_with_at_most_as_many_gates_and_cannot_be_simplified(seed):
    circuit = random_circuit(seed, n_inputs=4 + seed % 4, n_gates=4 + seed % 30)
    simple = simplify(circuit)
    assert compare(circuit, simple).exact
    assert len(simple.gates) <= len(circuit.gates)
    assert simplify(simple) == simple


@pytest.mark.parametrize("seed", SEEDS)
def test_no_copies_duplicates_opposites_or_dead_gates_are_left(seed):
    simple = simplify(random_circuit(seed, n_gates=20, widest=4))
    used = {abs(literal) for gate in simple.gates for literal in gate.literals} | set(
        map(abs, simple.outputs)
    )
    for node, gate in enumerate(simple.gates, start=simple.n_inputs + 1):
        assert node in used
        assert len(gate.literals) != 1
        assert gate.constant is None or gate == TRUE
    both = [*simple.gates, *(gate.dual() for gate in simple.gates)]
    assert len(set(both)) == len(both)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_output_is_negated_only_if_its_gate_also_serves_positively_or_it_is_an_input(seed):
    simple = simplify(random_circuit(seed, n_outputs=6))
    for output in simple.outputs:
        node = -output
        if node > simple.n_inputs and simple.gate(node) != TRUE:
            assert node in simple.outputs


@pytest.mark.parametrize("seed", range(300))
def test_a_folded_gate_is_the_same_function_with_no_more_weight(seed):
    rng = np.random.default_rng(seed)
    gate = random_gate(rng, 4, widest=12)
    folded = fold_gate(gate)
    assert same_function(gate, folded, 4)
    assert len(folded.literals) <= len(gate.literals)
    assert fold_gate(folded) == folded


@pytest.mark.parametrize("seed", range(300))
def test_folding_commutes_with_negation(seed):
    gate = random_gate(np.random.default_rng(seed), 5, widest=12)
    assert fold_gate(gate.dual()) == fold_gate(gate).dual()


@pytest.mark.parametrize(
    "gate, folded",
    [
        (Gate(1, (1, -1)), TRUE),
        (Gate(2, (1, -1)), FALSE),
        (Gate(0, (1, 2)), TRUE),
        (Gate(3, (1, 2)), FALSE),
        (Gate(2, (1, -1, 2)), Gate(1, (2,))),
        (Gate(2, (2, 2)), Gate(1, (2,))),
        (Gate(3, (1, 1, 2, 2)), Gate(2, (1, 2))),
        (Gate(2, (1, 1, 2, 2, 3)), Gate(1, (1, 2))),
        (Gate(3, (1, 1, 2, 3)), Gate(3, (1, 1, 2, 3))),
        (Gate(4, (1, 1, 1, 2, 2, 3, 3)), Gate(2, (1, 2, 3))),
        (Gate(2, (3, -1, 2)), Gate(2, (-1, 2, 3))),
    ],
)
def test_known_gates_fold_to_their_lightest_form(gate, folded):
    assert fold_gate(gate) == folded


def test_a_chain_of_negations_vanishes_into_the_output():
    circuit = Circuit(1, (Gate(1, (-1,)), Gate(1, (2,)), Gate(1, (-3,)), Gate(1, (-4,))), (5,))
    assert simplify(circuit) == Circuit(1, (), (-1,))


def test_a_not_that_only_an_output_uses_becomes_the_dual_gate():
    circuit = Circuit(2, (Gate(2, (1, 2)), Gate(1, (-3,))), (4,))
    assert simplify(circuit) == Circuit(2, (Gate(1, (-1, -2)),), (3,))


def test_opposite_gates_become_one():
    circuit = Circuit(2, (Gate(2, (1, 2)), Gate(1, (-1, -2))), (3, 4))
    simple = simplify(circuit)
    assert len(simple.gates) == 1
    assert sorted(simple.outputs) == [-3, 3]


def test_gates_whose_literals_stand_in_another_order_become_one():
    circuit = Circuit(3, (Gate(2, (1, 2, 3)), Gate(2, (3, 1, 2)), Gate(2, (4, 5))), (6,))
    assert simplify(circuit) == Circuit(3, (Gate(2, (1, 2, 3)),), (4,))


def test_a_majority_and_the_majority_of_its_negated_literals_become_one():
    circuit = Circuit(3, (Gate(2, (1, -2, 3)), Gate(2, (-1, 2, -3)), Gate(2, (4, -5, 1))), (6, -5))
    assert simplify(circuit) == Circuit(3, (Gate(2, (1, -2, 3)),), (4, 4))


def test_users_of_a_gate_and_of_its_dual_become_duplicates_too():
    gates = (Gate(3, (1, 2, 3)), Gate(1, (-1, -2, -3)), Gate(2, (4, -1)), Gate(2, (-5, -1)))
    circuit = Circuit(3, gates, (6, 7))
    simple = simplify(circuit)
    assert len(simple.gates) == 2
    assert simple.outputs[0] == simple.outputs[1]


def test_constant_outputs_share_one_constant_gate():
    circuit = Circuit(1, (Gate(0, (1,)), Gate(2, (1,)), Gate(1, (2, 1))), (2, 3, 4, -4))
    assert simplify(circuit) == Circuit(1, (TRUE,), (2, -2, 2, -2))


def test_constants_inside_fold_gates_to_smaller_ones():
    circuit = Circuit(2, (Gate(2, (1, -1)), Gate(2, (1, 2, 3))), (4,))
    assert simplify(circuit) == Circuit(2, (Gate(2, (1, 2)),), (3,))


def test_names_survive():
    simple = simplify(half_adder())
    assert (simple.name, simple.input_names, simple.output_names) == (
        "half adder",
        ("a", "b"),
        ("sum", "carry"),
    )


@pytest.mark.parametrize(
    "circuit", [half_adder(), full_adder(), multiplier(2), multiplier(3)], ids=lambda c: c.name
)
def test_circuits_without_waste_keep_their_gates(circuit):
    simple = simplify(circuit)
    assert len(simple.gates) == len(circuit.gates)
    assert compare(circuit, simple).exact


def test_a_gate_with_very_many_weighted_literals_folds_in_reasonable_work():
    literals = tuple(node for node in range(1, 401) for _ in range(1 + node % 3))
    assert len(fold_gate(Gate(300, literals)).literals) == len(literals)

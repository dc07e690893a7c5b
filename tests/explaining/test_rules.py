"""Rules in words say what the circuit computes: they are read back by `support.spoken_rules`."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.circuit_samples import (
    all_inputs,
    full_adder,
    half_adder,
    multiplier,
    naive_outputs,
    random_circuit,
)
from support.naive_circuit import corner_circuits
from support.spoken_rules import spoken_outputs

from btfnet import Circuit, Gate, in_words
from btfnet.explaining.dnf import minimal_terms
from btfnet.families.gate_builder import AndBuilder, GateBuilder

NASTY = ("age>=37", "colour=red", "n9", "two words", "a,(b)", "and", "income < 3.5", "y1", "a is b", "0")


def _truth(circuit):
    return np.array([naive_outputs(circuit, row) for row in all_inputs(circuit.n_inputs).tolist()])


def _agrees(circuit):
    rows = all_inputs(circuit.n_inputs)
    said = spoken_outputs(in_words(circuit), circuit.input_names, rows)
    np.testing.assert_array_equal(said, _truth(circuit).reshape(said.shape), err_msg=str(in_words(circuit)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(0, 10**6),
    st.integers(1, 7),
    st.integers(0, 30),
    st.integers(1, 5),
    st.sampled_from([2, 3, 4, 7]),
)
def test_rules_read_back_are_the_circuit(seed, n_inputs, n_gates, n_outputs, widest):
    _agrees(random_circuit(seed, n_inputs, n_gates, n_outputs, widest=widest))


@pytest.mark.parametrize(
    "name", ["copies", "constants", "weights", "both_signs", "wide", "wide_weights", "no_inputs"]
)
def test_corners_are_told_right(name):
    _agrees(corner_circuits()[name])


@pytest.mark.parametrize("seed", range(12))
def test_nasty_names_are_told_apart(seed):
    _agrees(
        replace(random_circuit(seed, 10, 16, 3, widest=4), input_names=NASTY, output_names=("or", "z", "n12"))
    )


def test_adders_and_products_read_as_people_say_them():
    assert str(in_words(half_adder())) == (
        "sum is true when exactly 1 of (a, b).\ncarry is true when a and b."
    )
    assert str(in_words(full_adder())) == (
        "sum is true when an odd number of (a, b, c).\ncarry is true when at least 2 of (a, b, c)."
    )
    _agrees(multiplier(3))
    _agrees(multiplier(4))


@pytest.mark.parametrize("kind", [GateBuilder, AndBuilder])
def test_what_many_gates_make_is_told_by_one_phrase(kind):
    builder = kind(3)
    total, carry = builder.add(1, 2, 3)
    circuit = builder.circuit([total, carry, builder.choose(1, 2, 3)], input_names=("a", "b", "c"))
    assert [rule.words for rule in in_words(circuit).outputs] == [
        "an odd number of (a, b, c)",
        "at least 2 of (a, b, c)",
        "if a then b else c",
    ]


def test_conditions_read_well_and_their_negations_are_the_opposite():
    names = ("age>=37", "colour=red", "income<3.5", "city is Rome", "has tail")
    circuit = Circuit(
        5, (Gate(2, (1, 2)), Gate(3, (-1, -2, -3)), Gate(3, (-4, -5, 7))), (6, 8), names, ("y", "z")
    )
    assert str(in_words(circuit)) == (
        "y is true when age >= 37 and colour = red.\n"
        'z is true when age < 37 and colour is not red and income >= 3.5 and city is not Rome and not "has tail".'
    )


def test_shared_gates_have_rules_and_outputs_lend_their_names():
    circuit = multiplier(4)
    rules = in_words(circuit)
    assert any(rule.words == "a1 and b1" for rule in rules.gates)
    gates = (Gate(4, (1, 2, 3, 4, 5)), Gate(2, (6, 7)), Gate(1, (6, -7, 8)))
    shared = Circuit(7, gates, (8, 9, 10), tuple("abcdefg"), ("y", "z", "w"))
    assert [rule.words for rule in in_words(shared).outputs][:2] == [
        "at least 4 of (a, b, c, d, e)",
        "f and g",
    ]


@pytest.mark.parametrize("seed", range(30))
def test_minimal_products_are_right_and_the_fewest(seed):
    """Against trying every smaller set of prime products of three inputs, and every value of up to six."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 7))
    table = rng.random(1 << n) < rng.random()
    terms = minimal_terms(table)
    entries = np.arange(1 << n)
    said = np.zeros(1 << n, dtype=bool)
    for care, value in terms:
        said |= entries & care == value
    np.testing.assert_array_equal(said, table)
    if n <= 3:
        assert len(terms) == _fewest(table, n)


def _fewest(table, n):
    """The least number of products, by breadth-first search over unions."""
    entries, goal = np.arange(1 << n), int(sum(1 << i for i in np.flatnonzero(table).tolist()))
    products = set()
    for care in range(1 << n):
        for value in range(1 << n):
            covered = sum(1 << int(entry) for entry in entries[(entries & care) == value])
            if covered and covered | goal == goal:
                products.add(covered)
    reached, count = {0}, 0
    while goal not in reached:
        reached, count = {one | product for one in reached for product in products}, count + 1
    return count


def test_a_large_circuit_is_told_in_short_rules():
    circuit = random_circuit(5, 200, 3000, 20, widest=3)
    rules = in_words(circuit)
    assert len(rules.outputs) == 20
    assert max(len(rule.words) for rule in (*rules.outputs, *rules.gates)) < 2000


def test_classes_are_told_as_conditions_and_many_negations_from_the_other_side():
    gates = (Gate(3, (-1, -2, -3, -4, 5)), Gate(2, (1, 2)))
    circuit = Circuit(5, gates, (6, 7), tuple("abcde"), ("species=setosa", "y"))
    assert str(in_words(circuit)) == (
        "species = setosa when at most 2 of (a, b, c, d, not e).\ny is true when a and b."
    )
    _agrees(circuit)

"""Circuits in words."""

import pytest
from support.circuit_samples import full_adder, half_adder

from btfnet import Circuit, Gate
from btfnet.logic.describe import describe, gate_in_words


def test_the_half_adder_reads_like_a_page_of_a_textbook():
    assert describe(half_adder()) == (
        "half adder: 2 inputs, 2 outputs, 3 gates (2 and, 1 or), depth 2\n"
        "n3 = And(a, b)\n"
        "n4 = Or(a, b)\n"
        "n5 = And(~n3, n4)\n"
        "sum = n5\n"
        "carry = n3"
    )


def test_printing_a_circuit_describes_it():
    assert str(full_adder()) == describe(full_adder())
    assert "n5 = at least 3 of (a, b, c, 2*~n4)" in str(full_adder())


@pytest.mark.parametrize(
    "gate, words",
    [
        (Gate(0, (1,)), "true"),
        (Gate(1, ()), "false"),
        (Gate(1, (1,)), "a"),
        (Gate(1, (-2,)), "~b"),
        (Gate(1, (1, -2)), "Or(a, ~b)"),
        (Gate(2, (1, 2, 3)), "Maj3(a, b, c)"),
        (Gate(2, (1, 2, 3, -4)), "at least 2 of (a, b, c, ~d)"),
    ],
)
def test_every_kind_of_gate_has_its_words(gate, words):
    assert gate_in_words(gate, lambda node: "abcd"[node - 1]) == words


def test_negated_outputs_show_their_negation():
    assert str(Circuit(1, (), (-1,), ("a",), ("b",))).endswith("b = ~a")


def test_gates_get_other_names_where_an_input_is_called_like_one():
    text = str(Circuit(2, (Gate(2, (1, 2)),), (3,), ("n3", "n4")))
    assert "g3 = And(n3, n4)" in text

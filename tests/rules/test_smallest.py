"""The smallest circuit of a cell: right wherever cells asked, and never larger than what is known anyway."""

import itertools

import numpy as np
import pytest

from btfnet.errors import UsageError
from btfnet.rules.cell_gates import circuit_of
from btfnet.rules.gates import GateRule
from btfnet.rules.lattice import CROSS, square, window
from btfnet.rules.rule import TableRule
from btfnet.rules.smallest import smallest_circuit
from btfnet.rules.thresholds import ThresholdForm, ThresholdRule


def table(number, size, n_states=2, unseen=()):
    bits = max(1, (n_states - 1).bit_length())
    n = (1 << bits) ** size
    values = np.array([number >> bits * pattern & (1 << bits) - 1 for pattern in range(n)])
    return TableRule(window(-1, size), values, np.isin(np.arange(n), unseen), n_states)


RULES = {
    "110": table(110, 3),
    "majority": table(232, 3),
    "parity": table(150, 3),
    "two of four": table(0b0001011001101000, 4),
    "open": table(0b10000000, 3, unseen=range(1, 7)),
    "four states": table(0b11_10_01_00, 1, 4),
    "shifted four states": table(sum((pattern + 1) % 4 << 2 * pattern for pattern in range(4)), 1, 4),
    "three states": table(0b00_10_01, 1, 3, unseen=[3]),
}


@pytest.mark.parametrize("name", RULES)
def test_it_is_right_wherever_cells_asked_and_not_larger(name):
    rule = RULES[name]
    circuit = smallest_circuit(rule, name="mine", time_limit=3, jobs=1)
    plain = circuit_of(rule).simplified()
    assert len(circuit.gates) <= len(plain.gates)
    assert (circuit.name, circuit.input_names, circuit.output_names) == (
        "mine",
        plain.input_names,
        plain.output_names,
    )
    width = circuit.n_inputs
    rows = np.array(list(itertools.product([-1, 1], repeat=width)))
    outputs = np.asarray(circuit.predict(rows)) > 0
    values = outputs @ (1 << np.arange(rule.bits)[::-1])
    seen = ~rule.unseen
    assert np.array_equal(values[seen], rule.values[seen])


@pytest.mark.parametrize("name, gates", [("majority", 1), ("four states", 0), ("parity", 4), ("open", 1)])
def test_it_is_small(name, gates):
    assert len(smallest_circuit(RULES[name], time_limit=10, jobs=1).gates) <= gates


def test_a_rule_of_gates_keeps_its_own_where_they_are_fewer():
    gates = circuit_of(RULES["110"]).simplified()
    found = smallest_circuit(GateRule(window(-1, 3), gates), time_limit=3, jobs=1)
    assert len(found.gates) <= len(gates.gates)


def test_what_is_too_wide_for_a_table_stays_as_it_is():
    weights = np.ones((2, 25), dtype=np.int8)
    rule = ThresholdRule(square(5), weights, (3, 12), ThresholdForm())
    assert smallest_circuit(rule) == circuit_of(rule).simplified()


def test_where_one_pattern_was_seen_nothing_is_searched_for(monkeypatch):
    monkeypatch.setattr("btfnet.rules.smallest.solve", None)
    rule = table(0, 3, unseen=range(1, 8))
    assert smallest_circuit(rule) == circuit_of(rule).simplified()


def test_where_there_is_no_time_the_plain_circuit_stays():
    rule = ThresholdRule(CROSS, np.array([[1, 1, 0, 1, 1]] * 2, dtype=np.int8), (2, 3), ThresholdForm())
    circuit = smallest_circuit(rule, time_limit=1e-6, jobs=1)
    assert len(circuit.gates) <= len(circuit_of(rule).simplified().gates)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"rule": 110}, "smallest_circuit: rule is 110; expected a rule"),
        ({"name": 3}, "name is 3"),
        ({"time_limit": 0}, "time_limit is 0; expected a number above 0"),
        ({"time_limit": float("nan")}, "time_limit is nan"),
        ({"jobs": 0}, "jobs is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"stop": 3}, "stop is 3"),
    ],
)
def test_arguments_that_cannot_be_are_refused(arguments, message):
    """Where nothing is searched for, too."""
    with pytest.raises(UsageError, match=message):
        smallest_circuit(**{"rule": table(0, 3), **arguments})


def test_where_it_was_stopped_the_plain_circuit_stays():
    rule = TableRule(window(0, 6), np.random.default_rng(0).integers(0, 2, 64), np.zeros(64, dtype=bool))
    circuit = smallest_circuit(rule, stop=lambda: True, jobs=1)
    assert len(circuit.gates) <= len(circuit_of(rule).simplified().gates)

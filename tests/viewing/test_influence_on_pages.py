"""Which inputs matter, counted against the definition."""

import numpy as np
import pytest
from support.circuit_samples import all_inputs, full_adder, random_circuit

from btfnet import Circuit, Gate
from btfnet.viewing import influence
from btfnet.viewing.influence import influences


def naive(circuit, rows):
    counts = np.zeros(circuit.n_inputs)
    for row in rows:
        for j in range(circuit.n_inputs):
            other = row.copy()
            other[j] = not other[j]
            counts[j] += not np.array_equal(circuit.predict([row]), circuit.predict([other]))
    return counts / len(rows)


@pytest.mark.parametrize("seed", range(4))
def test_influences_are_those_of_the_definition(seed):
    circuit = random_circuit(seed, 5, 12, 3)
    rows = np.random.default_rng(seed).integers(0, 2, (20, 5)).astype(bool)
    found = influences(circuit, rows)
    assert found.any_output == pytest.approx(naive(circuit, rows))
    assert (found.by_output.max(axis=1) <= found.any_output + 1e-12).all()
    assert found.what == "20 training items"


def test_without_items_all_patterns_are_tried():
    found = influences(full_adder(), None)
    assert found.any_output == pytest.approx(naive(full_adder(), all_inputs(3)))
    assert found.by_output[:, 0].tolist() == [1.0, 1.0, 1.0]
    assert found.n_items == 8


def test_an_input_that_nothing_uses_has_none_and_a_parity_all():
    circuit = Circuit(3, (Gate(1, (1, 2)), Gate(2, (1, 2)), Gate(2, (4, -5))), (6,))
    assert influences(circuit, None).any_output.tolist() == [1.0, 1.0, 0.0]


def test_what_would_take_long_is_counted_on_fewer_items_or_not_at_all(monkeypatch):
    rows = np.zeros((100, 3), dtype=bool)
    monkeypatch.setattr(influence, "MOST_WORK", 3 * 2 * 10)
    found = influences(full_adder(), rows)
    assert (found.n_items, found.what) == (10, "10 of 100 training items")
    monkeypatch.setattr(influence, "MOST_WORK", 10)
    assert influences(full_adder(), rows) is None


def test_no_inputs_no_items_no_influences():
    assert influences(Circuit(0, (Gate(0, ()),), (1,)), None) is None
    assert influences(full_adder(), np.zeros((0, 3), dtype=bool)) is None

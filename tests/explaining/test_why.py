"""Why a circuit says what it says: against trying every input, every set and every change."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.circuit_samples import all_inputs, multiplier, naive_outputs, random_circuit

from btfnet import Circuit, DataError, Gate, UsageError, why
from btfnet.explaining.conditions import Condition, impossible, literal_phrase


def _truth(circuit, rows):
    return np.array([naive_outputs(circuit, row) for row in rows.tolist()]).reshape(len(rows), -1)


def _by_trying(rows, values, row, columns):
    """Of a row among these rows: the size of the smallest sets that force the value, a test of sets, and the sets
    of columns of all smallest changes.
    """
    differs = rows ^ rows[row]
    other = values != values[row]
    n = rows.shape[1]

    def forces(kept):
        return not other[~differs[:, list(kept)].any(axis=1)].any()

    enough = next(size for size in range(n + 1) if any(map(forces, combinations(range(n), size))))
    changes = differs[other]
    touched = {frozenset(columns[index] for index in np.flatnonzero(change)) for change in changes}
    least = min(map(len, touched), default=0)
    return enough, forces, {columns for columns in touched if len(columns) == least}


def _check(circuit, row, rows, explained, columns):
    """Every statement about one row, where `rows` are all inputs that count, `columns` what each is about."""
    values = _truth(circuit, rows)
    known = {tuple(each): value for each, value in zip(rows.tolist(), values, strict=True)}
    for each in explained.outputs:
        column = values[:, each.output]
        enough, forces, changes = _by_trying(rows, column, row, columns)
        assert each.value == column[row]
        assert forces(each.enough.inputs)
        assert each.enough.smallest
        assert each.enough.irreducible
        assert len(each.enough.inputs) == enough
        found = [frozenset(columns[index] for index in change) for change in each.changes.sets]
        assert len(found) == len(set(found))
        assert set(found) == changes
        for change in each.changes.sets:
            turned = rows[row].copy()
            turned[list(change)] ^= True
            assert known[tuple(turned.tolist())][each.output] != each.value
        assert each.changes.never == (not changes)
        assert each.changes.more is False
        assert each.changes.smallest == bool(changes)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(0, 20), st.integers(0, 63))
def test_sets_and_changes_are_the_smallest_there_are(seed, n_inputs, n_gates, row):
    circuit = random_circuit(seed, n_inputs, n_gates, 3)
    rows = all_inputs(n_inputs)
    row %= len(rows)
    _check(circuit, row, rows, why(circuit, rows[row], alternatives=100), range(n_inputs))


@pytest.mark.parametrize("seed", range(25))
def test_decisive_gates_are_those_whose_change_changes_the_output(seed):
    circuit = random_circuit(seed, 5, 14, 3)
    row = np.random.default_rng(seed).random(5) < 0.5
    explained = why(circuit, row)
    for each in explained.outputs:
        found = []
        for node in range(circuit.n_inputs + 1, circuit.n_nodes + 1):
            constant = Gate(int(explained.values[node]), ())  # the other value, whatever its senders
            gates = list(circuit.gates)
            gates[node - circuit.n_inputs - 1] = constant
            changed = Circuit(circuit.n_inputs, tuple(gates), circuit.outputs)
            if naive_outputs(changed, row.tolist())[each.output] != each.value:
                found.append(node)
        assert list(each.gates) == found


NAMES = ("age>=37", "age>=50", "age>=65", "colour=red", "colour=blue", "tall")


@pytest.mark.parametrize("seed", range(20))
def test_rows_that_no_table_has_do_not_count(seed):
    circuit = random_circuit(seed, 6, 18, 3)
    circuit = Circuit(6, circuit.gates, circuit.outputs, NAMES)
    everything = all_inputs(6)
    ordered = (everything[:, 0] >= everything[:, 1]) & (everything[:, 1] >= everything[:, 2])
    rows = everything[ordered & ~(everything[:, 3] & everything[:, 4])]
    row = seed * 7 % len(rows)
    explained = why(circuit, rows[row], alternatives=100)
    assert explained.rules
    _check(circuit, row, rows, explained, [0, 0, 0, 1, 1, 2])


def test_a_row_that_contradicts_its_names_is_explained_among_all_rows():
    circuit = Circuit(2, (Gate(2, (1, 2)),), (3,), ("age>=37", "age>=50"))
    explained = why(circuit, [0, 1])
    assert not explained.rules
    assert explained.outputs[0].changes.sets == ((0,),)


def test_alternatives_are_limited_and_said_to_be_more():
    circuit = Circuit(8, (Gate(8, tuple(range(1, 9))),), (9,))
    (each,) = why(circuit, [1] * 8, alternatives=2).outputs
    assert len(each.changes.sets) == 2
    assert each.changes.more is True
    assert len(each.enough.inputs) == 8


def test_time_that_is_up_leaves_honest_records():
    circuit = multiplier(10)
    explained = why(circuit, np.ones(20, dtype=bool), seconds=0.01)
    for each in explained.outputs:
        if not each.enough.smallest:
            assert len(each.enough.inputs) <= 20
        if each.changes.sets and not each.changes.smallest:
            assert each.changes.size > each.changes.at_least
    assert not all(each.enough.smallest for each in explained.outputs)


def test_rows_and_outputs_that_do_not_fit_say_so():
    circuit = Circuit(2, (Gate(2, (1, 2)),), (3,))
    with pytest.raises(DataError, match="2 inputs"):
        why(circuit, [1, 0, 1])
    with pytest.raises(DataError):
        why(circuit, [1, 0.5])
    with pytest.raises(UsageError, match="outputs is"):
        why(circuit, [1, 0], outputs=[1])


@pytest.mark.parametrize(
    "name, true, false",
    [
        ("a", "a", "not a"),
        ("age>=37", "age >= 37", "age < 37"),
        ("age < 37.5", "age < 37.5", "age >= 37.5"),
        ("x<=-1e-3", "x <= -1e-3", "x > -1e-3"),
        ("colour=red", "colour = red", "colour is not red"),
        ("colour!=red", "colour != red", "colour = red"),
        ("city is New York", 'city is "New York"', 'city is not "New York"'),
        ("my age>=37", '"my age" >= 37', '"my age" < 37'),
        ("two words", '"two words"', 'not "two words"'),
        ("or", '"or"', 'not "or"'),
        (">=3", ">=3", "not >=3"),
        ("a=b=c", "a=b=c", "not a=b=c"),
        ("age=missing", "age is missing", "age is not missing"),
    ],
)
def test_names_are_spoken_as_conditions(name, true, false):
    assert literal_phrase(name, True) == true
    assert literal_phrase(name, False) == false


def test_what_names_say_of_each_other():
    rules = impossible(["b>=2", "b>=10", "b<5", "c=x", "c=y", "d", "b>10"])
    assert set(rules) == {(1, 3), (-3, -2), (2, -7), (-4, -5)}
    assert set(impossible(["b>=2", "b=missing", "b=x"])) == {(-2, -1), (-2, -3)}
    assert Condition.of("d") is None

"""Verdicts: exact where it is true, and a counterexample that holds where it is not."""

import numpy as np
import pytest
from support.circuit_samples import (
    all_inputs,
    full_adder,
    half_adder,
    multiplier,
    naive_outputs,
    random_circuit,
)

from btfnet import Circuit, DataError, Gate, UsageError
from btfnet.logic.verify import compare, verify_items

pytestmark = pytest.mark.no_compiler


def test_a_circuit_reproduces_its_own_predictions():
    circuit, rows = multiplier(3), all_inputs(6)
    verdict = verify_items(circuit, rows, circuit.predict(rows, kind="signs"))
    assert verdict.exact
    assert (verdict.n_items, verdict.n_wrong_items, verdict.n_wrong_bits) == (64, 0, 0)
    assert str(verdict) == "multiplier 3 agrees with the data on all 64 items."


def test_every_flipped_bit_is_counted_and_the_first_wrong_item_is_shown():
    circuit, rows = multiplier(3), np.tile(all_inputs(6), (3, 1))
    outputs = circuit.predict(rows, kind="signs")
    for item, column in ((70, 0), (70, 5), (100, 2), (191, 1)):
        outputs[item, column] *= -1
    verdict = verify_items(circuit, rows.astype(np.int8), outputs)
    assert (verdict.n_wrong_items, verdict.n_wrong_bits, verdict.exact) == (3, 4, False)
    found = verdict.counterexample
    assert found.item == 70
    assert list(found.inputs) == rows[70].tolist()
    assert list(found.got) == naive_outputs(circuit, rows[70].tolist())
    assert list(found.expected) == (outputs[70] > 0).tolist()
    assert "3 of 192 items" in str(verdict)
    assert "item 71" in str(verdict)
    assert "inputs 011000 give" in str(verdict)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, object])
def test_verification_refuses_floats(dtype):
    rows = all_inputs(3)
    outputs = full_adder().predict(rows, kind="signs")
    with pytest.raises(UsageError, match="takes bool or integers only"):
        verify_items(full_adder(), rows.astype(dtype), outputs)
    with pytest.raises(UsageError, match="takes bool or integers only"):
        verify_items(full_adder(), rows, outputs.astype(dtype))


def test_items_that_do_not_fit_the_circuit_are_refused():
    rows = all_inputs(3)
    outputs = full_adder().predict(rows, kind="signs")
    with pytest.raises(DataError, match=r"inputs have the shape \(8, 2\)"):
        verify_items(full_adder(), rows[:, :2], outputs)
    with pytest.raises(DataError, match="8 rows of inputs, but 7 rows of outputs"):
        verify_items(full_adder(), rows, outputs[:7])
    with pytest.raises(DataError, match="item 4 has the value 7 in column 2"):
        verify_items(full_adder(), rows, np.where(np.arange(16).reshape(8, 2) == 7, 7, outputs))
    with pytest.raises(DataError, match=r"mix 0 and -1.*throughout"):
        verify_items(Circuit(2, (), (1,)), np.array([[-1, 0]]), np.array([[1]]))


@pytest.mark.parametrize("n_bits", [2, 3, 4])
def test_a_circuit_equals_itself_on_every_input(n_bits):
    verdict = compare(multiplier(n_bits), multiplier(n_bits))
    assert verdict.exact
    assert verdict.n_items == 4**n_bits


@pytest.mark.parametrize("seed", range(20))
def test_comparison_counts_what_trying_every_input_counts(seed):
    n_inputs = 1 + seed % 9
    a, b = random_circuit(seed, n_inputs), random_circuit(seed + 1000, n_inputs)
    rows = all_inputs(n_inputs)
    wrong = a.predict(rows) != b.predict(rows)
    verdict = compare(a, b)
    assert verdict.n_items == 1 << n_inputs
    assert verdict.n_wrong_bits == wrong.sum()
    assert verdict.n_wrong_items == wrong.any(axis=1).sum()
    if wrong.any():
        found = verdict.counterexample
        assert found.item == np.flatnonzero(wrong.any(axis=1))[0]
        assert list(found.inputs) == rows[found.item].tolist()
        assert list(found.expected) == naive_outputs(a, found.inputs)
        assert list(found.got) == naive_outputs(b, found.inputs)


def test_a_single_wrong_input_among_many_blocks_is_found():
    n_inputs = 17
    every = Circuit(n_inputs, (Gate(n_inputs, tuple(range(1, n_inputs + 1))),), (n_inputs + 1,))
    never = Circuit(n_inputs, (Gate(1, ()),), (n_inputs + 1,))
    verdict = compare(every, never)
    assert (verdict.n_wrong_items, verdict.n_items) == (1, 1 << n_inputs)
    assert verdict.counterexample.item == (1 << n_inputs) - 1


def test_circuits_of_different_shape_are_refused_with_both_counts():
    with pytest.raises(DataError, match="full adder has 3 inputs, but half adder has 2"):
        compare(full_adder(), half_adder())
    with pytest.raises(DataError, match="has 2 outputs, but circuit has 1"):
        compare(half_adder(), Circuit(2, (), (1,)))


def test_too_many_inputs_to_try_are_refused_with_the_limit():
    wide = Circuit(30, (), (1,))
    with pytest.raises(UsageError, match=r"beyond the limit of\s+2\^24"):
        compare(wide, wide)

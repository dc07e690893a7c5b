"""Prediction with circuits."""

import numpy as np
import pytest
from support.circuit_samples import all_inputs, full_adder, multiplier, naive_outputs, random_circuit

from btfnet import Circuit, DataError
from btfnet.kernels.bits import pack_bits, unpack_bits
from btfnet.logic.evaluate import WORDS_AT_ONCE, evaluate_words, exhaustive_words

pytestmark = pytest.mark.no_compiler


@pytest.mark.parametrize("seed", range(20))
def test_prediction_is_the_definition_of_the_gates(seed):
    circuit = random_circuit(seed)
    rows = all_inputs(circuit.n_inputs)
    expected = [naive_outputs(circuit, row) for row in rows.tolist()]
    assert (circuit.predict(rows) == np.array(expected)).all()


def test_the_three_ways_to_write_booleans_predict_the_same_each_in_its_own_way():
    circuit, rows = full_adder(), all_inputs(3)
    expected = circuit.predict(rows)
    assert expected.dtype == bool
    assert circuit.predict(rows.astype(int)).tolist() == expected.astype(int).tolist()
    assert (circuit.predict(np.where(rows, 1, -1)) == np.where(expected, 1, -1)).all()
    assert (circuit.predict((2.0 * rows - 1).tolist()) == np.where(expected, 1, -1)).all()


def test_multiplier_multiplies():
    rows = all_inputs(6)
    a, b = rows[:, :3] @ [1, 2, 4], rows[:, 3:] @ [1, 2, 4]
    products = (multiplier(3).predict(rows) > 0) @ (1 << np.arange(6))
    assert (products == a * b).all()


def test_outputs_without_gates_are_the_inputs_and_their_negations():
    circuit = Circuit(2, (), (2, -1, 2))
    assert circuit.predict([[0, 1], [1, 0]]).tolist() == [[1, 1, 1], [0, 0, 0]]


def test_no_rows_give_no_predictions():
    assert full_adder().predict(np.zeros((0, 3), dtype=bool)).shape == (0, 2)


def test_rows_of_wrong_length_are_named_with_both_lengths():
    with pytest.raises(DataError, match=r"full adder: the rows have 2 values, .* 3 inputs \(a, b, c\)"):
        full_adder().predict([[0, 1]])


def test_values_that_are_not_boolean_are_refused():
    with pytest.raises(DataError, match=r"item 1 has the value 2"):
        full_adder().predict([[0, 1, 2]])


def test_too_few_input_rows_of_words_are_refused():
    with pytest.raises(DataError, match="2 rows of input words"):
        evaluate_words(full_adder(), np.zeros((2, 1), dtype=np.uint64))


def test_long_rows_cut_into_pieces_give_the_same_words():
    circuit = random_circuit(1)
    rng = np.random.default_rng(0)
    words = rng.integers(0, 2**64, (circuit.n_inputs, 2 * WORDS_AT_ONCE + 3), dtype=np.uint64)
    whole = evaluate_words(circuit, words)
    assert (whole[:, -5:] == evaluate_words(circuit, words[:, -5:])).all()
    assert (whole[:, :5] == evaluate_words(circuit, words[:, :5])).all()


@pytest.mark.parametrize("n_inputs", [1, 3, 6, 9])
def test_exhaustive_words_hold_every_input_once_and_in_order(n_inputs):
    n_words = max(1, (1 << n_inputs) // 64)
    words = exhaustive_words(n_inputs, 0, n_words)
    assert (unpack_bits(words, 1 << n_inputs) == all_inputs(n_inputs)).all()
    if n_words > 2:
        assert (exhaustive_words(n_inputs, 2, 3) == pack_bits(all_inputs(n_inputs))[:, 2:5]).all()

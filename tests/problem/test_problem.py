"""Problems: every builder, every view, and every complaint."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btfnet.errors import DataError, UsageError
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind, booleans, one_hot

NETWORK = Network.layered([2, 2, 1])
INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
AND = [[0], [0], [0], [1]]


def problem(inputs=((-1, 1), (1, 1)), outputs=((-1,), (1,)), network=NETWORK, **more):
    return Problem("mine", network, inputs, outputs, **more)


def test_a_python_prompt_shows_a_line_and_no_pages_of_arrays():
    several = Problem.from_bits(INPUTS * 1000, AND * 1000, hidden=(3,), name="and\x1b", n_train=3000)
    assert repr(several) == (
        "<Problem and\\x1b: inputs 2 (bits), outputs 1 (bits); 3000 items to train on, 1000 to test; "
        "<Network [2, 3, 1]: 4 threshold nodes, 13 edges>>"
    )
    graph = Network.from_edges(2, 1, [(3, 1), (3, 2), (4, 3), (4, 1)])
    assert repr(graph).startswith("<Network of 2 inputs and 1 outputs: 2 threshold nodes, ")


# -- builders -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "convert",
    [np.array, lambda bits: 2 * np.array(bits) - 1, lambda bits: np.array(bits, dtype=bool), lambda b: b],
)
def test_zero_one_signs_and_bool_make_the_same_problem(convert):
    made = Problem.from_bits(convert(INPUTS), convert(AND), hidden=(3,), n_train=3)
    assert made.network == Network.layered([2, 3, 1])
    assert made.inputs.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    assert made.outputs.tolist() == [[-1], [-1], [-1], [1]]
    assert (made.inputs.dtype, made.outputs.dtype) == (np.float32, np.int8)
    assert (made.n_items, made.n_train, made.n_test) == (4, 3, 1)


def test_without_n_train_every_item_trains():
    made = Problem.from_bits(INPUTS, AND)
    assert made.n_train == 4
    assert made.with_train(2).n_train == 2
    assert made.with_train(None) is made
    assert made.edge_items == 4 * made.network.n_edges


def test_from_arrays_reads_classes_and_analog_inputs():
    made = Problem.from_arrays(
        [[0.25, -1.0], [0.5, 1.0]],
        [2, 0],
        Network.layered([2, 3]),
        input_kind=InputKind.ANALOG,
        output_kind=OutputKind.CLASS,
    )
    assert made.inputs.tolist() == [[0.25, -1.0], [0.5, 1.0]]
    assert made.outputs.tolist() == [[-1, -1, 1], [1, -1, -1]]
    assert not made.has_boolean_inputs


def test_from_arrays_reads_bits_like_from_bits():
    made = Problem.from_arrays(INPUTS, AND, Network.layered([2, 1]))
    assert made.inputs.tolist() == Problem.from_bits(INPUTS, AND).inputs.tolist()


@pytest.mark.parametrize("kind", ["unknown_bits", "unknown_one_hot"])
def test_unknown_inputs_are_not_given(kind):
    made = Problem.from_arrays(None, AND, NETWORK, input_kind=kind)
    assert made.inputs.shape == (4, 0)
    assert not made.input_kind.known
    with pytest.raises(DataError, match="found, not given"):
        Problem.from_arrays(INPUTS, AND, NETWORK, input_kind=kind)


def test_known_inputs_must_be_given():
    with pytest.raises(DataError, match="0 input values, but the network expects 2"):
        Problem.from_arrays(None, AND, NETWORK)


def test_a_problem_moves_to_another_network_of_the_same_ends():
    made = Problem.from_bits(INPUTS, AND)
    assert made.with_network(NETWORK).network == NETWORK
    with pytest.raises(DataError, match="network expects 3"):
        made.with_network(Network.layered([3, 1]))


# -- complaints ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more, complaint",
    [
        ({"inputs": [1, 1]}, "inputs: the array has 1 dimensions; expected 2"),
        ({"outputs": [1, 1]}, "outputs: the array has 1 dimensions; expected 2"),
        ({"inputs": [[1, 1], [1]]}, "inputs: the rows differ in length"),
        ({"outputs": [[1], [1, 1]]}, "outputs: the rows differ in length"),
        ({"inputs": np.empty((0, 2)), "outputs": np.empty((0, 1))}, "there are no items"),
        ({"inputs": [[1, 1]]}, "1 rows of inputs, but 2 rows of outputs"),
        ({"inputs": [[1], [1]]}, "1 input values, but the network expects 2"),
        ({"outputs": [[1, 1], [1, 1]]}, "2 output values, but the network has 1 outputs"),
        ({"inputs": [["a", "b"], ["c", "d"]]}, "expected numbers"),
        ({"inputs": [[1, 1], [1, 0]]}, "item 2 has the input value 0 in column 2; expected -1 or \\+1"),
        ({"inputs": [[1, 1], [1, np.nan]]}, "item 2 has the input value nan"),
        ({"outputs": [[1], [3]]}, "item 2 has the output value 3 in column 1; expected -1 or \\+1"),
        ({"input_names": ["a"]}, "1 distinct input names for 2 inputs"),
        ({"input_names": ["a", "a"]}, "1 distinct input names for 2 inputs"),
        ({"output_names": ["a", "b"]}, "2 distinct output names for 1 outputs"),
        ({"inputs": [[1, 1], [1, 1]]}, "items 1 and 2 have the same inputs but different outputs"),
        ({"output_kind": "class"}, "item 1 belongs to no single class"),
    ],
)
def test_unfit_data_are_refused_with_the_item(more, complaint):
    with pytest.raises(DataError, match=f"(?s)mine: .*{complaint}"):
        problem(**more)


@pytest.mark.parametrize("value", [1.5, -1.01, np.inf, -np.inf, np.nan])
def test_analog_inputs_stay_within_one(value):
    with pytest.raises(DataError, match="expected a number from -1 to 1"):
        problem(inputs=[[value, 0.0], [0.0, 0.0]], input_kind="analog")


def test_the_least_byte_is_no_analog_number():
    with pytest.raises(DataError, match="input value -128"):
        problem(inputs=np.array([[-128, 0], [0, 1]], dtype=np.int8), input_kind="analog")


def test_two_classes_at_once_are_refused():
    with pytest.raises(DataError, match="item 2 belongs to no single class"):
        Problem("mine", Network.layered([2, 2]), [[1, 1], [1, -1]], [[1, -1], [1, 1]], output_kind="class")


@pytest.mark.parametrize("n_train", [0, -2, 3, 1.5, True])
def test_a_number_of_training_items_outside_the_items_is_refused(n_train):
    with pytest.raises(UsageError, match="there are 2 items; choose 1 to 2"):
        problem(n_train=n_train)


def test_unknown_kinds_are_refused():
    with pytest.raises(UsageError, match="input_kind is 'colours'; choose one of bits, analog"):
        problem(input_kind="colours")


def test_positive_and_negative_zero_are_the_same_analog_input():
    with pytest.raises(DataError, match="the same inputs but different outputs"):
        problem(inputs=[[0.0, 0.5], [-0.0, 0.5]], input_kind="analog")


def test_repeated_items_that_agree_are_welcome():
    assert problem(inputs=[[1, 1], [1, 1]], outputs=[[1], [1]]).n_items == 2


def test_contradicting_outputs_of_unknown_inputs_are_no_contradiction():
    made = problem(inputs=np.empty((2, 0)), input_kind="unknown_bits")
    assert made.n_items == 2


@given(st.integers(0, 2**31))
def test_a_contradiction_is_found_wherever_it_hides(seed):
    rng = np.random.default_rng(seed)
    inputs = rng.choice([-1, 1], (40, 4))
    outputs = inputs.prod(axis=1, keepdims=True)
    network = Network.layered([4, 1])
    assert Problem("fine", network, inputs, outputs).n_items == 40
    odd = int(rng.integers(1, 40))
    inputs[odd], outputs[odd] = inputs[odd - 1], -outputs[odd - 1]
    with pytest.raises(DataError, match="have the same inputs but different outputs"):
        Problem("contradictory", network, inputs, outputs)


# -- the record itself --------------------------------------------------------------------------------------


def test_a_problem_cannot_be_changed_and_does_not_follow_its_source():
    inputs = np.array([[-1, 1], [1, 1]], dtype=np.float32)
    made = problem(inputs=inputs)
    inputs[0, 0] = 1
    assert made.inputs[0, 0] == -1
    with pytest.raises(ValueError, match="read-only"):
        made.inputs[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        made.outputs[0, 0] = 1


def test_names_given_as_a_list_become_a_tuple():
    assert problem(input_names=["a", "b"], output_names=["y"]).input_names == ("a", "b")


def test_constant_accuracy_judges_the_test_items_by_the_training_majority():
    made = Problem.from_bits(INPUTS, AND, n_train=3)
    assert made.constant_accuracy == (0.0, 0.0)
    assert Problem.from_bits(INPUTS, AND).constant_accuracy == (0.75, 0.75)


# -- conversions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values, complaint",
    [
        ([[0, 1], [1]], "rows differ in length"),
        ([0, 1], "1 dimensions; expected 2"),
        ([["a"]], "expected 0/1"),
        ([[0, 2]], "item 1 has the value 2 in column 2"),
        ([[0.5, 1]], "item 1 has the value 0.5 in column 1"),
        ([[np.nan, 1]], "item 1 has the value nan in column 1"),
        ([[0, 1], [-1, 1]], "mix 0 and -1"),
    ],
)
def test_values_that_are_no_booleans_are_refused(values, complaint):
    with pytest.raises(DataError, match=f"here: .*{complaint}"):
        booleans(values, "here")


def test_one_hot_rows_have_their_single_one_at_the_label():
    assert one_hot([1, 0], 3, "here").tolist() == [[-1, 1, -1], [1, -1, -1]]


@pytest.mark.parametrize(
    "labels, complaint",
    [
        ([0, 3], "item 2 has the class 3; expected 0 to 2"),
        ([-1], "item 1 has the class -1"),
        ([0.5], "one whole number for each item"),
        ([[0]], "one whole number for each item"),
    ],
)
def test_labels_outside_the_classes_are_refused(labels, complaint):
    with pytest.raises(DataError, match=complaint):
        one_hot(labels, 3, "here")

"""Items: what they refuse, and that they are values."""

from __future__ import annotations

import numpy as np
import pytest
from support.items_samples import KINDS

from btfnet.errors import DataError, UsageError
from btfnet.problem.items import Items


def two_items(inputs=((-1, 1), (1, 1)), outputs=((-1,), (1,)), **more):
    return Items(inputs, outputs, **more)


@pytest.mark.parametrize(
    "changes, complaint",
    [
        ({"inputs": [1, 1]}, "inputs: the array has 1 dimensions; expected 2"),
        ({"outputs": [1, 1]}, "outputs: the array has 1 dimensions; expected 2"),
        ({"inputs": [[1, 1], [1]]}, "inputs: the rows differ in length"),
        ({"outputs": [[1], [1, 1]]}, "outputs: the rows differ in length"),
        ({"inputs": np.empty((0, 2)), "outputs": np.empty((0, 1))}, "there are no items"),
        ({"outputs": np.empty((2, 0))}, "expected at least one item and one output"),
        ({"inputs": np.empty((2, 0))}, "no inputs, although they are bits"),
        ({"input_kind": "unknown_bits"}, "2 inputs are given, although they are unknown_bits"),
        ({"inputs": [[1, 1]]}, "1 rows of inputs, but 2 rows of outputs"),
        ({"inputs": [["a", "b"], ["c", "d"]]}, "expected numbers"),
        ({"inputs": [[1, 1], [1, 0]]}, "item 2 has the input value 0 in column 2; expected -1 or \\+1"),
        ({"inputs": [[1, 1], [1, np.nan]]}, "item 2 has the input value nan"),
        ({"inputs": [[1.0, 1.0], [1.0, np.nan]], "input_kind": "analog"}, "expected a number from -1 to 1"),
        ({"outputs": [[1], [3]]}, "item 2 has the output value 3 in column 1; expected -1 or \\+1"),
        ({"outputs": [[1], [257]]}, "item 2 has the output value 257"),
        ({"outputs": [[1], [1.5]]}, "item 2 has the output value 1.5"),
        ({"outputs": [["1"], ["0"]]}, "of type <U1; expected numbers"),
        ({"input_names": ["a"]}, "1 input names, 1 of them distinct, for 2 inputs"),
        ({"input_names": ["a", "a"]}, "2 input names, 1 of them distinct, for 2 inputs"),
        ({"output_names": ["a", "b"]}, "2 output names, 2 of them distinct, for 1 outputs"),
        ({"input_names": ["a", ""]}, "an input is named ''; a name needs at least one character"),
        ({"output_names": ["a\n"]}, "all of them printable"),
        ({"n_unknown": 2}, "n_unknown is 2 with bits inputs"),
        ({"output_kind": "class"}, "item 1 belongs to no single class"),
        ({"outputs": [[1, -1], [1, 1]], "output_kind": "class"}, "item 2 belongs to no single class"),
        ({"care": [[1]]}, r"care has the shape \(1, 1\), but the outputs have \(2, 1\)"),
        ({"care": [[1], [2]]}, "care holds other values than true and false"),
    ],
)
def test_items_that_break_a_rule_cannot_be_made(changes, complaint):
    with pytest.raises(DataError, match=complaint):
        two_items(**changes)


@pytest.mark.parametrize("value", [1.5, -1.01, np.inf, -np.inf, np.nan])
def test_analog_inputs_stay_within_one(value):
    with pytest.raises(DataError, match="expected a number from -1 to 1"):
        two_items(inputs=[[value, 0.0], [0.0, 0.0]], input_kind="analog")


def test_the_least_byte_is_no_analog_number():
    with pytest.raises(DataError, match="input value -128"):
        two_items(inputs=np.array([[-128, 0], [0, 1]], dtype=np.int8), input_kind="analog")


def test_unknown_kinds_are_refused():
    with pytest.raises(UsageError, match="input_kind is 'colours'; choose one of bits, analog"):
        two_items(input_kind="colours")


def test_items_cannot_be_changed_and_do_not_follow_their_source():
    inputs = np.array([[-1, 1], [1, 1]], dtype=np.float32)
    items = two_items(inputs=inputs)
    inputs[0, 0] = 1
    assert items.inputs[0, 0] == -1
    with pytest.raises(ValueError, match="read-only"):
        items.inputs[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        items.outputs[0, 0] = 1


def test_names_given_as_a_list_become_a_tuple():
    assert two_items(input_names=["a", "b"], output_names=["y"]).input_names == ("a", "b")


def test_the_same_outputs_with_other_bits_that_count_are_other_items():
    care = KINDS["care"]
    assert care == Items(care.inputs, care.outputs, care=care.care.copy())
    assert care != Items(care.inputs, care.outputs)
    assert care != Items(care.inputs, care.outputs, care=care.care[::-1])
    assert care.first(3) == Items(care.inputs[:3], care.outputs[:3], care=care.care[:3])


def test_targets_say_the_same_as_the_items():
    items = KINDS["class_care"]
    assert items.targets.outputs is items.outputs
    assert (items.targets.care is items.care, items.targets.kind) == (True, items.output_kind)
    assert items.targets.n_bits(3) == items.care[:3].sum()


def test_arrays_of_users_become_items():
    items = Items.from_arrays([[0, 1], [1, 1], [1, 0]], [0, np.nan, 1], care=[1, 1, 0])
    assert items == Items([[-1, 1], [1, 1], [1, -1]], [[-1], [-1], [-1]], care=[[1], [0], [0]])
    classes = Items.from_arrays(
        [[0.5], [-1.0]], [2, 0], input_kind="analog", output_kind="class", n_classes=3
    )
    assert classes == Items([[0.5], [-1.0]], [[-1, -1, 1], [1, -1, -1]], "analog", "class")
    assert Items.from_arrays(None, [[0], [1]], input_kind="unknown_bits").inputs.shape == (2, 0)

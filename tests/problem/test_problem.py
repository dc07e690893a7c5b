"""Problems: every builder, every view, and every complaint."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btfnet.errors import DataError, UsageError
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind

NETWORK = Network.layered([2, 2, 1])
INPUTS = [[0, 0], [0, 1], [1, 0], [1, 1]]
AND = [[0], [0], [0], [1]]


def problem(inputs=((-1, 1), (1, 1)), outputs=((-1,), (1,)), network=NETWORK, n_train=None, **more):
    return Problem("mine", network, Items(inputs, outputs, **more), n_train)


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
    with pytest.raises(DataError, match="data: no inputs, although they are bits"):
        Problem.from_arrays(None, AND, NETWORK)


def test_a_problem_moves_to_another_network_of_the_same_ends():
    made = Problem.from_bits(INPUTS, AND)
    assert made.with_network(NETWORK).network == NETWORK
    with pytest.raises(DataError, match="network expects 3"):
        made.with_network(Network.layered([3, 1]))


def test_training_items_are_the_first_ones():
    made = Problem.from_bits(INPUTS, AND, care=[[1], [0], [1], [1]], n_train=3)
    assert made.training_items == made.items.first(3)
    assert made.training_items.n_items == 3


def test_unknown_inputs_are_as_many_as_the_network_has():
    items = Items(np.empty((4, 0)), 2 * np.array(AND) - 1, "unknown_bits")
    made = Problem("mine", Network.layered([2, 2, 1]), items)
    assert made.items.n_unknown == 2
    assert made.with_network(Network.layered([3, 1])).items.n_unknown == 3
    with pytest.raises(DataError, match="mine: the items have 2 unknown inputs, but the network expects 3"):
        Problem("mine", Network.layered([3, 1]), made.items)
    named = replace(items, input_names=("a", "b"))
    with pytest.raises(DataError, match="mine: 2 input names, 2 of them distinct, for 3 inputs"):
        Problem("mine", Network.layered([3, 1]), named)


# -- complaints ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more, complaint",
    [
        ({"inputs": [[1], [1]]}, "1 input values, but the network expects 2"),
        ({"outputs": [[1, 1], [1, 1]]}, "2 output values, but the network has 1 outputs"),
    ],
)
def test_items_that_do_not_fit_are_refused(more, complaint):
    with pytest.raises(DataError, match=f"(?s)mine: .*{complaint}"):
        problem(**more)


def test_what_is_wrong_with_arrays_is_said_with_the_name_of_the_problem():
    with pytest.raises(DataError, match="mine: inputs: item 1 has the value 3 in column 2"):
        Problem.from_bits([[1, 3]], [[1]], name="mine")
    with pytest.raises(DataError, match=r"mine: item 1 has the input value 3\.0 in column 2"):
        Problem.from_arrays([[1, 3.0]], [[1]], NETWORK, input_kind="analog", name="mine")


@pytest.mark.parametrize("n_train", [0, -2, 3, 1.5, True])
def test_a_number_of_training_items_outside_the_items_is_refused(n_train):
    with pytest.raises(UsageError, match="there are 2 items; choose 1 to 2"):
        problem(n_train=n_train)


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
    assert Problem("fine", network, Items(inputs, outputs)).n_items == 40
    odd = int(rng.integers(1, 40))
    inputs[odd], outputs[odd] = inputs[odd - 1], -outputs[odd - 1]
    contradictory = Problem("contradictory", network, Items(inputs, outputs))
    assert contradictory.is_learned
    one, other, _ = contradictory.contradiction
    assert (inputs[one] == inputs[other]).all()
    assert outputs[one] != outputs[other]


# -- scores -------------------------------------------------------------------------------------------------


def test_constant_accuracy_judges_the_test_items_by_the_training_majority():
    made = Problem.from_bits(INPUTS, AND, n_train=3)
    assert made.constant_accuracy == (0.0, 0.0)
    assert Problem.from_bits(INPUTS, AND).constant_accuracy == (0.75, 0.75)


# -- as it was made before ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments, named",
    [
        (([[-1, 1], [1, 1]], [[-1], [1]], "analog", "bits", 1, ("a", "b"), ("y",), [[1], [0]]), {}),
        (
            ([[-1, 1], [1, 1]], [[-1], [1]], "analog"),
            {"n_train": 1, "input_names": ("a", "b"), "output_names": ("y",), "care": [[1], [0]]},
        ),
    ],
)
def test_arrays_side_by_side_make_the_same_problem_and_a_warning(arguments, named):
    with pytest.warns(DeprecationWarning, match=r"is now Problem\(name, network, Items"):
        made = Problem("mine", NETWORK, *arguments, **named)
    names = {"input_names": ("a", "b"), "output_names": ("y",)}
    assert made.items == Items([[-1, 1], [1, 1]], [[-1], [1]], "analog", care=[[1], [0]], **names)
    assert made.n_train == 1


def test_arrays_by_their_names_make_the_same_problem_and_a_warning():
    with pytest.warns(DeprecationWarning, match="is now Problem"):
        made = Problem(name="mine", network=NETWORK, inputs=[[1, 1]], outputs=[[1]])
    assert (made.items, made.n_train) == (Items([[1, 1]], [[1]]), 1)
    with (
        pytest.warns(DeprecationWarning, match="is now Problem"),
        pytest.raises(DataError, match="mine: item 1 has the input value 0"),
    ):
        Problem("mine", NETWORK, [[0, 1]], [[1]])


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({"outputs": [[1], [-1]]}, {"outputs": [[1], [-1]]}),
        ({"inputs": [[1, 1]], "outputs": [[1]], "n_train": -1}, {"inputs": [[1, 1]], "outputs": [[1]]}),
        ({"input_kind": "analog", "care": [[1], [0]]}, {"input_kind": "analog", "care": [[1], [0]]}),
        (
            {"input_names": ("p", "q"), "output_names": ("r",)},
            {"input_names": ("p", "q"), "output_names": ("r",)},
        ),
    ],
)
def test_replace_takes_what_items_hold_now_with_a_warning(changes, expected):
    with pytest.warns(DeprecationWarning, match="is now Problem"):
        changed = replace(problem(), **changes)
    assert changed.items == Items(**{"inputs": [[-1, 1], [1, 1]], "outputs": [[-1], [1]]} | expected)
    assert changed.n_train == changed.n_items


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    "arguments, named",
    [
        (([[1, 1]], [[1]]), {"outputs": [[1]]}),
        (([[1, 1]], [[1]], "bits", "bits", 1, (), (), None, 1), {}),
        (([[1, 1]], [[1]]), {"outputz": 1}),
        ((), {"outputs": [[1]]}),
    ],
)
def test_arrays_twice_too_many_or_too_few_are_refused(arguments, named):
    with pytest.raises(TypeError):
        Problem("mine", NETWORK, *arguments, **named)


def test_former_names_answer_with_a_warning():
    made = problem()
    with pytest.warns(DeprecationWarning, match="found= is now answers="):
        assert made.scores(found=made.outputs)[:2] == (1, 1)
    with pytest.warns(DeprecationWarning, match="found= is now answers="):
        assert made.fractions_right(found=made.outputs[1:], first=1) == (1, 1)
    with pytest.warns(DeprecationWarning, match=r"is now problem\.items"):
        assert Items.from_problem(made) is made.items
    with pytest.warns(DeprecationWarning, match="is now Problem"):
        assert made.items.problem("mine", NETWORK, 1).n_train == 1

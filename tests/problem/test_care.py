"""Output bits that do not count: what a problem makes of them, and the scores of classes."""

from __future__ import annotations

import numpy as np
import pytest
from support.care_samples import SQUARE, XOR, random_problem, with_other_values

from btfnet.errors import DataError
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import OutputKind


def test_outputs_that_do_not_count_are_held_in_one_way():
    problem = random_problem(0)
    np.testing.assert_array_equal(problem.outputs, with_other_values(problem).outputs)
    assert (problem.outputs[~problem.care] == -1).all()
    assert problem.n_train_bits == problem.care.sum()
    with pytest.raises(ValueError, match="read-only"):
        problem.care[0, 0] = True


def test_care_everywhere_is_no_care():
    assert Problem.from_bits(SQUARE, XOR, care=np.ones((4, 1))).care is None
    assert Problem.from_bits(SQUARE, XOR).n_train_bits == 4


def test_nan_does_not_count_and_adds_to_what_is_given():
    outputs = np.array([[0, np.nan], [1, 1], [0, 1], [1, 0]])
    care = np.array([[1, 1], [1, 1], [0, 1], [1, 1]])
    for problem in (
        Problem.from_bits(SQUARE, outputs, care=care),
        Problem.from_arrays(SQUARE, outputs, Network.layered([2, 2]), care=care),
    ):
        assert problem.care.tolist() == [[True, False], [True, True], [False, True], [True, True]]
        assert problem.outputs.tolist() == [[-1, -1], [1, 1], [-1, 1], [1, -1]]


@pytest.mark.parametrize(
    "care, complaint",
    [
        (np.ones((4, 2)), r"care has the shape \(4, 2\), but the outputs have \(4, 1\)"),
        (np.ones(3), "care has the shape"),
        ([[1], [1], [2], [1]], "care holds other values than true and false"),
        ([[1], [1], [np.nan], [1]], "care holds other values"),
        ([["a"], ["b"], ["c"], ["d"]], "care holds other values"),
        (np.zeros((4, 1)), "no output bit of the 4 training items counts"),
    ],
)
def test_care_that_does_not_fit_is_refused(care, complaint):
    with pytest.raises(DataError, match=complaint):
        Problem.from_bits(SQUARE, XOR, care=care)


def test_items_contradict_each_other_only_in_bits_that_count_in_both():
    inputs, outputs = [[0, 1], [1, 1], [0, 1]], [[0, 1], [0, 0], [1, 1]]
    assert Problem.from_bits(inputs, outputs, care=[[0, 1], [1, 1], [1, 1]]).n_items == 3
    assert Problem.from_bits(inputs, outputs, care=[[1, 1], [1, 1], [0, 0]]).n_items == 3
    assert Problem.from_bits(inputs, outputs, care=[[1, 0], [1, 1], [1, 0]]).contradiction == (0, 2, 0)


@pytest.mark.parametrize("seed", range(20))
def test_a_contradiction_hidden_behind_bits_that_do_not_count_is_found(seed):
    """Items 0 and k agree with every other one, but not with each other."""
    rng = np.random.default_rng(seed)
    inputs = np.concatenate([SQUARE, SQUARE, SQUARE])[rng.permutation(12)]
    outputs = inputs.sum(axis=1, keepdims=True) % 2 == [[0, 1]]
    care = rng.random((12, 2)) < 0.7
    first = int(rng.integers(0, 12))
    second = next(item for item in range(12) if item != first and (inputs[item] == inputs[first]).all())
    care[first, 1] = care[second, 1] = True
    assert Problem.from_bits(inputs, outputs, care=care).contradiction is None
    outputs[second, 1] ^= True
    one, other, output = Problem.from_bits(inputs, outputs, care=care).contradiction
    assert output == 1
    assert (inputs[one] == inputs[other]).all()
    assert outputs[one, 1] != outputs[other, 1]
    assert care[one, 1]
    assert care[other, 1]


def test_scores_and_the_constant_answer_count_what_counts():
    outputs = [[1, 1], [1, -1], [-1, -1], [1, 1]]
    care = [[1, 1], [1, 0], [0, 0], [0, 1]]
    inputs = 2 * SQUARE - 1
    problem = Problem("p", Network.layered([2, 2]), Items(inputs, outputs, care=care), n_train=2)
    found = np.array([[1, -1], [1, 1], [1, 1], [-1, 1]])
    assert problem.scores(found) == (2 / 3, 1 / 2, 1, 1)
    assert problem.constant_accuracy == (1, 1)
    nothing = Problem(
        "p", Network.layered([2, 2]), Items(inputs, outputs, care=[*care[:2], [0, 0], [0, 0]]), n_train=2
    )
    assert np.isnan(nothing.scores(found)[2:]).all()
    assert np.isnan(nothing.constant_accuracy).all()


# -- classes ----------------------------------------------------------------------------------------------


def classes(labels, care=None):
    network = Network.layered([2, 3])
    return Problem.from_arrays(SQUARE, labels, network, output_kind=OutputKind.CLASS, n_train=3, care=care)


def test_a_class_is_the_first_true_output_and_the_first_of_all_where_none_is():
    problem = classes([0, 1, 2, 0])
    found = np.array([[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, 1]])
    assert problem.scores(found) == (2 / 3, 2 / 3, 1, 1)


def test_the_constant_class_is_the_most_frequent_one():
    assert classes([1, 2, 1, 1]).constant_accuracy == (1, 1)
    assert classes([1, 2, 1, 2]).constant_accuracy == (0, 0)
    assert classes([1, 2, 1, 2]).with_train(4).constant_accuracy == (0.5, 0.5)


def test_a_class_counts_as_a_whole_or_not_at_all():
    care = np.ones((4, 3), dtype=bool)
    care[1] = False
    problem = classes([1, 2, 1, 1], care)
    assert problem.scores(problem.outputs) == (1, 1, 1, 1)
    assert problem.scores(-problem.outputs) == (0, 0, 0, 0)
    care[2, 0] = False
    with pytest.raises(DataError, match="item 3 counts in some of its class's outputs only"):
        classes([1, 2, 1, 1], care)

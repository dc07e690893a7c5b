"""Items with equal inputs as one: the same question for every circuit, and the least error that there is."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btfnet.errors import DataError, UsageError
from btfnet.problem.items import Items
from btfnet.problem.merging import merged
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

SQUARE = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])


def noisy(seed, *, care=False, weights=False, n_items=40, n_outputs=2):
    """Few inputs, many items: most inputs stand several times, with different outputs."""
    rng = np.random.default_rng(seed)
    counts = rng.random((n_items, n_outputs)) < 0.7 if care else None
    return Items.from_arrays(
        rng.random((n_items, 3)) < 0.5,
        rng.random((n_items, n_outputs)) < 0.5,
        care=counts,
        weights=rng.integers(0, 4, n_items) if weights else None,
    )


def wrong(items, answers):
    """The weight of wrong bits, one item after another; answers by input."""
    total = 0.0
    for number, (row, wanted) in enumerate(zip(items.inputs, items.outputs, strict=True)):
        for column, value in enumerate(answers[tuple(row)]):
            counts = items.care is None or items.care[number, column]
            total += (
                counts * (value != wanted[column]) * (1 if items.weights is None else items.weights[number])
            )
    return total


@given(st.integers(0, 2**31), st.booleans(), st.booleans())
def test_merged_items_ask_the_same_of_every_circuit_up_to_the_least_error(seed, care, weights):
    items = noisy(seed, care=care, weights=weights)
    rng = np.random.default_rng(seed)
    same = merged(items)
    assert same.items.contradiction is None
    for _ in range(5):
        answers = {row: rng.choice([-1, 1], 2) for row in product((-1, 1), repeat=3)}
        assert wrong(items, answers) == pytest.approx(
            same.step * wrong(same.items, answers) + same.wrong_bits
        )


@given(st.integers(0, 2**31), st.booleans())
def test_the_least_error_is_that_of_the_best_of_all_circuits(seed, weights):
    items = noisy(seed, weights=weights)
    bits, words = 0.0, 0.0
    scale = np.ones(40) if items.weights is None else items.weights
    for row in product((-1, 1), repeat=3):
        here = (items.inputs == row).all(axis=1)
        right = [
            (((items.outputs[here] == answer) * scale[here, None]).sum(), scale[here][words_right].sum())
            for answer in product((-1, 1), repeat=2)
            for words_right in [(items.outputs[here] == answer).all(axis=1)]
        ]
        bits, words = bits + max(one for one, _ in right), words + max(two for _, two in right)
    assert merged(items).best == pytest.approx((bits / (2 * scale.sum()), words / scale.sum()))


def test_consistent_items_stay_as_they_are_but_for_repetitions():
    items = Items.from_arrays(SQUARE[[0, 1, 0, 2, 3]], [[0], [1], [0], [1], [0]])
    same = merged(items)
    assert not same.contradictory
    assert same.best == (1, 1)
    assert same.items.inputs.tolist() == [[-1, -1], [-1, 1], [1, -1], [1, 1], [-1, -1]]
    assert same.items.outputs[:, 0].tolist() == [-1, 1, 1, -1, -1]


def test_where_as_many_say_yes_as_no_the_bit_does_not_count():
    items = Items.from_arrays([[0], [0], [1]], [[0, 1], [1, 1], [0, 0]])
    same = merged(items)
    assert same.items.care.tolist() == [[False, True], [True, True], [False, True]]
    assert same.wrong_bits == 1


def test_weights_of_any_size_become_few_copies():
    rng = np.random.default_rng(1)
    items = replace(noisy(3, n_items=2000, n_outputs=1), weights=rng.random(2000) * 1e6)
    same = merged(items)
    assert same.items.n_items <= 300
    copies = {tuple(row): 0 for row in same.items.inputs}
    for row in same.items.inputs:
        copies[tuple(row)] += 1
    for row, count in copies.items():
        here = (items.inputs == row).all(axis=1)
        assert count == pytest.approx(
            abs((items.outputs[here, 0] * items.weights[here]).sum()) / _step(items), abs=0.6
        )


def _step(items):
    total = 0.0
    for row in product((-1, 1), repeat=3):
        here = (items.inputs == row).all(axis=1)
        total += abs((items.outputs[here, 0] * items.weights[here]).sum())
    return total / 256


def test_items_of_weight_nothing_do_not_count():
    items = Items.from_arrays(SQUARE, [0, 1, 1, 0], weights=[1, 0, 2, 1])
    assert items.care[:, 0].tolist() == [True, False, True, True]
    assert items.targets.fractions_right(np.array([[-1], [-1], [-1], [-1]])) == (0.5, 0.5)
    assert Items.from_arrays(SQUARE, [0, 1, 1, 0], weights=np.ones(4)).weights is None


@pytest.mark.parametrize(
    "weights, complaint",
    [
        ([1, 1, -1, 1], "item 3 has the weight -1; expected 0 or more"),
        ([1, 1], r"weights has the shape \(2,\), but there are 4 items"),
        ([0, 0, 0, 0], "all 4 items have the weight 0"),
        ([1, 1, 1, np.inf], "value 4 is inf; give finite numbers"),
        (["a", "b", "c", "d"], "is no array of real numbers"),
    ],
)
def test_weights_that_are_none_are_refused(weights, complaint):
    with pytest.raises(DataError, match=complaint):
        Items.from_arrays(SQUARE, [0, 1, 1, 0], weights=weights)


def test_items_can_follow_others_of_the_same_kinds():
    one = Items.from_arrays(SQUARE, [0, 1, 1, 0], weights=[1, 2, 3, 4])
    both = one.joined(Items.from_arrays(SQUARE, [[1], [np.nan], [0], [0]]))
    assert both.n_items == 8
    assert both.weights.tolist() == [1, 2, 3, 4, 1, 1, 1, 1]
    assert both.care[:, 0].tolist() == [True] * 5 + [False, True, True]
    assert both.some(np.array([1, 0])).weights.tolist() == [2, 1]
    with pytest.raises(DataError, match="items with 3 inputs cannot follow items with 2"):
        one.joined(Items.from_arrays([[0, 0, 0]], [0]))


def test_validation_items_stand_between_training_and_test_items():
    problem = Problem.from_bits(SQUARE, [0, 1, 1, 0], n_train=1, n_validation=2)
    assert (problem.n_train, problem.n_validation, problem.n_test) == (1, 2, 1)
    assert problem.is_learned
    right_of = problem.scores(np.array([[-1], [1], [-1], [1]]))
    assert right_of == (1, 1, 0, 0)
    assert problem.validation_right(np.array([[-1], [1], [-1], [1]])) == (0.5, 0.5)
    assert Problem.from_bits(SQUARE, [0, 1, 1, 0], n_validation=1).n_train == 3
    with pytest.raises(UsageError, match="n_validation is 4, but 3 of 4 items are left"):
        Problem.from_bits(SQUARE, [0, 1, 1, 0], n_train=1, n_validation=4)
    with pytest.raises(UsageError, match="unknown inputs cannot be validated"):
        Problem.from_arrays(None, [0, 1], Network.layered([1, 1]), input_kind="unknown_bits", n_validation=1)
    for number in (4, -1, 1.5):
        with pytest.raises(
            UsageError, match=f"n_validation is {number}, but there are 4 items, and one must train"
        ):
            Problem.from_bits(SQUARE, [0, 1, 1, 0], n_validation=number)

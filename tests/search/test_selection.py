"""Which exact circuit is kept: the first, or the smallest one that another one confirms."""

from __future__ import annotations

import numpy as np
import pytest

import btfnet
from btfnet import Circuit, Gate, Items, Network, Problem, Settings
from btfnet.engines.registry import Engine
from btfnet.projections.rrr import Status
from btfnet.search.options import MOST_CIRCUITS, circuits_wanted
from btfnet.search.records import Trial
from btfnet.search.score import Score
from btfnet.search.selection import Selection

ROWS = np.array([[2 * (i >> bit & 1) - 1 for bit in range(3)] for i in range(8)], dtype=np.int8)
AND = ROWS[:, :2].min(axis=1, keepdims=True)


def three_bits(n_train=5):
    """And of the first two of three bits; the last three items are unseen."""
    return Problem("and", Network.layered([3, 2, 1]), Items(ROWS, AND), n_train=n_train)


def trial(index, *gates, exact=True, status=Status.SOLVED):
    circuit = Circuit(3, tuple(Gate.from_weights(gate) for gate in gates), (3 + len(gates),), (), (), "c")
    return Trial(
        index, index, Settings(), Engine.DESCENT, Engine.DESCENT if exact else None, status, exact, 10, 0.0, 0.1,
        Score(1.0, 1.0), np.ones(1), circuit, [], 0 if exact else 3,
    )  # fmt: skip


def small(index):
    return trial(index, {0: 1, 1: 1, 2: 1})


def large(index):
    """Two gates, and on the unseen items the same."""
    return trial(index, {0: 1, 1: 1, 2: 1}, {0: 1, 3: 1, 4: 1})


def other(index):
    """Two gates, and something else on the unseen items."""
    return trial(index, {0: 1, 1: 1, 2: 1}, {0: -1, 3: 1, 4: 1})


def another(index):
    """One gate, and something else again."""
    return trial(index, {0: 1, 1: 1, 3: 1})


def failed(index, status=Status.ITERATION_LIMIT):
    return trial(index, {0: 1, 1: 1, 2: 1}, exact=False, status=status)


def after(*trials, wanted=MOST_CIRCUITS, deterministic=False, problem=None):
    choice = Selection(problem or three_bits(), wanted, deterministic=deterministic)
    for one in trials:
        choice.ended(one)
    return choice


def test_where_nothing_is_unseen_one_circuit_is_enough():
    assert circuits_wanted(three_bits(), None) == MOST_CIRCUITS
    assert circuits_wanted(three_bits(8), None) == 1
    assert circuits_wanted(three_bits(8), 3) == 3
    assert circuits_wanted(three_bits(), 1) == 1
    assert circuits_wanted(btfnet.load("decoder-16").problem, None) == 1


def test_of_one_that_is_wanted_the_first_makes_the_others_needless_while_it_shrinks():
    choice = Selection(three_bits(), 1, deterministic=False)
    choice.found(3)
    assert [choice.needless(index) for index in range(5)] == [True, True, True, False, True]
    assert choice.needed(40) == 0
    choice = Selection(three_bits(), 1, deterministic=True)
    choice.found(3)
    assert [choice.needless(index) for index in range(5)] == [False, False, False, False, True]
    assert choice.needed(40) == 3
    choice.found(1)
    assert choice.needed(40) == 1
    assert choice.best() is None


def test_a_trial_that_was_needless_stays_so():
    """Two trials that were exact at once: the later one was first, the earlier one halted, and then it took over.

    It was reported as exact and "interrupted" in a search that nobody had interrupted, and the other was told to
    end while it shrank.
    """
    choice = Selection(three_bits(), 1, deterministic=False)
    choice.found(1)
    assert choice.needless(0)
    choice.found(0)
    assert choice.needless(0)
    assert not choice.needless(1)


def test_two_that_agree_end_it_and_the_smaller_is_kept():
    choice = after(large(0))
    assert choice.kept is None
    assert choice.needed(40) == 40
    choice = after(large(0), failed(1), small(2))
    assert choice.kept == choice.best() == 2
    assert choice.needed(40) == 0
    assert choice.needless(3)
    agreement = choice.agreement(choice.trials[2])
    assert (agreement.circuits, agreement.alike, agreement.differ, agreement.unanimous) == (2, 1, 0.0, 1.0)


def test_two_that_agree_do_not_end_it_while_a_smaller_one_says_otherwise():
    choice = after(another(0), large(1), large(2))
    assert choice.kept is None
    assert choice.best() == 0
    assert choice.agreement(choice.trials[0]).differ == pytest.approx(1 / 3)


def test_two_that_agree_do_not_end_it_while_as_many_agree_on_something_else():
    """Two rules of automata ended with four circuits, two and two alike, of which the smallest was wrong."""
    choice = after(another(0), large(1), large(2), another(3))
    assert choice.kept is None
    assert not choice.confirmed
    choice.ended(another(4))
    assert choice.kept == 0
    assert choice.confirmed


def test_all_say_the_same_on_no_more_items_than_the_two_that_differ_least():
    choice = after(other(0), large(1), another(2), wanted=3)
    agreement = choice.agreement(choice.trials[0])
    problem = three_bits()
    unseen = problem.inputs[problem.n_train :] > 0
    answers = [choice.trials[index].circuit.predict(unseen) for index in range(3)]
    same = [
        all((answer[item] == answers[0][item]).all() for answer in answers) for item in range(len(unseen))
    ]
    assert agreement.circuits == 3
    assert agreement.unanimous == pytest.approx(sum(same) / len(same))
    assert agreement.unanimous < 1 - agreement.differ


def test_so_many_as_are_wanted_end_it_with_the_smallest():
    choice = after(other(0), large(1), wanted=2)
    assert choice.kept == 0
    choice = after(other(0), small(1), wanted=2)
    assert choice.kept == 1
    assert choice.agreement(choice.trials[1]).differ == pytest.approx(2 / 3)


def test_in_the_order_of_their_numbers_a_later_trial_waits_for_all_before_it():
    choice = after(large(0), small(3), deterministic=True)
    assert choice.kept is None
    choice.ended(failed(2))
    assert choice.kept is None
    choice.ended(failed(1))
    assert choice.kept == 3
    assert choice.needed(40) == 4
    assert not choice.needless(3)
    assert choice.needless(4)


def test_without_unseen_items_circuits_cannot_agree():
    choice = after(small(0), small(1), small(2), problem=three_bits(8))
    assert choice.kept is None
    assert choice.agreement(choice.trials[0]) is None
    assert after(small(0), small(1), wanted=2, problem=three_bits(8)).kept == 0


def test_a_single_exact_circuit_says_nothing_about_agreement():
    choice = after(failed(0), small(1))
    assert choice.best() == 1
    assert choice.agreement(choice.trials[1]) is None
    assert after(failed(0)).best() is None


def sampled():
    """Rule 90 on eight cells: easy, and a sample decides it."""
    return btfnet.load("rule-90-1").problem.with_train(60)


def test_a_search_ends_when_a_second_circuit_confirms_the_smallest():
    result = btfnet.solve(sampled(), seed=2, jobs=2)
    assert result.exact
    assert result.agreement is not None
    assert result.agreement.alike >= 1
    assert result.finished
    assert sum(one.exact for one in result.trials) <= MOST_CIRCUITS
    single = btfnet.solve(sampled(), seed=2, jobs=1, circuits=1)
    assert [one.exact for one in single.trials].count(True) == 1
    assert single.agreement is None


def test_in_order_the_same_circuit_is_kept_for_any_number_of_jobs():
    kept = {btfnet.solve(sampled(), seed=4, jobs=jobs, deterministic=True).kept.seed for jobs in (1, 2, 3)}
    assert len(kept) == 1

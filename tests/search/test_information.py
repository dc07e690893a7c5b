"""When larger gates are allowed: by counting circuits against the bits of the data."""

from __future__ import annotations

import itertools
from math import log2

import numpy as np
import pytest
from support.tuning_samples import FALLING, ended

import btfnet
from btfnet.engines.registry import Engine
from btfnet.engines.tuning.information import (
    capacity_bits,
    data_bits,
    described_bits,
    expected_error_random,
    gate_bits,
    larger_for_random,
    larger_than_counted,
)
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.search.plan import plan_for
from btfnet.settings import Settings


@pytest.mark.parametrize("sigma, width", [(3, 3), (3, 5), (5, 4), (7, 4), (11, 4)])
def test_number_of_gates_is_what_listing_them_gives(sigma, width):
    listed = [
        weights
        for weights in itertools.product(range(-3, 4), repeat=width)
        if sum(map(abs, weights)) % 2 and sum(weight**2 for weight in weights) <= sigma
    ]
    assert gate_bits(sigma, width) == pytest.approx(log2(len(listed)))


def test_bits_of_data_count_the_ones_of_every_column_where_they_count():
    outputs = np.array([[1, 1], [1, -1], [-1, 1], [-1, 1]])
    network, rows = Network.layered([2, 2]), np.array(list(itertools.product((-1, 1), repeat=2)))
    assert data_bits(Problem("p", network, Items(rows, outputs)))[0] == pytest.approx(log2(6 * 4))
    care = np.array([[True, True], [True, False], [True, True], [True, True]])
    bits, count = data_bits(Problem("p", network, Items(rows, outputs, care=care)))
    assert (bits, count) == (pytest.approx(log2(6)), 7)


def test_larger_supports_hold_more_circuits_and_leave_fewer_wrong():
    problem = btfnet.load("autoencoder-32").problem
    room = [capacity_bits(problem, sigma) for sigma in (3, 5, 7, 11, 19, 31)]
    wrong = [expected_error_random(problem, sigma) for sigma in (3, 5, 7, 11, 19, 31)]
    assert room == sorted(room)
    assert wrong == sorted(wrong, reverse=True)
    assert room[0] < data_bits(problem)[0] < room[1]
    assert wrong[0] > 50
    assert wrong[-1] == 0


def trial(wrong, **options):
    return ended(0, Engine.DESCENT, Settings(max_iterations=300), FALLING, wrong=wrong, **options)


def test_larger_gates_only_where_no_trial_did_better_than_on_random_data():
    problem = btfnet.load("autoencoder-32").problem
    expected = int(expected_error_random(problem, 3.0))
    assert larger_for_random(problem, 3.0, [trial(expected + 9), trial(expected + 1)]) == (19, 31)
    assert larger_for_random(problem, 3.0, [trial(expected + 9), trial(expected - 1)]) == ()
    assert larger_for_random(problem, 3.0, [trial(None)]) == ()
    assert larger_for_random(problem, 31.0, [trial(500)]) == ()
    small = btfnet.load("decoder-16").problem
    assert larger_for_random(small, 3.0, [trial(20)]) == (5, 7)


def test_descents_on_random_data_get_the_least_gates_that_can_do_and_larger_ones():
    plan = plan_for(btfnet.load("decoder-16").problem, Settings(), Engine.DESCENT, True)
    trials, seen = {}, []
    for index in range(9):
        engine, settings = plan(index, trials)
        trials[index] = ended(index, engine, settings, FALLING, wrong=20 if settings.sigma < 5 else 0)
        seen.append(settings.sigma)
    assert seen == [3, 3, 3, 5, 7, 3, 5, 7, 3]


def test_a_circuit_says_all_bits_when_none_is_wrong_and_none_when_half_are():
    problem = btfnet.load("autoencoder-32").problem
    said = [described_bits(problem, wrong) for wrong in (0, 5, 50, 512)]
    assert said[0] == pytest.approx(data_bits(problem)[0])
    assert said == sorted(said, reverse=True)
    assert said[-1] == 0


def test_larger_gates_than_counted_where_trials_say_less_than_the_count_allows_for():
    problem = btfnet.load("autoencoder-64").problem
    assert larger_than_counted(problem, 11.0, [trial(3)]) == (19.0,)
    assert larger_than_counted(problem, 11.0, [trial(400)]) == (31.0,)
    assert larger_than_counted(problem, 11.0, [trial(0)]) == ()
    assert larger_than_counted(problem, 31.0, [trial(400)]) == ()
    assert larger_than_counted(problem, 3.0, [trial(3)]) == ()


@pytest.mark.parametrize("later, expected", [(600, [3, 3, 3, 7, 11, 31, 31]), (100, [3, 3, 3, 7, 11, 3, 31])])
def test_supports_that_were_counted_for_leave_when_the_count_was_too_hopeful(later, expected):
    """The first one, too, if a longer descent with it did no better than on random data once more."""
    plan = plan_for(btfnet.load("autoencoder-64").problem, Settings(), Engine.DESCENT, True)
    trials, seen = {}, []
    for index in range(7):
        engine, settings = plan(index, trials)
        small = 600 if index < 2 else later
        trials[index] = ended(index, engine, settings, FALLING, wrong=small if settings.sigma < 5 else 300)
        seen.append(settings.sigma)
    assert seen == expected

"""Descent in a network that grows, of many inputs: which ones it hears at first, and which ones later."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import booleans

from btfnet.engines.descent import engine, free, inputs
from btfnet.engines.descent.engine import kernels_for
from btfnet.engines.descent.free import FreeSearch
from btfnet.halting import Halt
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

N_INPUTS = 12


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(free, "WINDOW", 8)
    monkeypatch.setattr(free, "LOOK", 4)
    monkeypatch.setattr(inputs, "FEW_INPUTS", 6)
    monkeypatch.setattr(inputs, "HEARS_ALL", 0.0)
    monkeypatch.setattr(engine, "FEW_INPUTS", 6)


def problem_of(*, n_items=300, heard=None, noise=0.25):
    """One output that input 2 tells, and input 5 where it is false, with flipped bits."""
    rows = np.random.default_rng(0).permutation(2**N_INPUTS)[:n_items]
    bits = rows[:, None] >> np.arange(N_INPUTS) & 1 > 0
    flipped = np.random.default_rng(1).random(n_items) < noise
    output = (bits[:, 2] | (bits[:, 5] & bits[:, 7])) ^ flipped
    network = Network.free(N_INPUTS, 1, inputs=heard)
    return Problem("many", network, Items(np.where(bits, 1, -1), np.where(output[:, None], 1, -1)))


def begun(problem, seed=0, halt=None):
    return FreeSearch(problem, np.random.default_rng(seed), halt=halt)


def heard(search):
    return search.network.heard_inputs.tolist()


@pytest.mark.parametrize("given", [None, [1, 2, 4, 5, 6, 7, 9, 10]])
def test_it_begins_with_those_that_tell_something_and_others_join_as_it_grows(given):
    search = begun(problem_of(heard=given))
    first = heard(search)
    assert 2 in first
    assert len(first) < 6
    answers = search.search.values()[:, search.network.output_nodes]
    search._grow()
    assert set(first) < set(heard(search)) <= set(given or range(N_INPUTS))
    np.testing.assert_array_equal(search.search.values()[:, search.network.output_nodes], answers)
    for _ in range(3):
        search._grow()
    assert heard(search) == (given or list(range(N_INPUTS)))


def test_of_few_inputs_and_of_unknown_ones_all_are_heard():
    problem = problem_of(heard=[0, 1, 3, 5, 6, 8])
    assert heard(begun(problem)) == [0, 1, 3, 5, 6, 8]
    outputs = booleans(3, 30, 4)
    unknown = Problem.from_arrays(None, outputs, Network.free(9, 4), input_kind="unknown_bits")
    assert heard(begun(unknown)) == list(range(9))


def test_where_nothing_is_told_all_inputs_are_heard():
    assert heard(begun(problem_of(noise=0.5))) == list(range(N_INPUTS))


@pytest.mark.parametrize("rounds", [0, 11, 40])
def test_the_choice_goes_on_after_it_was_saved(rounds):
    problem = problem_of(n_items=100)
    search, other = begun(problem, 5), begun(problem, 6)
    search.walk(rounds)
    other.restore({name: array.copy() for name, array in search.export().items()})
    for _ in range(2):
        assert heard(other) == heard(search)
        np.testing.assert_array_equal(other.search.integer_weights(), search.search.integer_weights())
        for one in (search, other):
            one.walk(25)


def test_items_that_do_not_count_choose_nothing():
    problem = problem_of(noise=0.0)
    bits = problem.inputs.copy()
    bits[150:, 2] *= -1
    care = np.arange(300)[:, None] < 150
    masked = Problem("care", problem.network, Items(bits, problem.outputs, care=care))
    assert 2 in heard(begun(masked, halt=Halt()))


def test_kernels_that_choose_are_compiled_beforehand_where_there_is_a_choice():
    many, few = problem_of(), problem_of(heard=[0, 1, 3, 5, 6, 8])
    assert kernels_for(many, "float32", 1) == ("walk", "inputs")
    assert kernels_for(few, "float32", 1) == ("walk",)


def test_some_trials_hear_all_inputs(monkeypatch):
    monkeypatch.setattr(inputs, "HEARS_ALL", 0.5)
    problem = problem_of(n_items=100)
    all_heard = [len(heard(begun(problem, seed))) == N_INPUTS for seed in range(12)]
    assert 0 < sum(all_heard) < 12

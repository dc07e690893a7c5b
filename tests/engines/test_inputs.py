"""The choice of inputs: evidence, what a network begins with, and what joins it."""

from __future__ import annotations

import numpy as np
import pytest

from btfnet.engines.descent import inputs as module
from btfnet.engines.descent.inputs import (
    FEW_INPUTS,
    FIRST,
    FURTHER,
    SIGNIFICANT,
    InputChoice,
    Look,
    Standing,
    Task,
    evidence,
    first_inputs,
    further_inputs,
    items_for_triples,
    n_sets,
    strongest,
)
from btfnet.errors import DataError
from btfnet.halting import Halt, Halted

N_ITEMS, N_INPUTS = 1500, 60


def task_of(seed, *functions, n_items=N_ITEMS, n_inputs=N_INPUTS):
    """Random inputs, and outputs that are functions of their columns."""
    inputs = np.random.default_rng(seed).random((n_items, n_inputs)) < 0.5
    outputs = np.column_stack([function(inputs.T) for function in functions])
    return Task(inputs, outputs, np.ones(outputs.shape, dtype=np.int64))


def rng():
    return np.random.default_rng(0)


def sum_bit(x):
    """Bit 3 of a sum of two numbers of four bits: x[10:14] and x[20:24], lowest first."""
    carry = x[10] & x[20]
    for bit in (1, 2):
        a, b = x[10 + bit], x[20 + bit]
        carry = (a & b) | (carry & (a ^ b))
    return x[13] ^ x[23] ^ carry


def noise(x):
    return np.random.default_rng(9).random(x.shape[1]) < 0.5


@pytest.mark.parametrize("seed", range(4))
def test_inputs_of_a_sum_are_found_and_no_others(seed):
    chosen = first_inputs(task_of(seed, sum_bit), rng(), Halt()).tolist()
    assert {12, 13, 22, 23} <= set(chosen) <= {10, 11, 12, 13, 20, 21, 22, 23}


def test_every_output_has_its_own_inputs():
    task = task_of(1, lambda x: x[3] ^ x[4], lambda x: x[7] & x[8], lambda x: x[7] & ~x[7])
    assert first_inputs(task, rng(), Halt()).tolist() == [3, 4, 7, 8]


def test_where_nothing_tells_which_all_inputs_are_chosen():
    task = task_of(1, lambda x: x[0], noise)
    assert first_inputs(task, rng(), Halt()).tolist() == list(range(N_INPUTS))


@pytest.mark.parametrize("seed", range(5))
def test_chance_makes_nothing_significant(seed):
    task = task_of(seed, noise, n_items=400)
    nats = evidence(task.inputs, N_INPUTS, task.outputs[:, 0], task.weights[:, 0], look())
    assert nats.max() < SIGNIFICANT


def look(partners=1000, seconds=1.0, halt=None):
    return Look(partners, seconds, rng(), halt or Halt())


def test_items_that_do_not_count_say_nothing():
    task = task_of(1, lambda x: x[3])
    inputs, weights = task.inputs.copy(), task.weights.copy()
    inputs[::2, 3] = ~inputs[::2, 3]
    weights[::2] = 0
    seen = evidence(inputs, N_INPUTS, task.outputs[:, 0], weights[:, 0], look())
    assert seen.argmax() == 3
    all_items = evidence(inputs, N_INPUTS, task.outputs[:, 0], task.weights[:, 0], look())
    assert all_items[3] < SIGNIFICANT


def test_columns_that_are_nearly_constant_do_not_ride_on_others():
    """The exclusive or of a telling input and one that is nearly always 0 tells what the first one tells."""
    task = task_of(1, lambda x: x[0])
    task.inputs[:, 30:] &= np.random.default_rng(2).random((N_ITEMS, 30)) < 0.1
    assert first_inputs(task, rng(), Halt()).tolist() == [0]


def test_few_partners_are_those_that_say_most_alone():
    task = task_of(1, lambda x: x[5] & x[6] & x[7])
    target, weights = task.outputs[:, 0], task.weights[:, 0]
    few = evidence(task.inputs, N_INPUTS, target, weights, look(partners=3))
    assert set(np.flatnonzero(few > SIGNIFICANT)) == {5, 6, 7}


def test_sets_of_three_see_a_sample_where_all_items_take_too_long(monkeypatch):
    task = task_of(1, lambda x: x[0] ^ x[1] ^ x[2], n_items=5000)
    target, weights = task.outputs[:, 0], task.weights[:, 0]
    sets = n_sets(N_INPUTS, N_INPUTS, 3)
    seconds = 1e-9 * sets * (module.SET_NS + 5 * module.VECTOR_NS)
    assert items_for_triples(5000, sets, 1, 1.0) == 5000
    assert 2048 <= items_for_triples(5000, sets, 1, seconds) <= 2560
    assert items_for_triples(5000, sets, 1, seconds / 10) == 0
    sampled = evidence(task.inputs, N_INPUTS, target, weights, look(seconds=seconds))
    assert set(np.flatnonzero(sampled > SIGNIFICANT)) == {0, 1, 2}
    without = evidence(task.inputs, N_INPUTS, target, weights, look(seconds=0.0))
    assert without.max() < SIGNIFICANT


def standing_of(task, *answers, present=()):
    values = np.column_stack([answer(task.inputs.T) for answer in answers])
    return Standing(values, values, np.array(present, dtype=np.int64))


def test_further_inputs_tell_where_it_is_wrong():
    task = task_of(1, lambda x: x[1] & x[2] & x[3], n_items=3000)
    standing = standing_of(task, lambda x: x[1] & x[2], present=(1, 2))
    joining = further_inputs(task, standing, rng(), Halt())
    assert 3 in joining
    assert len(joining) == FURTHER[0]
    assert not {1, 2} & set(joining.tolist())


def test_further_inputs_tell_what_is_right_where_it_is_wrong():
    task = task_of(1, sum_bit)
    standing = standing_of(task, lambda x: x[13] ^ x[23], present=(13, 23))
    assert {12, 22} <= set(further_inputs(task, standing, rng(), Halt()).tolist())


def test_outputs_that_are_right_need_no_further_inputs():
    task = task_of(1, lambda x: x[1], lambda x: x[2] & x[3])
    right = standing_of(task, lambda x: x[1], lambda x: x[2] & x[3], present=(1, 2, 3))
    assert not further_inputs(task, right, rng(), Halt()).size
    all_present = standing_of(task, lambda x: x[0], lambda x: x[0], present=range(N_INPUTS))
    assert not further_inputs(task, all_present, rng(), Halt()).size


def test_the_strongest_are_the_significant_ones_within_bounds():
    nats = np.array([1.0, 9.0, 7.0, 8.0, 2.0])
    assert strongest(nats, 0, 9).tolist() == [1, 3, 2]
    assert strongest(nats, 4, 9).tolist() == [1, 3, 2, 4]
    assert strongest(nats, 0, 2).tolist() == [1, 3]


def test_a_choice_begins_grows_and_goes_on_elsewhere(monkeypatch):
    monkeypatch.setattr(module, "HEARS_ALL", 0.0)
    task = task_of(1, sum_bit)
    choice = InputChoice(task, Halt())
    begun = choice.begin(rng())
    assert 0 < begun.size <= FIRST
    answers = standing_of(task, lambda x: x[13] ^ x[23]).answers
    grown = choice.grow(answers, answers, rng())
    assert set(begun) < set(grown)
    other = InputChoice(task, Halt())
    other.restore(choice.export())
    assert np.array_equal(other.present, grown)
    for wrong in ([-1, 3], [3, 3], [N_INPUTS]):
        with pytest.raises(DataError, match="ascending numbers from 0 to 59"):
            other.restore({"present": np.array(wrong)})


def test_few_inputs_are_all_there_from_the_beginning():
    task = task_of(1, lambda x: x[0], n_items=50, n_inputs=FEW_INPUTS)
    choice = InputChoice(task, Halt())
    assert choice.begin(rng()).size == FEW_INPUTS
    assert choice.grow(~task.outputs, task.outputs, rng()).size == FEW_INPUTS


def test_a_choice_is_the_same_every_time_and_ends_when_halted():
    task = task_of(1, sum_bit)
    first, again = (first_inputs(task, rng(), Halt()) for _ in range(2))
    assert np.array_equal(first, again)
    halt = Halt()
    halt.set()
    with pytest.raises(Halted):
        first_inputs(task, rng(), halt)

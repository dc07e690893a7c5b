"""Whole searches where output bits do not count, and where outputs are classes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from support.care_samples import SQUARE, XOR, possible_only_with_care, random_problem, with_other_values

import btfnet
from btfnet.engines.descent.engine import DescentStepper
from btfnet.errors import BtfnetWarning
from btfnet.logic.verify import verify_items
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.search.persistence.identity import digest
from btfnet.settings import Settings


def test_the_digest_knows_which_bits_count():
    problem = random_problem(1)
    assert digest(problem) == digest(with_other_values(problem))
    everywhere = Problem("all", problem.network, Items(problem.inputs, problem.outputs))
    other = Problem("care", problem.network, Items(problem.inputs, problem.outputs, care=problem.care[::-1]))
    assert len({digest(each) for each in (problem, everywhere, other)}) == 3


@pytest.mark.needs_jit
@pytest.mark.parametrize("engine", ["rrr", "descent", "rrr+descent"])
def test_bits_that_do_not_count_make_the_impossible_possible(engine):
    inputs, outputs, care = possible_only_with_care()
    assert Problem.from_bits(inputs, outputs).is_learned
    settings = Settings(beta=0.5, gamma=1e-3, max_iterations=2000)
    alone = Problem.from_bits(SQUARE, XOR, hidden=())
    with pytest.warns(BtfnetWarning, match="output 1 is one gate of inputs"):
        assert not btfnet.solve(alone, settings, trials=2, engine=engine).exact
    problem = Problem.from_bits(inputs, outputs, hidden=(), care=care)
    result = btfnet.solve(problem, settings, trials=5, engine=engine)
    assert result.exact
    assert result.kept.score.train_bits == result.kept.score.train_words == 1
    assert result.circuit.predict(inputs[:3]).tolist() == outputs[:3].tolist()


@pytest.mark.needs_jit
def test_items_of_which_no_bit_counts_are_welcome():
    outputs = np.where(np.arange(4)[:, None] == 3, np.nan, XOR)
    result = btfnet.solve(
        Problem.from_bits(SQUARE, outputs, hidden=()), Settings(beta=0.5, max_iterations=2000), trials=3
    )
    assert result.exact


@pytest.mark.needs_jit
@pytest.mark.parametrize("engine", ["rrr", "descent"])
def test_classes_are_learned_bit_for_bit_and_scored_as_classes(engine):
    inputs = np.array(list(itertools.product((0, 1), repeat=4)))
    problem = Problem.from_arrays(
        inputs, np.minimum(inputs.sum(axis=1), 2), Network.layered([4, 6, 3]), output_kind="class", n_train=12
    )
    stepper = DescentStepper(problem, np.random.default_rng(0))
    predicted = stepper.circuit().predict(problem.inputs > 0).argmax(axis=1)
    right = predicted == problem.outputs.argmax(axis=1)
    assert stepper.scores() == (right[:12].mean(),) * 2 + (right[12:].mean(),) * 2
    assert stepper.measure()["train_bits"] == stepper.scores()[0]
    settings = Settings(sigma=5, beta=0.5, gamma=1e-3, max_iterations=5000)
    result = btfnet.solve(problem, settings, trials=20, engine=engine)
    assert result.exact
    assert verify_items(result.circuit, problem.inputs[:12] > 0, problem.outputs[:12] > 0).exact
    test = result.circuit.predict(problem.inputs[12:] > 0).argmax(axis=1) == problem.outputs[12:].argmax(
        axis=1
    )
    assert result.kept.score.test_bits == result.kept.score.test_words == test.mean()

"""The stepper that drives walks: what it counts and measures, and a whole search with it."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import JIT

import btfnet
from btfnet.engines.descent.engine import DescentStepper
from btfnet.logic.verify import verify_items
from btfnet.projections.rrr import Status, run
from btfnet.settings import Settings

pytestmark = pytest.mark.no_compiler


def two_by_two():
    return btfnet.load("multiplier-2x2").problem


def test_the_stepper_counts_sweeps_and_its_gap_is_the_wrong_bits():
    stepper = DescentStepper(two_by_two(), np.random.default_rng(0))
    assert stepper.iteration == 0
    stepper.advance(4, 0.0)
    assert 0 < stepper.iteration <= 4
    problem = stepper.problem
    wrong = verify_items(stepper.circuit(), problem.inputs > 0, problem.outputs > 0).n_wrong_bits
    assert stepper.gap == wrong
    assert stepper.measure()["train_bits"] == 1 - wrong / problem.outputs.size
    before = stepper.iteration
    stepper.advance(10, float("inf"))
    assert stepper.iteration == before


@pytest.mark.skipif(not JIT, reason="a whole search")
def test_the_loop_solves_the_two_bit_multiplier_with_the_stepper():
    problem = two_by_two()
    stepper = DescentStepper(problem, np.random.default_rng(1))
    status, trace = run(stepper, Settings(max_iterations=20_000))
    assert status is Status.SOLVED
    assert stepper.scores()[:2] == (1, 1)
    assert verify_items(stepper.circuit(), problem.inputs > 0, problem.outputs > 0).exact
    assert trace[-1].gap == 0

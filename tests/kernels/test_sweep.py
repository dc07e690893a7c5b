"""The sweep as Python calls it: threads share the blocks and stop where one alone would."""

from __future__ import annotations

import numpy as np
import pytest
from numba import config
from support.kernel_samples import booleans

from btfnet.engines.projections.layout import scratch_for, start_state, wiring_of
from btfnet.kernels.projections.sweep import advance, advance_threads
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

pytestmark = pytest.mark.no_compiler

ITERATIONS = 60 if not config.DISABLE_JIT else 3


@pytest.mark.parametrize("stop_gap", [np.inf, 0.0])
def test_one_and_two_threads_do_the_same_iterations_and_end_in_the_same_state(stop_gap):
    inputs = booleans(0, 130, 5)
    outputs = inputs[:, :2] & inputs[:, 2:4]
    problem = Problem.from_arrays(
        np.where(inputs, 1, -1).astype(np.float32), np.where(outputs, 1, -1), Network.layered([5, 3, 2])
    )
    real = np.dtype("float64")
    wiring = wiring_of(problem, 3.0, real)
    states, done = [], []
    for threads, kernel in ((1, advance), (2, advance_threads)):
        state, scratch = (
            start_state(problem, real, np.random.default_rng(1)),
            scratch_for(problem, real, threads),
        )
        done.append(kernel(ITERATIONS, stop_gap, wiring, state, scratch, 0.4, 1e-3, 130.0 * 5))
        states.append(state)
    assert done == [1 if stop_gap else ITERATIONS] * 2
    for one, other in zip(*states, strict=True):
        assert np.array_equal(one, other)

"""The network engine: the same iterates as the general engine, for any number of threads."""

from __future__ import annotations

import numpy as np
import pytest
from numba import config
from support.naive import NetworkPoint
from support.projection_samples import KINDS, SETTINGS, MeteredEngine, make_problem, signs

from btfnet.engines.projections.layout import block_shape
from btfnet.engines.projections.stepper import NetworkStepper, state_bytes
from btfnet.errors import CapacityError, ProjectionError, UsageError
from btfnet.kernels.projections.blocks import as_lanes, from_lanes
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

pytestmark = pytest.mark.no_compiler

JIT = not config.DISABLE_JIT


@pytest.mark.parametrize("kind", KINDS)
def test_fused_sweep_follows_the_general_engine_step_by_step(kind):
    problem = make_problem(kind)
    stepper = NetworkStepper(problem, SETTINGS, np.random.default_rng(1), precision="float64")
    layout = NetworkPoint(problem)
    general = MeteredEngine(problem, SETTINGS, layout.join(*stepper.point()))
    for _ in range(150 if JIT else 20):
        stepper.advance(1, 0.0)
        general.step()
        difference = np.abs(layout.join(*stepper.point()) - general.pair.v).max()
        assert difference < 1e-6
        assert stepper.gap == pytest.approx(general.mean**0.5, rel=1e-6)
    found = layout.split(general.pair.point)[0][0]
    np.testing.assert_allclose(stepper.weights, found, atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_float32_follows_float64_for_as_long_as_rounding_allows(kind):
    problem = make_problem(kind)
    steppers = [
        NetworkStepper(problem, SETTINGS, np.random.default_rng(1), precision=precision)
        for precision in ("float64", "float32")
    ]
    w, x, y = steppers[0].point()
    _give_start(steppers[1], problem, w, x, y)
    for stepper in steppers:
        stepper.advance(10, 0.0)
    for exact, rounded in zip(steppers[0].point(), steppers[1].point(), strict=True):
        np.testing.assert_allclose(rounded, exact, atol=1e-3)


def _give_start(stepper, problem, w, x, y):
    """Put the same start into another stepper; the start must be projected anew."""
    state = stepper.state
    shape = (state.w.shape[0], state.w.shape[2])
    for array, values in ((state.w, w), (state.x, x), (state.y, y)):
        array[:] = as_lanes(values.astype(array.dtype), *shape)
    state.a[:], state.b[:] = 1, 0
    known = slice(0, problem.network.n_inputs + 1)
    state.y_a[:, problem.network.n_inputs + 1 :] = 0
    if problem.input_kind.known:
        state.y_a[:, known] = state.y[:, known]
    stepper.project_start()


def big_problem(n_items=200, widths=(6, 7, 5)):
    rng = np.random.default_rng(3)
    inputs = np.unique(signs(rng, 4 * n_items, 12), axis=0)[:n_items]
    return Problem("big", Network.layered([12, *widths]), Items(inputs, signs(rng, len(inputs), widths[-1])))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_result_is_the_same_for_one_and_for_many_threads(precision):
    problem = big_problem(200 if JIT else 130)
    states = []
    for threads in (1, 2, 3):
        stepper = NetworkStepper(
            problem, SETTINGS, np.random.default_rng(5), precision=precision, threads=threads
        )
        stepper.advance(50 if JIT else 3, 0.0)
        states.append((*stepper.point(), stepper.weights, stepper.gap))
    for state in states[1:]:
        for mine, first in zip(state, states[0], strict=True):
            np.testing.assert_array_equal(mine, first)


def test_many_short_calls_and_one_long_call_end_in_the_same_state():
    problem = make_problem("layers")
    one, many = (NetworkStepper(problem, SETTINGS, np.random.default_rng(2)) for _ in range(2))
    one.advance(30, 0.0)
    for _ in range(10):
        many.advance(3, 0.0)
    assert one.iteration == many.iteration == 30
    np.testing.assert_array_equal(one.point()[0], many.point()[0])
    assert one.gap == many.gap


def test_items_beyond_a_full_block_are_padded_without_influence():
    """17 items fill two vectors of lanes, 16 just one: the padding must not move the others' gap."""
    problem = big_problem(33)
    stepper = NetworkStepper(problem, SETTINGS, np.random.default_rng(0), precision="float64")
    layout = NetworkPoint(problem)
    if JIT:
        general = MeteredEngine(problem, SETTINGS, layout.join(*stepper.point()))
        general.step()
        stepper.advance(1, 0.0)
        assert stepper.gap == pytest.approx(general.mean**0.5, rel=1e-10)
    assert np.isfinite(stepper.state.z).all()


@pytest.mark.parametrize("n_items", [1, 15, 16, 17, 64, 65, 100, 129, 512, 1000])
def test_blocks_hold_all_items_with_little_padding(n_items):
    n_blocks, n_lanes = block_shape(n_items)
    assert n_lanes % 16 == 0
    assert n_lanes <= 64
    assert n_items <= n_blocks * n_lanes < n_items + 16 * n_blocks


def test_a_run_stops_at_the_first_gap_below_the_limit():
    problem = make_problem("layers")
    stepper, reference = (NetworkStepper(problem, SETTINGS, np.random.default_rng(2)) for _ in range(2))
    gaps = []
    for _ in range(40):
        reference.advance(1, 0.0)
        gaps.append(reference.gap)
    limit = sorted(gaps)[5] * (1 + 1e-9)
    stepper.advance(40, limit)
    assert stepper.iteration == 1 + next(index for index, gap in enumerate(gaps) if gap <= limit)
    assert stepper.gap <= limit


def test_known_values_stay_at_their_data_in_a_and_b():
    problem = make_problem("layers")
    stepper = NetworkStepper(problem, SETTINGS, np.random.default_rng(2))
    stepper.advance(20, 0.0)
    n_train, network = problem.n_train, problem.network
    in_a = from_lanes(stepper.state.y_a, n_train)
    in_b = from_lanes(stepper.state.z, n_train)
    np.testing.assert_array_equal(in_a[:, 0], -1)
    np.testing.assert_array_equal(in_a[:, 1 : network.n_inputs + 1], problem.inputs[:n_train])
    np.testing.assert_array_equal(in_b[:, network.output_nodes.start :], problem.outputs[:n_train])


def test_b_weights_have_norm_sqrt_of_the_fan_in():
    problem = make_problem("graph")
    stepper = NetworkStepper(problem, SETTINGS, np.random.default_rng(2))
    stepper.advance(5, 0.0)
    for node in problem.network.btf_nodes:
        weights = stepper.weights[problem.network.edges(node)]
        assert weights @ weights == pytest.approx(len(weights), rel=1e-5)


def test_a_state_that_is_no_longer_finite_is_reported():
    problem = make_problem("layers")
    stepper = NetworkStepper(problem, SETTINGS, np.random.default_rng(2))
    stepper.state.w[0, 0, 0] = np.nan
    with pytest.raises(ProjectionError, match=r"gap is nan.*float32"):
        stepper.advance(3, 0.0)


def test_a_run_that_does_not_fit_is_refused_before_anything_is_allocated(monkeypatch):
    problem = make_problem("layers")
    monkeypatch.setattr("btfnet.engines.projections.layout.available_bytes", lambda: 100)
    with pytest.raises(CapacityError, match="edges x"):
        NetworkStepper(problem, SETTINGS, np.random.default_rng(2))


def test_unknown_precision_is_a_usage_error():
    with pytest.raises(UsageError, match="float16"):
        NetworkStepper(make_problem("layers"), SETTINGS, np.random.default_rng(0), precision="float16")


def test_state_takes_nine_bytes_for_each_edge_and_item():
    rng = np.random.default_rng(0)
    problem = Problem(
        "wide",
        Network.layered([32] * 6),
        Items(np.eye(512, 32) * 2 - 1, signs(rng, 512, 32)[:1].repeat(512, 0)),
    )
    assert state_bytes(problem) / problem.edge_items <= 9
    stepper = NetworkStepper(problem, SETTINGS, rng)
    assert stepper.state_bytes <= 1.02 * state_bytes(problem)

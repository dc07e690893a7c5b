"""The device engine: the same iterates as the sweep and the general engine, in NumPy and in JAX."""

from __future__ import annotations

import numpy as np
import pytest
from support.naive import NetworkPoint
from support.projection_samples import KINDS, SETTINGS, MeteredEngine, make_problem

from btfnet.engines.device.batch import Batch
from btfnet.engines.device.iteration import Law, iterate
from btfnet.engines.device.points import NUMPY
from btfnet.engines.device.starts import known_of, rates_of, start_point
from btfnet.engines.device.stepper import DeviceStepper
from btfnet.engines.device.wires import DenseGroups, EdgeLists, Sums
from btfnet.engines.projections.layout import UNKNOWN
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.errors import DataError, ProjectionError

LAYOUTS = [DenseGroups, EdgeLists]
DOUBLE = np.dtype("float64")


def device_stepper(problem, seed=1, *, precision="float64", settings=SETTINGS, batch=None):
    batch = batch or Batch(problem, precision, device="cpu")
    return DeviceStepper(batch, settings, np.random.default_rng(seed))


def assert_same_point(device, sweep, **tolerances):
    """Of a `DeviceStepper` and a `NetworkStepper`."""
    found = device.export()
    for name, wanted in zip(("w", "x", "y"), sweep.point(), strict=True):
        np.testing.assert_allclose(found[name].T, wanted, **tolerances)
    np.testing.assert_allclose(device.weights, sweep.weights, **tolerances)
    assert device.gap == pytest.approx(sweep.gap, rel=tolerances.get("rtol", 1e-7))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_law_on_arrays_follows_the_general_engine_step_by_step(kind, layout):
    problem = make_problem(kind)
    wires, known = layout(problem.network), known_of(problem, DOUBLE)
    law, rates = Law(NUMPY, wires, UNKNOWN.get(problem.input_kind, 0)), rates_of(problem, SETTINGS, DOUBLE)
    start = start_point(problem, wires, DOUBLE, np.random.default_rng(1))
    places = NetworkPoint(problem)

    def flat(point):
        edges = (wires.given(NUMPY, point.w), wires.given(NUMPY, point.x))
        return places.join(*(rows.T for rows in (*edges, point.y)))

    general = MeteredEngine(problem, SETTINGS, flat(start))
    point = iterate(law, known, rates._replace(beta=np.float64(0)), start)._replace(gaps=np.zeros(3))
    for _ in range(30):
        point = iterate(law, known, rates, point)
        general.step()
        np.testing.assert_allclose(flat(point), general.pair.v, atol=1e-7)
        assert point.gaps.sum() == pytest.approx(general.mean, rel=1e-7)


@pytest.mark.parametrize("kind", KINDS)
def test_jax_follows_the_sweep_to_rounding(kind):
    problem = make_problem(kind)
    sweep = NetworkStepper(problem, SETTINGS, np.random.default_rng(1), precision="float64")
    device = device_stepper(problem)
    for iterations in (1, 1, 98):
        sweep.advance(iterations, 0.0)
        device.advance(iterations, 0.0)
        assert_same_point(device, sweep, atol=1e-8)
    assert device.iteration == sweep.iteration == 100
    assert device.measure() == pytest.approx(sweep.measure(), nan_ok=True)
    if not problem.input_kind.known:
        np.testing.assert_array_equal(device.codes(), sweep.codes())


def test_jax_with_lists_of_edges_follows_the_sweep_to_rounding():
    problem = make_problem("layers")
    sweep = NetworkStepper(problem, SETTINGS, np.random.default_rng(1), precision="float64")
    device = device_stepper(problem, batch=Batch(problem, "float64", device="cpu", make=EdgeLists))
    for stepper in (sweep, device):
        stepper.advance(100, 0.0)
    assert_same_point(device, sweep, atol=1e-8)


def test_float32_follows_the_sweep_for_as_long_as_rounding_allows():
    problem = make_problem("layers")
    sweep = NetworkStepper(problem, SETTINGS, np.random.default_rng(1))
    device = device_stepper(problem, precision="float32")
    assert device.export()["w"].dtype == np.float32
    for stepper in (sweep, device):
        stepper.advance(10, 0.0)
    assert_same_point(device, sweep, rtol=1e-3, atol=1e-3)


# -- as the loop drives it ----------------------------------------------------------------------------------


def test_a_run_ends_at_the_first_gap_below_the_limit():
    problem = make_problem("layers")
    batch = Batch(problem, "float64", device="cpu")
    reference, gaps = device_stepper(problem, batch=batch), []
    for _ in range(40):
        reference.advance(1, 0.0)
        gaps.append(reference.gap)
    reference.leave()
    limit = sorted(gaps)[5] * (1 + 1e-9)
    device = device_stepper(problem, batch=batch)
    device.advance(40, limit)
    assert device.iteration == 1 + next(index for index, gap in enumerate(gaps) if gap <= limit)
    assert device.gap <= limit


def test_what_was_exported_goes_on_to_the_same_bits():
    problem = make_problem("unknown_bits")
    batch = Batch(problem, "float32", device="cpu")
    first = device_stepper(problem, batch=batch)
    first.advance(20, 0.0)
    saved = {name: array.copy() for name, array in first.export().items()}
    first.advance(20, 0.0)
    wanted = first.export()
    first.leave()
    again = device_stepper(problem, 7, batch=batch)
    again.restore(saved)
    assert (again.iteration, again.gap) == (20, saved["progress"][1])
    np.testing.assert_array_equal(again.weights, saved["mean_w"])
    again.advance(20, 0.0)
    for name, array in again.export().items():
        np.testing.assert_array_equal(array, wanted[name])
    with pytest.raises(DataError, match="nothing for w"):
        again.restore({})


def test_a_state_that_is_no_longer_finite_is_said_to_be():
    problem = make_problem("layers")
    device = device_stepper(problem, precision="float32")
    saved = {name: array.copy() for name, array in device.export().items()}
    saved["w"][:] = np.inf
    device.restore(saved)
    with pytest.raises(ProjectionError, match=r"left the range of float32\. Use a smaller beta"):
        device.advance(2, 0.0)


# -- sums ---------------------------------------------------------------------------------------------------


def test_sums_of_rows_that_belong_together_are_those_of_each_set():
    rng = np.random.default_rng(0)
    members = [rng.choice(40, size, replace=False) for size in (0, 1, 5, 17, 4, 0, 3, 40)]
    rows = rng.random((40, 3))
    sums = Sums(members)
    assert len(sums.tables) <= 6
    wanted = np.array([rows[each].sum(0) for each in members])
    for found, factor in zip(sums(NUMPY, rows, 2 * rows), (1, 2), strict=True):
        np.testing.assert_allclose(found, factor * wanted)

"""The iteration from given weights and values, with some nodes frozen: a hole in a circuit is solved anew."""

from __future__ import annotations

import numpy as np
import pytest
from numba import config
from support.naive import NaiveNetworkA, NaiveNetworkB, NetworkPoint, naive_gap2, naive_reweigh

from btfnet.engines.completion.completion_check import complete_at, verify_completion
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.projections.start import Start
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.errors import DataError, UsageError
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.projections.reconcile import PairStepper
from btfnet.settings import Settings

JIT = not config.DISABLE_JIT
SETTINGS = Settings(sigma=3.0, beta=0.4, gamma=0.002)


def planted(seed=0, widths=(6, 5, 5, 3), n_items=40):
    """A problem, and a walker that stands on a circuit which solves it."""
    rng = np.random.default_rng(seed)
    network = Network.layered(list(widths))
    inputs = np.where(rng.random((n_items, widths[0])) < 0.5, -1, 1)
    circuit = GateSearch(network, inputs > 0, np.zeros((n_items, widths[-1]), dtype=bool), rng)
    outputs = circuit.values()[:, network.output_nodes.start :]
    problem = Problem("planted", network, inputs, np.where(outputs, 1, -1))
    return problem, circuit


def start_of(circuit, frozen=None):
    return Start(circuit.weights(), np.where(circuit.values(), 1, -1), frozen)


def stepper_of(problem, start, **options):
    return NetworkStepper(problem, SETTINGS, np.random.default_rng(0), start=start, **options)


def frozen_but(problem, *free):
    frozen = np.ones(problem.network.n_nodes, dtype=bool)
    frozen[list(free)] = False
    return frozen


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_from_an_exact_circuit_the_gap_is_zero_and_nothing_moves(precision):
    problem, circuit = planted()
    stepper = stepper_of(problem, start_of(circuit), precision=precision)
    before = stepper.point()
    stepper.advance(10, 0.0)
    assert stepper.gap < (1e-6 if precision == "float32" else 1e-14)
    np.testing.assert_allclose(stepper.weights, circuit.weights(), atol=1e-5)
    for now, then in zip(stepper.point(), before, strict=True):
        np.testing.assert_allclose(now, then, atol=1e-5)


@pytest.mark.parametrize("threads", [1, 2])
def test_weights_of_frozen_nodes_never_change_and_others_do(threads):
    problem, circuit = planted(n_items=100)
    rng = np.random.default_rng(1)
    weights = rng.uniform(-1, 1, problem.network.n_edges)  # of no norm in particular, and not a solution
    frozen = rng.random(problem.network.n_nodes) < 0.5
    values = np.where(circuit.values(), 1, -1)
    stepper = stepper_of(problem, Start(weights, values, frozen), precision="float64", threads=threads)
    stepper.advance(30, 0.0)
    for node in problem.network.btf_nodes:
        edges = problem.network.edges(node)
        given = weights[edges] * np.sqrt(len(weights[edges]) / (weights[edges] ** 2).sum())
        assert np.allclose(stepper.weights[edges], given, rtol=1e-12, atol=0) == frozen[node]


def test_a_start_with_frozen_nodes_follows_the_general_engine_step_by_step():
    problem, circuit = planted(3, (4, 3, 2), 12)
    rng = np.random.default_rng(2)
    frozen = np.arange(problem.network.n_nodes) % 2 == 0
    start = Start(
        circuit.weights() + rng.uniform(-1, 1, problem.network.n_edges),
        rng.uniform(-1, 1, (12, problem.network.n_nodes)),
        frozen,
    )
    stepper = stepper_of(problem, start, precision="float64")
    held = stepper.weights

    class FrozenB(NaiveNetworkB):
        def _weights(self, w):
            agreed = super()._weights(w)
            for node in problem.network.btf_nodes:
                if frozen[node]:
                    agreed[:, problem.network.edges(node)] = held[problem.network.edges(node)]
            return agreed

    class Recorder:
        def project(self, point):
            self.found = a.project(point)
            return self.found

    a, b, recorder, mean = NaiveNetworkA(problem, SETTINGS.sigma), FrozenB(problem), Recorder(), None
    point = NetworkPoint(problem).join(*stepper.point())
    pair = PairStepper(recorder, b, point, SETTINGS.beta)
    for _ in range(60 if JIT else 8):
        stepper.advance(1, 0.0)
        pair.advance(1, 0.0)
        gap2 = naive_gap2(problem, recorder.found, pair.point)
        b.g = naive_reweigh(b.g, gap2, mean, SETTINGS.gamma)
        mean = float(gap2.mean())
        assert stepper.gap == pytest.approx(mean**0.5, rel=1e-6)
    np.testing.assert_allclose(NetworkPoint(problem).join(*stepper.point()), pair.v, atol=1e-6)


def with_hole(problem, circuit, seed, n_nodes=4):
    """Weights and values of a circuit, random at some nodes, and which these are."""
    rng = np.random.default_rng(seed)
    hole = rng.choice(problem.network.btf_nodes, n_nodes, replace=False)
    weights, values = circuit.weights(), np.where(circuit.values(), 1.0, -1.0)
    values[:, hole] = rng.uniform(-1, 1, (problem.n_train, n_nodes))
    for node in hole:
        edges = problem.network.edges(node)
        weights[edges] = rng.uniform(-1, 1, len(weights[edges]))
    return weights, values, hole


def solves(problem, start, iterations):
    """Whether so many iterations, completed every 100, find an exact circuit."""
    settings = Settings(sigma=3.0, beta=0.5, gamma=0.002)
    stepper = NetworkStepper(problem, settings, np.random.default_rng(0), start=start)
    while stepper.iteration < iterations:
        stepper.advance(100, 0.01)
        if verify_completion(problem, complete_at(problem, stepper, 3.0)).exact:
            return True
    return False


@pytest.mark.skipif(not JIT, reason="thousands of iterations")
def test_a_hole_in_an_exact_circuit_is_solved_anew_and_sooner_with_the_rest_frozen():
    """Four of 13 nodes start at random; 11 frozen, 8 free, 3 random starts of 12 when this was written."""
    solved = np.zeros(3, dtype=int)
    for seed in range(12):
        problem, circuit = planted(seed)
        weights, values, hole = with_hole(problem, circuit, seed)
        starts = (Start(weights, values, frozen_but(problem, *hole)), Start(weights, values), None)
        solved += [solves(problem, start, 2000) for start in starts]
    assert solved[0] >= 8
    assert solved[0] > solved[1] > solved[2]


def test_known_values_are_those_of_the_data_whatever_the_start_says():
    problem, circuit = planted()
    values = np.zeros((problem.n_train, problem.network.n_nodes))
    _, x, y = stepper_of(problem, Start(circuit.weights(), values)).point()
    inputs = slice(1, problem.network.n_inputs + 1)
    np.testing.assert_array_equal(y[:, 0], -1)
    np.testing.assert_array_equal(y[:, inputs], problem.inputs)
    np.testing.assert_array_equal(y[:, problem.network.output_nodes.start :], problem.outputs)
    np.testing.assert_array_equal(x, y[:, problem.network.fan_in])


def test_outputs_that_do_not_count_start_where_the_start_says():
    problem, circuit = planted()
    care = np.random.default_rng(0).random(problem.outputs.shape) < 0.7
    loose = Problem("loose", problem.network, problem.inputs, problem.outputs, care=care)
    values = np.full((problem.n_train, problem.network.n_nodes), 0.25)
    y = stepper_of(loose, Start(circuit.weights(), values)).point()[2][
        :, problem.network.output_nodes.start :
    ]
    np.testing.assert_array_equal(y, np.where(care, problem.outputs, 0.25))
    stepper = stepper_of(loose, start_of(circuit))
    stepper.advance(5, 0.0)
    assert stepper.gap < 1e-6


def test_unknown_inputs_start_where_the_start_says():
    problem, circuit = planted()
    coded = Problem("coded", problem.network, np.empty((40, 0)), problem.outputs, "unknown_bits")
    stepper = stepper_of(coded, start_of(circuit))
    stepper.advance(5, 0.0)
    assert stepper.gap < 1e-6
    np.testing.assert_array_equal(stepper.codes(), problem.inputs)


def test_a_frozen_run_goes_on_where_it_was_saved_even_in_a_stepper_made_without_start():
    problem, circuit = planted()
    start = Start(circuit.weights(), np.zeros((40, problem.network.n_nodes)), frozen_but(problem, 8, 12))
    first, second = stepper_of(problem, start), NetworkStepper(problem, SETTINGS, np.random.default_rng(9))
    first.advance(5, 0.0)
    second.restore({name: array.copy() for name, array in first.export().items()})
    for stepper in (first, second):
        stepper.advance(20, 0.0)
    for mine, other in zip(first.point(), second.point(), strict=True):
        np.testing.assert_array_equal(mine, other)
    np.testing.assert_array_equal(first.weights, second.weights)


def test_a_state_saved_without_frozen_nodes_is_of_another_version():
    problem, circuit = planted()
    stepper = stepper_of(problem, start_of(circuit))
    saved = stepper.export()
    del saved["frozen"]
    with pytest.raises(DataError, match="frozen"):
        stepper.restore(saved)


@pytest.mark.parametrize("part", ["weights", "values", "frozen"])
def test_a_start_of_another_shape_is_refused_with_both_shapes(part):
    problem, circuit = planted()
    parts = vars(start_of(circuit, frozen_but(problem))).copy()
    parts[part] = parts[part][:-1]
    with pytest.raises(UsageError, match=rf"start's {part} have shape .* give "):
        stepper_of(problem, Start(**parts))


def test_a_start_that_is_not_finite_or_without_weights_is_refused():
    problem, circuit = planted()
    values = np.where(circuit.values(), 1.0, -1.0)
    weights = circuit.weights()
    weights[problem.network.edges(9)] = 0
    with pytest.raises(UsageError, match="all 0"):
        stepper_of(problem, Start(weights, values))
    values[3, 3] = np.nan
    with pytest.raises(UsageError, match="values are not all finite"):
        stepper_of(problem, Start(circuit.weights(), values))


def test_values_of_a_walker_are_what_its_circuit_computes():
    problem, circuit = planted()
    values = circuit.values()
    assert not values[:, 0].any()
    np.testing.assert_array_equal(values[:, 1 : problem.network.n_inputs + 1], problem.inputs > 0)
    predicted = circuit.circuit("planted").predict(problem.inputs > 0)
    np.testing.assert_array_equal(values[:, problem.network.output_nodes.start :], predicted > 0)

"""Output bits that do not count, in the engines: never counted, never fitted, never fixed."""

from __future__ import annotations

import numpy as np
import pytest
from numba import config
from support.care_samples import SQUARE, XOR, possible_only_with_care, random_problem, with_other_values

import btfnet
from btfnet.engines.completion.completion_check import recode
from btfnet.engines.completion.fit import TargetBits, complete
from btfnet.engines.completion.rationalise import rationalise
from btfnet.engines.descent.engine import DescentStepper
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.errors import DataError
from btfnet.kernels.projections.blocks import from_lanes
from btfnet.logic.verify import verify_items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind
from btfnet.settings import Settings

JIT = not config.DISABLE_JIT


@pytest.mark.parametrize("seed", range(3))
def test_both_engines_count_as_plain_loops_do(seed):
    problem = random_problem(seed, n_train=50)
    descent = DescentStepper(problem, np.random.default_rng(seed))
    projections = NetworkStepper(problem, Settings(), np.random.default_rng(seed))
    for stepper in (descent, projections):
        stepper.advance(3, 0.0)
    rights = (
        descent.circuit().predict(problem.inputs, kind="signs") == problem.outputs,
        answers(problem.network, projections.weights, problem.inputs) == problem.outputs,
    )
    for stepper, right in zip((descent, projections), rights, strict=True):
        expected = []
        for items in (range(50), range(50, 70)):
            bits = [right[i, o] for i in items for o in range(3) if problem.care[i, o]]
            words = [all(right[i] | ~problem.care[i]) for i in items if any(problem.care[i])]
            expected += [np.mean(bits), np.mean(words)]
        assert stepper.scores() == pytest.approx(expected)
    assert descent.gap == round((1 - descent.scores()[0]) * problem.n_train_bits)


def answers(network, weights, inputs):
    """The outputs, (n_items, n_outputs), of plain loops over nodes and edges."""
    found = []
    for item in inputs:
        values = [-1, *item]
        for node in range(len(values), network.n_nodes):
            edges = range(network.fan_in_start[node], network.fan_in_start[node + 1])
            values.append(1 if sum(weights[e] * values[network.fan_in[e]] for e in edges) > 0 else -1)
        found.append(values[-network.n_outputs :])
    return np.array(found)


@pytest.mark.parametrize("seed", range(3))
def test_verification_looks_only_at_bits_that_count(seed):
    problem = random_problem(seed)
    search = GateSearch.of(problem, np.random.default_rng(seed))
    circuit, inputs = search.circuit("c"), problem.inputs > 0
    wrong = (circuit.predict(inputs, kind="signs") != problem.outputs) & problem.care
    verdict = verify_items(circuit, inputs, problem.outputs > 0, problem.care)
    assert verdict.n_wrong_bits == wrong.sum() == search.error
    assert verdict.n_wrong_items == wrong.any(axis=1).sum()
    example = verdict.counterexample
    assert example.item == np.flatnonzero(wrong.any(axis=1))[0]
    assert [bit is not None for bit in example.expected] == problem.care[example.item].tolist()
    assert str(example).count("-") == (~problem.care[example.item]).sum()
    assert verify_items(circuit, inputs, circuit.predict(inputs), problem.care).exact
    with pytest.raises(DataError, match=r"care has the shape \(69, 3\), but the outputs have \(70, 3\)"):
        verify_items(circuit, inputs, problem.outputs > 0, problem.care[1:])


@pytest.mark.parametrize("sigma", [3, 7])
@pytest.mark.parametrize("seed", range(3))
def test_completion_fits_and_counts_only_bits_that_count(seed, sigma):
    problem = random_problem(seed)
    network, inputs = problem.network, problem.inputs > 0
    hidden = np.random.default_rng(seed).random((70, 5)) < 0.5
    weights = np.random.default_rng(seed).normal(size=network.n_edges)

    def completed(outputs, method):
        sheet = TargetBits.of(network, inputs, hidden, outputs > 0, problem.care)
        return method(network, weights, sheet, sigma)

    for method in (complete, lambda *arguments: rationalise(*arguments).completion)[: 2 if JIT else 1]:
        one = completed(problem.outputs, method)
        other = completed(np.where(problem.care, problem.outputs, 1), method)
        np.testing.assert_array_equal(one.weights, other.weights)
        wrong = (one.circuit("c").predict(inputs, kind="signs") != problem.outputs) & problem.care
        assert one.wrong_bits == other.wrong_bits == wrong.sum()
        np.testing.assert_array_equal(one.wrong[-3:], wrong.sum(axis=0))


def test_a_completed_output_is_the_best_gate_for_the_bits_that_count():
    network, inputs = Network.layered([2, 1]), SQUARE > 0
    care = np.array([[True], [True], [True], [False]])
    sheet = TargetBits.of(network, inputs, np.zeros((4, 0), bool), XOR > 0, care)
    assert complete(network, np.zeros(3), sheet, 3).exact
    without = TargetBits.of(network, inputs, np.zeros((4, 0), bool), XOR > 0)
    assert not complete(network, np.zeros(3), without, 3).exact


def test_codes_are_chosen_by_the_bits_that_count():
    circuit = btfnet.Circuit(2, (), (1, -2))
    outputs, care = np.array([[True, True], [False, False]]), np.array([[False, True], [True, True]])
    codes = recode(circuit, np.zeros((2, 2), bool), outputs, InputKind.UNKNOWN_BITS, care)
    np.testing.assert_array_equal(codes, [[False, False], [False, True]])


def test_outputs_that_do_not_count_are_free_in_b_and_the_others_stay_at_their_data():
    problem = random_problem(3)
    one = NetworkStepper(problem, Settings(), np.random.default_rng(0))
    other = NetworkStepper(with_other_values(problem), Settings(), np.random.default_rng(0))
    for stepper in (one, other):
        stepper.advance(10, 0.0)
    np.testing.assert_array_equal(one.weights, other.weights)
    in_b = from_lanes(one.export()["z"][:, problem.network.output_nodes.start :], 70)
    np.testing.assert_array_equal(in_b[problem.care], problem.outputs[problem.care])
    assert np.abs(np.abs(in_b[~problem.care]) - 1).max() > 1e-3


@pytest.mark.needs_jit
def test_the_gap_closes_where_only_care_makes_it_possible():
    """The projections alone, without looks that complete them to gates."""
    inputs, outputs, care = possible_only_with_care()
    problem = Problem.from_bits(inputs, outputs, hidden=(), care=care)
    stepper = NetworkStepper(problem, Settings(beta=0.5, gamma=1e-3), np.random.default_rng(0))
    stepper.advance(3000, 1e-3)
    assert stepper.gap <= 1e-3
    unsolvable = NetworkStepper(
        Problem.from_bits(SQUARE, XOR, hidden=()), Settings(beta=0.5, gamma=1e-3), np.random.default_rng(0)
    )
    unsolvable.advance(3000, 1e-3)
    assert unsolvable.gap > 1e-3

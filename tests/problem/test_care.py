"""Output bits that do not count: never counted, never fitted, never fixed; and the scores of classes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numba import config

import btfnet
from btfnet.engines.completion.completion_check import recode
from btfnet.engines.completion.fit import TargetBits, complete
from btfnet.engines.completion.rationalise import rationalise
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.descent.stepper import DescentStepper
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.errors import BtfnetWarning, DataError
from btfnet.logic.verify import verify_items
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind, OutputKind
from btfnet.search.persistence.identity import digest
from btfnet.settings import Settings

JIT = not config.DISABLE_JIT
needs_jit = pytest.mark.skipif(not JIT, reason="whole searches need compiled kernels")
SQUARE = np.array(list(itertools.product((0, 1), repeat=2)))
XOR = SQUARE[:, :1] ^ SQUARE[:, 1:]


def random_problem(seed, n_items=70, share=0.5, **more):
    rng = np.random.default_rng(seed)
    inputs = (np.arange(n_items)[:, None] >> np.arange(7)) & 1
    outputs, care = (rng.random((n_items, 3)) < part for part in (0.5, share))
    return Problem.from_bits(inputs, outputs, hidden=(5,), care=care, **more)


def with_other_values(problem):
    """The same problem, from outputs that are all different where they do not count."""
    outputs = np.where(problem.care, problem.outputs, 1)
    return Problem("other", problem.network, Items(problem.inputs, outputs, care=problem.care))


# -- what a problem says ----------------------------------------------------------------------------------


def test_outputs_that_do_not_count_are_held_in_one_way():
    problem = random_problem(0)
    np.testing.assert_array_equal(problem.outputs, with_other_values(problem).outputs)
    assert (problem.outputs[~problem.care] == -1).all()
    assert problem.n_train_bits == problem.care.sum()
    with pytest.raises(ValueError, match="read-only"):
        problem.care[0, 0] = True


def test_care_everywhere_is_no_care():
    assert Problem.from_bits(SQUARE, XOR, care=np.ones((4, 1))).care is None
    assert Problem.from_bits(SQUARE, XOR).n_train_bits == 4


def test_nan_does_not_count_and_adds_to_what_is_given():
    outputs = np.array([[0, np.nan], [1, 1], [0, 1], [1, 0]])
    care = np.array([[1, 1], [1, 1], [0, 1], [1, 1]])
    for problem in (
        Problem.from_bits(SQUARE, outputs, care=care),
        Problem.from_arrays(SQUARE, outputs, Network.layered([2, 2]), care=care),
    ):
        assert problem.care.tolist() == [[True, False], [True, True], [False, True], [True, True]]
        assert problem.outputs.tolist() == [[-1, -1], [1, 1], [-1, 1], [1, -1]]


@pytest.mark.parametrize(
    "care, complaint",
    [
        (np.ones((4, 2)), r"care has the shape \(4, 2\), but the outputs have \(4, 1\)"),
        (np.ones(3), "care has the shape"),
        ([[1], [1], [2], [1]], "care holds other values than true and false"),
        ([[1], [1], [np.nan], [1]], "care holds other values"),
        ([["a"], ["b"], ["c"], ["d"]], "care holds other values"),
        (np.zeros((4, 1)), "no output bit of the 4 training items counts"),
    ],
)
def test_care_that_does_not_fit_is_refused(care, complaint):
    with pytest.raises(DataError, match=complaint):
        Problem.from_bits(SQUARE, XOR, care=care)


def test_items_contradict_each_other_only_in_bits_that_count_in_both():
    inputs, outputs = [[0, 1], [1, 1], [0, 1]], [[0, 1], [0, 0], [1, 1]]
    assert Problem.from_bits(inputs, outputs, care=[[0, 1], [1, 1], [1, 1]]).n_items == 3
    assert Problem.from_bits(inputs, outputs, care=[[1, 1], [1, 1], [0, 0]]).n_items == 3
    with pytest.raises(DataError, match=r"items 1 and 3 have the same inputs.*output 1: 0 and 1"):
        Problem.from_bits(inputs, outputs, care=[[1, 0], [1, 1], [1, 0]])


@pytest.mark.parametrize("seed", range(20))
def test_a_contradiction_hidden_behind_bits_that_do_not_count_is_found(seed):
    """Items 0 and k agree with every other one, but not with each other."""
    rng = np.random.default_rng(seed)
    inputs = np.concatenate([SQUARE, SQUARE, SQUARE])[rng.permutation(12)]
    outputs = inputs.sum(axis=1, keepdims=True) % 2 == [[0, 1]]
    care = rng.random((12, 2)) < 0.7
    first = int(rng.integers(0, 12))
    second = next(item for item in range(12) if item != first and (inputs[item] == inputs[first]).all())
    care[first, 1] = care[second, 1] = True
    assert Problem.from_bits(inputs, outputs, care=care).n_items == 12
    outputs[second, 1] ^= True
    with pytest.raises(DataError, match=r"same inputs but different outputs \(output 2"):
        Problem.from_bits(inputs, outputs, care=care)


def test_the_digest_knows_which_bits_count():
    problem = random_problem(1)
    assert digest(problem) == digest(with_other_values(problem))
    everywhere = Problem("all", problem.network, Items(problem.inputs, problem.outputs))
    other = Problem("care", problem.network, Items(problem.inputs, problem.outputs, care=problem.care[::-1]))
    assert len({digest(each) for each in (problem, everywhere, other)}) == 3


# -- what is counted --------------------------------------------------------------------------------------


def test_scores_and_the_constant_answer_count_what_counts():
    outputs = [[1, 1], [1, -1], [-1, -1], [1, 1]]
    care = [[1, 1], [1, 0], [0, 0], [0, 1]]
    inputs = 2 * SQUARE - 1
    problem = Problem("p", Network.layered([2, 2]), Items(inputs, outputs, care=care), n_train=2)
    found = np.array([[1, -1], [1, 1], [1, 1], [-1, 1]])
    assert problem.scores(found) == (2 / 3, 1 / 2, 1, 1)
    assert problem.constant_accuracy == (1, 1)
    nothing = Problem(
        "p", Network.layered([2, 2]), Items(inputs, outputs, care=[*care[:2], [0, 0], [0, 0]]), n_train=2
    )
    assert np.isnan(nothing.scores(found)[2:]).all()
    assert np.isnan(nothing.constant_accuracy).all()


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
    walker = GateSearch.of(problem, np.random.default_rng(seed))
    circuit, inputs = walker.circuit("c"), problem.inputs > 0
    wrong = (circuit.predict(inputs, kind="signs") != problem.outputs) & problem.care
    verdict = verify_items(circuit, inputs, problem.outputs > 0, problem.care)
    assert verdict.n_wrong_bits == wrong.sum() == walker.error
    assert verdict.n_wrong_items == wrong.any(axis=1).sum()
    example = verdict.counterexample
    assert example.item == np.flatnonzero(wrong.any(axis=1))[0]
    assert [bit is not None for bit in example.expected] == problem.care[example.item].tolist()
    assert str(example).count("-") == (~problem.care[example.item]).sum()
    assert verify_items(circuit, inputs, circuit.predict(inputs), problem.care).exact
    with pytest.raises(DataError, match=r"care is an array of int64 of the shape \(70, 3\)"):
        verify_items(circuit, inputs, problem.outputs > 0, problem.care.astype(np.int64))


# -- what is fitted ---------------------------------------------------------------------------------------


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
    in_b = one._state.z[:, problem.network.output_nodes.start :].transpose(0, 2, 1).reshape(-1, 3)[:70]
    np.testing.assert_array_equal(in_b[problem.care], problem.outputs[problem.care])
    assert np.abs(np.abs(in_b[~problem.care]) - 1).max() > 1e-3


# -- whole searches ---------------------------------------------------------------------------------------


def possible_only_with_care():
    """Xor by a single node, and an item that contradicts another; one bit of each does not count."""
    inputs, outputs = np.concatenate([SQUARE, SQUARE[:1]]), np.concatenate([XOR, 1 - XOR[:1]])
    return inputs, outputs, np.array([[1], [1], [1], [0], [0]])


@needs_jit
@pytest.mark.parametrize("engine", ["rrr", "descent", "rrr+descent"])
def test_bits_that_do_not_count_make_the_impossible_possible(engine):
    inputs, outputs, care = possible_only_with_care()
    with pytest.raises(DataError, match="same inputs but different outputs"):
        Problem.from_bits(inputs, outputs)
    settings = Settings(beta=0.5, gamma=1e-3, max_iterations=2000)
    alone = Problem.from_bits(SQUARE, XOR)
    with pytest.warns(BtfnetWarning, match="output 1 is one gate of inputs"):
        assert not btfnet.solve(alone, settings, trials=2, engine=engine).exact
    problem = Problem.from_bits(inputs, outputs, care=care)
    result = btfnet.solve(problem, settings, trials=5, engine=engine)
    assert result.exact
    assert result.kept.score.train_bits == result.kept.score.train_words == 1
    assert result.circuit.predict(inputs[:3]).tolist() == outputs[:3].tolist()


@needs_jit
def test_the_gap_closes_where_only_care_makes_it_possible():
    """The projections alone, without looks that complete them to gates."""
    inputs, outputs, care = possible_only_with_care()
    problem = Problem.from_bits(inputs, outputs, care=care)
    stepper = NetworkStepper(problem, Settings(beta=0.5, gamma=1e-3), np.random.default_rng(0))
    stepper.advance(3000, 1e-3)
    assert stepper.gap <= 1e-3
    unsolvable = NetworkStepper(
        Problem.from_bits(SQUARE, XOR), Settings(beta=0.5, gamma=1e-3), np.random.default_rng(0)
    )
    unsolvable.advance(3000, 1e-3)
    assert unsolvable.gap > 1e-3


@needs_jit
def test_items_of_which_no_bit_counts_are_welcome():
    outputs = np.where(np.arange(4)[:, None] == 3, np.nan, XOR)
    result = btfnet.solve(
        Problem.from_bits(SQUARE, outputs), Settings(beta=0.5, max_iterations=2000), trials=3
    )
    assert result.exact


# -- classes ----------------------------------------------------------------------------------------------


def classes(labels, care=None):
    network = Network.layered([2, 3])
    return Problem.from_arrays(SQUARE, labels, network, output_kind=OutputKind.CLASS, n_train=3, care=care)


def test_a_class_is_the_first_true_output_and_the_first_of_all_where_none_is():
    problem = classes([0, 1, 2, 0])
    found = np.array([[-1, -1, -1], [-1, 1, 1], [1, -1, 1], [1, 1, 1]])
    assert problem.scores(found) == (2 / 3, 2 / 3, 1, 1)


def test_the_constant_class_is_the_most_frequent_one():
    assert classes([1, 2, 1, 1]).constant_accuracy == (1, 1)
    assert classes([1, 2, 1, 2]).constant_accuracy == (0, 0)
    assert classes([1, 2, 1, 2]).with_train(4).constant_accuracy == (0.5, 0.5)


def test_a_class_counts_as_a_whole_or_not_at_all():
    care = np.ones((4, 3), dtype=bool)
    care[1] = False
    problem = classes([1, 2, 1, 1], care)
    assert problem.scores(problem.outputs) == (1, 1, 1, 1)
    assert problem.scores(-problem.outputs) == (0, 0, 0, 0)
    care[2, 0] = False
    with pytest.raises(DataError, match="item 3 counts in some of its class's outputs only"):
        classes([1, 2, 1, 1], care)


@needs_jit
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

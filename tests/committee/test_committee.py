"""Committees: the bits that they see, their votes, the one circuit that they are, and what they learn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numba import config
from support.committee_samples import SMALL, clusters
from support.naive_circuit import evaluate as evaluate_circuit

import btfnet
from btfnet import DataError, Network, Problem, UsageError
from btfnet.committee.committee import Committee
from btfnet.committee.comparisons import Comparisons
from btfnet.committee.training import output_code, train_committee
from btfnet.formats import read_circuit, write_circuit
from btfnet.formats.btf.classifier import load_classifier, write_classifier
from btfnet.logic.verify import training_fit

JIT = not config.DISABLE_JIT


def same(one: Committee, other: Committee) -> bool:
    pairs = list(zip(one.members, other.members, strict=True))
    return all(
        a.circuit == b.circuit
        and (a.code == b.code).all()
        and (a.comparisons.level == b.comparisons.level).all()
        for a, b in pairs
    )


# -- comparisons --------------------------------------------------------------------------------------------


def test_comparisons_weigh_a_few_inputs_that_change_half_of_them_negatively():
    inputs = np.random.default_rng(2).uniform(-1, 1, (30, 12)).astype(np.float32)
    inputs[:, 3] = 0.5
    weight = Comparisons.draw(inputs, 200, np.random.default_rng(0)).weight
    assert set(np.abs(weight).sum(axis=1).tolist()) == {2, 4, 8}
    assert (weight.sum(axis=1) == 0).all()
    assert (weight[:, 3] == 0).all()
    assert set(np.unique(weight)) == {-1, 0, 1}


def test_levels_lie_strictly_between_sums_that_were_seen():
    inputs = np.random.default_rng(3).integers(0, 4, (40, 9)).astype(np.float32)
    drawn = Comparisons.draw(inputs, 100, np.random.default_rng(0))
    sums = inputs @ drawn.weight.T
    assert ((sums < drawn.level).any(axis=0) & (sums > drawn.level).any(axis=0)).all()
    assert (sums != drawn.level).all()


def test_bits_are_the_sums_above_their_levels():
    inputs = np.random.default_rng(4).uniform(-1, 1, (7, 5)).astype(np.float32)
    drawn = Comparisons.draw(inputs, 20, np.random.default_rng(0))
    for item, bits in enumerate(drawn.encode(inputs)):
        for weight, level, bit in zip(drawn.weight, drawn.level, bits, strict=True):
            assert bit == (
                sum(float(w) * float(x) for w, x in zip(weight, inputs[item], strict=True)) > level
            )


def test_rows_of_another_length_are_refused():
    committee = train_committee(clusters(), **SMALL)
    with pytest.raises(DataError, match="rows of 6 values"):
        committee.predict(np.zeros((2, 5)))


# -- codes and votes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_classes", [2, 3, 10])
def test_every_output_asks_for_as_many_classes_as_against(n_classes):
    code = output_code(n_classes, 50, np.random.default_rng(3))
    assert code.shape == (n_classes, 50)
    assert (code.sum(axis=0) == 0).all()
    assert (code != 0).any(axis=0).all()


def test_votes_count_outputs_for_and_against_a_class():
    problem = clusters()
    committee = train_committee(problem, **SMALL)
    votes = committee.votes(problem.inputs)
    for item in range(0, problem.n_items, 17):
        expected = np.zeros(4, dtype=int)
        for member in committee.members:
            bits = member.comparisons.encode(problem.inputs[item : item + 1])[0]
            for output, value in enumerate(evaluate_circuit(member.circuit, bits)):
                expected += member.code[:, output] * (1 if value else -1)
        assert votes[item].tolist() == expected.tolist()


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_the_one_circuit_names_the_same_class_on_every_item_ties_included(n_classes):
    problem = clusters(n_classes, n_classes=n_classes)
    committee = train_committee(problem, **(SMALL | {"members": 2, "code_bits": 1}))
    votes = np.sort(committee.votes(problem.inputs), axis=1)
    assert (votes[:, -1] == votes[:, -2]).any()
    found = committee.circuit().predict(committee.comparisons.encode(problem.inputs))
    assert np.array_equal(found > 0, np.arange(n_classes) == committee.predict(problem.inputs)[:, None])


def test_the_circuit_survives_a_file(tmp_path):
    circuit = train_committee(clusters(), **SMALL).circuit()
    write_circuit(tmp_path / "clusters.json", circuit)
    assert read_circuit(tmp_path / "clusters.json") == circuit


# -- training -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("open_items", [0, 7])
def test_a_committee_knows_how_many_training_classes_are_wrong_and_tells_what_is_made_of_it(
    open_items, tmp_path
):
    problem = clusters(noise=0.6)
    if open_items:
        care = np.ones((120, 4), dtype=bool)
        care[:open_items] = False
        problem = replace(problem, items=replace(problem.items, care=care))
    committee = train_committee(problem, **SMALL)
    bits = committee.comparisons.encode(problem.inputs[:60])
    counted = training_fit(committee.circuit(), bits, problem.outputs[:60] > 0, problem.train_care)
    n_items = 60 - open_items
    assert committee.training == counted
    assert (committee.training.n_bits, committee.training.exact) == (4 * n_items, False)
    assert committee.circuit().training == committee.classifier().model.training == committee.training
    write_classifier(tmp_path / "m.btf", committee.classifier())
    assert load_classifier(tmp_path / "m.btf").model.training == committee.training


def test_the_same_seed_makes_the_same_committee_and_another_one_another():
    problem = clusters()
    first = train_committee(problem, **SMALL, seed=5)
    assert same(first, train_committee(problem, **SMALL, seed=5))
    assert not same(first, train_committee(problem, **SMALL, seed=6))


def test_test_items_are_never_seen():
    problem = clusters()
    others = problem.inputs.copy(), problem.outputs.copy()
    others[0][problem.n_train :] *= -0.3
    others[1][problem.n_train :] = np.roll(others[1][problem.n_train :], 1, axis=1)
    changed = replace(problem, items=replace(problem.items, inputs=others[0], outputs=others[1]))
    assert same(train_committee(problem, **SMALL), train_committee(changed, **SMALL))


@pytest.mark.needs_jit
@pytest.mark.skipif(not JIT, reason="too slow without compiled kernels")
def test_clusters_are_told_apart():
    problem = clusters(n_items=400, n_inputs=10)
    train, test = train_committee(problem, members=2, hidden=32, code_bits=31, fan_in=16).scores(problem)
    assert train > 0.95
    assert test > 0.9 > 2 * problem.constant_accuracy[0]


@pytest.mark.needs_jit
@pytest.mark.skipif(not JIT, reason="too slow without compiled kernels")
def test_two_networks_tell_handwritten_digits_from_256_examples():
    pytest.importorskip("sklearn")
    problem = btfnet.load("digits").problem.with_train(256)
    _, test = btfnet.train_committee(problem, members=2, code_bits=127).scores(problem)
    assert test > 0.88


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("value", [0, 2.5, True])
def test_sizes_must_be_whole_and_positive(name, value):
    with pytest.raises(UsageError, match=f"{name} is {value!r}"):
        train_committee(clusters(), **(SMALL | {name: value}))


def test_problems_without_classes_or_inputs_are_refused():
    bits = Problem.from_bits([[0, 1], [1, 0]], [[0, 1], [1, 0]])
    with pytest.raises(UsageError, match="outputs are bits"):
        train_committee(bits)
    unknown = Problem.from_arrays(None, [0, 1], Network.layered([2, 2]), input_kind="unknown_bits",
                                  output_kind="class")  # fmt: skip
    with pytest.raises(UsageError, match="inputs unknown_bits"):
        train_committee(unknown)


def test_inputs_that_never_change_are_named_as_the_reason():
    inputs = np.random.default_rng(0).uniform(-1, 1, (1, 6)).repeat(5, axis=0)
    problem = Problem.from_arrays(inputs, [2] * 5, Network.layered([6, 4]), input_kind="analog",
                                  output_kind="class")  # fmt: skip
    with pytest.raises(DataError, match="No input changes"):
        train_committee(problem, **SMALL)

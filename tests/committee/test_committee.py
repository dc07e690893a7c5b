"""Committees: the bits that they see, their votes, the one circuit that they are, and what they learn."""

from __future__ import annotations

import numpy as np
import pytest
from support.committee_samples import SMALL, clusters
from support.naive_circuit import evaluate as evaluate_circuit

from btfnet import DataError, Problem
from btfnet.committee.boosting import Boost, systematic
from btfnet.committee.comparisons import Comparisons
from btfnet.committee.member import Member
from btfnet.committee.questions import Questions
from btfnet.committee.training import train_committee
from btfnet.formats import read_circuit, write_circuit
from btfnet.logic.circuit import Circuit, Gate

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


# -- comparisons of tables, questions, votes ------------------------------------------------------------------


def test_a_table_is_compared_with_levels_between_its_values_and_with_sums():
    rng = np.random.default_rng(0)
    inputs = np.stack([rng.integers(0, 3, 300), rng.random(300), np.full(300, 5)], axis=1).astype(np.float32)
    found = Comparisons.of_table(inputs, rng)
    alone = np.abs(found.weight).sum(axis=1) == 1
    assert found.level[alone & (found.weight[:, 0] == 1)].tolist() == [0.5, 1.5]
    assert 20 < (alone & (found.weight[:, 1] == 1)).sum() <= 31
    assert not found.weight[:, 2].any()
    assert (~alone).sum() >= 256


@pytest.mark.parametrize("n_classes", [2, 3, 5, 10])
def test_a_question_has_as_many_classes_on_each_side_and_lowers_what_it_asks(n_classes):
    confused = np.ones((n_classes, n_classes))
    code = Questions(np.zeros(n_classes, dtype=np.int64)).drawn(confused, np.random.default_rng(3))
    assert code.sum() == 0
    assert 2 * min(2, n_classes // 2) == np.abs(code).sum()
    across = np.not_equal.outer(code, code) & (np.abs(np.multiply.outer(code, code)) == 1)
    assert (confused[across] < 1).all()
    assert (confused[~across] == 1).all()


def test_the_question_is_about_what_is_most_open_and_within_one_group():
    groups = np.array([0, 0, 1, 1])
    confused = np.zeros((4, 4))
    confused[2, 3] = 1
    for seed in range(5):
        code = Questions(groups).drawn(confused.copy(), np.random.default_rng(seed))
        assert sorted(code[2:].tolist()) == [-1, 1]
        assert code[:2].tolist() == [0, 0]


def test_items_are_drawn_as_often_as_their_weights_say():
    weights = np.array([0, 1, 2.5, 0, 0.5])
    drawn = systematic(weights, 400, np.random.default_rng(0))
    counts = np.bincount(drawn, minlength=5)
    assert counts[[0, 3]].tolist() == [0, 0]
    assert np.abs(counts - 100 * weights).max() <= 1
    assert (np.diff(drawn) >= 0).all()


def test_a_member_keeps_the_inputs_that_it_reads():
    circuit = Circuit(4, (Gate(2, (2, -4)), Gate(1, (5, 2))), (-6,))
    member = Member.of(np.array([7, 8, 9, 11]), circuit, np.array([1, -1], dtype=np.int8))
    assert member.inputs.tolist() == [8, 11]
    assert member.circuit == Circuit(2, (Gate(2, (1, -2)), Gate(1, (3, 1))), (-4,))
    constant = Member.of(np.array([3]), Circuit(1, (Gate(0, ()),), (2,)), np.array([1, -1], dtype=np.int8))
    assert (constant.inputs.size, constant.circuit.n_inputs) == (0, 0)


def test_votes_count_answers_for_and_against_a_class():
    problem = clusters()
    committee = train_committee(problem, **SMALL)
    votes = committee.votes(problem.inputs)
    features = committee.layer.features(problem.inputs)
    for item in range(0, problem.n_items, 17):
        expected = np.zeros(4, dtype=int)
        for member in committee.members:
            [value] = evaluate_circuit(member.circuit, features[item, member.inputs])
            expected += member.code * (1 if value else -1)
        assert votes[item].tolist() == expected.tolist()


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_the_one_circuit_names_the_same_class_on_every_item_ties_included(n_classes):
    problem = clusters(n_classes, n_classes=n_classes)
    committee = train_committee(problem, **(SMALL | {"members": 4}))
    votes = np.sort(committee.votes(problem.inputs), axis=1)
    assert (votes[:, -1] == votes[:, -2]).any()
    found = committee.circuit().predict(committee.comparisons.encode(problem.inputs))
    assert np.array_equal(found > 0, np.arange(n_classes) == committee.predict(problem.inputs)[:, None])


def test_several_boolean_outputs_are_learned_each_by_members_of_its_own():
    rng = np.random.default_rng(5)
    inputs = rng.integers(0, 2, (300, 6))
    outputs = np.stack([inputs[:, 0] | inputs[:, 1], inputs[:, 2] ^ inputs[:, 3], inputs[:, 5]], axis=1)
    problem = Problem.from_bits(inputs, outputs, n_train=200)
    boost = Boost(items=128, inputs=6, hidden=4, rounds=4)
    committee = train_committee(problem, members=40, boost=boost, validation=0)
    assert np.array_equal(committee.predict(inputs), outputs)
    assert committee.scores(problem) == (1, 1)
    assert committee.training.exact
    assert all(
        len({place // 2 for place in np.flatnonzero(member.code)}) == 1 for member in committee.members
    )
    assert np.array_equal(committee.circuit().predict(inputs), outputs)


def test_the_circuit_survives_a_file(tmp_path):
    circuit = train_committee(clusters(), **SMALL).circuit()
    write_circuit(tmp_path / "clusters.json", circuit)
    assert read_circuit(tmp_path / "clusters.json") == circuit

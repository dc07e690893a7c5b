"""Training committees: the same for a seed, as many members as validation items ask for, interrupted and not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numba import config
from support.committee_samples import SMALL, clusters

import btfnet
from btfnet import Checkpoint, DataError, Network, Problem, UsageError
from btfnet.committee.arrays import arrays_of, members_of
from btfnet.committee.boosting import BATCH, Boost
from btfnet.committee.committee import Committee
from btfnet.committee.course import Course
from btfnet.committee.pictures import Picture
from btfnet.committee.training import train_committee
from btfnet.formats.btf.classifier import load_classifier, write_classifier
from btfnet.logic.verify import training_fit

JIT = not config.DISABLE_JIT


def same(one: Committee, other: Committee) -> bool:
    pairs = list(zip(one.members, other.members, strict=True))
    return all(
        a.circuit == b.circuit and (a.code == b.code).all() and (a.inputs == b.inputs).all() for a, b in pairs
    )


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


def test_training_ends_when_told_so_while_there_is_no_executor():
    asked = []

    def nobody():
        asked.append(1)
        raise ConnectionError("nobody there")

    with pytest.warns(btfnet.errors.BtfnetWarning, match="No executor yet"), pytest.raises(KeyboardInterrupt):
        train_committee(clusters(), **SMALL, executor=nobody, stop=lambda: bool(asked))


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
    train, test = train_committee(problem, members=100).scores(problem)
    assert train > 0.95
    assert test > 0.9 > 2 * problem.constant_accuracy[0]


@pytest.mark.needs_jit
@pytest.mark.skipif(not JIT, reason="too slow without compiled kernels")
def test_handwritten_digits_are_told_from_256_examples():
    pytest.importorskip("sklearn")
    problem = btfnet.load("digits").problem.with_train(256)
    _, test = btfnet.train_committee(problem, members=200, validation=0).scores(problem)
    assert test > 0.88


@pytest.mark.parametrize("jobs", [2, 3])
def test_any_number_of_jobs_trains_the_same_committee(jobs):
    problem = clusters()
    assert same(train_committee(problem, **SMALL, jobs=1), train_committee(problem, **SMALL, jobs=jobs))


def test_validation_items_say_how_many_members_there_are_and_then_train_themselves():
    looks = []
    problem = clusters(noise=0.6)
    committee = train_committee(problem, **(SMALL | {"members": 60, "validation": 0.3}), report=looks.append)
    course = Course(18, 4)
    for look in looks:
        if look.right[1] is not None:
            course.add(look.right[1])
    again = [look for look in looks if look.right[1] is None]
    assert len(committee.members) == min(60, BATCH * course.best) == again[-1].members
    assert committee.training.n_items == 60


def test_training_ends_where_the_last_half_of_the_batches_brought_nothing_better():
    course = Course(10**6, 4)
    for place in range(80):
        course.add(0.1 + 0.01 * place)
    assert (course.best, course.is_over) == (80, False)
    while not course.is_over:
        course.add(0.9)
    assert 160 <= len(course.right) <= 300
    assert course.best == len(course.right)


def test_the_most_members_are_kept_that_are_no_more_than_chance_below_the_best():
    for n_judges, kept in ((50, 60), (10**6, 30)):
        course = Course(n_judges, 10)
        for place in range(60):
            course.add(0.9 if place < 30 else 0.88)
        assert course.best == pytest.approx(kept, abs=3)


@pytest.mark.parametrize("name", ["members", "jobs"])
@pytest.mark.parametrize("value", [0, 2.5, True])
def test_sizes_must_be_whole_and_positive(name, value):
    with pytest.raises(UsageError, match=f"{name} is {value!r}"):
        train_committee(clusters(), **(SMALL | {name: value}))


@pytest.mark.parametrize("name", ["items", "inputs", "hidden", "rounds"])
@pytest.mark.parametrize("value", [0, 2.5, True])
def test_sizes_of_members_must_be_whole_and_positive(name, value):
    with pytest.raises(UsageError, match=f"{name} is {value!r}"):
        Boost(**{name: value})


def test_problems_without_inputs_are_refused():
    unknown = Problem.from_arrays(None, [0, 1], Network.layered([2, 2]), input_kind="unknown_bits",
                                  output_kind="class")  # fmt: skip
    with pytest.raises(UsageError, match="these are unknown_bits"):
        train_committee(unknown)


def test_inputs_that_never_change_are_named_as_the_reason():
    inputs = np.random.default_rng(0).uniform(-1, 1, (1, 6)).repeat(5, axis=0)
    problem = Problem.from_arrays(inputs, [2] * 5, Network.layered([6, 4]), input_kind="analog",
                                  output_kind="class")  # fmt: skip
    with pytest.raises(DataError, match="No input changes"):
        train_committee(problem, **SMALL)


@pytest.mark.parametrize(("validation", "after"), [(0, 1), (0, 6), (0.3, 4), (0.3, 11)])
def test_an_interrupted_training_goes_on_and_ends_as_if_nothing_had_happened(tmp_path, validation, after):
    problem, how = clusters(noise=0.6), SMALL | {"members": 40, "validation": validation}
    done = []
    first = train_committee(
        problem,
        **how,
        checkpoint=Checkpoint(tmp_path / "c"),
        report=done.append,
        stop=lambda: len(done) >= after,
    )
    assert first.status.key == "interrupted"
    checkpoint = Checkpoint(tmp_path / "c", resume=True)
    assert same(train_committee(problem, **how, checkpoint=checkpoint), train_committee(problem, **how))
    with pytest.raises(DataError, match="belongs to another training: seed was 1 and is now"):
        train_committee(problem, **how, seed=7, checkpoint=Checkpoint(tmp_path / "c", resume=True))


def test_members_survive_being_arrays():
    members = train_committee(clusters(), **SMALL).members
    for one, other in zip(members, members_of(arrays_of(members)), strict=True):
        assert one.circuit == other.circuit
        assert one.inputs.tolist() == other.inputs.tolist()
        assert one.code.tolist() == other.code.tolist()
    broken = arrays_of(members)
    broken["n_literals"] = broken["n_literals"][1:]
    with pytest.raises(DataError, match="damaged"):
        members_of(broken)


def test_one_boolean_output_is_an_output_and_no_pair_of_classes(tmp_path):
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 2, (200, 6))
    for frame in (inputs, Named(inputs)):
        problem = Problem.from_bits(frame, inputs[:, :1] & inputs[:, 1:2], n_train=120)
        committee = train_committee(problem, members=20, validation=0)
        assert committee.scores(problem) == (1, 1)
        circuit = committee.circuit()
        assert (circuit.n_inputs, circuit.n_outputs) == (6, 1)
        assert circuit.input_names == (problem.input_names or tuple(f"x{number}" for number in range(6)))
        assert np.array_equal(circuit.predict(inputs), inputs[:, :1] & inputs[:, 1:2])
    with pytest.raises(UsageError, match=r"use circuit\(\)"):
        committee.classifier()


def test_bits_that_do_not_count_neither_train_nor_choose():
    rng = np.random.default_rng(1)
    inputs = rng.integers(0, 2, (300, 6))
    outputs = np.stack([inputs[:, 0], inputs[:, 1] | inputs[:, 2]], axis=1)
    care = rng.random((300, 2)) < 0.6
    lies = np.where(care, outputs, 1 - outputs)
    problem = Problem.from_bits(inputs, lies, care=care, n_train=200, n_validation=60)
    committee = train_committee(problem, members=40)
    assert np.array_equal(committee.predict(inputs), outputs)
    nothing = Problem.from_bits(
        inputs, outputs, care=np.arange(600).reshape(300, 2) % 2 == np.arange(300)[:, None] % 2
    )
    assert train_committee(nothing, members=8, validation=0).training.n_bits == 300


def test_classes_that_do_not_count_neither_train_nor_choose():
    problem = clusters(noise=0.1)
    care = np.ones((120, 4), dtype=bool)
    care[::3] = False
    labels = problem.outputs.argmax(axis=1)
    labels[::3] = 0
    given = {"input_kind": "analog", "output_kind": "class", "n_train": 60, "n_validation": 30, "care": care}
    changed = Problem.from_arrays(problem.inputs, labels, problem.network, **given)
    assert train_committee(changed, **SMALL).score(changed).test_words > 0.6


def test_items_count_by_their_weights():
    rng = np.random.default_rng(0)
    inputs = np.repeat(np.eye(4, dtype=int), 50, axis=0)
    labels = rng.integers(0, 2, 200)
    for heavy in (0, 1):
        problem = Problem.from_arrays(
            inputs,
            labels,
            Network.layered([4, 2]),
            output_kind="class",
            weights=np.where(labels == heavy, 50, 1),
        )
        found = train_committee(problem, members=20, validation=0).predict(inputs)
        assert (found == heavy).all()


def test_a_class_that_no_item_has_is_never_named():
    problem = clusters(noise=0.1)
    more = Network.layered([6, 4, 40])
    labels = problem.outputs.argmax(axis=1)
    wide = Problem.from_arrays(
        problem.inputs, labels, more, input_kind="analog", output_kind="class", n_train=60
    )
    committee = train_committee(wide, **(SMALL | {"members": 60}))
    assert committee.predict(problem.inputs).max() < 4
    assert committee.scores(wide)[0] > 0.8


@pytest.mark.parametrize("items", [np.zeros((6, 3)), np.ones((1, 3))], ids=["constant", "one"])
def test_bits_that_never_change_are_named_as_the_reason(items):
    problem = Problem.from_arrays(items, [0] * len(items), Network.layered([3, 2]), output_kind="class")
    with pytest.raises(DataError, match="No input changes"):
        train_committee(problem, **SMALL)


def test_pictures_of_boolean_outputs_and_too_large_ones_are_refused():
    rng = np.random.default_rng(0)
    bits = Problem.from_bits(rng.integers(0, 2, (20, 9)), rng.integers(0, 2, 20))
    with pytest.raises(UsageError, match="not from pictures"):
        train_committee(bits, picture=Picture(3, 3))
    with pytest.raises(UsageError, match="channels is 33"):
        Picture(3, 3, 33)
    assert train_committee(bits, boost=Boost(sure=1, items=32, rounds=1), members=4).members


class Named:
    """A data frame of six columns."""

    columns = tuple("abcdef")

    def __init__(self, rows):
        self.rows = rows

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.rows, dtype=dtype)

    def __getitem__(self, names):
        return Named(self.rows[:, ["abcdef".index(name) for name in names]])

"""Learning a table: the rule behind it is found, noise is ignored, and what is no rule is told."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from support.table_samples import QUICK, people, without

import btfnet
from btfnet.errors import DataError, UsageError
from btfnet.tables.choice import Tried, chosen, deficit, needless, step_of
from btfnet.tables.complete import has_every_combination
from btfnet.tables.learner import gates_for
from btfnet.tables.table import Table
from btfnet.tables.ways import WAYS, Boosted, Exact, Single

pytestmark = pytest.mark.needs_jit


@pytest.fixture(scope="module")
def model():
    return btfnet.learn(people(300), "class", gates=30, ways=QUICK)


def test_the_rule_behind_a_table_is_found(model):
    assert model.score(people(500, seed=9), people(500, seed=9)["class"]) > 0.97


def test_labels_come_back_as_they_were(model):
    assert set(model.predict(people(50, seed=2)).tolist()) == {"in", "out"}


def test_probabilities_follow_the_votes(model):
    rows = people(200, seed=5)
    chances = model.predict_proba(rows)
    assert chances.shape == (200, 2)
    assert np.allclose(chances.sum(axis=1), 1)
    votes = model.votes(rows)[0]
    clear = votes[:, 0] != votes[:, 1]
    assert (chances.argmax(axis=1) == model.classes(rows)[:, 0])[clear].all()


def test_the_circuit_needs_no_condition_that_nothing_depends_on(model):
    used = {abs(literal) for gate in model.circuit.gates for literal in gate.literals}
    used |= set(map(abs, model.circuit.outputs))
    assert model.circuit.n_inputs == len(model.encoder.conditions)
    assert model.circuit.input_names == model.encoder.names
    assert len(model.circuit.gates) <= 30


def test_circuit_and_votes_give_the_same_class(model):
    rows = people(300, seed=6)
    votes = model.votes(rows)[0]
    assert np.array_equal(votes.argmax(axis=1), model.classes(rows)[:, 0])


def test_training_says_how_many_labels_are_wrong(model):
    rows = people(300)
    wrong = int((model.predict(rows) != np.array(rows["class"], dtype=object)).sum())
    assert (model.training.wrong_items, model.training.n_items) == (wrong, 300)


def test_the_same_seed_gives_the_same_model_whatever_the_jobs():
    one, two = (btfnet.learn(people(), "class", gates=12, ways=QUICK, jobs=jobs) for jobs in (1, 2))
    assert one.circuit == two.circuit
    assert one.learned[0].expected == two.learned[0].expected


def test_parity_under_much_noise_is_found_exactly():
    rng = np.random.default_rng(3)
    bits = rng.integers(0, 2, (3000, 12))
    label = bits[:, 0] ^ bits[:, 1] ^ (rng.random(3000) < 0.4)
    clean = rng.integers(0, 2, (2000, 12))
    model = btfnet.learn(bits, labels=label, ways=(Boosted(6, 0.05), Single()))
    assert model.score(clean, clean[:, 0] ^ clean[:, 1]) == 1


def test_a_table_of_every_combination_is_reproduced_exactly():
    rows = [(a, b, c) for a in range(3) for b in range(3) for c in range(2)]
    label = ["same" if a == b else "up" if (a < b) != c else "down" for a, b, c in rows]
    columns = dict(zip("abc", map(list, zip(*rows, strict=True)), strict=True))
    model = btfnet.learn(columns, labels=label)
    assert model.predict(columns).tolist() == label
    assert model.training.exact


def test_numbers_that_leave_room_between_them_are_not_every_combination():
    labels = ["low", "high"] * 8
    for values, complete in (
        (range(16), True),
        (range(0, 32, 2), False),
        ([k + 0.5 for k in range(16)], False),
    ):
        table = Table.of({"x": list(values)[::-1], "y": labels})
        assert has_every_combination(table, ["y"]) == complete


def test_a_few_rows_without_measured_numbers_are_reproduced_whole():
    rows = np.array([[a, b, c, d] for a in (0, 1) for b in (0, 1) for c in (0, 1) for d in (0, 1)])[:10]
    columns = {name: rows[:, place] for place, name in enumerate("abcd")}
    model = btfnet.learn(columns | {"p": rows.sum(axis=1) % 2, "q": rows[:, 0] ^ rows[:, 2]}, ["p", "q"])
    assert model.training.exact
    assert len(model.circuit.gates) < 20


def test_several_boolean_targets_of_a_truth_table_share_a_circuit():
    rows = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
    columns = {name: rows[:, place] for place, name in enumerate("abc")}
    columns |= {"sum": rows.sum(axis=1) % 2, "carry": rows.sum(axis=1) > 1}
    model = btfnet.learn(columns, ["sum", "carry"])
    assert model.training.exact
    assert model.circuit.output_names == ("sum", "carry")
    assert model.predict(rows).tolist() == [[r.sum() % 2, int(r.sum() > 1)] for r in rows]


def test_several_targets_of_an_ordinary_table_are_learned():
    columns = people(200)
    columns["old"] = [age >= 50 for age in columns["age"]]
    greys = zip(columns["colour"], columns["age"], strict=True)
    columns["group"] = [colour if age < 60 else "grey" for colour, age in greys]
    model = btfnet.learn(columns, ["class", "old", "group"], gates=60, ways=QUICK)
    found = model.predict(without(columns, "class", "old", "group"))
    assert found.shape == (200, 3)
    assert (found[:, 1].astype(int) == np.array(columns["old"])).mean() == 1
    assert (found[:, 2] == np.array(columns["group"], dtype=object)).mean() > 0.95
    assert [len(each) for each in model.predict_proba(columns)] == [200] * 3


def test_rows_without_a_label_are_not_learned():
    columns = people()
    half = [label if place % 2 else None for place, label in enumerate(columns["class"])]
    model = btfnet.learn(columns | {"class": half}, "class", gates=5, ways=QUICK)
    assert model.training.n_items == 60


def test_a_label_that_training_never_saw_is_wrong_and_none_is_left_out(model):
    rows = people(10, seed=2)
    assert model.score(rows, ["new"] * 5 + [None] * 5) == 0


def test_gates_are_at_most_so_many():
    assert len(btfnet.learn(people(), "class", gates=5, ways=QUICK).circuit.gates) <= 5


def test_gates_are_shared_among_several_targets():
    columns = people(80)
    columns["old"] = [age >= 50 for age in columns["age"]]
    assert len(btfnet.learn(columns, ["class", "old"], gates=10, ways=QUICK).circuit.gates) <= 10


def test_many_classes_have_gates_for_all_comparisons():
    assert gates_for(2) == 100
    assert gates_for(10) == 600
    assert gates_for(200) > 200 * 199 // 2 + 200


def test_three_classes_are_told_apart_and_exactly_one_is_true():
    columns = people(200)
    columns["class"] = ["a" if age < 35 else "b" if age < 60 else "c" for age in columns["age"]]
    model = btfnet.learn(columns, "class", ways=(Boosted(2, 0.2), Exact(1)))
    outputs = model.circuit.predict(model.encode(columns))
    assert (outputs.sum(axis=1) == 1).all()
    assert model.score(columns, columns["class"]) == 1


@pytest.mark.parametrize(
    "table, target, error, says",
    [
        ({"a": [1, 2] * 9, "class": ["x"] * 18}, None, DataError, "one value only"),
        (
            {"a": ["k"] * 18, "class": ["x", "y"] * 9},
            None,
            DataError,
            "no column tells anything: 'a \\(constant",
        ),
        ({"a": [1, 2] * 9}, "a", UsageError, "no column is left"),
        ({"a": [1, 2] * 9, "b": [1, 2] * 9}, "c", UsageError, "no column c"),
        (np.zeros(4), None, DataError, "1 dimensions"),
        ({"a": [1, 2], "class": ["x"]}, None, DataError, "columns of"),
    ],
    ids=["constant", "nothing", "all", "unknown", "flat", "lengths"],
)
def test_what_cannot_be_learned_is_told(table, target, error, says):
    with pytest.raises(error, match=says):
        btfnet.learn(table, target)


def test_labels_must_be_as_many_as_rows():
    with pytest.raises(DataError, match="4 rows and 3 labels"):
        btfnet.learn(np.eye(4), labels=[0, 1, 0])


def test_a_table_of_few_rows_is_learned_without_a_judge():
    model = btfnet.learn({"a": [1, 2, 3], "class": ["x", "y", "y"]}, "class", ways=QUICK)
    assert model.predict({"a": [1, 3]}).tolist() == ["x", "y"]
    assert model.learned[0].expected is None


def test_who_stops_gets_what_is_there():
    stop = threading.Event()
    stop.set()
    model = btfnet.learn(people(), "class", gates=20, stop=stop)
    assert model.score(people(), people()["class"]) > 0.8


# -- the choice ---------------------------------------------------------------------------------------------


def tried(way, right, loss):
    return Tried(way, np.array(right, dtype=bool), 0.1, loss, 50)


def test_likelier_votes_are_taken_where_others_are_no_better_than_chance():
    first, later = (
        tried(Single(), [1] * 95 + [0] * 5, 0.3),
        tried(Boosted(2, 0.2), [1] * 94 + [0] * 4 + [1] * 2, 0.4),
    )
    assert chosen([first, later]) is first
    assert chosen([later, first]) is first


def test_a_way_is_taken_where_it_is_surely_right_more_often():
    first, later = tried(Single(), [1] * 80 + [0] * 20, 0.3), tried(Boosted(2, 0.2), [1] * 95 + [0] * 5, 0.4)
    assert chosen([first, later]) is later
    assert deficit(first.right, later.right) == pytest.approx(15**0.5)


def test_a_short_rule_that_is_right_as_often_is_taken():
    votes, short = tried(Boosted(2, 0.2), [1] * 98 + [0] * 2, 0.1), tried(Single(), [1] * 98 + [0] * 2, 0.3)
    assert chosen([replace(votes, gates=90), replace(short, gates=4)]).way == Single()
    assert chosen([replace(votes, gates=90), replace(short, gates=40)]).way == votes.way


def test_exact_networks_are_taken_where_nothing_is_measured_and_they_are_hardly_ever_wrong():
    votes, exact = tried(Single(), [1] * 100, 0.1), tried(Exact(5), [1] * 99 + [0], 0.2)
    assert chosen([votes, exact], discrete=True) is exact
    assert chosen([votes, exact]) is votes
    often = tried(Exact(5), [1] * 97 + [0] * 3, 0.2)
    assert chosen([votes, often], discrete=True) is votes


def test_ways_that_cannot_win_are_not_tried_further():
    votes, exact, others = Boosted(2, 0.2), Exact(1), Single()
    always, once, often = np.ones(99, bool), np.arange(99) > 0, np.arange(99) > 40
    assert needless({votes: once, others: often}, discrete=False) == [others]
    assert needless({votes: once, others: once}, discrete=False) == []
    assert needless({votes: always, exact: always, others: once}, discrete=False) == [others]
    assert needless({votes: always, exact: always, others: once}, discrete=True) == [votes, others]


def test_votes_that_are_never_wrong_count_much_and_others_little():
    votes = np.array([[5, -5], [-5, 5]] * 50)
    labels = np.array([0, 1] * 50)
    mixed = np.roll(labels, 1) * (np.arange(100) > 40)
    assert step_of(votes, labels)[0] > 10 * step_of(votes, mixed)[0]


@pytest.mark.parametrize("ways", [WAYS, (Boosted(3, 0.1),)], ids=["all", "votes"])
def test_two_classes_are_told_apart_by_two_gates_where_no_more_are_allowed(ways):
    size = np.arange(60) % 20
    model = btfnet.learn(
        {"size": size, "other": np.arange(60) % 7}, labels=size > 8, gates=2, ways=ways, jobs=1
    )
    assert len(model.circuit.gates) <= 2
    assert model.score({"size": [3, 17], "other": [1, 1]}, [0, 1]) == 1


def test_more_gates_than_members_can_take_are_no_reason_to_refuse():
    model = btfnet.learn(people(60), "class", gates=10**6, ways=(Boosted(2, 0.2),))
    assert 0 < len(model.circuit.gates) < 10**6


def test_a_stop_is_heard_before_the_columns_of_the_next_part_are_looked_at():
    heard = []
    model = btfnet.learn(people(120), "class", gates=20, ways=QUICK, stop=lambda: True, report=heard.append)
    assert model.learned[0].expected is None
    assert not [text for text in heard if text.startswith("fold")]

"""The scoreboard of unknown functions: data, peers, runs of btfnet, what the page says of rows."""

import io
import tarfile

import click
import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the peers need the extra [digits]")

from scripts.lib.pages import DOCS
from scripts.studies.unknown_functions import benchmarks, cases, given, made, peers, report, runs, study
from scripts.studies.unknown_functions.items import Benchmark, Part, right_of


def bits(seed, n_items, n_inputs):
    return np.random.default_rng(seed).integers(0, 2, (n_items, n_inputs), dtype=np.uint8)


def part(seed, n_items=300, n_outputs=1):
    """Outputs that are inputs, which every learner finds."""
    rows = bits(seed, n_items, 5)
    return Part(rows, rows[:, :n_outputs].copy())


def row(name, method, accuracy, seed=0, **more):
    known = {
        "benchmark": name,
        "seed": seed,
        "method": method,
        "inputs": 5,
        "constant": 0.5,
        "accuracy": accuracy,
    }
    return known | {"cpu_seconds": 2.0} | more


def ours(name, accuracy, method=cases.LEARNED, **more):
    right = {"validation_accuracy": accuracy, "train_accuracy": 1.0}
    return row(name, method, accuracy, **({"gates": 10, "ands": 40, **right} | more))


def named(name, accuracy, **more):
    return ours(name, accuracy, cases.RECOGNISED, recognised="ones mod 2", **more)


def nothing(name):
    return row(name, cases.RECOGNISED, None, recognised=None)


def by_key(*rows):
    return {cases.STORE.key_of(each): each for each in rows}


# -- data -------------------------------------------------------------------------------------------------


def pla(rows):
    lines = [f"{''.join(map(str, row[:-1]))} {row[-1]}" for row in rows]
    return f".i {len(rows[0]) - 1}\n.o 1\n.p {len(rows)}\n.type fr\n" + "\n".join(lines) + "\n.e\n"


@pytest.fixture
def folder(tmp_path):
    """A contest of one function of two inputs: one row each to train, to choose and to judge."""
    with tarfile.open(tmp_path / given.TABLES, "w:gz") as archive:
        for index, (place, name) in enumerate(given.PARTS.items()):
            text = pla([(index & 1, 1, index >> 1)]).encode()
            member = tarfile.TarInfo(f"iwls2020/{place}/ex00.{name}.pla")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    names = ["ex", *(f"team{team}_{what}" for team in (2, 9, 6) for what in ("acc", "and"))]
    lines = [",".join(names)] + [f"{name},90,10,80,20,50,30" for name in benchmarks.IWLS]
    (tmp_path / given.BASELINES).write_text("\n".join(lines) + "\n")
    return tmp_path


def test_the_contest_s_tables_are_read_from_the_archive(folder):
    found = benchmarks.ENTRIES["ex00"].make(folder, 0)
    parts = (found.train, found.validation, found.test)
    assert [each.inputs.tolist() for each in parts] == [[[0, 1]], [[1, 1]], [[0, 1]]]
    assert [each.answers.tolist() for each in parts] == [[[0]], [[0]], [[1]]]


def test_tables_with_don_t_cares_are_refused():
    with pytest.raises(click.ClickException, match="something else than 0 and 1"):
        given.minterms(".i 2\n0- 1\n")


def test_others_data_are_asked_for():
    with pytest.raises(click.UsageError, match="--data"):
        benchmarks.ENTRIES["ex00"].make(None, 0)


def test_of_the_teams_means_are_kept_and_no_single_results(folder):
    kept = study.kind_row("team 9", "adders", given.published(folder))
    assert (kept["functions"], kept["accuracy"], kept["ands"]) == (5, 0.8, 20.0)
    assert {benchmarks.kind(name) for name in benchmarks.IWLS} == set(benchmarks.KINDS)


def test_only_labels_to_train_on_are_noisy():
    noisy = made.noisy_xor(np.random.default_rng(0), 0.4)
    assert np.array_equal(noisy.test.answers[:, 0], noisy.test.inputs[:, 0] ^ noisy.test.inputs[:, 1])
    wrong = noisy.train.answers[:, 0] != noisy.train.inputs[:, 0] ^ noisy.train.inputs[:, 1]
    assert abs(wrong.mean() - 0.4) < 0.03


@pytest.mark.parametrize("name", [name for name, entry in benchmarks.ENTRIES.items() if not entry.others])
def test_what_is_made_depends_on_the_seed_alone_and_unseen_rows_are_unseen(name):
    one, same, other = (benchmarks.ENTRIES[name].make(None, seed) for seed in (0, 0, 1))
    assert np.array_equal(one.train.inputs, same.train.inputs)
    assert not np.array_equal(one.train.inputs, other.train.inputs)
    assert one.validation is None
    if name.startswith(("maj13", "parity", "rule")):
        assert not {each.tobytes() for each in one.train.inputs} & {
            each.tobytes() for each in one.test.inputs
        }


def test_a_table_s_numbers_are_bits_by_the_quartiles_of_rows_seen():
    iris = made.table(np.random.default_rng(0), "iris")
    assert (iris.n_inputs, iris.n_outputs, len(iris.test)) == (12, 3, 45)
    assert np.allclose(iris.train.inputs.reshape(-1, 4, 3).mean(axis=(0, 1)), (0.75, 0.5, 0.25), atol=0.06)


# -- peers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", peers.PEERS)
@pytest.mark.parametrize("n_outputs", [1, 2])
def test_every_peer_learns_what_is_easy(name, n_outputs, monkeypatch):
    monkeypatch.setattr(peers, "HIDDEN", ((8,),))
    easy = Benchmark(part(0, n_outputs=n_outputs), part(1, n_outputs=n_outputs), part(2, n_outputs=n_outputs))
    found = peers.measured(easy, peers.PEERS[name], 0)
    assert found["accuracy"] == found["words"] == 1
    assert found["validation_accuracy"] == 1


def test_peers_that_choose_hold_items_out_where_none_are_given_and_classes_are_one_output():
    classes = Part(bits(0, 100, 4), bits(1, 100, 1)[:, 0] * 2)
    table = Benchmark(classes, None, classes, classes=3)
    trees = [peers.measured(table, peers.PEERS[name], 0) for name in ("decision tree", "pruned tree")]
    assert [found["validation_accuracy"] is None for found in trees] == [True, False]
    assert table.constant() == max(np.bincount(classes.answers)) / 100


def test_whole_words_are_right_when_all_their_bits_are():
    answers = Part(bits(0, 2, 3), np.array([[0, 1], [1, 1]], dtype=np.uint8))
    assert right_of(np.array([[0, 1], [0, 1]]), answers) == (0.75, 0.5)


# -- btfnet ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_outputs", [1, 2])
def test_a_run_of_btfnet_is_judged_by_the_unseen_items(n_outputs, monkeypatch):
    given = Benchmark(part(0, 60, n_outputs), part(1, 60, n_outputs), part(2, 90, n_outputs))
    problem = runs.problem_of("easy", given)
    assert (problem.n_train, problem.n_validation, problem.n_items) == (60, 60, 210)
    assert problem.network.grows
    run = runs.Run("easy", 0, cases.LEARNED, None, 120.0)
    found = runs.figures(problem, runs.learned(problem, run).circuit, given)
    assert [found[name] for name in ("train_accuracy", "validation_accuracy", "accuracy", "words")] == [
        1.0
    ] * 4
    assert found["ands"] == 0
    assert runs.figures(problem, None, given) == {}


def test_what_is_recognised_has_a_name_and_classes_have_none():
    rows = bits(0, 400, 6)
    parity = Part(rows, rows.sum(axis=1, keepdims=True) & 1)
    given = Benchmark(parity.rows(slice(200)), None, parity.rows(slice(200, None)))
    run = runs.Run("parity", 0, cases.RECOGNISED, None, 20.0)
    found = runs.recognised(runs.problem_of("parity", given), run)
    assert "parity" in found.words["recognised"]
    classes = Part(rows, rows[:, 0] + rows[:, 1])
    table = Benchmark(classes, None, classes, classes=3)
    assert runs.recognised(runs.problem_of("table", table), run) == (None, {"recognised": None})


# -- the page ---------------------------------------------------------------------------------------------


def test_page_and_rows_agree():
    assert (DOCS / "unknown_functions.md").read_text(encoding="utf-8") == report.page(cases.last_rows())


def test_goals_count_what_is_below_the_tree_and_what_is_too_large():
    rows = by_key(
        row("ex00", report.TREE, 0.7), row("ex02", report.TREE, 0.9), row("ex02", "MLP", 0.95),
        ours("ex00", 0.9, gates=100), ours("ex02", 0.88, ands=6000, cpu_seconds=300.0),
    )  # fmt: skip
    text = report.goals(rows)
    assert (
        "| btfnet | 89 (goal 93) | 1: ex02 (goal 0) | 55 (goal 300) | 300 s (goal 240 s) | ex02 | 1 of 2 |"
        in text
    )
    assert report.goals({}) == "btfnet is not measured yet.\n"


def test_learned_and_recognised_stand_apart():
    rows = by_key(
        row("ex00", report.TREE, 0.7), row("ex00", "MLP", 0.8), ours("ex00", 0.75), named("ex00", 1.0, ands=7)
    )  # fmt: skip
    assert "| 70 |  | 80 (MLP) | **75** | 10 | 40 | 2 s | ones mod 2 | 100 | 7 |" in report.functions_table(
        rows
    )
    lines = report.kinds_table(rows).splitlines()
    assert [line.split(" | ")[1] for line in lines[2:4]] == ["75", "100"]


@pytest.mark.parametrize(
    "rows, kept",
    [
        ([ours("ex00", 0.9), named("ex00", 0.8)], cases.LEARNED),
        ([ours("ex00", 0.9), named("ex00", 0.9)], cases.RECOGNISED),
        ([ours("ex00", 0.9), nothing("ex00")], cases.LEARNED),
        ([named("ex00", 0.9, validation_accuracy=None)], cases.RECOGNISED),
        ([nothing("ex00")], None),
    ],
)
def test_validation_items_decide_between_learned_and_recognised(rows, kept):
    found = cases.with_families(by_key(*rows), "ex00", 0)
    assert (found and found["method"]) == kept


def test_seeds_are_one_line_with_the_mean_and_the_least():
    rows = by_key(ours("iris", 0.9), ours("iris", 0.8, seed=1), row("iris", "MLP", 0.7))
    (line,) = report.others_table(rows).splitlines()[2:]
    assert line.startswith("| iris | 2 | 50 | 85 (80) |  |")
    assert "| 70 | 10 | 40 | 2.0 s |" in line


def test_teams_stand_below_with_the_means_of_their_kinds():
    rows = by_key(*(row(kind, "team 2", 0.5, functions=5, ands=100) for kind in benchmarks.KINDS))
    assert "| **50** | 45 |  | 100 |" in report.kinds_table(rows)


def test_the_page_says_what_is_not_measured_and_what_the_clock_ended():
    assert report.incomplete(by_key(row("ex00", report.TREE, 0.5))) == ""
    rows = by_key(
        ours("ex00", 0.9, status="time_limit"),
        row("ex00", report.TREE, 0.5),
        row("ex02", report.TREE, 0.7),
    )
    text = report.incomplete(rows)
    assert "not measured yet on ex02, ex04," in text
    assert "| btfnet | 90 |" in text
    assert "| decision tree | 50 |" in text
    assert "on ex00 (2 s)." in text


def test_what_nobody_learns_is_told_apart():
    rows = by_key(
        ours("ex00", 0.9), row("ex00", report.TREE, 0.5), ours("ex22", 0.5), row("ex22", report.TREE, 0.55)
    )
    text = report.hard(rows)
    assert "60 % of ex22;" in text
    assert "On the other 1: btfnet 90, decision tree 50," in text

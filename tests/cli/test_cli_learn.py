"""`btfnet learn` and what follows it on the command line, as a person with a table would do it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support.cli_samples import run, strict_json
from support.table_samples import csv_of, people, without

from btfnet import load_table_model

pytestmark = pytest.mark.needs_jit


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A table, and what was learned of it."""
    place = tmp_path_factory.mktemp("learn")
    (place / "people.csv").write_text(csv_of(people(200)))
    (place / "new.csv").write_text(csv_of(without(people(40, seed=8), "class", "id"), ";"))
    done = run("learn", place / "people.csv", "--gates", 6, "--out", place / "run", "--quiet")
    assert done.exit_code == 0, done.stderr
    (place / "report.txt").write_text(done.stdout)
    return place


def test_the_report_says_what_was_learned_of_what(folder):
    text = (folder / "report.txt").read_text()
    for words in (
        "160 rows train, 40 test",
        "class: 2 classes, in, out",
        "left out: id (identifier)",
        "test rows",
    ):
        assert words in text


def test_columns_that_are_left_out_are_called_as_they_are(tmp_path):
    rows = "".join(f"7,1,{row % 2},{row % 5}\n" for row in range(40))
    (tmp_path / "t.csv").write_text("größe,it's,class,a\n" + rows, encoding="utf-8")
    done = run("learn", tmp_path / "t.csv", "--target", "class", "--method", "fast", "--quiet")
    assert "left out: größe (constant), it's (constant)" in done.stdout


def test_the_record_has_scores_columns_and_conditions(folder):
    record = strict_json((folder / "run" / "run.json").read_text())
    assert record["status"] == "learned"
    assert set(record["scores"]) == {"train", "validation", "test"}
    assert record["scores"]["test"]["words"] > 0.9
    kinds = {column["name"]: column["kind"] for column in record["columns"]}
    assert kinds == {
        "id": "identifier", "age": "integer", "colour": "category", "flag": "Boolean", "height": "real",
        "country": "constant",
    }  # fmt: skip
    assert record["conditions"]
    assert sum(record["gates"].values()) <= 6


def test_a_page_that_says_that_the_run_has_ended_lies_beside_it(folder):
    page = (folder / "run" / "report.html").read_text()
    assert "people" in page
    assert "Still running" not in page


def test_a_rule_of_few_gates_is_told_in_words(folder):
    assert "class = out when" in (folder / "report.txt").read_text()


def test_one_way_alone_is_tried_where_that_is_asked(folder):
    done = run("learn", folder / "people.csv", "--method", "single", "--json", "--quiet")
    assert strict_json(done.stdout)["targets"][0]["way"] == "one small network"


def test_a_class_is_explained_by_its_label(folder):
    why = ("inspect", folder / "run", "--data", folder / "new.csv", "--why", 1, "--output")
    assert "class=out" in run(*why, "out").stdout
    done = run(*why, "outt")
    assert (done.exit_code, "Its outputs: 'class=out'" in done.stderr) == (2, True)


def test_labels_of_new_rows_are_a_table_with_a_header(folder):
    done = run("predict", folder / "run", folder / "new.csv")
    model = load_table_model(folder / "run")
    assert done.stdout.splitlines()[0] == "class"
    assert done.stdout.splitlines()[1:] == model.predict(people(40, seed=8)).tolist()


def test_probabilities_stand_beside_the_labels(folder, tmp_path):
    out = tmp_path / "labels.csv"
    for _ in range(2):  # a table of the same header is replaced
        assert run("predict", folder / "run", folder / "new.csv", out, "--probabilities").exit_code == 0
    lines = [line.split(",") for line in out.read_text().splitlines()]
    assert lines[0] == ["class", "class=in", "class=out"]
    assert all(abs(float(a) + float(b) - 1) < 1e-5 for _, a, b in lines[1:])


def test_another_file_is_not_replaced_by_labels(folder, tmp_path):
    (tmp_path / "notes.csv").write_text("keep me\n")
    done = run("predict", folder / "run", folder / "new.csv", tmp_path / "notes.csv")
    assert done.exit_code == 1
    assert (tmp_path / "notes.csv").read_text() == "keep me\n"


def test_rows_may_come_from_standard_input(folder):
    text = (folder / "new.csv").read_text()
    assert (
        run("predict", folder / "run", "-", text=text).stdout
        == run("predict", folder / "run", folder / "new.csv").stdout
    )


def test_netlists_have_conditions_for_ports_and_are_proven(folder, tmp_path):
    assert run("export", folder / "run", tmp_path / "rule.v").exit_code == 0
    assert "age>=" in (tmp_path / "rule.v").read_text()
    done = run("verify", folder / "run", tmp_path / "rule.v")
    assert (done.exit_code, done.stdout[:6]) == (0, "Equal:")


def test_a_run_is_verified_on_its_rows_and_on_others(folder):
    own, other = run("verify", folder / "run"), run("verify", folder / "run", "--data", folder / "people.csv")
    for done in (own, other):
        assert done.stdout.startswith(("Equal:", "Different:"))
        assert done.exit_code in (0, 3)
    assert "200" in other.stdout


def test_a_run_is_inspected_like_others(folder):
    facts = strict_json(run("inspect", folder / "run", "--json").stdout)
    assert facts["items"] == 160


def test_the_same_command_again_gives_the_same(folder, tmp_path):
    arguments = ("learn", folder / "people.csv", "--gates", 6, "--json", "--quiet")
    first, second = (strict_json(run(*arguments, "--jobs", jobs).stdout) for jobs in (1, 2))
    for name in ("seconds",):
        first.pop(name), second.pop(name)
    assert first == second


def test_resume_shows_what_is_there_and_refuses_another_question(folder):
    again = run("learn", folder / "people.csv", "--gates", 6, "--out", folder / "run", "--resume")
    assert again.stderr.startswith("Finished before")
    other = run("learn", folder / "people.csv", "--gates", 7, "--out", folder / "run", "--resume")
    assert other.exit_code == 1
    assert "gates" in other.stderr


def test_a_truth_table_needs_no_test_rows_and_is_exact(tmp_path):
    rows = "\n".join(f"{a},{b},{c},{(a + b + c) % 2}" for a in (0, 1) for b in (0, 1) for c in (0, 1))
    (tmp_path / "parity.csv").write_text(f"a,b,c,odd\n{rows}\n")
    record = strict_json(run("learn", tmp_path / "parity.csv", "--json", "--quiet").stdout)
    assert record["exact"]
    assert record["rows"] == {"train": 8, "test": 0}
    assert record["scores"]["train"]["words"] == 1


def test_test_rows_may_be_a_file_or_a_fraction(folder, tmp_path):
    (tmp_path / "test.csv").write_text(csv_of(people(50, seed=4)))
    common = ("learn", folder / "people.csv", "--gates", 3, "--json", "--quiet", "--test")
    assert strict_json(run(*common, tmp_path / "test.csv").stdout)["rows"] == {"train": 200, "test": 50}
    assert strict_json(run(*common, "30%").stdout)["rows"] == {"train": 140, "test": 60}
    assert strict_json(run(*common, 0).stdout)["rows"] == {"train": 200, "test": 0}


def test_a_label_that_training_never_saw_counts_as_wrong(tmp_path):
    columns = people(60)
    (tmp_path / "t.csv").write_text(csv_of(columns))
    (tmp_path / "test.csv").write_text(csv_of(people(20, seed=1) | {"class": ["new"] * 20}))
    done = run(
        "learn", tmp_path / "t.csv", "--test", tmp_path / "test.csv", "--gates", 5, "--json", "--quiet"
    )
    assert strict_json(done.stdout)["scores"]["test"]["words"] == 0


@pytest.mark.parametrize(
    "content, arguments, code, says",
    [
        (None, (), 1, "no such file"),
        ("a,class\n1,x\n", (), 1, "one value only"),
        ("a,b\n1,2\n", ("--target", "c"), 2, "no column c"),
        (
            "age,price\n" + "".join(f"{n},{n * 1.5}\n" for n in range(60)),
            ("--target", "price"),
            1,
            "regression",
        ),
        ("a,b,c\n1,2,3\n4,5\n", (), 1, "item 3 has 2 values"),
        ("a,class\n1,x\n2,y\n", ("--ignore", "b"), 2, "no column b to ignore"),
        ("a,class\n1,x\n2,y\n", ("--test", "1.5"), 2, "--test is"),
        ("a,class\n" + "1,x\n2,y\n" * 30, ("--gates", "0"), 2, "gates"),
        ("a,class\n" + "1,x\n2,y\n" * 30, ("--resume",), 2, "--out"),
        ("a,class\n" + "1,x\n2,y\n" * 30, ("--picture", "3x3"), 2, "9 values"),
    ],
    ids=[
        "absent",
        "header",
        "unknown",
        "quantity",
        "short",
        "ignore",
        "fraction",
        "gates",
        "resume",
        "picture",
    ],
)
def test_mistakes_are_told_in_one_message(content, arguments, code, says, tmp_path):
    if content is not None:
        (tmp_path / "t.csv").write_text(content)
    done = run("learn", tmp_path / "t.csv", *arguments, "--quiet")
    assert (done.exit_code, says in done.stderr) == (code, True), done.stderr


def test_a_picture_table_is_known_by_its_pixels(tmp_path):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 5, 120)
    line = np.linspace(0, 1, 8)
    rows = []
    for label in labels:  # a blob at a height that the label says, anywhere across
        down, across = (np.exp(-((line - at) ** 2) * 20) for at in (label / 4, rng.random()))
        rows.append((99 * np.outer(down, across)).round().ravel() + rng.integers(0, 5, 64))
    columns = {f"p{place}": [row[place] for row in rows] for place in range(64)} | {"label": labels.tolist()}
    (tmp_path / "t.csv").write_text(csv_of(columns))
    done = run("learn", tmp_path / "t.csv", "--out", tmp_path / "run", "--gates", 300, "--quiet", "--json")
    record = json.loads(done.stdout)
    assert "pictures of 8 x 8" in record["targets"][0]["way"]
    assert record["scores"]["test"]["words"] > 0.9
    predicted = run("predict", tmp_path / "run", tmp_path / "t.csv").stdout.splitlines()[1:]
    assert np.mean(np.array(predicted) == labels.astype(str)) > 0.9

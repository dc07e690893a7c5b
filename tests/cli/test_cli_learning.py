"""`btfnet solve` on items that need not all be right, and what `verify` says of the circuit."""

import json

import numpy as np
import pytest
from support.cli_samples import run, strict_json

pytestmark = pytest.mark.needs_jit


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Exclusive or of two of three inputs: noisy.csv and, without errors, clean.csv and clean.pla."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 2, (200, 3))
    outputs = rows[:, 0] ^ rows[:, 2]
    flipped = outputs ^ (rng.random(200) < 0.1)
    for name, column in (("noisy", flipped), ("clean", outputs)):
        lines = [",".join(map(str, (*row, bit))) for row, bit in zip(rows, column, strict=True)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["in:a,in:b,in:c,out:y", *lines]) + "\n")
    cubes = "1-0 1\n0-1 1\n0-0 0\n1-1 0\n"
    (tmp_path / "clean.pla").write_text(f".i 3\n.o 1\n.ilb a b c\n.ob y\n.type fr\n{cubes}.e\n")
    return tmp_path


def learned(*more):
    return run("solve", "--data", "noisy.csv", "--widths", "auto", "--jobs", "1", *more)


def test_items_that_contradict_each_other_are_learned_and_that_is_a_success():
    result = learned()
    assert result.exit_code == 0, result.output
    assert "As good as the data allow" in result.stdout
    assert "at best 8" in result.stdout or "at best 9" in result.stdout
    assert "validation items" in result.stdout
    assert "160 training items, 40 validation items" in result.stdout


def test_scores_stand_in_the_record_by_what_items_are_for(folder):
    result = learned("--test", "clean.pla", "--validation", "0.3", "--out", "run", "--json")
    record = strict_json(result.stdout)
    assert record["status"] == "learned"
    assert set(record["scores"]) == {"train", "validation", "test"}
    assert record["scores"]["test"] == {"bits": 1, "words": 1}
    assert 0.5 < record["scores"]["train"]["bits"] < 1
    assert record["best_possible"]["bits"] < 1
    verdict = run("verify", "run", "noisy.csv", "--json")
    assert verdict.exit_code == 3
    accuracy = json.loads(verdict.stdout)["accuracy"]
    assert accuracy["bits"] == accuracy["words"] < 1
    assert "% of bits" in run("verify", "run", "noisy.csv").stdout
    assert json.loads(run("verify", "run", "clean.csv", "--json").stdout)["accuracy"] == {
        "bits": 1,
        "words": 1,
    }


def test_a_file_of_its_own_may_validate():
    record = strict_json(learned("--validation", "clean.csv", "--json").stdout)
    assert record["scores"]["validation"] == {"bits": 1, "words": 1}
    assert record["scores"]["test"] == {"bits": None, "words": None}


def test_a_circuit_that_is_right_in_training_alone_is_not_called_solved(folder):
    (folder / "against.csv").write_text((folder / "clean.csv").read_text() + "0,0,0,1\n")
    text = run("solve", "--data", "clean.csv", "--jobs", "1", "--validation", "against.csv").stdout
    assert "Solved" not in text
    assert "As good as the data allow" in text
    assert "reproduce all 200 training items" in text


def test_other_files_columns_are_matched_by_position_when_that_is_asked_for(folder):
    lines = (folder / "clean.csv").read_text().splitlines()
    (folder / "other.csv").write_text("\n".join(["in:a,in:b,in:d,out:y", *lines[1:]]) + "\n")
    for option in ("--validation", "--test"):
        refused = learned(option, "other.csv")
        assert (refused.exit_code, "--by-position" in refused.stderr) == (1, True)
    record = strict_json(learned("--test", "other.csv", "--by-position", "--json").stdout)
    assert record["scores"]["test"] == {"bits": 1, "words": 1}


def test_names_of_outputs_that_were_learned_all_the_same_are_told_apart(folder):
    rows = [line.split(",")[:3] for line in (folder / "noisy.csv").read_text().splitlines()[1:]]
    noise = np.random.default_rng(2).integers(0, 2, len(rows))
    lines = [
        ",".join([*row, str(int(row[1] == "1" or row[2] == "1")), str(bit)])
        for row, bit in zip(rows, noise, strict=True)
    ]
    (folder / "two.csv").write_text("\n".join(["in:a,in:b,in:c,out:y,out:z", *lines]) + "\n")
    text = run("solve", "--data", "two.csv", "--jobs", "1", "--time-limit", "0.5").stdout
    assert "By name   y looks like" in text
    assert "(100 % of training bits), learned all the same" in text
    assert "not learned" not in text


def test_an_error_that_was_not_reached_is_told():
    missed = learned("--error", "0.1%", "--validation", "20%", "--no-recognise")
    assert missed.exit_code == 0
    assert "That is not what was asked" in missed.stdout
    assert "not 0.10 % at most" in missed.stdout
    record = strict_json(learned("--error", "0.5", "--json").stdout)
    assert record["error"] == {"asked": 0.5, "reached": True}
    assert strict_json(learned("--json").stdout)["error"] is None


def test_an_error_that_too_few_items_would_tell_is_refused(folder):
    """Of four rows one validated, and ended the search at its first trial with a constant."""
    (folder / "xor.csv").write_text("0,0,0\n0,1,1\n1,0,1\n1,1,0\n")
    result = run("solve", "--data", "xor.csv", "--inputs", "2", "--error", "0")
    assert result.exit_code == 2
    assert "of 4 training items only 1 would validate" in result.stderr


def test_a_run_says_when_it_is_verified_that_it_was_learned():
    learned("--out", "run", "--no-recognise")
    said = run("verify", "run")
    assert said.exit_code == 3
    assert "The run was learned as well as its items allow" in said.stdout


def test_a_search_whose_time_is_up_shows_the_best_circuit_so_far(folder):
    rng = np.random.default_rng(3)
    rows = rng.integers(0, 2, (400, 12))
    lines = [",".join(map(str, (*row, bit))) for row, bit in zip(rows, rng.integers(0, 2, 400), strict=True)]
    (folder / "noise.csv").write_text("\n".join(lines) + "\n")
    options = ("--validation", "0.2", "--no-recognise", "--time-limit", "4", "--jobs", "1")
    result = run("solve", "--data", "noise.csv", "--inputs", "12", *options)
    assert "The time limit came first; this is the best so far" in result.stdout
    assert "\nCircuit\n" in result.stdout
    assert "Not exact" not in result.stdout
    assert result.exit_code in (0, 3)


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (("--error", "5 of 9"), "'5 of 9' is no fraction; expected a number such as 0.05, or 5%"),
        (("--validation", "1.5"), "--validation is '1.5'; give a fraction"),
        (("--validation", "missing.csv"), "missing.csv"),
        (
            ("--test", "clean.csv", "--train", "10"),
            "--train leaves items to test on, and --test names others",
        ),
        (("--error", "2"), "--error is 2"),
    ],
)
def test_what_cannot_be_meant_is_said(arguments, complaint):
    result = learned(*arguments)
    assert result.exit_code in (1, 2)
    assert complaint in result.stderr

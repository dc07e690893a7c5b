"""`btfnet classify`, and predict, verify and inspect on what it saves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numba import config
from support.cli_samples import run, strict_json
from support.committee_samples import SMALL, bit_classes, clusters, items_file

import btfnet
from btfnet import Problem, formats, train_committee
from btfnet.logic.training_fit import TrainingFit
from btfnet.problem.values import InputKind

AS_ASKED = SMALL | {"members": 3, "validation": None}
"""What `--members 3` asks for."""


pytestmark = pytest.mark.usefixtures("compiled")


def rows_text(rows):
    return "".join(",".join(f"{value:.9g}" for value in row) + "\n" for row in rows)


def test_committee_is_trained_saved_and_predicts_from_raw_rows_as_in_python(small, tmp_path):
    problem = clusters()
    data, out = items_file(tmp_path / "clusters.npz", problem), tmp_path / "run"
    given = ("classify", "--data", data, "--members", 3, "--train", 60, "--seed", 5, "--out", out)
    result = run(*given, "--json", "--quiet")
    assert result.exit_code == 0
    record = strict_json(result.stdout)
    committee = train_committee(problem, **AS_ASKED, seed=5)
    wrong = int((committee.predict(problem.inputs[:60]) != problem.outputs[:60].argmax(axis=1)).sum())
    fit = TrainingFit(2 * wrong, 240, wrong, 60)
    assert wrong > 0
    assert result.stderr == f"Warning: the committee of {problem.name} is not exact: {fit}.\n"
    assert record["training"] == fit.as_dict()
    assert (record["train_classes"], record["test_classes"]) == committee.scores(problem)
    assert (record["status"], record["seed"], record["committee"]["members"]) == ("trained", 5, 3)
    assert record["exact"] == (record["train_classes"] == 1)
    assert record["constant_classes"] == problem.constant_accuracy[0]
    assert strict_json((out / "run.json").read_text()) == record
    wanted = committee.predict(problem.inputs)
    (tmp_path / "rows.csv").write_text(rows_text(problem.inputs))
    np.save(tmp_path / "rows.npy", problem.inputs)
    for rows, model in (("rows.csv", out), ("rows.npy", out / "model.btf"), ("clusters.npz", out)):
        assert run("predict", model, tmp_path / rows, tmp_path / "out.npy").exit_code == 0
        found = np.load(tmp_path / "out.npy")
        assert found.dtype == np.int8
        assert np.array_equal(found, np.arange(4) == wanted[:, None])
    text = rows_text(problem.inputs)
    assert run("predict", out, "-", text=text).stdout == rows_text(found)


def test_text_shows_accuracy_beside_the_constant_answer(small, tmp_path):
    data = items_file(tmp_path / "clusters.dat", clusters())
    result = run("classify", "--data", data, "--members", 1, "--train", 60, "--netlist", "json")
    assert result.exit_code == 0
    for words in (
        "1 member of",
        "Trained.",
        "training items",
        "test items",
        "constant answer (test)",
        "gates",
    ):
        assert words in result.stdout
    assert run("classify", "--data", data, "--members", 1, "--netlist", "blif").exit_code == 2


def test_problem_file_and_bits_work_too(small, tmp_path):
    problem = bit_classes()
    items_file(tmp_path / "twos.npz", problem)
    lines = ["format = 1", 'name = "twos"', "[data]", 'file = "twos.npz"', "[network]", "widths = [7, 3]"]
    (tmp_path / "twos.toml").write_text("\n".join(lines))
    assert run("classify", tmp_path / "twos.toml", "--members", 2, "--out", tmp_path / "run").exit_code == 0
    wanted = btfnet.load_classifier(tmp_path / "run").one_hot(problem.inputs)
    for rows in ((problem.inputs > 0).astype(int), problem.inputs):
        assert run("predict", tmp_path / "run", "-", text=rows_text(rows)).stdout == rows_text(wanted)
    mixed = run("predict", tmp_path / "run", "-", text="0,1,1,1,1,1,1\n1,1,-1,1,1,1,1\n")
    assert mixed.exit_code == 1
    assert "0 and -1 both stand" in mixed.stderr


@pytest.mark.parametrize(
    "option",
    [
        ("--sigma", 3), ("--widths", "6,4"), ("--engine", "auto"), ("--no-tune",), ("--trials", 40),
        ("--circuits", 2), ("--optimise",),
    ],
    ids=str,
)  # fmt: skip
def test_options_of_a_search_are_none_of_these(tmp_path, option):
    given = ("--data", items_file(tmp_path / "c.npz", clusters()), *option)
    for command in (("classify", "--members", 2), ("solve", "--committee", 2)):
        result = run(*command, *given)
        assert result.exit_code == 2
        assert "No such option" in result.stderr
        assert option[0] in result.stderr


@pytest.mark.parametrize("spelled", [("--committee", 2), ("--committee=2",)], ids=str)
def test_the_old_spelling_does_the_same_and_names_the_new_one(small, tmp_path, spelled):
    data = items_file(tmp_path / "c.npz", clusters())
    now = run("classify", "--data", data, "--members", 2, "--json", "--seed", 3)
    before = run("solve", "--data", data, *spelled, "--json", "--seed", 3)
    assert (before.exit_code, before.stderr) == (
        0,
        "Warning: solve --committee K is now a command of its own: btfnet classify --members K.\n"
        + now.stderr,
    )
    assert strict_json(before.stdout) | {"seconds": 0} == strict_json(now.stdout) | {"seconds": 0}


def test_a_time_limit_keeps_the_members_that_were_done_or_says_that_there_are_none(
    small, monkeypatch, tmp_path
):
    data, out = items_file(tmp_path / "c.npz", clusters()), tmp_path / "run"
    given = ("classify", "--data", data, "--members", 3, "--out", out, "--time-limit")
    none = run(*given, 1e-9)
    assert (none.exit_code, none.stdout) == (3, "")
    assert "raise --time-limit" in none.stderr
    done = []
    some = train_committee(clusters(), **SMALL, report=done.append, stop=lambda: len(done) > 0)
    monkeypatch.setattr("btfnet.cli.commands.classify.train_committee", lambda *_, **__: some)
    result = run(*given, 60, "--json")
    assert (result.exit_code, strict_json(result.stdout)["status"]) == (0, "time_limit")
    assert not strict_json((out / "search.json").read_text())["finished"]


def test_data_without_classes_says_how_to_give_them(tmp_path):
    numbers = clusters()
    bits = replace(numbers.items, outputs=numbers.outputs, output_kind="bits")
    formats.write_items(tmp_path / "bits.npz", bits)
    result = run("classify", "--data", tmp_path / "bits.npz", "--members", 2)
    assert result.exit_code == 2
    assert "the inputs are numbers and the outputs are bits; give classes" in result.stderr


def test_boolean_outputs_are_learned_and_the_model_is_a_plain_circuit(small, tmp_path):
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 2, (90, 5))
    problem = Problem.from_bits(inputs, inputs[:, :2] | inputs[:, 2:4], name="or")
    data = items_file(tmp_path / "or.csv", problem)
    given = ("classify", "--data", data, "--test", data, "--members", 24, "--out", tmp_path / "run", "--json")
    record = strict_json(run(*given).stdout)
    assert record["scores"]["train"] == record["scores"]["test"] == {"bits": 1, "words": 1}
    assert run("verify", tmp_path / "run", data).exit_code == 0
    assert not isinstance(btfnet.load_model(tmp_path / "run"), btfnet.Classifier)


@pytest.mark.parametrize("given", [[], ["digits", "--data", "x.npz"], ["digits", "--separator", ";"]])
def test_advice_names_options_that_classify_has(given):
    result = run("classify", *given)
    assert (result.exit_code, "--data" in result.stderr) == (2, True)
    assert not any(option in result.stderr for option in ("--widths", "--unknown", "btfnet solve"))


def test_model_that_is_cut_short_is_refused_by_every_command(small, tmp_path):
    data = items_file(tmp_path / "c.npz", clusters())
    assert run("classify", "--data", data, "--members", 2, "--out", tmp_path / "run").exit_code == 0
    model = tmp_path / "run" / "model.btf"
    model.write_bytes(model.read_bytes()[:-7])
    commands = [
        ("predict", model, "-"),
        ("predict", tmp_path / "run", "-"),
        ("verify", model),
        ("inspect", model),
    ]
    for command in commands:
        result = run(*command, text="0,0,0,0,0,0\n")
        assert result.exit_code == 1
        assert "this is no packed model, or a damaged one" in result.stderr


def test_verify_counts_the_items_that_are_wrong(small, tmp_path):
    problem = clusters()
    data = items_file(tmp_path / "clusters.npz", problem)
    run("classify", "--data", data, "--members", 3, "--train", 60, "--out", tmp_path / "run")
    wrong = (
        train_committee(problem, **AS_ASKED, seed=0).predict(problem.inputs) != problem.outputs.argmax(1)
    ).sum()
    record = strict_json(run("verify", tmp_path / "run", data, "--json").stdout)
    assert (record["items"], record["wrong_items"], record["wrong_bits"]) == (120, wrong, 2 * wrong)
    assert strict_json(run("verify", tmp_path / "run", "--json").stdout)["items"] == 60


def test_run_of_a_search_gives_way_whole_but_an_unfinished_one_does_not(small, tmp_path):
    data, out = items_file(tmp_path / "c.npz", clusters()), tmp_path / "run"
    out.mkdir()
    (out / "run.json").write_text('{"problem": "x", "status": "solved", "trials": [], "model": null}')
    for name in ("weights.npz", "trace.csv", "circuit.json", "circuit.v"):
        (out / name).write_text("old")
    refused = run("classify", "--data", data, "--members", 1, "--out", out)
    assert (refused.exit_code, "holds the run of another problem: x" in refused.stderr) == (1, True)
    assert run("classify", "--data", data, "--members", 1, "--out", out, "--force").exit_code == 0
    names = sorted(path.name for path in out.glob("[!.]*"))
    assert names == [
        "committee.safetensors",
        "items.npz",
        "model.btf",
        "run.json",
        "search.json",
        "traces.csv",
    ]
    before = (out / "model.btf").read_bytes()
    (out / "checkpoint").mkdir()
    (out / "checkpoint" / "finished.safetensors").write_bytes(b"")
    result = run("classify", "--data", data, "--members", 2, "--out", out)
    assert result.exit_code == 1
    assert "unfinished search" in result.stderr
    assert (out / "model.btf").read_bytes() == before


def test_the_same_command_trains_and_then_shows_the_committee_again(small, monkeypatch, tmp_path):
    data, out = items_file(tmp_path / "c.npz", clusters()), tmp_path / "run"
    given = ("classify", "--data", data, "--members", 2, "--out", out, "--resume")
    first = run(*given)
    assert first.exit_code == 0
    monkeypatch.setattr(
        "btfnet.cli.commands.classify.train_committee", lambda *_, **__: pytest.fail("it was trained again")
    )
    for more in ((), ("--netlist", "json")):
        again = run(*given, *more)
        assert (again.exit_code, again.stdout.startswith(first.stdout.partition("Saved")[0])) == (0, True)
    assert "--seed was 0 and is now 4" in run(*given, "--seed", 4).stderr
    assert "--members was 2 and is now 3" in run(*given, "--members", 3).stderr
    search = run("solve", "--data", data, "--widths", "6,4", "--out", out)
    assert (search.exit_code, "holds the run of a committee" in search.stderr) == (1, True)


def test_directory_that_is_no_runs_is_left_alone(small, tmp_path):
    (tmp_path / "model.btf").write_text("mine")
    data = items_file(tmp_path / "c.npz", clusters())
    assert run("classify", "--data", data, "--members", 1, "--out", tmp_path).exit_code == 1
    assert (tmp_path / "model.btf").read_text() == "mine"


@pytest.mark.needs_jit
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="too slow without compiled kernels")
def test_digits_are_learned_and_named_at_the_command_line(tmp_path):
    pytest.importorskip("sklearn")
    given = ("digits", "--members", 100, "--train", 128, "--out", tmp_path / "run", "--json", "--quiet")
    record = strict_json(run("classify", *given).stdout)
    assert record["test_classes"] > 0.8 > 0.2 > record["constant_classes"]
    problem = btfnet.load("digits").problem
    found = btfnet.load_classifier(tmp_path / "run").predict(problem.inputs[128:])
    assert (found == problem.outputs[128:].argmax(axis=1)).mean() == record["test_classes"]
    assert btfnet.load_classifier(tmp_path / "run").input_kind is InputKind.ANALOG

"""Commands that work on circuits that exist: export, predict, verify, inspect; and what is built in."""

import numpy as np
import pytest
from support.cli_samples import (
    HALF_ADDER,
    INPUTS,
    OUTPUTS,
    FakeSolve,
    run,
    saved_half_adder,
    strict_json,
    write_csv,
    wrong_half_adder,
)

import btfnet
from btfnet import Circuit, Gate, formats, tasks
from btfnet.cli.app import COMMANDS


@pytest.fixture
def model(tmp_path):
    return saved_half_adder(tmp_path)


@pytest.fixture
def run_folder(monkeypatch, tmp_path):
    """A directory as `btfnet solve --out` leaves it."""
    FakeSolve(monkeypatch)
    data = write_csv(tmp_path / "adder.csv")
    run("solve", "--data", data, "--widths", "2,2,2", "--out", tmp_path / "run")
    return tmp_path / "run"


# -- export -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "suffix", [suffix for suffix in formats.CIRCUITS_OUT if suffix in formats.CIRCUITS_IN]
)
def test_exported_circuit_computes_the_same_when_it_is_read_again(model, tmp_path, suffix):
    out = tmp_path / f"copy{suffix}"
    assert run("export", model, out).exit_code == 0
    assert formats.read_circuit(out).predict(INPUTS).tolist() == OUTPUTS.tolist()


def test_directory_of_a_run_stands_for_its_circuit(run_folder, tmp_path):
    assert run("export", run_folder, tmp_path / "copy.json").exit_code == 0
    assert formats.read_circuit(tmp_path / "copy.json") == formats.read_circuit(run_folder / "circuit.json")


def test_svg_suffix_draws(model, tmp_path):
    assert run("export", model, tmp_path / "adder.svg").exit_code == 0
    assert "<svg" in (tmp_path / "adder.svg").read_text(encoding="utf-8")


# -- predict ----------------------------------------------------------------------------------------------


def test_predictions_are_printed_as_rows_of_0_and_1(model, tmp_path):
    (tmp_path / "rows.csv").write_text("0,0\n1,0\n1,1\n")
    result = run("predict", model, tmp_path / "rows.csv")
    assert (result.exit_code, result.stdout) == (0, "0,0\n0,1\n1,0\n")


@pytest.mark.parametrize(
    "text",
    ["1,1\n0,1\n", "1, 1\n\n-1, 1\n", "a,b\n1,1\n0,1\n", "out:s,in:a,in:b\n0,1,1\n1,0,1\n", "+1,+1\n-1,+1"],
)
def test_rows_are_read_from_standard_input(model, text):
    assert run("predict", model, "-", text=text).stdout == "1,0\n0,1\n"


@pytest.mark.parametrize("text", ["1,1\n0,1,1\n", "1,1\n1,2\n", "1,nan\n", "a,b\n", "", "1\n", "a,1,1\n"])
def test_rows_that_are_no_bits_are_refused(model, text):
    result = run("predict", model, "-", text=text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "standard input" in result.stderr


def test_predictions_in_arrays_agree_with_the_circuit(model, tmp_path):
    np.save(tmp_path / "rows.npy", 2 * INPUTS - 1)
    assert run("predict", model, tmp_path / "rows.npy", tmp_path / "out.npy").exit_code == 0
    assert np.load(tmp_path / "out.npy").tolist() == OUTPUTS.tolist()


def test_items_files_are_read_for_their_inputs(run_folder, tmp_path):
    assert run("predict", run_folder, run_folder / "items.npz", tmp_path / "out.csv").exit_code == 0
    assert np.loadtxt(tmp_path / "out.csv", delimiter=",", dtype=int).tolist() == OUTPUTS.tolist()


# -- verify -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [".", "circuit.json", "model.btf"])
def test_run_is_verified_against_its_own_training_items(run_folder, name):
    result = run("verify", run_folder / name)
    assert result.exit_code == 0
    assert "Equal" in result.stdout
    assert "all 4 items" in result.stdout


def test_circuit_that_differs_from_data_is_shown_a_counterexample(tmp_path):
    data, model = write_csv(tmp_path / "adder.csv"), saved_half_adder(tmp_path, circuit=wrong_half_adder())
    result = run("verify", model, data)
    assert result.exit_code == 3
    assert "inputs 11 give 11, expected 10" in result.stdout


def test_data_option_and_second_argument_mean_the_same(tmp_path, model):
    data = write_csv(tmp_path / "adder.csv")
    assert run("verify", model, "--data", data).stdout == run("verify", model, data).stdout


def test_circuits_are_compared_on_every_input(tmp_path, model):
    nand = Circuit(2, (Gate(1, (-1, -2)), Gate(1, (1, 2)), Gate(2, (3, 4))), (-3, 5), name="nand-adder")
    saved_half_adder(tmp_path, "nand.blif", nand)
    assert run("verify", model, tmp_path / "nand.blif").exit_code == 0
    saved_half_adder(tmp_path, "wrong.json", wrong_half_adder())
    record = strict_json(run("verify", model, tmp_path / "wrong.json", "--json").stdout)
    assert record["equal"] is False
    assert (record["items"], record["wrong_items"], record["wrong_bits"]) == (4, 1, 1)
    assert record["method"] == "exhaustive"
    assert record["seconds"] >= 0
    assert record["counterexample"] == {
        "item": 3,
        "input_names": ["a", "b"],
        "inputs": [1, 1],
        "output_names": ["carry", "sum"],
        "expected": [1, 1],
        "got": [1, 0],
        "wrong_outputs": ["sum"],
    }


def test_built_in_problem_can_be_verified_against(tmp_path):
    constant = Circuit(4, (Gate(0, ()),), (5, 5, 5, 5))
    saved_half_adder(tmp_path, "constant.json", constant)
    result = run("verify", tmp_path / "constant.json", "multiplier-2x2")
    assert result.exit_code == 3
    assert "16 items" in result.stdout


def wide_and(n_inputs, missing=0):
    literals = tuple(range(1 + missing, n_inputs + 1))
    return Circuit(n_inputs, (Gate(len(literals), literals),), (n_inputs + 1,), output_names=("all",))


def test_wide_circuits_are_proven_equal_or_shown_a_counterexample(tmp_path):
    for name, circuit in (("a.json", wide_and(70)), ("b.blif", wide_and(70)), ("c.json", wide_and(70, 1))):
        saved_half_adder(tmp_path, name, circuit)
    result = run("verify", tmp_path / "a.json", tmp_path / "b.blif")
    assert result.exit_code == 0
    assert "on every input (sat" in result.stdout
    result = run("verify", tmp_path / "a.json", tmp_path / "c.json")
    assert result.exit_code == 3
    assert "Outputs that differ: all." in result.stdout
    record = strict_json(run("verify", tmp_path / "a.json", tmp_path / "c.json", "--json").stdout)
    assert (record["equal"], record["method"], record["items"]) == (False, "sat", None)
    example = record["counterexample"]
    assert (example["inputs"], example["expected"], example["got"]) == ([0] + 69 * [1], [1], [0])
    assert (example["item"], example["wrong_outputs"]) == (None, ["all"])


def test_proof_that_does_not_end_in_time_is_not_decided(tmp_path):
    for name, missing in (("a.json", 0), ("b.json", 1)):
        saved_half_adder(tmp_path, name, wide_and(40, missing))
    arguments = (
        "verify",
        tmp_path / "a.json",
        tmp_path / "b.json",
        "--method",
        "exhaustive",
        "--time-limit",
        0.05,
    )
    result = run(*arguments)
    assert result.exit_code == 4
    assert "Not decided: no input was found" in result.stdout
    assert "of 2^40 inputs were tried" in result.stdout
    record = strict_json(run(*arguments, "--json").stdout)
    assert (record["equal"], record["counterexample"], record["wrong_items"]) == (None, None, 0)


def test_names_in_another_order_are_matched(tmp_path, model):
    swapped = Circuit(2, HALF_ADDER.gates, (5, 3), ("b", "a"), ("sum", "carry"), "swapped")
    saved_half_adder(tmp_path, "swapped.json", swapped)
    result = run("verify", model, tmp_path / "swapped.json")
    assert (result.exit_code, result.stderr) == (0, "")
    result = run("verify", model, tmp_path / "swapped.json", "--by-name")
    assert (result.exit_code, result.stderr) == (0, "")
    assert run("verify", model, tmp_path / "swapped.json", "--by-position").exit_code == 3
    saved_half_adder(tmp_path, "other.json", HALF_ADDER.named(inputs=("a", "c")))
    result = run("verify", model, tmp_path / "other.json", "--by-name")
    assert result.exit_code == 1
    assert "has no input named b" in result.stderr
    result = run("verify", model, tmp_path / "other.json")
    assert result.exit_code == 0
    assert "by position: c of the latter for b" in result.stderr
    assert run("verify", model, tmp_path / "other.json", "--by-position").stderr == ""


def test_data_is_never_what_is_checked(tmp_path, model):
    data = write_csv(tmp_path / "adder.csv")
    for arguments in ((data, model), (data, data), ("multiplier-2x2",)):
        result = run("verify", *arguments)
        assert result.exit_code == 2
        assert "name the circuit first" in result.stderr
    for option, said in (
        (("--by-name",), "has no names of inputs"),
        (("--method", "sat"), "is for two circuits"),
    ):
        result = run("verify", model, data, *option)
        assert result.exit_code == 2
        assert said in result.stderr
    assert run("verify", model, model, "--time-limit", "0").exit_code == 2
    assert strict_json(run("verify", model, data, "--json").stdout)["method"] == "items"


def test_circuits_of_different_shape_cannot_be_compared(tmp_path, model):
    saved_half_adder(tmp_path, "one.json", Circuit(1, (Gate(1, (1,)),), (2,)))
    assert run("verify", model, tmp_path / "one.json").exit_code == 1


# -- inspect, problems, formats, bench --------------------------------------------------------------------


def test_inspect_counts_gates_depth_sharing_and_support(model):
    record = strict_json(run("inspect", model, "--json").stdout)
    assert record["gates"] == {"and": 2, "or": 1}
    assert (record["inputs"], record["outputs"], record["depth"], record["shared_gates"]) == (2, 2, 2, 1)
    assert [btf["support"] for btf in record["btfs"]] == [2, 2, 2]
    assert [btf["listeners"] for btf in record["btfs"]] == [2, 1, 1]
    text = run("inspect", model).stdout
    assert "1 of 3 gates" in text
    assert str(HALF_ADDER) in text


def test_inspect_draws(model, tmp_path):
    assert run("inspect", model, "--draw", tmp_path / "adder.svg").exit_code == 0
    assert "<svg" in (tmp_path / "adder.svg").read_text(encoding="utf-8")


def test_problems_lists_every_built_in_problem():
    result = run("problems")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in (*tasks.names(), *tasks.families()))
    listed = strict_json(run("problems", "--json").stdout)
    assert [problem["name"] for problem in listed["problems"]] == tasks.names()


def test_problem_is_described_in_words_and_in_json():
    assert tasks.describe("multiplier-2x2") in run("problems", "multiplier-2x2").stdout
    record = strict_json(run("problems", "multiplier-2x2", "--json").stdout)
    assert (record["inputs"], record["outputs"], record["train_items"], record["edges"]) == (4, 4, 16, 60)


@pytest.mark.parametrize("suffix", ["csv", "npz", "dat"])
def test_written_items_are_those_of_the_problem(tmp_path, suffix):
    out = tmp_path / f"items.{suffix}"
    assert run("problems", "multiplier-2x2", "--write", out).exit_code == 0
    problem = btfnet.load("multiplier-2x2").problem
    items = formats.read_items(out)
    assert np.array_equal(items.inputs, problem.inputs)
    assert np.array_equal(items.outputs, problem.outputs)


def test_every_format_that_is_listed_has_a_page():
    listed = run("formats").stdout
    for suffix in formats.KNOWN:
        assert suffix in listed
        assert run("formats", suffix).stdout.startswith("# ")


def test_every_command_has_a_summary_and_an_example():
    for name in COMMANDS:
        text = run(name, "--help").stdout
        assert f"btfnet {name}" in text.split("Examples:")[1]
        assert f"  {name}" in run("--help").stdout

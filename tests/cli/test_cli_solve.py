"""`btfnet solve` around a search that is only pretended; test_cli_process.py runs the real one."""

import csv
import inspect
import json
from dataclasses import fields, replace

import numpy as np
import pytest
from support.cli_samples import HALF_ADDER, INPUTS, OUTPUTS, FakeSolve, run, strict_json, write_csv

import btfnet
from btfnet import Settings, Status, formats
from btfnet.cli.commands.solve import choose_settings
from btfnet.cli.declarations.learning import solve as declared
from btfnet.cli.runs.run_folder import LOCK
from btfnet.cli.runs.saved import COLUMNS
from btfnet.ranks.ranks import ALONE

RECORD = {
    "problem", "seed", "settings", "status", "exact", "trials", "best", "gates", "depth", "model", "seconds",
    "tuning", "widths", "agreement", "consensus", "notable_outputs", "score", "training",
    "copies_inputs",
    "scores", "best_possible", "error", "vote", "recognised",
}  # fmt: skip
TRIAL = {
    "seed", "engine", "found_by", "status", "exact", "iterations", "gap", "seconds",
    "train_bits", "train_words", "test_bits", "test_words", "wrong_bits", "shrunk",
    "validation_bits", "validation_words",
}  # fmt: skip


@pytest.fixture
def data(tmp_path):
    return write_csv(tmp_path / "adder.csv")


def solve(data, *more):
    return run("solve", "--data", data, "--widths", "2,2,2", *more)


def test_exact_result_exits_with_0_and_ends_in_the_printed_circuit(monkeypatch, data):
    FakeSolve(monkeypatch)
    result = solve(data)
    assert result.exit_code == 0
    assert "Solved. Integer gates reproduce all 4 training items." in result.stdout
    assert "seed 7" in result.stdout
    assert result.stdout.rstrip().endswith(str(HALF_ADDER.simplified()).splitlines()[-1])


def test_accuracy_stands_beside_the_constant_answer(monkeypatch, data):
    FakeSolve(monkeypatch)
    lines = {line.split("  ")[1]: line for line in solve(data).stdout.splitlines() if line.startswith("  ")}
    assert lines["training items"].split()[-4:] == ["100", "%", "100", "%"]
    assert lines["constant answer (training)"].split()[-4:] == ["62.50", "%", "25.00", "%"]


def test_marks_in_the_data_are_bits_that_need_not_fit(monkeypatch, tmp_path):
    fake = FakeSolve(monkeypatch)
    (tmp_path / "x.csv").write_text("0,0,0,-\n0,1,x,1\n1,0,0,1\n1,1,1,0\n")
    result = run("solve", "--data", tmp_path / "x.csv", "--widths", "2,2,2", "--out", tmp_path / "run")
    assert fake.problem.care.tolist() == [[True, False], [False, True], [True, True], [True, True]]
    assert "4 training items (2 training bits need not fit)" in result.stdout
    assert formats.read_items(tmp_path / "run" / "items.npz").care.sum() == 6
    (tmp_path / "y.csv").write_text("0,0,1,1\n0,1,x,1\n1,0,x,1\n1,1,1,0\n")
    (tmp_path / "z.csv").write_text("0,0,x,1\n0,1,x,1\n1,0,x,1\n1,1,1,0\n")
    assert run("verify", tmp_path / "run").exit_code == 0
    found = run("verify", tmp_path / "run", tmp_path / "y.csv")
    assert found.exit_code == 3
    assert "2 output bits" not in run("verify", tmp_path / "run", tmp_path / "z.csv").stdout
    record = strict_json(run("verify", tmp_path / "run", tmp_path / "z.csv", "--json").stdout)
    wrong = {"item": 0, "inputs": [0, 0], "expected": [None, 1], "got": [0, 0], "wrong_outputs": ["sum"]}
    assert record["counterexample"].items() >= wrong.items()
    assert record["wrong_bits"] == 1


def test_mark_in_an_input_names_the_line_and_what_to_do(tmp_path):
    (tmp_path / "x.csv").write_text("0,0,0,1\n0,-,1,1\n")
    result = run("solve", "--data", tmp_path / "x.csv", "--widths", "2,2,2")
    assert result.exit_code == 1
    assert (
        "x.csv:2: item 2: column 2 is '-', an input that is left open; only outputs may be" in result.stderr
    )


def test_classes_are_reported_as_classes(monkeypatch, tmp_path):
    FakeSolve(monkeypatch, circuit=None, exact=False)
    (tmp_path / "x.dat").write_text("3\n2 2\n3 1\n0 0 1\n0 1 1\n1 0 2\n")
    lines = run("solve", "--data", tmp_path / "x.dat", "--widths", "2,3").stdout.splitlines()
    table = lines.index(next(line for line in lines if line.startswith("Accuracy")))
    assert [line.split()[-1] for line in lines[table : table + 3]] == ["classes", "%", "%"]
    assert lines[table + 2].split()[-2:] == ["66.67", "%"]
    assert lines[table + 1].count("%") == 1


def test_search_without_success_exits_with_3(monkeypatch, data):
    FakeSolve(monkeypatch, exact=False, status=Status.ITERATION_LIMIT)
    result = solve(data)
    assert result.exit_code == 3
    assert Status.ITERATION_LIMIT.value.replace("max_iterations", "--max-iterations") in result.stdout


def test_closed_gap_without_gates_is_not_called_solved(monkeypatch, data):
    FakeSolve(monkeypatch, exact=False, circuit=None)
    result = solve(data)
    assert result.exit_code == 3
    assert "no integer gates were found" in result.stdout


def test_interrupted_search_exits_with_130_and_keeps_what_it_has(monkeypatch, data, tmp_path):
    FakeSolve(monkeypatch, exact=False, status=Status.INTERRUPTED)
    result = solve(data, "--out", tmp_path / "run")
    assert result.exit_code == 130
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "interrupted"
    assert (tmp_path / "run" / "weights.npz").exists()


def test_json_has_exactly_the_fields_of_the_contract(monkeypatch, data):
    FakeSolve(monkeypatch, n_trials=2)
    record = strict_json(solve(data, "--json", "--trials", "5").stdout)
    assert set(record) == RECORD
    assert all(set(trial) == TRIAL for trial in record["trials"])
    assert set(record["settings"]) == {"sigma", "beta", "gamma", "gap", "max_iterations", "widen", "trials"}
    assert record["settings"]["trials"] == 5
    assert (record["status"], record["exact"], record["best"], record["model"]) == ("solved", True, 0, None)
    assert record["gates"] == HALF_ADDER.simplified().counts()
    assert record["depth"] == HALF_ADDER.simplified().depth


def test_what_is_not_a_number_is_null_in_json(monkeypatch, data):
    FakeSolve(monkeypatch, circuit=None, exact=False)
    record = strict_json(solve(data, "--json").stdout)
    assert record["trials"][0]["test_bits"] is None
    assert record["trials"][0]["test_words"] is None
    assert record["gates"] is record["depth"] is record["trials"][0]["found_by"] is None


def test_out_holds_model_netlist_weights_items_record_and_trace(monkeypatch, data, tmp_path):
    FakeSolve(monkeypatch)
    folder = tmp_path / "runs" / "adder"
    result = solve(data, "--out", folder, "--json")
    record = strict_json(result.stdout)
    assert record["model"] == str(folder / "model.btf")
    assert strict_json((folder / "run.json").read_text()) == record
    assert formats.read_circuit(folder / "circuit.json").predict(INPUTS).tolist() == OUTPUTS.tolist()
    assert formats.read_circuit(folder / "model.btf") == formats.read_circuit(folder / "circuit.json")
    assert "module" in (folder / "circuit.v").read_text()
    assert formats.read_items(folder / "items.npz").outputs.tolist() == (2 * OUTPUTS - 1).tolist()
    with np.load(folder / "weights.npz", allow_pickle=False) as saved:
        assert saved["weights"].dtype == np.float64
        assert saved["weights"].shape == saved["fan_in"].shape
        assert int(saved["trial_seed"]) == 7
        assert {setting.name for setting in fields(Settings)} <= set(saved)
    assert [path.name for path in folder.glob(".*")] == [LOCK]


def test_trace_has_one_row_for_each_look_and_blanks_where_nothing_was_measured(monkeypatch, data, tmp_path):
    FakeSolve(monkeypatch)
    solve(data, "--out", tmp_path / "run")
    with open(tmp_path / "run" / "trace.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["iteration"] for row in rows] == ["100", "1234"]
    assert (rows[0]["gap_w"], rows[1]["gap_w"], rows[1]["test_bits"]) == ("", "0.1", "")


def test_only_training_items_are_saved_for_verification(monkeypatch, data, tmp_path):
    fake = FakeSolve(monkeypatch)
    solve(data, "--train", "3", "--out", tmp_path / "run")
    assert fake.problem.n_train == 3
    assert formats.read_items(tmp_path / "run" / "items.npz").n_items == 3


def test_second_run_replaces_the_first_and_leaves_foreign_files_alone(monkeypatch, data, tmp_path):
    FakeSolve(monkeypatch)
    solve(data, "--out", tmp_path / "run")
    (tmp_path / "run" / "notes.txt").write_text("mine")
    FakeSolve(monkeypatch, circuit=None, exact=False)
    assert solve(data, "--out", tmp_path / "run", "--force").exit_code == 3
    assert (tmp_path / "run" / "notes.txt").read_text() == "mine"
    assert not (tmp_path / "run" / "circuit.json").exists()
    assert not (tmp_path / "run" / "circuit.v").exists()


def test_netlist_is_printed_last_in_the_format_asked_for(monkeypatch, data):
    FakeSolve(monkeypatch)
    netlist = solve(data, "--netlist", "blif").stdout.partition("Netlist:\n\n")[2]
    assert ".model" in netlist
    assert netlist.rstrip().endswith(".end")


def test_out_always_holds_verilog_and_the_netlist_asked_for(monkeypatch, data, tmp_path):
    FakeSolve(monkeypatch)
    text = solve(data, "--out", tmp_path / "run", "--netlist", ".blif").stdout
    assert (tmp_path / "run" / "circuit.v").exists()
    assert (tmp_path / "run" / "circuit.blif").exists()
    assert f"(netlist: {tmp_path / 'run' / 'circuit.blif'})" in text


def test_circuit_that_is_not_exact_is_summed_up_instead_of_printed(monkeypatch, data):
    FakeSolve(monkeypatch, exact=False, status=Status.TIME_LIMIT)
    text = solve(data).stdout
    assert "The nearest circuit, which was kept:" in text
    assert "And(" not in text


def test_settings_are_those_of_the_kept_trial_so_that_it_can_be_repeated(monkeypatch, data):
    fake = FakeSolve(monkeypatch)

    def tuned(problem, settings, **options):
        result = fake(problem, Settings(beta=0.5), **options)
        return replace(result, settings=Settings(beta=0.1))

    monkeypatch.setattr("btfnet.cli.commands.solve.solve", tuned)
    assert strict_json(solve(data, "--json").stdout)["settings"]["beta"] == 0.5
    assert "beta 0.5" in solve(data).stdout


def test_statistics_of_several_trials_are_listed(monkeypatch, data):
    FakeSolve(monkeypatch, n_trials=3)
    text = solve(data, "--all-trials").stdout
    assert "Exact     3 of 3 trials" in text
    assert [line.split()[1] for line in text.splitlines() if line.endswith("100 %") and "solved" in line] == [
        "7", "8", "9",
    ]  # fmt: skip


def test_options_reach_the_search(monkeypatch, data):
    fake = FakeSolve(monkeypatch)
    options = (
        "--sigma", "5", "--beta", ".4", "--gamma", "0", "--gap", ".02", "--max-iterations", "1e5",
        "--trials", "3", "--all-trials", "--time-limit", "9.5", "--jobs", "2", "--seed", "11",
        "--deterministic", "--no-tune",
        "--precision", "float64", "--quiet", "--engine", "rrr", "--no-shrink", "--circuits", "4",
    )  # fmt: skip
    solve(data, *options)
    assert fake.settings == Settings(5.0, 0.4, 0.0, 0.02, 100_000)
    assert not fake.options.pop("stop").is_set()
    assert fake.options == {
        "trials": 3, "all_trials": True, "time_limit": 9.5, "jobs": 2, "seed": 11, "deterministic": True,
        "tune": False, "engine": "rrr", "precision": "float64", "shrink": False, "circuits": 4,
        "validation": None, "error": None, "recognise": None, "spectator": None, "checkpoint": None,
        "executor": None, "ranks": ALONE,
    }  # fmt: skip


def test_problem_keeps_its_own_settings_except_those_given(monkeypatch):
    fake = FakeSolve(monkeypatch)
    run("solve", "multiplier-2x2", "--beta", "0.25")
    own = btfnet.load("multiplier-2x2").settings
    assert fake.settings == own.but(beta=0.25)
    assert fake.options["tune"] is False


def test_settings_are_tuned_when_nobody_gives_them_or_when_asked_to():
    own = Settings(beta=0.5)
    assert choose_settings(None, {}, None) == (Settings(), True)
    assert choose_settings(None, {}, False) == (Settings(), False)
    assert choose_settings(None, {"max_iterations": 7}, None) == (Settings(max_iterations=7), True)
    assert choose_settings(own, {}, None) == (own, False)
    assert choose_settings(own, {}, True) == (own, True)
    assert choose_settings(own, {"sigma": 5.0}, None) == (Settings(sigma=5.0, beta=0.5), False)
    assert choose_settings(None, {"sigma": 5.0}, None) == (Settings(sigma=5.0), False)


def test_tuning_what_was_set_by_hand_is_refused(data):
    result = solve(data, "--tune", "--beta", "0.5")
    assert result.exit_code == 2
    assert "leave out one of the two" in result.stderr


def test_problem_can_be_given_another_network(monkeypatch):
    fake = FakeSolve(monkeypatch)
    run("solve", "multiplier-2x2", "--widths", "4-6-4")
    assert fake.problem.network == btfnet.Network.layered([4, 6, 4])


def test_widths_may_come_from_a_file(monkeypatch, data, tmp_path):
    fake = FakeSolve(monkeypatch)
    (tmp_path / "adder.wth").write_text("2\n2 3 2\n")
    run("solve", "--data", data, "--widths", tmp_path / "adder.wth")
    assert fake.problem.network == btfnet.Network.layered([2, 3, 2])


def test_defaults_of_the_command_are_those_of_the_function():
    parameters = inspect.signature(btfnet.solve).parameters

    defaults = {option.name: option.default for option in declared.params}
    assert defaults["trials"] == parameters["trials"].default
    assert parameters["seed"].default == 0
    assert parameters["precision"].default == "float32"


def test_help_of_every_setting_comes_from_the_table_of_settings():
    text = "".join(run("solve", "--help").stdout.split())
    for setting in fields(Settings):
        assert f"--{setting.name.replace('_', '-')}" in text
        assert "".join(setting.metadata["help"][1:].split()) in text

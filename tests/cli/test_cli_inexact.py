"""Every command that lets a circuit out says on standard error when it is not exact, and only then.

Nobody saw it before because no test took a circuit with wrong training bits out of the search.
"""

from __future__ import annotations

from dataclasses import replace

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

from btfnet import Network, Status, formats
from btfnet.logic.training_fit import TrainingFit
from btfnet.logic.verify import training_fit

FIT = TrainingFit(1, 8, 1, 4)
SENTENCE = "1 of 8 training bits wrong (1 of 4 items)"


def wrong():
    """Wrong for 1 + 1, and it knows."""
    circuit = wrong_half_adder()
    return replace(circuit, training=training_fit(circuit, INPUTS, OUTPUTS))


def exact():
    return replace(HALF_ADDER, training=training_fit(HALF_ADDER, INPUTS, OUTPUTS))


@pytest.fixture
def model(tmp_path):
    return saved_half_adder(tmp_path, circuit=wrong())


def warnings_of(result):
    return [line for line in result.stderr.splitlines() if line.startswith("Warning: ")]


COMMANDS = {
    "export": ("export", "MODEL", "OUT.v"),
    "export to a drawing": ("export", "MODEL", "OUT.svg"),
    "predict": ("predict", "MODEL", "ROWS"),
    "inspect": ("inspect", "MODEL"),
    "inspect as JSON": ("inspect", "MODEL", "--json"),
    "inspect and draw": ("inspect", "MODEL", "--draw", "OUT.svg"),
    "verify against items": ("verify", "MODEL", "ITEMS"),
    "verify against a circuit": ("verify", "MODEL", "MODEL"),
    "verify another against it": ("verify", "OTHER", "MODEL"),
}


@pytest.fixture
def files(tmp_path, model):
    rows = tmp_path / "rows.csv"
    rows.write_text("a,b\n0,1\n1,1\n")
    return {
        "MODEL": model,
        "OTHER": saved_half_adder(tmp_path, "other.json", exact()),
        "ROWS": rows,
        "ITEMS": write_csv(tmp_path / "items.csv"),
        "OUT.v": tmp_path / "out.v",
        "OUT.svg": tmp_path / "out.svg",
    }


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_every_command_says_once_that_the_model_is_not_exact(words, files):
    result = run(*(files.get(word, word) for word in words))
    assert result.exit_code in (0, 3)
    assert warnings_of(result) == [f"Warning: {files['MODEL']} is not exact: {SENTENCE}."]


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("circuit", [exact(), HALF_ADDER], ids=["exact", "unknown"])
def test_no_command_says_so_of_another_circuit(words, circuit, files, tmp_path):
    files |= {"MODEL": saved_half_adder(tmp_path, circuit=circuit)}
    result = run(*(files.get(word, word) for word in words))
    assert result.exit_code == 0
    assert warnings_of(result) == []


@pytest.mark.parametrize("suffix", [".blif", ".aig", ".aag", ".bench", ".graphml", ".btf", ".json"])
def test_a_netlist_that_went_out_and_came_back_is_still_not_exact(suffix, files, tmp_path):
    there = tmp_path / f"there{suffix}"
    assert run("export", files["MODEL"], there).exit_code == 0
    again = run("export", there, tmp_path / "again.v")
    assert warnings_of(again) == [f"Warning: {there} is not exact: {SENTENCE}."]
    assert f"// {SENTENCE}\n" in (tmp_path / "again.v").read_text()


def test_inspect_says_what_is_known_of_the_training_items(files):
    assert f"Training  {SENTENCE}" in run("inspect", files["MODEL"]).stdout
    assert strict_json(run("inspect", files["MODEL"], "--json").stdout)["training"] == FIT.as_dict()
    assert "Training  exact on all 4 training items (8 bits)" in run("inspect", files["OTHER"]).stdout


@pytest.fixture
def solved(monkeypatch):
    FakeSolve(monkeypatch, exact=False, circuit=wrong(), status=Status.NOT_EXACT)


def solve(files, *more):
    return run("solve", "--data", files["ITEMS"], "--widths", "2,2,2", *more)


@pytest.mark.parametrize("more", [(), ("--json",), ("--quiet",), ("--netlist", "blif")], ids=str)
def test_solve_says_so(solved, files, more):
    result = solve(files, *more)
    assert result.exit_code == 3
    assert warnings_of(result) == [f"Warning: the circuit of items is not exact: {SENTENCE}."]


def test_the_netlist_on_standard_output_says_so(solved, files):
    assert f"# {SENTENCE}\n" in solve(files, "--netlist", "blif").stdout


def test_every_file_of_a_run_says_so(solved, files, tmp_path):
    assert solve(files, "--out", tmp_path / "run", "--netlist", "aag").exit_code == 3
    for name in ("circuit.v", "circuit.aag"):
        assert SENTENCE in (tmp_path / "run" / name).read_text()
    for name in ("circuit.json", "model.btf"):
        assert formats.read_circuit(tmp_path / "run" / name).training == FIT
    assert strict_json((tmp_path / "run" / "run.json").read_text())["training"] == FIT.as_dict()
    for command in (["inspect"], ["predict"], ["verify"], ["export"]):
        more = {"predict": [files["ROWS"]], "export": [tmp_path / "x.dot"]}.get(command[0], [])
        assert warnings_of(run(*command, tmp_path / "run", *more))


def test_the_report_says_so_first_and_does_not_blame_a_limit(solved, files):
    lines = solve(files).stdout.splitlines()
    status = next(line for line in lines if line.startswith("Status"))
    assert status.startswith(
        f"Status    Not exact: {SENTENCE}. No exact circuit was found, and the trials stood"
    )
    assert f"not exact: {SENTENCE}" in lines
    assert strict_json(solve(files, "--json").stdout)["status"] == "not_exact"


def test_an_exact_run_says_so_in_its_files_and_warns_of_nothing(monkeypatch, files, tmp_path):
    FakeSolve(monkeypatch, circuit=exact())
    result = solve(files, "--out", tmp_path / "run")
    assert (result.exit_code, warnings_of(result)) == (0, [])
    assert "// exact on all 4 training items (8 bits)\n" in (tmp_path / "run" / "circuit.v").read_text()


def test_a_network_of_others_that_is_wrong_on_its_items_makes_a_circuit_that_says_so(tmp_path):
    """The network computes Or; the items say And."""
    network = Network.layered([2, 1])
    formats.write_network(tmp_path / "or.sol", network, [-1.0, 1.0, 1.0])
    outputs = np.array([[0], [0], [0], [1]])
    items = write_csv(tmp_path / "and.csv", INPUTS, outputs)
    result = run("export", tmp_path / "or.sol", tmp_path / "or.blif", "--data", items)
    assert result.exit_code == 0, result.stderr
    wrong_bits = formats.read_circuit(tmp_path / "or.blif").training.wrong_bits
    assert f"{wrong_bits} of 4 training bits wrong" in (tmp_path / "or.blif").read_text()
    assert wrong_bits == 2


def test_a_run_that_was_finished_before_says_so_again(solved, files, tmp_path):
    assert solve(files, "--out", tmp_path / "run").exit_code == 3
    again = solve(files, "--out", tmp_path / "run", "--resume")
    assert "Finished before" in again.stderr
    assert warnings_of(again) == [f"Warning: the circuit of items is not exact: {SENTENCE}."]


# -- what verify claims -----------------------------------------------------------------------------------


def test_verify_says_how_many_output_bits_it_compared(tmp_path, files):
    (tmp_path / "open.csv").write_text("0,0,0,-\n0,1,0,1\n1,0,-,-\n1,1,1,0\n")
    given = ("verify", files["OTHER"], tmp_path / "open.csv")
    text = run(*given).stdout
    assert text.endswith("on all 4 items, in the 5 of 8 output bits that count.\n")
    assert strict_json(run(*given, "--json").stdout)["compared_bits"] == 5
    assert run("verify", files["OTHER"], files["ITEMS"]).stdout.endswith("on all 4 items.\n")


@pytest.mark.parametrize("name", ["open.csv", "open.pla"])
def test_nothing_compared_is_not_called_equal(tmp_path, files, name):
    """It was: a circuit "agreed" with items of which no bit counts."""
    rows = "0,0,-,-\n0,1,-,-\n" if name.endswith("csv") else ".i 2\n.o 2\n.type fd\n-- --\n.e\n"
    (tmp_path / name).write_text(rows)
    result = run("verify", files["OTHER"], tmp_path / name)
    assert result.exit_code == 1, result.stdout
    assert "counts" in result.stderr
    assert "Equal" not in result.stdout

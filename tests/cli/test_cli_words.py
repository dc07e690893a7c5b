"""What the command line says is in its own words: options, formats as people call them, items counted from 1."""

import numpy as np
import pytest
from support.cli_samples import FakeSolve, run, saved_half_adder, write_csv

import btfnet
from btfnet import Checkpoint, DataError, Network, Problem, formats
from btfnet.cli.app import COMMANDS, OPTIONS
from btfnet.errors import ContradictionError


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "adder.csv")
    saved_half_adder(tmp_path, "adder.json")
    np.save(tmp_path / "plain.npy", np.array([[0, 0, 0], [0, 1, 0], [1, 0, 1]], dtype=np.int8))
    np.save(tmp_path / "nan.npy", np.array([[0, 0, 0], [np.nan, 1, 0]]))
    np.save(tmp_path / "two.npy", np.array([[0, 0, 0], [0, 2, 0]]))
    (tmp_path / "bad.dat").write_text("3\n2 2\n2 2\n0 0 0 0\n0 1 0 1\n1 0 0 2\n")
    (tmp_path / "label.dat").write_text("3\n2 2\n3 1\n0 0 0\n0 1 1\n1 0 7\n")
    (tmp_path / "open.dat").write_text("2\n2 2\n2 2\n0 0 0 0\n0 - 0 1\n")
    (tmp_path / "many.toml").write_text(
        'format = 1\nname = "many"\n[data]\nfile = "adder.csv"\ninputs = 2\n[network]\nwidths = [2, 2, 2]\n'
        "[train]\nitems = 9\n"
    )
    return tmp_path


SAID = {
    "inputs of .npy": (
        ("solve", "--data", "plain.npy", "--widths", "auto"),
        "columns are inputs; state it (--inputs)",
    ),
    "inputs of .csv": (
        ("solve", "--data", "adder.csv", "--widths", "auto"),
        "state it (--inputs), or add a header",
    ),
    "train": (
        ("solve", "--data", "adder.csv", "--widths", "2,2,2", "--train", "9"),
        "--train is 9, but there are 4 items",
    ),
    "train of a problem file": (("solve", "many.toml"), "items of [train] is 9, but there are 4 items"),
    "NaN": (("solve", "--data", "nan.npy", "--widths", "2,1"), "item 2 has NaN in column 1, an input"),
    "a two": (("solve", "--data", "two.npy", "--widths", "2,1"), "item 2 has the value 2 in column 2"),
    ".dat": (
        ("solve", "--data", "bad.dat", "--widths", "2,2,2"),
        "bad.dat:6: found '2'; in item 3, expected",
    ),
    "a label": (
        ("solve", "--data", "label.dat", "--widths", "2,3"),
        "label.dat:6: found '7'; in item 3, expected",
    ),
    "an open input": (
        ("solve", "--data", "open.dat", "--widths", "2,2"),
        "open.dat:5: found '-'; in item 2, only outputs",
    ),
    "a command": (
        ("solv", "x"),
        "there is no command 'solv'; did you mean solve? The commands are solve, learn, classify, ",
    ),
    "a command far off": (("quit",), "there is no command 'quit'. The commands are"),
    "an option": (
        ("solve", "multiplier-2x2", "--trails", "3"),
        "Did you mean one of: '--all-trials', '--train', '--trials'?",
    ),
    "a problem": (("solve", "multiplyer-2x2"), "did you mean multiplier-2x2"),
    "a problem to verify against": (
        ("verify", "adder.json", "multiplyer-2x2"),
        "there is no such file, run or built-in problem; did you mean multiplier-2x2",
    ),
    "a format": (("formats", "bilf"), "there is no format named 'bilf'; did you mean .blif"),
    "a netlist": (
        ("solve", "multiplier-2x2", "--netlist", "verilgo"),
        "--netlist is 'verilgo'; did you mean verilog",
    ),
}


@pytest.mark.parametrize(("arguments", "words"), SAID.values(), ids=SAID)
def test_messages_are_in_the_words_of_the_command_line(monkeypatch, arguments, words):
    fake = FakeSolve(monkeypatch)
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert words in result.stderr
    assert not fake.calls


def test_in_python_the_same_messages_name_the_arguments():
    with pytest.raises(DataError, match=r"state it \(n_inputs\)"):
        formats.read_items("plain.npy")
    with pytest.raises(btfnet.UsageError, match="n_train is 9, but there are 4 items"):
        Problem.from_bits([[0], [1]] * 2, [[0], [1]] * 2, n_train=9)
    (folder := __import__("pathlib").Path("checkpoint")).mkdir()
    (folder / "finished.safetensors").touch()
    with pytest.raises(
        btfnet.OutputError, match=r"Use resume=True to go on with it.*by removing that folder"
    ):
        Checkpoint(folder)


def test_a_contradiction_is_an_error_of_its_own_with_the_items_numbers():
    with pytest.raises(ContradictionError, match=r"data: items 2 and 4 .* \(output 1: 0 and 1\)") as caught:
        Problem.from_arrays(
            [[0, 0], [0, 0.5], [1, 0], [0, 0.5]], [0, 0, 0, 1], Network.layered([2, 1]), input_kind="analog"
        )
    assert caught.value.items == (2, 4)


def test_every_option_that_stands_for_an_argument_exists():
    learning = "".join(run(command, "--help").stdout for command in ("solve", "classify", "automaton"))
    assert all(option in learning for option in OPTIONS.values())
    assert all(run(command, "--help").exit_code == 0 for command in COMMANDS)


@pytest.mark.parametrize("word", ["v", ".v", "V", "verilog", "Verilog", "SystemVerilog", "sv", ".sv"])
def test_verilog_is_understood_by_all_its_names(monkeypatch, word):
    FakeSolve(monkeypatch)
    text = run("solve", "--data", "adder.csv", "--widths", "2,2,2", "--netlist", word, "--out", "run").stdout
    assert "endmodule" in text
    assert "(netlist: run/circuit.v)" in text
    assert run("formats", word).stdout == formats.spec("v") + "\n"


@pytest.mark.parametrize(
    ("suffix", "same"), [(".sv", ".v"), (".verilog", ".v"), (".gv", ".dot"), (".SV", ".v")]
)
def test_files_may_have_the_other_suffixes_of_a_format(folder, suffix, same):
    assert run("export", "adder.json", f"out{suffix}").exit_code == 0
    assert run("export", "adder.json", f"other{same}").exit_code == 0
    assert (folder / f"out{suffix}").read_bytes() == (folder / f"other{same}").read_bytes()


COMMANDS_WITH_A_MODEL = {
    "inspect": (), "export": ("out.v",), "predict": ("rows.csv",), "verify": ("adder.json",),
}  # fmt: skip


@pytest.mark.parametrize("model", ["missing", "no/such/run", "missing.v", "missing.pla"])
@pytest.mark.parametrize("command", COMMANDS_WITH_A_MODEL)
def test_a_missing_model_is_missing_and_has_no_suffix_to_blame(command, model):
    """`predict runs/nope rows.csv` said that the suffix names no known format, and ended with 2."""
    result = run(command, model, *COMMANDS_WITH_A_MODEL[command])
    assert result.exit_code == 1
    assert f"{model}" in result.stderr
    assert "there is no such file" in result.stderr
    assert "suffix" not in result.stderr


@pytest.mark.parametrize("command", ["inspect", "export", "predict"])
def test_a_built_in_problem_is_no_model_yet(command):
    result = run(command, "multiplier-2x2", *COMMANDS_WITH_A_MODEL[command])
    assert result.exit_code == 1
    assert "btfnet solve multiplier-2x2 --out DIR" in result.stderr


@pytest.mark.parametrize("b", ["missing.csv", "missing.blif", "missing.pla", "missing", "no/such/run"])
@pytest.mark.parametrize("how", ["B", "--data"])
def test_a_missing_b_is_noticed_before_anything_is_read_or_compiled(monkeypatch, b, how):
    monkeypatch.setattr(
        "btfnet.cli.commands.verify.load_predictor", lambda *_, **__: pytest.fail("A was read")
    )
    monkeypatch.setattr(
        "btfnet.cli.commands.verify.warm_up_circuits", lambda: pytest.fail("kernels were compiled")
    )
    result = run("verify", "adder.json", *(("--data", b) if how == "--data" else (b,)))
    assert result.exit_code == 1
    assert b in result.stderr
    assert "there is no such file" in result.stderr


def test_verify_counts_items_from_1_as_the_line_does(folder):
    (folder / "wrong.csv").write_text("0,0,0,0\n0,1,1,1\n")
    assert "on 1 of 2 items (1 output bits); item 2, for example" in run(
        "verify", "adder.json", "wrong.csv"
    ).stdout.replace("1 of 4 output bits", "1 output bits")

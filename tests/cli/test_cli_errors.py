"""Whatever is wrong with the input: one message, the right exit code, no traceback, nothing overwritten."""

import os

import numpy as np
import pytest
from support.cli_samples import FakeSolve, run, saved_half_adder, write_csv

import btfnet

UNREADABLE, WRONG_USAGE = 1, 2
PLAIN = ("--data", "adder.csv", "--widths", "2,2,2")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working directory with a few good and many bad files; no search may ever start from the latter."""
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "adder.csv")
    saved_half_adder(tmp_path, "adder.json")
    (tmp_path / "rows.csv").write_text("0,1\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "header_only.csv").write_text("in:a,in:b,out:c,out:d\n")
    (tmp_path / "ragged.csv").write_text("0,0,0,0\n0,1,1\n")
    (tmp_path / "two.csv").write_text("0,0,0,0\n0,2,0,1\n")
    (tmp_path / "word.csv").write_text("0,0,0,0\n0,zero,0,1\n")
    (tmp_path / "nan.csv").write_text("0,0,0,0\n0,nan,0,1\n")
    (tmp_path / "binary.csv").write_bytes(b"\x00\xff\xfe\x80" * 10)
    (tmp_path / "wide.csv").write_text("0,0,0,0,1\n0,1,0,1,1\n")
    (tmp_path / "broken.dat").write_text("4\n2 2\n2 2\n0 0 0")
    np.save(tmp_path / "nan.npy", np.array([[0, 0, 0, 0], [0, np.nan, 0, 1]]))
    np.save(tmp_path / "flat.npy", np.array([0, 1, 0, 1]))
    np.save(tmp_path / "objects.npy", np.array([[0, None]], dtype=object), allow_pickle=True)
    (tmp_path / "cut.npz").write_bytes(b"PK\x03\x04cut")
    (tmp_path / "broken.json").write_text('{"format": "btfnet-circuit", ')
    (tmp_path / "other.json").write_text('{"a": 1}')
    (tmp_path / "broken.blif").write_text(".model x\n.inputs a\n.outputs y\n.names b y\n1 1\n.end\n")
    (tmp_path / "broken.toml").write_text('name = "x"\n[network\n')
    (tmp_path / "unknown_key.toml").write_text('format = 1\nname = "x"\ncolour = "red"\n')
    (tmp_path / "three.wth").write_text("3\n2 2\n")
    (tmp_path / "a_file").write_text("mine")
    (tmp_path / "a_folder").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "circuit.v").write_text("mine")
    return tmp_path


BAD_DATA = [
    ("solve", "--data", "adder.csv"),
    ("solve", "--data", "missing.csv", "--widths", "2,2,2"),
    ("solve", "--data", "a_folder/x.csv", "--widths", "2,2,2"),
    ("solve", "--data", "empty.csv", "--widths", "2,2,2"),
    ("solve", "--data", "header_only.csv", "--widths", "2,2,2"),
    ("solve", "--data", "ragged.csv", "--widths", "2,2,2"),
    ("solve", "--data", "two.csv", "--widths", "2,2,2"),
    ("solve", "--data", "word.csv", "--widths", "2,2,2"),
    ("solve", "--data", "nan.csv", "--widths", "2,2,2"),
    ("solve", "--data", "nan.npy", "--widths", "2,2,2"),
    ("solve", "--data", "flat.npy", "--widths", "2,2,2"),
    ("solve", "--data", "objects.npy", "--widths", "1,1"),
    ("solve", "--data", "cut.npz", "--widths", "2,2,2"),
    ("solve", "--data", "broken.dat", "--widths", "2,2,2"),
    ("solve", "--data", "binary.csv", "--widths", "2,2,2"),
    ("solve", "--data", "wide.csv", "--widths", "2,2,2"),
    ("solve", "--data", "adder.csv", "--widths", "3,2,2"),
    ("solve", "--data", "adder.csv", "--widths", "2,2,1"),
    ("solve", "--data", "adder.csv", "--widths", "three.wth"),
    ("solve", "--data", "adder.csv", "--widths", "missing.wth"),
    ("solve", "multiplier-2x2", "--widths", "4,3,3"),
    ("solve", "broken.toml"),
    ("solve", "unknown_key.toml"),
    ("solve", "missing.toml"),
    ("solve", *PLAIN, "--out", "a_file"),
    ("solve", *PLAIN, "--out", "a_file/below"),
    ("solve", *PLAIN, "--out", "foreign"),
    ("verify", "adder.xyz", "adder.csv"),
    ("verify", "broken.json", "adder.csv"),
    ("verify", "adder.json"),
    ("verify", "adder.json", "missing.csv"),
    ("verify", "adder.json", "wide.csv"),
    ("verify", "adder.json", "multiplier-2x2"),
    ("verify", "a_folder"),
    ("predict", "adder.json", "two.csv"),
    ("predict", "adder.json", "empty.csv"),
    ("predict", "adder.json", "adder.csv"),
    ("predict", "adder.json", "nan.npy"),
    ("predict", "other.json", "adder.csv"),
    ("inspect", "missing.json"),
    ("inspect", "a_folder"),
    ("inspect", "broken.blif"),
    ("export", "broken.json", "out.blif"),
    ("export", "adder.json", "no_such_folder/out.blif"),
    ("export", "adder.json", "no_such_folder/out.svg"),
    ("problems", "multiplier-2x2", "--write", "no_such_folder/items.csv"),
]

BAD_USAGE = [
    ("solve",),
    ("solve", "no-such-problem"),
    ("solve", "multiplier-2x2", "--data", "adder.csv"),
    ("solve", "multiplier-2x2", "--inputs", "4"),
    ("solve", "adder.csv"),
    ("solve", "--data", "adder.xyz", "--widths", "2,2,2"),
    ("solve", "--data", "adder.csv", "--widths", "2,two,2"),
    ("solve", "--data", "adder.csv", "--widths", "2,0,2"),
    ("solve", "--data", "adder.csv", "--widths", "2"),
    ("solve", "--data", "adder.csv", "--widths", ""),
    ("solve", "--data", "adder.csv", "--widths", "-2,-2"),
    ("solve", *PLAIN, "--inputs", "3"),
    ("solve", *PLAIN, "--train", "0"),
    ("solve", *PLAIN, "--train", "5"),
    ("solve", *PLAIN, "--sigma", "-1"),
    ("solve", *PLAIN, "--sigma", "0"),
    ("solve", *PLAIN, "--beta", "nan"),
    ("solve", *PLAIN, "--beta", "3"),
    ("solve", *PLAIN, "--gamma", "inf"),
    ("solve", *PLAIN, "--gap", "-0.1"),
    ("solve", *PLAIN, "--gap", "small"),
    ("solve", *PLAIN, "--max-iterations", "0"),
    ("solve", *PLAIN, "--max-iterations", "1.5"),
    ("solve", *PLAIN, "--max-iterations", "inf"),
    ("solve", *PLAIN, "--trials", "0"),
    ("solve", *PLAIN, "--trials", "-3"),
    ("solve", *PLAIN, "--time-limit", "0"),
    ("solve", *PLAIN, "--time-limit", "nan"),
    ("solve", *PLAIN, "--jobs", "0"),
    ("solve", *PLAIN, "--seed", "-1"),
    ("solve", *PLAIN, "--seed", "99999999999999999999"),
    ("solve", *PLAIN, "--engine", "magic"),
    ("solve", *PLAIN, "--precision", "float16"),
    ("solve", *PLAIN, "--netlist", "xyz"),
    ("solve", *PLAIN, "--netlist", "v", "--json"),
    ("solve", *PLAIN, "--no-such-option"),
    ("verify",),
    ("verify", "adder.json", "adder.csv", "--data", "adder.csv"),
    ("predict", "adder.json"),
    ("predict", "adder.json", "adder.xyz"),
    ("predict", "adder.json", "rows.csv", "out.xyz"),
    ("inspect", "adder.json", "--draw", "out.pdf"),
    ("export", "adder.json", "out.xyz"),
    ("export", "adder.json", "out"),
    ("problems", "no-such-problem"),
    ("problems", "--write", "items.csv"),
    ("problems", "multiplier-2x2", "--seed", "3"),
    ("problems", "multiplier-2x2", "--write", "items.xyz"),
    ("formats", "xyz"),
    ("formats", "../formats/dat"),
    ("no-such-command",),
]


def contents(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize(
    "expected, arguments",
    [(UNREADABLE, arguments) for arguments in BAD_DATA]
    + [(WRONG_USAGE, arguments) for arguments in BAD_USAGE],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else str(value),
)
def test_bad_input_gives_one_message_and_changes_nothing(monkeypatch, folder, expected, arguments):
    fake = FakeSolve(monkeypatch)
    before = contents(folder)
    result = run(*arguments)
    assert result.exit_code == expected, result.output
    assert result.stderr.count("Error: ") == 1
    assert result.stdout == ""
    assert contents(folder) == before
    assert not fake.calls


def test_message_names_the_file_the_line_and_the_value():
    assert "two.csv:2:" in run("solve", "--data", "two.csv", "--widths", "2,2,2").stderr
    assert "'2'" in run("solve", "--data", "two.csv", "--widths", "2,2,2").stderr
    assert "--sigma is -1.0" in run("solve", "multiplier-2x2", "--sigma", "-1").stderr


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="needs a user who may not write everywhere"
)
def test_unwritable_out_is_noticed_before_the_search(monkeypatch, folder):
    fake = FakeSolve(monkeypatch)
    (folder / "a_folder").chmod(0o500)
    result = run("solve", *PLAIN, "--out", "a_folder/run")
    (folder / "a_folder").chmod(0o700)
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert not fake.calls


@pytest.mark.parametrize(
    "error, code, words",
    [
        (btfnet.CapacityError("the run would need 1 TB."), 1, "1 TB"),
        (MemoryError(), 1, "not enough memory"),
        (OSError(28, "No space left on device"), 1, "No space left on device"),
        (ZeroDivisionError("division by zero"), 1, "please report it"),
        (KeyboardInterrupt(), 130, "Interrupted."),
    ],
)
def test_failure_inside_the_search_becomes_one_message(monkeypatch, error, code, words):
    def fails(*_, **__):
        raise error

    FakeSolve(monkeypatch)
    monkeypatch.setattr("btfnet.cli.commands.solve.solve", fails)
    monkeypatch.delenv("BTFNET_DEBUG", raising=False)
    result = run("solve", *PLAIN)
    assert result.exit_code == code
    assert words in result.stderr


def test_debug_variable_shows_where_a_defect_is(monkeypatch):
    from support.cli_samples import CliRunner, main

    def fails(*_, **__):
        raise ZeroDivisionError("division by zero")

    FakeSolve(monkeypatch)
    monkeypatch.setattr("btfnet.cli.commands.solve.solve", fails)
    monkeypatch.setenv("BTFNET_DEBUG", "1")
    result = CliRunner().invoke(main, ["solve", *PLAIN])
    assert "Traceback" in result.stderr
    assert "please report it" in result.stderr


def test_a_warning_from_the_library_is_one_line_on_standard_error_said_once(monkeypatch):
    import warnings

    def load(model, **_):
        for text in ("rows 3 and 4 differ", "rows 3 and 4 differ", "another"):
            warnings.warn(text, btfnet.BtfnetWarning, stacklevel=1)
        raise btfnet.DataError("the end.")

    monkeypatch.setattr("btfnet.cli.commands.inspect.load_predictor", load)
    answer = run("inspect", "adder.json")
    assert answer.stderr.splitlines() == [
        "Warning: rows 3 and 4 differ",
        "Warning: another",
        "Error: the end.",
    ]

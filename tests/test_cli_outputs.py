"""Nothing is lost: no command writes onto what it reads, nor, without --force, onto a file of another kind.

Earlier tests wrote to fresh names alone, which is why nobody saw that `predict M x.csv x.csv` lost the inputs.
"""

import importlib.util
import os
import stat
import subprocess
import sys
import threading

import numpy as np
import pytest
from cli_samples import HALF_ADDER, run, saved_half_adder, strict_json, write_csv

from btfnet import formats, tools
from btfnet.circuit import Circuit, Gate

ROWS = "0,0\n0,1\n1,0\n1,1\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved_half_adder(tmp_path, "adder.json")
    saved_half_adder(tmp_path, "adder.blif")
    other = Circuit(2, (Gate(1, (1, 2)),), (3, -1), ("a", "b"), ("carry", "sum"), "other")
    formats.write_circuit(tmp_path / "other.json", other)
    np.save(tmp_path / "rows.npy", np.array([[0, 1], [1, 1]], dtype=np.int8))
    write_csv(tmp_path / "items.csv")
    (tmp_path / "rows.csv").write_text(ROWS)
    (tmp_path / "mine.toml").write_text(
        'format = 1\nname = "mine"\n[data]\nfile = "items.csv"\n[network]\nwidths = [2, 2, 2]\n'
    )
    return tmp_path


ONTO_AN_INPUT = {
    "predict onto its rows": ("predict", "adder.json", "IN", "OUT"),
    "predict onto its model": ("predict", "IN", "rows.csv", "OUT"),
    "export onto its model": ("export", "IN", "OUT"),
    "draw onto its data": ("inspect", "adder.json", "--data", "IN", "--draw", "OUT"),
    "problem onto its items": ("problems", "mine.toml", "--write", "OUT"),
}
INPUT = {
    "predict onto its rows": "rows.csv", "predict onto its model": "adder.json",
    "export onto its model": "adder.blif", "draw onto its data": "items.csv",
    "problem onto its items": "items.csv",
}  # fmt: skip
SUFFIX = {"predict onto its model": ".csv", "draw onto its data": ".svg"}


def named_again(given, how, suffix):
    """Another name of the same file."""
    other = f"other{suffix}"
    if how == "symlink":
        os.symlink(given, other)
    elif how == "hard link":
        os.link(given, other)
    else:
        return os.path.join("..", os.path.basename(os.getcwd()), given)
    return other


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["", "force"])
@pytest.mark.parametrize("how", ["spelling", "symlink", "hard link"])
@pytest.mark.parametrize("case", ONTO_AN_INPUT)
def test_what_a_command_reads_it_never_overwrites_by_whatever_name(folder, case, how, force):
    given = INPUT[case]
    suffix = SUFFIX.get(case, os.path.splitext(given)[1])
    if how == "spelling" and suffix != os.path.splitext(given)[1]:
        pytest.skip("the suffix belongs to another format")
    out, before = named_again(given, how, suffix), (folder / given).read_bytes()
    arguments = [{"IN": given, "OUT": out}.get(word, word) for word in ONTO_AN_INPUT[case]]
    result = run(*arguments, *force)
    assert result.exit_code == 1
    assert f"{out}: is read by this very command" in result.stderr
    assert result.stdout == ""
    assert (folder / given).read_bytes() == before


def test_rows_from_standard_input_are_not_overwritten_either(folder):
    command = [sys.executable, "-m", "btfnet", "predict", "adder.json", "-", "rows.csv", "--force"]
    with open("rows.csv", "rb") as rows:
        result = subprocess.run(command, stdin=rows, capture_output=True, text=True, timeout=300, check=False)
    assert (result.returncode, (folder / "rows.csv").read_text()) == (1, ROWS)
    assert "is read by this very command" in result.stderr


def test_a_file_of_a_runs_directory_is_an_input_of_whoever_reads_the_run(folder):
    (folder / "run").mkdir()
    saved_half_adder(folder / "run", "circuit.json")
    (folder / "run" / "rows.csv").write_text(ROWS)
    for arguments in (
        ("export", "run", "run/circuit.json"),
        ("predict", "run", "rows.csv", "run/rows.csv"),
    ):
        assert "is read by this very command" in run(*arguments, "--force").stderr


PNG = ["out.png"] if importlib.util.find_spec("resvg_py") else []
EXPORTED = (
    *("out.json", "out.v", "out.sv", "out.blif", "out.aag", "out.aig", "out.bench", "out.btf", "out.c"),
    *("out.dot", "out.gv", "out.graphml", "out.svg"),
    *PNG,
    *(["out.yosys.json"] if tools.available("yosys") else []),
)
WRITES = {
    "predict": (
        ("predict", "adder.json", "rows.csv"),
        ("predict", "other.json", "rows.npy"),
        ("out.csv", "out.npy"),
    ),
    "predict .npy": (
        ("predict", "adder.json", "rows.npy"),
        ("predict", "adder.json", "rows.csv"),
        ("out.csv", "out.npy"),
    ),
    "export": (("export", "adder.json"), ("export", "other.json"), EXPORTED),
    "draw": (
        ("inspect", "adder.json", "--draw"),
        ("inspect", "other.json", "--draw"),
        ("out.svg", *PNG),
    ),
    "write": (
        ("problems", "permutation-8", "--write"),
        ("problems", "permutation-8", "--seed", "5", "--write"),
        ("out.csv", "out.tsv", "out.npy", "out.npz", "out.dat"),
    ),
}
CASES = [(case, out) for case, (*_, outs) in WRITES.items() for out in outs]
WRITES = {case: commands for case, (*commands, _) in WRITES.items()}


@pytest.mark.parametrize(("case", "out"), CASES, ids=[" ".join(case) for case in CASES])
def test_what_btfnet_did_not_write_is_replaced_with_force_only(folder, case, out):
    command = WRITES[case][0]
    (folder / out).write_text("mine")
    refused = run(*command, out)
    assert refused.exit_code == 1
    assert f"{out}: exists already, and is not a" in refused.stderr
    assert "; nothing was changed. Add --force to replace it" in refused.stderr
    assert (folder / out).read_text() == "mine"
    assert run(*command, out, "--force").exit_code == 0
    assert (folder / out).read_bytes() != b"mine"
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("case", "out"), CASES, ids=[" ".join(case) for case in CASES])
def test_what_btfnet_wrote_is_replaced_after_another_training(folder, case, out):
    """`export RUN out.blif` replaced the last one before there was --force; for a while it was refused."""
    command, other = WRITES[case]
    assert run(*other, out).exit_code == 0
    before = (folder / out).read_bytes()
    result = run(*command, out)
    assert (result.exit_code, result.stderr.count("Error")) == (0, 0)
    assert (folder / out).read_bytes() != before
    assert run(*command, out).exit_code == 0, "and by the same again"


@pytest.mark.parametrize(("case", "out"), CASES, ids=[" ".join(case) for case in CASES])
def test_an_empty_file_is_nothing_to_lose(folder, case, out):
    (folder / out).touch()
    assert run(*WRITES[case][0], out).exit_code == 0
    assert (folder / out).stat().st_size


@pytest.mark.parametrize("before", ["out.json", "out.v", "out.aag", "out.aig", "out.btf", "out.svg"])
def test_a_circuit_of_another_format_is_another_kind(folder, before):
    assert run("export", "adder.json", before).exit_code == 0
    for suffix in (".json", ".v", ".aag", ".aig", ".btf", ".svg", ".png", ".c", ".dot", ".graphml"):
        if not before.endswith(suffix):
            (folder / f"other{suffix}").write_bytes((folder / before).read_bytes())
            assert run("export", "adder.json", f"other{suffix}").exit_code == 1
            assert (folder / f"other{suffix}").read_bytes() == (folder / before).read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"// mine now\n" + data,
        lambda data: data.replace(b"Written by btfnet", b"Written by hand", 1),
        lambda data: data.replace(b"// Written by btfnet", b"// differs from what is Written by btfnet", 1),
        lambda data: data.partition(b"\n")[2],
    ],
)
def test_who_takes_the_mark_away_from_a_file_keeps_it(folder, change):
    assert run("export", "adder.json", "out.v").exit_code == 0
    mine = change((folder / "out.v").read_bytes())
    (folder / "out.v").write_bytes(mine)
    assert run("export", "adder.json", "out.v").exit_code == 1
    assert (folder / "out.v").read_bytes() == mine


def test_a_committees_model_is_another_kind_than_a_circuits(folder):
    """Both are .btf, but of another version: nothing but solve --committee could make it again."""
    assert run("export", "adder.json", "out.btf").exit_code == 0
    old = (folder / "out.btf").read_bytes()
    (folder / "out.btf").write_bytes(old.replace(b'"version": "1"', b'"version": "2"'))
    assert run("export", "adder.json", "out.btf").exit_code == 1


def test_what_another_program_made_of_our_netlist_is_not_ours(folder):
    """Marks stand where programs leave them out when they write a file anew."""
    if not tools.available("abc"):
        pytest.skip("ABC is missing")
    for suffix in (".blif", ".aig", ".bench"):
        assert run("export", "adder.json", f"out{suffix}").exit_code == 0
        script = f"read out{suffix}; strash; write_{suffix[1:].replace('aig', 'aiger')} out{suffix}"
        tools.run_script("abc", script, seconds=100.0, cwd=str(folder))
        before = (folder / f"out{suffix}").read_bytes()
        assert run("export", "adder.json", f"out{suffix}").exit_code == 1
        assert (folder / f"out{suffix}").read_bytes() == before


NO_ROWS = {
    "another number of columns": b"0,1,0\n1,0,1\n",
    "a header": b"carry,sum\n0,1\n",
    "a header as long as a row": b"a,b\n0,1\n",
    "another value": b"0,1\n0,2\n",
    "signs": b"-1,1\n1,-1\n",
    "another value at the end": b"0,1\n" * 10_000 + b"0,x\n",
    "another separator": b"0;1\n1;0\n",
    "cut short": b"0,1\n1,0",
    "a row too short, one too long": b"0\n1,0,1\n",
    "a line more": b"0,1\n1,0\n\n",
}


@pytest.mark.parametrize("content", NO_ROWS.values(), ids=NO_ROWS)
def test_a_table_that_is_not_rows_of_as_many_bits_is_another_kind_than_predictions(folder, content):
    (folder / "out.csv").write_bytes(content)
    refused = run("predict", "adder.json", "rows.csv", "out.csv")
    assert refused.exit_code == 1
    assert "is not a file of nothing but rows of 2 values, each 0 or 1" in refused.stderr
    assert (folder / "out.csv").read_bytes() == content


NO_ARRAYS = {
    "another number of columns": np.zeros((4, 3), np.int8), "one axis": np.zeros(2, np.int8),
    "numbers": np.zeros((4, 2)), "items of +1 and -1": np.full((4, 2), -1, np.int8),
    "three axes": np.zeros((1, 4, 2), np.int8),
}  # fmt: skip


@pytest.mark.parametrize("content", NO_ARRAYS.values(), ids=NO_ARRAYS)
def test_an_array_that_is_not_rows_of_as_many_bits_is_another_kind_than_predictions(folder, content):
    np.save(folder / "out.npy", content)
    before = (folder / "out.npy").read_bytes()
    assert run("predict", "adder.json", "rows.csv", "out.npy").exit_code == 1
    (folder / "out.npy").write_bytes(before[:-1])
    assert run("predict", "adder.json", "rows.csv", "out.npy").exit_code == 1
    assert (folder / "out.npy").read_bytes() == before[:-1]


@pytest.mark.parametrize("n_rows", [1, 3, 2000, 100_000])
@pytest.mark.parametrize("out", ["out.csv", "out.npy"])
def test_any_number_of_rows_is_replaced(folder, out, n_rows):
    rows = np.arange(2 * n_rows).reshape(-1, 2) % 3 % 2
    np.save(folder / "rows.npy", rows.astype(np.int8))
    assert run("predict", "adder.json", "rows.npy", out).exit_code == 0
    assert run("predict", "adder.json", "rows.csv", out).exit_code == 0
    again = np.load(out) if out.endswith(".npy") else np.loadtxt(out, delimiter=",")
    assert again.tolist() == [[0, 0], [0, 1], [0, 1], [1, 0]]


@pytest.mark.parametrize("suffix", [".csv", ".npy", ".dat", ".npz"])
def test_items_of_other_columns_and_rows_of_predictions_are_another_kind_than_items(folder, suffix):
    """An .npz of other items is replaced when btfnet wrote it, and one that NumPy wrote is not."""
    out = f"out{suffix}"
    assert run("problems", "multiplier-3x3", "--write", out).exit_code == 0
    if suffix == ".npz":
        np.savez_compressed(out, inputs=np.ones((2, 4)), outputs=np.ones((2, 4)))
    before = (folder / out).read_bytes()
    refused = run("problems", "multiplier-2x2", "--write", out)
    assert refused.exit_code == 1
    assert "of the same columns" in refused.stderr or suffix == ".npz"
    assert (folder / out).read_bytes() == before
    for content in (b" ", b"16", b"0,1\n" * 5000, b"\x93NUMPY", b"PK\3\4", b"\xff" * 5000):
        (folder / out).write_bytes(content)
        assert run("problems", "multiplier-2x2", "--write", out).exit_code == 1
        assert (folder / out).read_bytes() == content


def test_a_file_that_nobody_may_read_is_not_ours(folder, monkeypatch):
    assert run("export", "adder.json", "out.v").exit_code == 0

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("btfnet.cli.own_files._ends", refused)
    assert "exists already" in run("export", "adder.json", "out.v").stderr


def test_a_directory_is_no_file_to_write(folder):
    (folder / "out.v").mkdir()
    result = run("export", "adder.json", "out.v", "--force")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: out.v: this is a directory; name a file to write.\n",
    )


def test_long_work_is_not_begun_for_a_file_that_may_not_be_replaced(folder, monkeypatch):
    monkeypatch.setattr("btfnet.cli.synthesis.optimised", lambda *_, **__: pytest.fail("it was begun"))
    (folder / "out.v").write_text("mine")
    assert "Add --force" in run("export", "adder.json", "out.v", "--optimise").stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize(
    ("command", "out"),
    [
        (("export", "adder.json"), "out.v"), (("predict", "adder.json", "rows.csv"), "out.csv"),
        (("problems", "multiplier-2x2", "--write"), "out.csv"), (("inspect", "adder.json", "--draw"), "out.svg"),
    ],
)  # fmt: skip
def test_a_named_pipe_is_written_to_and_stays_a_pipe(folder, command, out):
    os.mkfifo(out)
    read = []
    listener = threading.Thread(target=lambda: read.append((folder / out).read_bytes()))
    listener.start()
    assert run(*command, out).exit_code == 0
    listener.join(60)
    assert read[0]
    assert stat.S_ISFIFO(os.stat(out).st_mode)


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs /dev/stdout")
@pytest.mark.parametrize("device", ["/dev/stdout", "/dev/null"])
def test_devices_can_be_written_to_by_a_name_with_a_suffix(folder, device):
    os.symlink(device, "out.blif")
    command = [sys.executable, "-m", "btfnet", "export", "adder.json", "out.blif"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout == ("" if device == "/dev/null" else (folder / "adder.blif").read_text())
    assert os.readlink("out.blif") == device


def test_a_link_that_leads_nowhere_yet_is_followed(folder):
    os.symlink("new.json", "link.json")
    assert run("export", "adder.blif", "link.json").exit_code == 0
    assert os.readlink("link.json") == "new.json"
    assert formats.read_circuit("new.json").n_outputs == HALF_ADDER.n_outputs


def test_the_option_is_called_alike_in_every_command_that_writes():
    for command in ("export", "predict", "inspect", "problems", "solve"):
        assert "--force" in run(command, "--help").stdout


def test_json_stays_one_object_when_something_is_written(folder):
    assert strict_json(run("inspect", "adder.json", "--draw", "new.svg", "--json").stdout)["outputs"] == 2

"""What exists is replaced without --force only where it is of the same kind, which is told by a look into it."""

import importlib.util

import numpy as np
import pytest
from support.cli_samples import run, writable_folder

from btfnet.tools import programs, running


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    writable_folder(tmp_path)
    return tmp_path


PNG = ["out.png"] if importlib.util.find_spec("resvg_py") else []
EXPORTED = (
    *("out.json", "out.v", "out.sv", "out.blif", "out.aag", "out.aig", "out.bench", "out.btf", "out.c"),
    *("out.dot", "out.gv", "out.graphml", "out.svg"),
    *PNG,
    *(["out.yosys.json"] if programs.available("yosys") else []),
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
    """Both are .btf, but of another version: nothing but classify could make it again."""
    assert run("export", "adder.json", "out.btf").exit_code == 0
    old = (folder / "out.btf").read_bytes()
    (folder / "out.btf").write_bytes(old.replace(b'"version": "1"', b'"version": "2"'))
    assert run("export", "adder.json", "out.btf").exit_code == 1


def test_what_another_program_made_of_our_netlist_is_not_ours(folder):
    """Marks stand where programs leave them out when they write a file anew."""
    if not programs.available("abc"):
        pytest.skip("ABC is missing")
    for suffix in (".blif", ".aig", ".bench"):
        assert run("export", "adder.json", f"out{suffix}").exit_code == 0
        script = f"read out{suffix}; strash; write_{suffix[1:].replace('aig', 'aiger')} out{suffix}"
        running.run_script("abc", script, seconds=100.0, cwd=str(folder))
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

    monkeypatch.setattr("btfnet.cli.outputs.both_ends", refused)
    assert "exists already" in run("export", "adder.json", "out.v").stderr

"""Full disks and sudden deaths while a run is saved: the earlier one stays whole, and the result is printed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.cli_samples import FakeSolve, run, write_csv

import btfnet
from btfnet import formats
from btfnet.cli.runs.run_folder import LOCK
from btfnet.files import atomic

GIVEN = ("solve", "--data", "adder.csv", "--widths", "2,2,2", "--out", "run")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "adder.csv")
    return tmp_path


@pytest.fixture
def data(tmp_path):
    return write_csv(tmp_path / "adder.csv")


def solve(data, *more):
    return run("solve", "--data", data, "--widths", "2,2,2", *more)


def files():
    """What stands in the run's directory, but for the lock."""
    return {
        path.name: path.read_bytes() for path in Path("run").iterdir() if path.is_file() and path.name != LOCK
    }


@pytest.mark.parametrize(
    "struck_at", ["model.btf", "circuit.v", "items.npz", "trace.csv", "search.json", "run.json"]
)
def test_a_full_disk_while_saving_leaves_the_earlier_run_whole_and_names_the_file(monkeypatch, struck_at):
    FakeSolve(monkeypatch)
    run(*GIVEN)
    before = files()
    real = atomic.replacing

    def full(path):
        if str(path).endswith(struck_at):
            raise btfnet.OutputError(f"{path}: cannot be written (No space left on device)")
        return real(path)

    monkeypatch.setattr(atomic, "replacing", full)
    result = run(*GIVEN, "--seed", "1")
    assert (result.exit_code, "Solved." in result.stdout) == (1, True)
    assert f"Error: run/{struck_at}: cannot be written (No space left on device)" in result.stderr
    assert files() == before
    assert not [name for name in os.listdir("run") if name.endswith(".part")]


def test_a_file_that_grew_too_large_leaves_what_was_there(folder):
    """A real fault of the operating system, in place of a pretended one: RLIMIT_FSIZE makes writing fail."""
    circuit = btfnet.Circuit(
        200, tuple(btfnet.Gate(2, (1 + k % 200, 1 + (k + 1) % 200)) for k in range(400)), (600,)
    )
    formats.write_circuit(folder / "large.json", circuit)
    (folder / "out.v").write_text("mine")
    np.save(folder / "rows.npy", np.zeros((9000, 200), dtype=np.int8))
    limit = "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); sys.argv = sys.argv[1:]; "
    limit += "from btfnet.cli import main; main(prog_name='btfnet')"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    for arguments in (
        ["export", "large.json", "out.v", "--force"],
        ["predict", "large.json", "rows.npy", "out.csv"],
    ):
        result = subprocess.run(
            [sys.executable, "-c", limit, "btfnet", *arguments],
            capture_output=True, text=True, timeout=300, check=False, env=environment,
        )  # fmt: skip
        assert result.returncode == 1, result.stderr
        out = next(word for word in arguments if word.startswith("out"))
        assert f"{out}: cannot be written (File too large)" in result.stderr
    assert (folder / "out.v").read_text() == "mine"
    assert not (folder / "out.csv").exists()
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_full_disk_does_not_hide_the_result(monkeypatch, data, tmp_path):
    FakeSolve(monkeypatch)

    def no_room(path, _):
        raise btfnet.OutputError(f"{path}: no space left.")

    monkeypatch.setattr("btfnet.cli.runs.run_folder.write_circuit", no_room)
    result = solve(data, "--out", tmp_path / "run")
    assert result.exit_code == 1
    assert "Solved." in result.stdout
    assert result.stderr.endswith("no space left.\n")


@pytest.mark.parametrize(
    "struck_at",
    ["model.btf", "circuit.json", "circuit.v", "items.npz", "weights.npz", "trace.csv", "search.json"],
)
def test_whoever_dies_while_saving_leaves_a_directory_for_the_next_run(
    monkeypatch, data, tmp_path, struck_at
):
    FakeSolve(monkeypatch)
    replace_file = os.replace

    def struck(source, target):
        replace_file(source, target)
        if target == tmp_path / "run" / struck_at:
            raise SystemExit(137)

    with monkeypatch.context() as dying:
        dying.setattr(os, "replace", struck)
        assert solve(data, "--out", tmp_path / "run").exit_code == 137
    assert (tmp_path / "run" / struck_at).exists()
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "saving"
    assert solve(data, "--out", tmp_path / "run").exit_code == 0
    assert json.loads((tmp_path / "run" / "run.json").read_text())["status"] == "solved"

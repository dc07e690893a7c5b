"""Nothing is lost: no command writes onto what it reads, nor, without --force, onto a file of another kind.

Earlier tests wrote to fresh names alone, which is why nobody saw that `predict M x.csv x.csv` lost the inputs.
"""

import os
import stat
import subprocess
import sys
import threading

import pytest
from support.cli_samples import HALF_ADDER, ROWS, run, saved_half_adder, strict_json, writable_folder

from btfnet import formats


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    writable_folder(tmp_path)
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


def test_a_directory_is_no_file_to_write(folder):
    (folder / "out.v").mkdir()
    result = run("export", "adder.json", "out.v", "--force")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: out.v: this is a directory; name a file to write.\n",
    )


def test_long_work_is_not_begun_for_a_file_that_may_not_be_replaced(folder, monkeypatch):
    monkeypatch.setattr("btfnet.cli.commands.export.optimised", lambda *_, **__: pytest.fail("it was begun"))
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

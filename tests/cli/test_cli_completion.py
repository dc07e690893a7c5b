"""What bash, zsh and fish complete: commands, options, choices, problems, files; without NumPy, in little time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.cli_samples import run

from btfnet.cli import completing
from btfnet.formats.registry import documented

ROOT = Path(__file__).resolve().parents[2]


def completed(words, begun, shell="bash", code="from btfnet.cli import main; main(prog_name='btfnet')"):
    """The lines that Click answers to a shell's function."""
    line = " ".join(["btfnet", *words, begun]).rstrip() if shell != "fish" else " ".join(["btfnet", *words])
    number = begun if shell == "fish" else str(len(words) + 1)
    environment = dict(
        os.environ, _BTFNET_COMPLETE=f"{shell}_complete", COMP_WORDS=line, COMP_CWORD=number, PYTHONPATH=str(ROOT)
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    return done.stdout.split("\n")


@pytest.mark.parametrize(
    ("words", "begun", "expected"),
    [
        ([], "so", ["plain,solve"]),
        ([], "comp", ["plain,completion"]),
        (["solve"], "rule-30", ["plain,rule-30-1", "plain,rule-30-2", "plain,rule-30-3"]),
        (["solve"], "--eng", ["plain,--engine"]),
        (["solve", "--engine"], "rrr+", ["plain,rrr+descent"]),
        (["solve", "--data"], "tab", ["file,tab"]),
        (["solve", "--out"], "ru", ["dir,ru"]),
        (["solve"], "mine.to", ["file,mine.to"]),
        (["export"], "ru", ["file,ru"]),
        (["formats"], "bli", ["plain,blif"]),
        (["completion"], "f", ["plain,fish"]),
    ],
    ids=str,
)
def test_a_word_that_has_begun_is_completed(words, begun, expected):
    assert [line for line in completed(words, begun) if line] == expected


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_answered_in_their_own_form(shell):
    assert "solve" in " ".join(completed([], "so", shell))


def test_completing_opens_neither_numpy_nor_the_compiler():
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print([m for m in ('numpy', 'numba', 'scipy') if m in sys.modules]))\n"
        "from btfnet.cli import main; main(prog_name='btfnet')"
    )
    for words, begun in (([], "so"), (["solve"], "par"), (["solve", "--engine"], "d"), (["formats"], "b")):
        assert completed(words, begun, code=code)[-2] == "[]"


def test_formats_that_are_completed_are_those_that_have_a_page():
    assert tuple(suffix[1:] for suffix in documented()) == completing.FORMATS


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_that_is_printed_completes_in_that_shell(shell, tmp_path):
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not on this machine")
    script = run("completion", shell)
    assert script.exit_code == 0
    (tmp_path / "script").write_text(script.stdout)
    (tmp_path / "btfnet").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m btfnet "$@"\n')
    (tmp_path / "btfnet").chmod(0o755)
    asked = {
        "bash": "source script; COMP_WORDS=(btfnet solv); COMP_CWORD=1; _btfnet_completion btfnet; "
        'echo "${COMPREPLY[@]}"',
        "zsh": "compdef() { echo defined }; compadd() { echo $@ }; _describe() { echo ${(P)3}; echo ${(P)4} }; "
        "words=(btfnet solv); CURRENT=2; source script; _btfnet_completion",
        "fish": 'source script; complete -C "btfnet solv"',
    }[shell]  # fmt: skip
    environment = dict(
        os.environ,
        PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        PYTHONPATH=str(ROOT),
        HOME=str(tmp_path),
    )
    done = subprocess.run(
        [program, "-c", asked],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "solve" in done.stdout, done.stderr


def test_another_shell_is_told_which_there_are():
    refused = run("completion", "tcsh")
    assert refused.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in refused.stderr

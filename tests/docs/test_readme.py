"""What the README shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from numba import config

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]

needs_jit = pytest.mark.skipif(bool(config.DISABLE_JIT), reason="searches need compiled kernels")


@needs_jit
@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_python_in_the_readme_runs(snippet, capsys):
    exec(compile(snippet, "README.md", "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out


@needs_jit
def test_the_five_lines_learn_an_exact_circuit(capsys):
    exec(compile(SNIPPETS[0], "README.md", "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out.startswith("True")


def test_ci_runs_the_readmes_test_command():
    command = next(line for line in SHELL if "scripts/checks/check.py" in line)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@needs_jit
def test_the_readmes_main_command_ends_in_a_circuit_and_a_netlist(tmp_path, monkeypatch):
    from btfnet.cli import main

    line = next(line for line in SHELL if "bin/btfnet solve" in line)
    monkeypatch.chdir(tmp_path)
    arguments = line.split("btfnet ", 1)[1].split("&&")[-1].split("btfnet ")[-1].split()
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert "Integer gates reproduce all 16 training items" in result.stdout
    assert "endmodule" in result.stdout


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("btfnet ")])
def test_commands_in_the_readme_exist_with_their_options(line):
    from btfnet.cli import main

    words = line.split("#")[0].split()[1:]
    with click.Context(main) as context:
        command = main.get_command(context, words[0])
    assert command is not None, words[0]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_files_that_the_readme_links_to_exist():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target

"""The job scripts of docs/howto/slurm.md: options of Slurm, shell that parses, commands that btfnet takes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from btfnet.cli.runs.restart import check_options
from btfnet.files.shipped import problem_names
from btfnet.tasks.registry import find_family
from scripts.checks import commands

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "slurm.md"
SCRIPTS = dict(
    re.findall(r'^```bash title="(\w+\.sbatch)"\n(.*?)^```$', PAGE.read_text(encoding="utf-8"), re.M | re.S)
)
WELL_FORMED = {
    "job-name": r"[\w-]+",
    "array": r"\d+-\d+",
    "time": r"\d\d:\d\d:\d\d",
    "cpus-per-task": r"\d+",
    "mem": r"\d+G",
    "mem-per-cpu": r"\d+G",
    "requeue": None,
    "signal": r"TERM@\d+",
    "open-mode": r"append",
}
"""Options of sbatch by their long names, as its manual spells them, and what their values look like."""
VARIABLES = {
    "SLURM_CPUS_PER_TASK": "2",
    "SLURM_SUBMIT_DIR": "/home/me",
    "SLURM_ARRAY_TASK_ID": "3",
    "problem": "multiplier-3x3",
}


def test_the_page_has_its_scripts():
    assert set(SCRIPTS) == {"search.sbatch", "array.sbatch", "problems.sbatch"}


@pytest.mark.parametrize("name", SCRIPTS)
def test_directives_come_first_and_are_well_formed(name):
    first, *lines = SCRIPTS[name].splitlines()
    assert first == "#!/bin/bash"
    directives = [line for line in lines if line.startswith("#SBATCH")]
    assert directives == lines[: len(directives)]
    assert directives
    for line in directives:
        option, equals, value = re.fullmatch(r"#SBATCH --([a-z-]+)(=?)(\S*)\s*(?:# .*)?", line).groups()
        pattern = WELL_FORMED[option]
        assert (equals == "") if pattern is None else re.fullmatch(pattern, value), line


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_parse_in_a_shell(name):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash")
    done = subprocess.run([bash, "-n"], input=SCRIPTS[name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SCRIPTS)
def test_btfnet_takes_their_commands(name):
    text = SCRIPTS[name].replace("\\\n", " ")
    for variable, value in VARIABLES.items():
        text = text.replace(f"${variable}", value)
    found = [line for line in text.splitlines() if re.match(r"(srun )?btfnet ", line)]
    assert len(found) == 1
    words = shlex.split(found[0])
    command, *arguments = words[words.index("btfnet") + 1 :]
    context = commands.declared(command).make_context(f"btfnet {command}", arguments, resilient_parsing=False)
    problem = context.params["problem"]
    assert problem in problem_names() or find_family(problem) is not None
    assert context.params["out"]
    assert not re.search(r"[$\"']", " ".join(arguments))
    check_options(context.params)
    assert context.params["share"] == (name == "array.sbatch")


def test_job_that_ran_out_of_time_puts_itself_back_into_the_queue():
    for name in ("search.sbatch", "array.sbatch"):
        assert re.search(r"code=\$\?\nif \[ \"\$code\" -eq 143 \]; then\n    scontrol requeue", SCRIPTS[name])
        assert "--requeue" in SCRIPTS[name]
        assert "--signal=TERM@" in SCRIPTS[name]

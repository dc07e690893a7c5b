"""docs/workers.md: programs run, on a local cluster where they name others; job scripts and pods by their text."""

import re
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import pytest
import yaml
from dask_jobqueue import SLURMCluster

from btfnet.cli.runs.restart import check_options
from btfnet.files.shipped import problem_names
from btfnet.tasks.registry import find_family
from scripts.checks import commands

PAGE = (Path(__file__).parents[2] / "docs" / "workers.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python[^\n]*\n(.*?)^```$", PAGE, re.M | re.S)
LOCAL = """
from distributed import LocalCluster


def local(*arguments, **options):
    return LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50)
"""


def program(marker: str) -> str:
    """The one program of the page with this in it."""
    (found,) = (text for text in PROGRAMS if marker in text)
    return found


def run(text: str, folder: Path) -> str:
    path = folder / "program.py"
    path.write_text(text)
    command = [sys.executable, path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.needs_jit
def test_the_first_program_answers_as_the_page_says(tmp_path):
    shown = PAGE[PAGE.index("```text\n") + len("```text\n") :].split("```")[0]
    assert run(program("print(result.status.key)"), tmp_path) == shown


@pytest.mark.needs_jit
@pytest.mark.parametrize("cluster", ["SLURMCluster", "SSHCluster"])
def test_programs_of_clusters_run_on_a_local_one(cluster, tmp_path):
    text = re.sub(
        r"(from dask_jobqueue.*\n|, SSHCluster$|cluster.adapt.*\n)", "", program(f"{cluster}("), flags=re.M
    )
    text = (
        text.replace(f"{cluster}(", "local(")
        .replace("rule-30-4", "multiplier-2x2")
        .replace("jobs=160", "jobs=1")
    )
    imports, body = re.split(r"(?=^cluster = )", text, maxsplit=1, flags=re.M)
    inside = indent(body + "print(result.status.key)\ncluster.close()\n", "    ")
    assert run(f'{imports}{LOCAL}\n\nif __name__ == "__main__":\n{inside}', tmp_path) == "solved\n"


def test_slurm_gets_a_script_that_starts_workers():
    (options,) = re.findall(r"SLURMCluster\((.*?)\)", program("SLURMCluster("))
    given = dict(re.findall(r'(\w+)="?([\w:]+)"?', options))
    script = SLURMCluster.job_cls(
        "tcp://head:8786", name="worker", cores=int(given["cores"]), processes=int(given["processes"]),
        memory=given["memory"], walltime=given["walltime"],
    ).job_script()  # fmt: skip
    assert f"#SBATCH -t {given['walltime']}" in script
    assert {f"--nworkers {given['processes']}", "--nthreads 1"} <= set(re.findall(r"--n\w+ \d+", script))


def test_pods_share_a_search():
    (text,) = re.findall(r"^```yaml[^\n]*\n(.*?)^```$", PAGE, re.M | re.S)
    job = yaml.safe_load(text)
    assert (job["kind"], job["spec"]["completionMode"]) == ("Job", "Indexed")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    check_command(container["args"])
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert any(container["args"][container["args"].index("--out") + 1].startswith(path) for path in mounts)


def test_commands_of_the_page_are_taken():
    found = [line.split("#")[0].split() for line in re.findall(r"btfnet (solve .*)$", PAGE, re.M)]
    assert len(found) >= 2
    for words in found:
        check_command([word for word in words if word not in ("&", "`")])


def check_command(words: list[str]) -> None:
    """As btfnet takes them, without running anything."""
    command, *rest = words
    context = commands.declared(command).make_context(f"btfnet {command}", rest)
    check_options(context.params)
    assert context.params["problem"] in problem_names() or find_family(context.params["problem"]) is not None

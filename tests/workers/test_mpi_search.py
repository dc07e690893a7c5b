"""Trials on the ranks of `python -m mpi4py.futures`: the same as here, and nothing left over when the ranks end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.needs_jit, pytest.mark.alone]
PROGRAM = """
import time
import btfnet
from mpi4py.futures import MPIPoolExecutor
from btfnet.workers.choice import mailbox_for
from support.search_samples import same_trials


def main():
    task = btfnet.load("multiplier-3x3")
    settings = task.settings.but(max_iterations=300)
    options = {"trials": 4, "all_trials": True, "seed": 3, "tune": False}
    here = btfnet.solve(task.problem, settings, jobs=1, **options)
    with MPIPoolExecutor() as pool:
        print(type(mailbox_for(pool, None)).__name__)
        there = btfnet.solve(task.problem, settings, executor=pool, **options)
        print("same", same_trials(there.trials, here.trials))
        hard = btfnet.load("rule-30-4").problem
        ended = btfnet.solve(hard, executor=pool, time_limit=2.0)
        begun = time.monotonic()
        pool.submit(len, "a").result()
        print(ended.status.key, time.monotonic() - begun < 1.0)


if __name__ == "__main__":
    main()
"""


def test_ranks_come_to_the_same_trials(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    mpirun = Path(sys.executable).with_name("mpirun")
    assert mpirun.exists(), "pip install 'btfnet[mpi]' brings mpirun beside python"
    tests = str(Path(__file__).parents[1])
    path = os.pathsep.join([tests, str(Path(tests).parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [mpirun, "-n", "3", sys.executable, "-W", "error", "-m", "mpi4py.futures", program],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.stdout.split("\n")[:3] == ["MpiMailbox", "same True", "time_limit True"], done.stderr
    assert done.returncode == 0, done.stdout + done.stderr

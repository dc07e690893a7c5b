"""What a command compiles, or loads, before its own work begins."""

from __future__ import annotations

from btfnet.cli.compiling.processes import prepare
from btfnet.cli.compiling.tasks import TASKS
from btfnet.engines.registry import engines_for
from btfnet.problem.problem import Problem


def warm_up_search(
    problem: Problem, *, precision: str, jobs: int | None, quiet: bool, engine: str = "auto"
) -> None:
    """What a search for the problem runs: what its engines say, making circuits smaller, and circuits."""
    engines = engines_for(problem, engine)
    needed = (name for spec in engines for name in spec.kernels_for(problem, precision, jobs))
    tasks = list(dict.fromkeys((*needed, "circuits", "shrink")))
    prepare(tasks, quiet=quiet)
    for task in tasks:
        TASKS[task].run()


def warm_up_committee(*, quiet: bool) -> None:
    """What training a committee runs, and the model that is saved."""
    prepare(["walk", "committee"], quiet=quiet)
    TASKS["committee"].run()

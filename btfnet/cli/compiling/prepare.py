"""What a command compiles, or loads, before its own work begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from btfnet.cli.compiling.processes import prepare

if TYPE_CHECKING:
    from btfnet.problem.problem import Problem


def warm_up_search(problem: Problem, *, precision: str, jobs: int | None, quiet: bool) -> None:
    """What a search for the problem runs: the sweep, the walk, and the way from weights to gates."""
    from btfnet.cli.compiling.kernel_tasks import TASKS
    from btfnet.search.side_by_side import SHARED_EDGE_ITEMS

    tasks = [f"sweep-{precision}", "fit", "circuits", "walk", "shrink"]
    if problem.edge_items >= SHARED_EDGE_ITEMS and jobs != 1:
        tasks.append(f"shared-{precision}")
    prepare(tasks, quiet=quiet)
    for task in tasks:
        TASKS[task].run()


def warm_up_circuits() -> None:
    """What evaluates circuits: little enough that a process for it would take longer."""
    from btfnet.cli.compiling.kernel_tasks import TASKS

    TASKS["circuits"].run()


def warm_up_committee(*, quiet: bool) -> None:
    """What training a committee runs, and the model that is saved."""
    from btfnet.cli.compiling.kernel_tasks import TASKS

    prepare(["walk", "committee"], quiet=quiet)
    TASKS["committee"].run()

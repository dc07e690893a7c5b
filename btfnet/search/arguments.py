"""The arguments that `solve` and `solve_widths` share, checked before anything else."""

from __future__ import annotations

from typing import Any

from btfnet.arguments import CALLED, FLAG, Wanted, a, must_be, need, number, one_of, optional, said, whole
from btfnet.checkpoint import Checkpoint
from btfnet.errors import UsageError
from btfnet.problem.problem import Problem
from btfnet.search.records import Engine
from btfnet.settings import Settings

SETTINGS = a(Settings, "a Settings, such as btfnet.Settings(beta=0.3)")
OTHERS: dict[str, Wanted] = {
    "all_trials": FLAG,
    "deterministic": FLAG,
    "tune": optional(FLAG),
    "precision": one_of("float32", "float64"),
    "shrink": FLAG,
    "spectator": optional(CALLED),
    "checkpoint": optional(a(Checkpoint, "a btfnet.Checkpoint")),
}


def check_problem(where: str, problem: Any) -> None:
    """Raise `UsageError` for anything but a problem."""
    if not isinstance(problem, Problem):
        raise UsageError(
            f"{where} takes a Problem, not {said(problem)}. For a built-in problem write: "
            f"task = btfnet.load(name); btfnet.{where}(task.problem, task.settings)"
        )


def check_search(
    where: str,
    problem: Any,
    settings: Any,
    *,
    trials: Any,
    seed: Any,
    time_limit: Any,
    jobs: Any,
    circuits: Any = None,
    **others: Any,
) -> None:
    """Raise `UsageError` naming the argument that is absurd, and its value."""
    check_problem(where, problem)
    need(where, settings=(settings, optional(SETTINGS)))
    must_be("trials", trials, whole(1, 10**9))
    must_be("seed", seed, whole(0, 2**63))
    if time_limit is not None:
        must_be("time_limit", time_limit, number(0, 1e9, open_low=True))
    if jobs is not None:
        must_be("jobs", jobs, whole(1, 4096))
    if circuits is not None:
        must_be("circuits", circuits, whole(1, 10**6))
    need(where, **{name: (value, OTHERS[name]) for name, value in others.items()})


def engine_named(name: Engine | str) -> Engine:
    """An engine by its name. Raises `UsageError`."""
    try:
        return Engine(name)
    except ValueError as error:
        raise UsageError(f"engine is {said(name)}; choose one of {', '.join(Engine)}.") from error

"""`SearchOptions`: what a search was asked for, checked once, for `solve` and for `solve_widths`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from btfnet.arguments import (
    CALLED,
    FLAG,
    Wanted,
    a,
    called,
    must_be,
    need,
    number,
    one_of,
    optional,
    said,
    whole,
)
from btfnet.checkpoint.folder import Checkpoint
from btfnet.engines.registry import AUTO, Engine, checked_name
from btfnet.errors import UsageError
from btfnet.halting import question
from btfnet.machine import cores
from btfnet.problem.problem import Problem
from btfnet.problem.values import InputKind
from btfnet.ranks.ranks import ALONE, Ranks
from btfnet.search.progress import Spectator
from btfnet.settings import Settings
from btfnet.sharing.folder import SharedFolder
from btfnet.workers.workplace import EXECUTOR, Workplace

SETTINGS = a(Settings, "a Settings, such as btfnet.Settings(beta=0.3)")
WANTED: dict[str, Wanted] = {
    "trials": whole(1, 10**9),
    "seed": whole(0, 2**63),
    "time_limit": number(0, 1e9, open_low=True),
    "jobs": whole(1, 4096),
    "circuits": whole(1, 10**6),
    "validation": number(0, 1, open_low=True),
    "error": number(0, 1),
}
"""Numbers; those that may be left out are None then."""
OTHERS: dict[str, Wanted] = {
    "all_trials": FLAG,
    "deterministic": FLAG,
    "tune": optional(FLAG),
    "recognise": optional(FLAG),
    "precision": one_of("float32", "float64"),
    "shrink": FLAG,
    "spectator": optional(CALLED),
    "checkpoint": optional(a((Checkpoint, SharedFolder), "a btfnet.Checkpoint")),
    "executor": optional(EXECUTOR),
}
IDENTITY = (
    "seed", "tune", "engine", "precision", "all_trials", "deterministic", "shrink", "circuits",
    "validation", "error", "recognise",
)  # fmt: skip
"""Options that make a search what it is; the others may change between its sessions."""


@dataclass(frozen=True)
class SearchOptions:
    """As the arguments of `solve`, which says what they mean; every default has found its value.

    begun     on the clock of `time.monotonic`; None: when the search is run
    at_once   trials at a time, where that was asked for
    executor  whoever made the options closes it
    ranks     which share the items of a trial, one trial at a time
    """

    settings: Settings
    tune: bool
    trials: int = 40
    all_trials: bool = False
    time_limit: float | None = None
    jobs: int = 1
    seed: int = 0
    deterministic: bool = False
    engine: str = AUTO
    precision: str = "float32"
    shrink: bool = True
    circuits: int = 1
    validation: float | None = None
    error: float | None = None
    recognise: bool | None = None
    spectator: Spectator | None = None
    checkpoint: Checkpoint | SharedFolder | None = None
    stop: Callable[[], bool] = lambda: False
    begun: float | None = None
    at_once: int | None = None
    executor: Workplace | None = None
    ranks: Ranks = ALONE

    @classmethod
    def checked(cls, where: str, problem: Any, settings: Any, given: dict[str, Any]) -> Self:
        """From arguments of the function `where`. Raises `UsageError` naming the absurd one, and its value."""
        check_problem(where, problem)
        need(where, settings=(settings, optional(SETTINGS)))
        for name, wanted in WANTED.items():
            if name in ("trials", "seed") or given.get(name) is not None:
                must_be(name, given[name], wanted)
        need(where, **{name: (given[name], wanted) for name, wanted in OTHERS.items() if name in given})
        found = {
            "trials": int(given["trials"]),
            "seed": int(given["seed"]),
            "jobs": given["jobs"] or (1 if given.get("ranks", ALONE).many else cores()),
            "at_once": given["jobs"],
            "executor": None if given.get("executor") is None else Workplace(given["executor"]),
            "tune": settings is None if given["tune"] is None else given["tune"],
            "engine": checked_name(given["engine"]),
            "stop": question(given["stop"]),
        }
        if "circuits" in given:
            found["circuits"] = circuits_wanted(problem, given["circuits"])
        return cls(settings=settings or Settings(), **{**given, **found})

    @property
    def learns(self) -> bool:
        """Whether it was asked for that training items may stay wrong."""
        return self.validation is not None or self.error is not None

    def close(self) -> None:
        """End the executor, where it was made here."""
        if self.executor is not None:
            self.executor.close()

    def identity(self) -> dict[str, Any]:
        """The options that make a search what it is, by name."""
        return {name: getattr(self, name) for name in IDENTITY}


def check_problem(where: str, problem: Any) -> None:
    """Raise `UsageError` for anything but a problem."""
    if not isinstance(problem, Problem):
        raise UsageError(
            f"{where} takes a Problem, not {said(problem)}. For a built-in problem write: "
            f"task = btfnet.load(name); btfnet.{where}(task.problem, task.settings)"
        )
    if problem.input_kind is InputKind.NUMBERS:
        raise UsageError(
            f"{problem.name}: the inputs are numbers of any size; scale them to -1 to 1 (input_kind "
            f"analog), or learn classes with btfnet classify."
        )


MOST_CIRCUITS = 8
"""Exact circuits to look for where there are unseen items, unless the smallest is confirmed sooner."""


def circuits_wanted(problem: Problem, asked: int | None) -> int:
    """How many exact circuits to look for: what was asked, else several where they can be compared."""
    if asked is not None:
        return asked
    return MOST_CIRCUITS if comparable(problem) else 1


def comparable(problem: Problem) -> bool:
    """Whether there are unseen items that circuits can be compared on."""
    return problem.n_test > 0 and problem.has_boolean_inputs and problem.input_kind.known


def check_ranks(problem: Problem, ranks: Ranks, *, learns: bool, engine: str) -> None:
    """Raise `UsageError` for a search whose items many ranks cannot share."""
    if not ranks.many:
        return
    if learns:
        raise UsageError(
            f"{problem.name}: is learned as well as its items allow, and ranks share the items of exact searches "
            f"alone; run it in one process."
        )
    if engine == Engine.RRR_JAX:
        raise UsageError(
            f"the engine {engine} has all items on one device, and ranks would each compute all of them; choose "
            f"the engine rrr, or run it in one process."
        )
    if problem.network.grows or problem.network.shared is not None:
        raise UsageError(
            f"{problem.name}: its network grows or has shared gates, and ranks share the items of a network of "
            f"fixed size; give {called('widths')}, or run it in one process."
        )

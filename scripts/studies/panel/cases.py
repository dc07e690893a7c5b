"""What the panel measures, its goals, and where its rows are; study.py tells the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import click

import btfnet
from scripts.lib.rows import Row, RowStore

ENGINES = ("auto", "rrr", "descent", "rrr+descent")
SETTINGS = ("none", "own")
"""No settings at all, or those of the problem file."""
FREE = "free"
"""Instead of widths: nodes may hear all inputs and all earlier nodes; the search finds how many are needed."""
Widths = tuple[int, ...] | str
SEED_STEP = 1000
"""Trial i of a run has the run's seed plus i: so far apart, no trial of one run is one of another."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What every run of a case must reach: an exact circuit, and

    seconds  until the exact circuit
    words    the fraction of unseen words that are right
    gates    the most of a circuit
    mean     the seconds hold for all runs' time over the exact ones, not for every run
    """

    seconds: float = inf
    words: float | None = None
    gates: float = inf
    mean: bool = False

    def __str__(self) -> str:
        what = "" if self.words is None else f"{100 * self.words:g} % of words"
        size = "" if self.gates == inf else f"≤ {self.gates:g} gates"
        when = "" if self.seconds == inf else f"≤ {duration(self.seconds)}" + " a circuit" * self.mean
        return ", ".join(filter(None, (what, size, when))) or "exact"


def duration(seconds: float) -> str:
    """As a goal says it: 30 s, 2 min, 1 h."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds > 60 and seconds % length == 0:
            return f"{seconds / length:g} {unit}"
    return f"{seconds:g} s"


@dataclass(frozen=True, slots=True)
class Case:
    """A problem of the panel, in a network and with so many training items.

    name    what the command line calls it
    widths  none: the problem file's own network; FREE: one without layers, which grows
    train   None: the problem file's own number
    limit   seconds that a run gets, unless --limit says otherwise
    """

    name: str
    problem: str
    limit: float
    goal: Goal
    widths: Widths = ()
    train: int | None = None

    def load(self) -> btfnet.Problem:
        return load_problem(self.problem, self.widths, self.train)


@cache
def load_problem(name: str, widths: Widths = (), train: int | None = None) -> btfnet.Problem:
    """A built-in problem with another network, or other items to train."""
    problem = btfnet.load(name).problem.with_train(train)
    if isinstance(widths, str):
        return problem.with_network(btfnet.Network.free(problem.network.n_inputs, problem.network.n_outputs))
    return problem.with_network(btfnet.Network.layered(widths)) if widths else problem


def _case(name: str, limit: float, goal: Goal, **changes: Any) -> Case:
    return Case(name, changes.pop("problem", name), limit, goal, **changes)


def _depths(kind: str) -> list[Case]:
    return [
        _case(f"{kind}-{depth}@{train}", limit, Goal(limit, words=1), problem=f"{kind}-{depth}", train=train)
        for depth, limit in ((2, 120), (3, 120), (4, 1800), (5, 1800))
        for train in (512, 256)
    ]


WIDE = (16, 64, 64, 64, 16)
LAYERED = (
    _case("multiplier-2x2", 10, Goal(0.1, mean=True)),
    _case("multiplier-3x3", 60, Goal(3, mean=True)),
    _case("multiplier-4x4", 3600, Goal(3600)),
    _case("autoencoder-8", 60, Goal(60)),
    _case("autoencoder-16", 60, Goal(60)),
    _case("autoencoder-32", 60, Goal(60)),
    _case("autoencoder-64", 1800, Goal()),
    _case("decoder-16", 60, Goal(60)),
    _case("decoder-32", 600, Goal()),
    *_depths("andor"),
    *(
        _case(f"andor-{depth}@{train}", 1800, Goal(words=1), problem=f"andor-{depth}", train=train)
        for depth, train in ((4, 384), (5, 1024))
    ),
    *_depths("maj"),
    _case("rule-232-3", 30, Goal(30, words=1), train=256),
    _case("rule-30-1@256", 120, Goal(120, words=1), problem="rule-30-1", train=256),
    _case("rule-30-1@128", 120, Goal(words=1), problem="rule-30-1", train=128),
    _case("rule-30-2", 1800, Goal(1800, words=1), widths=(16, 48, 48, 48, 16), train=512),
    _case("rule-30-2-wide", 1800, Goal(1800, words=1), problem="rule-30-2", widths=WIDE, train=512),
    _case("rule-30-3@1024", 1800, Goal(words=1), problem="rule-30-3", train=1024),
    _case("rule-30-3@512", 600, Goal(words=1), problem="rule-30-3", train=512),
    _case("rorschach-3", 120, Goal(words=1), train=200),
    _case("roman", 120, Goal(words=1)),
    _case("permutation-64", 60, Goal(words=1), train=64),
)  # fmt: skip
"""In networks of given widths: the paper's, where it has the problem."""
OWN_ANSWERS = ("autoencoder", "decoder", "roman", "rorschach", "permutation")
"""Their outputs are their inputs, perhaps through few nodes, or have none: the widths are the problem."""
FREE_LIMIT = 600
"""Seconds of a run in a free network at most."""


def _known(problem: str, train: int | None, limit: float, goal: Goal) -> Case:
    name = problem if train is None else f"{problem}@{train}"
    return Case(f"{name}-free", problem, limit, goal, FREE, train)


ALL_WORDS = Goal(words=1)
GOALS = (
    _known("multiplier-4x4", None, 120, Goal(5, gates=90)),
    _known("multiplier-5x5", 1024, 300, Goal(60, gates=160)),
    _known("multiplier-6x6", 4096, 600, Goal()),
    _known("maj-5", 512, 120, Goal(15, words=1)),
    _known("maj-5", 256, 240, Goal(120, words=1)),
    _known("rule-30-1", 64, 120, ALL_WORDS),
    _known("rule-30-2", 256, 240, ALL_WORDS),
    _known("rule-30-3", 512, 360, Goal(180, words=1)),
    _known("rule-30-3", 256, 600, ALL_WORDS),
    _known("rule-30-4", 2048, 600, Goal(300, words=1)),
    _known("rule-30-4", 1024, 600, ALL_WORDS),
    _known("rule-110-4", 2048, 600, ALL_WORDS),
    _known("rule-30-5", 4096, 600, ALL_WORDS),
    _known("majtree-13-2", None, 30, Goal(5, words=0.999)),
    _known("majtree-13-3", None, 60, Goal(words=0.999)),
    _known("majtree-13-4", None, 120, Goal(words=0.999)),
)
"""Goals of free networks: further problems, fewer items, less time."""


def _free_cases() -> dict[tuple[str, int | None], Case]:
    """Every problem of the panel once more without widths, and those that have goals of their own."""
    twins = {
        (case.problem, case.train): _known(case.problem, case.train, min(case.limit, FREE_LIMIT), case.goal)
        for case in LAYERED
        if not case.problem.startswith(OWN_ANSWERS)
    }
    return twins | {(case.problem, case.train): case for case in GOALS}


CASES = (*LAYERED, *_free_cases().values())
"""In the order of the tables. Nothing but these columns distinguishes one case from another."""


class Job(NamedTuple):
    """One run that is wanted."""

    case: Case
    engine: str
    settings: str
    seed: int
    limit: float
    cores: int


class Key(NamedTuple):
    """What a row measures."""

    problem: str
    widths: str
    train: int
    engine: str
    settings: str
    seed: int


def cases_named(names: Iterable[str]) -> list[Case]:
    """Cases by name, all cases of a problem, or all with networks that grow; without names every case."""
    wanted = set(names)
    known = {name for case in CASES for name in names_of(case)}
    for name in sorted(wanted - known):
        raise click.UsageError(
            f'"{name}" is no row of the panel. The rows are: {", ".join(case.name for case in CASES)}.'
        )
    return [case for case in CASES if not wanted or names_of(case) & wanted]


def names_of(case: Case) -> set[str]:
    return {case.name, case.problem, *({FREE} if case.widths == FREE else ())}


@cache
def shape(problem: btfnet.Problem) -> str:
    """The widths of a layered network: 4-8-1; of one that grows, FREE."""
    network = problem.network
    if network.grows:
        return FREE
    level = [0] * network.n_nodes
    for node in network.btf_nodes:
        level[node] = 1 + max(level[sender] for sender in network.senders(node))
    return "-".join(str(level[1:].count(depth)) for depth in range(max(level) + 1))


def short(widths: str) -> str:
    """More than four layers of one width as 8-32×5-8."""
    runs = [(width, len(list(group))) for width, group in groupby(widths.split("-"))]
    return "-".join(f"{width}×{count}" if count > 4 else "-".join([width] * count) for width, count in runs)


def key_of_job(job: Job) -> Key:
    problem = job.case.load()
    return Key(job.case.problem, shape(problem), problem.n_train, job.engine, job.settings, job.seed)


def key_of_row(row: Row) -> Key:
    return Key(*(row[name] for name in Key._fields))


STORE = RowStore(Path(__file__).with_name("rows.jsonl"), Key._fields)


def last_rows(store: RowStore = STORE) -> dict[Key, Row]:
    """The last row of every key."""
    return {key_of_row(row): row for row in map(completed, store.all())}


def completed(row: Row) -> Row:
    """A row of the first panel, which had the problem files' own settings, with what today's rows say, too."""
    if "settings" in row:
        return row
    wide = row["problem"] == "rule-30-2-wide"
    problem = load_problem("rule-30-2", WIDE) if wide else load_problem(row["problem"])
    added = {"problem": problem.name, "widths": shape(problem), "train": problem.n_train, "settings": "own"}
    return {**row, **added}


def missing(jobs: Iterable[Job], rows: dict[Key, Row], sources: str | None = None) -> list[Job]:
    """The jobs without a row; with sources, also those whose row is of other sources.

    A run that was not exact is wanted again where it may take longer now.
    """

    def is_done(job: Job) -> bool:
        row = rows.get(key_of_job(job))
        if row is None or sources not in (None, row["sources"]):
            return False
        return bool(row["exact"] or row["limit"] >= job.limit)

    return [job for job in jobs if not is_done(job)]

"""Which way does gate descent search best? Wrong output bits against processor time, for every strategy.

    python scripts/studies/strategy/study.py  # every run that is still missing
    study.py --problem maj-3 --strategy annealing                  # some of them
    study.py --strategy "repeats, .1 dropped, merging" --seeds 20  # more seeds, for restarts

A run is one walk on one core, measured in processor time of its thread, so that other programs matter little. It
starts from random gates, or (maj-5, rule-30-2) from the gates that the weights complete to after 3000 iterations
of the projections; for a problem and a seed all strategies start from the same gates. Rows are kept in
rows.jsonl; report.py makes docs/strategy.md and docs/strategy.svg, the median curves.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import numpy as np

import btfnet
from btfnet import Network, Problem, Settings
from btfnet.engines.completion.completion_check import complete_at
from btfnet.engines.descent.local_search import DROPPED, GateSearch
from btfnet.engines.projections.stepper import NetworkStepper
from scripts.lib import options
from scripts.lib.rows import Row, RowStore
from scripts.studies.strategy.walks import anneal, arrays_of, walk_otherwise

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("problem", "strategy", "seed"))
CACHE = Path(tempfile.gettempdir()) / "btfnet-strategy"
TIMES = (0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 12, 20, 30)
"""Seconds at which the curves are read."""
WARM = 3000
ROUNDS, PROPOSALS = 4, 2000
"""Between two looks at the clock: a few milliseconds."""
LIMITS = "10 s, and 12 s from warm starts; 30 s for andor-5 and multiplier-4x4"
HOT, COLD = 3.0, 0.5
"""First and last temperature of annealing, in wrong output bits."""


@dataclass(frozen=True)
class Case:
    """A problem as it is measured; widths of its own, if not the task's."""

    name: str
    task: str
    n_train: int
    limit: float
    widths: tuple[int, ...] = ()
    warm: bool = False

    def problem(self) -> Problem:
        problem = btfnet.load(self.task).problem.with_train(self.n_train)
        return problem.with_network(Network.layered(list(self.widths))) if self.widths else problem


CASES = {
    case.name: case
    for case in (
        Case("rule-30-1 tight", "rule-30-1", 256, 10, (16, 32, 32, 16)),
        Case("rule-30-1 wide", "rule-30-1", 256, 10, (16, 48, 48, 16)),
        Case("andor-3", "andor-3", 512, 10),
        Case("maj-3", "maj-3", 512, 10),
        Case("maj-5", "maj-5", 512, 12, warm=True),
        Case("rule-30-2", "rule-30-2", 512, 12, (16, 48, 48, 48, 16), warm=True),
        Case("andor-5", "andor-5", 512, 30, warm=True),
        Case("multiplier-4x4", "multiplier-4x4", 256, 30, (8, 64, 64, 64, 64, 8)),
    )
}

Step = Callable[[float], int]
"""Searches for some milliseconds, told the fraction of the limit gone by; the fewest wrong bits so far."""


def plain(kicks: int, dropped: float) -> Callable[[GateSearch], Step]:
    """The package's walk, items never repeated, nodes never merged."""
    return lambda search: lambda _: search.walk(ROUNDS, kicks, dropped, merging=False)


def repeating(patience: int, dropped: float = 0.0, *, merging: bool = False) -> Callable[[GateSearch], Step]:
    """The package's walk, wrong items repeated after so many rounds without a gain."""

    def start(search: GateSearch) -> Step:
        search.item_weights = search.item_weights._replace(patience=patience)
        return lambda _: search.walk(ROUNDS, 1, dropped, merging=merging)

    return start


def otherwise(aimed: bool, slack: float) -> Callable[[GateSearch], Step]:
    """`walk_otherwise`, with one kick and the package's dropped items."""

    def start(search: GateSearch) -> Step:
        state = [search.error, search.error]

        def step(_: float) -> int:
            state[:] = walk_otherwise(
                *arrays_of(search), *state, ROUNDS, DROPPED,
                aimed, slack, search.rng,
            )  # fmt: skip
            return state[1]

        return step

    return start


def annealing(search: GateSearch) -> Step:
    """`anneal`, cooled geometrically over the whole limit."""
    shape, _, gates, best, work = arrays_of(search)
    state = [search.error, search.error]

    def step(gone: float) -> int:
        temperature = HOT * (COLD / HOT) ** gone
        state[:] = anneal(shape, gates, best, work, *state, PROPOSALS, temperature, search.rng)
        return state[1]

    return step


STRATEGIES: dict[str, Callable[[GateSearch], Step]] = {
    "2 kicks": plain(2, 0.0),
    "1 kick": plain(1, 0.0),
    "0 kicks": plain(0, 0.0),
    "1 kick, .05 dropped": plain(1, 0.05),
    "1 kick, .1 dropped": plain(1, 0.1),
    "1 kick, .2 dropped": plain(1, 0.2),
    "0 kicks, .1 dropped": plain(0, 0.1),
    "2 kicks, .1 dropped": plain(2, 0.1),
    "aimed kick": otherwise(True, 0.0),
    "only if better": otherwise(False, -1.0),
    "slack 2 %": otherwise(False, 0.02),
    "annealing": annealing,
}
"""From "aimed kick" on with one kick and .1 dropped, but for annealing."""
REPEATING: dict[str, Callable[[GateSearch], Step]] = {
    "repeats": repeating(10),
    "repeats after 3": repeating(3),
    "repeats after 30": repeating(30),
    "repeats after 100": repeating(100),
    "repeats, .1 dropped": repeating(10, 0.1),
    "repeats, .1 dropped, merging": repeating(10, 0.1, merging=True),
}
"""One kick; items that stay wrong stand more than once. The last is what the package does."""
ALL = STRATEGIES | REPEATING


def warm_start(case: Case, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Integer weights and inputs after WARM iterations of the projections; remembered for other strategies."""
    path = CACHE / f"{case.name}-{WARM}-{seed}.npz"
    if not path.exists():
        problem, settings = case.problem(), btfnet.load(case.task).settings or Settings()
        stepper = NetworkStepper(problem, settings, np.random.default_rng(seed))
        stepper.advance(WARM, 0.0)
        reading = complete_at(problem, stepper, settings.sigma)
        CACHE.mkdir(exist_ok=True)
        np.savez(path, weights=reading.completion.weights, inputs=reading.inputs)
    saved = np.load(path)
    return saved["weights"], saved["inputs"]


def start(case: Case, strategy: str, seed: int) -> GateSearch:
    search = GateSearch.of(case.problem(), np.random.default_rng([seed, 1]), repeats=strategy in REPEATING)
    if case.warm:
        search.start_from(*warm_start(case, seed))
    return search


def measured(name: str, strategy: str, seed: int) -> Row:
    """One run: the fewest wrong bits at each of TIMES, and when there were none."""
    compile_all()
    case = CASES[name]
    search = start(case, strategy, seed)
    least, step = search.error, ALL[strategy](search)
    curve: list[int] = []
    row: Row = {"problem": case.name, "strategy": strategy, "seed": seed, "limit": case.limit, "start": least}
    begun, seconds = time.thread_time(), 0.0
    times = [moment for moment in TIMES if moment <= case.limit]
    while least > 0 and seconds < case.limit:
        wrong = int(step(seconds / case.limit))
        seconds = time.thread_time() - begun
        while len(curve) < len(times) and seconds > times[len(curve)]:
            curve.append(least)
        least = wrong
    curve += [least] * (len(times) - len(curve))
    return row | {"exact": round(seconds, 3) if least == 0 else None, "wrong": curve}


@cache
def compile_all() -> None:
    """Whatever is timed, once."""
    for strategy in ALL.values():
        step = strategy(GateSearch.of(btfnet.load("multiplier-3x3").problem, np.random.default_rng(0)))
        step(0.5)


@options.command(__doc__)
@click.option("--problem", "names", multiple=True, type=click.Choice(list(CASES)), help="All by default.")
@click.option("--strategy", "strategies", multiple=True, type=click.Choice(list(ALL)), help="All by default.")
@options.seeds(5)
def main(names: tuple[str, ...], strategies: tuple[str, ...], seeds: int) -> None:
    wanted = [
        (name, strategy, seed)
        for strategy in strategies or ALL
        for name in names or CASES
        for seed in range(seeds)
    ]
    STORE.fill(wanted, measured)


if __name__ == "__main__":
    main()

"""Does it pay to hand a stagnated circuit back to the projections? Equal processor time for every way to go on.

    python scripts/handback_study.py rule-30-1 andor-3 rule-30-2 --seeds 3

For each problem and seed, reflect-reflect-relax with gate descent runs for so many iterations (the state: the best
circuit so far, and the projections as they are). From there each way has the same processor time:

descent       gate descent alone goes on from the best circuit
projections   the run goes on as it would have: projections, and descents from their completions
back …        in rounds: the best circuit's weights and values start the projections anew; after some iterations
              they are completed to gates; descent goes on from these for as long as the projections took; the
              better one stays. all: every node is free. cone: only the gates that wrong outputs depend on are
              free, all others are frozen. near: in each layer as many nodes again are free.

Prints a table: the wrong output bits left, or the seconds until none was. "k/n": in k of n rounds the completion
was better than the best circuit before descent touched it. What came out: docs/strategy-handback.md.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet import Problem, Settings, load
from btfnet.checkpoint import Record
from btfnet.engines.combined.handover import HandOver
from btfnet.engines.completion.completion_check import complete_at, schedule_for
from btfnet.engines.descent.local_search import GateSearch
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.search.handback import hand_back, unsettled

SETTINGS = Settings(beta=0.3, gamma=3e-4)
BEFORE = {"rule-30-1": 1600, "andor-3": 5000, "maj-5": 1500, "rule-30-2": 1400}
"""Iterations after which descent has slowed down but is seldom done."""


@dataclass(frozen=True)
class Way:
    """One way to hand back: who is free, noise on what is free, iterations of a round, the metric's rate."""

    free: str
    noise: float
    iterations: int
    gamma: float

    def __str__(self) -> str:
        return f"back {self.free}, noise {self.noise:g}, {self.iterations} it., γ {self.gamma:g}"


WAYS = (
    Way("all", 0, 500, 3e-4),
    Way("cone", 0, 500, 3e-4),
    Way("near", 0, 1000, 5e-3),
    Way("near", 0.5, 1000, 3e-4),
    Way("near", 0.5, 5000, 3e-4),
)


class Run:
    """Projections with gate descent, as a trial runs them; it can return to where it was saved."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem = problem
        rng, other = (np.random.default_rng(part) for part in (seed, [seed, 1]))
        self.stepper = NetworkStepper(problem, SETTINGS, rng)
        self.hand_over = HandOver(problem, other, lambda: None)
        self.schedule = schedule_for(problem)
        self.interval = float(self.schedule.first)

    @property
    def wrong(self) -> int:
        return self.hand_over.best.error

    def look(self) -> None:
        """Iterate until the next look, and hand over."""
        self.stepper.advance(int(self.interval), SETTINGS.gap)
        self.interval = min(self.interval * self.schedule.growth, self.schedule.longest)
        self.hand_over.descend(
            complete_at(self.problem, self.stepper, SETTINGS.sigma), self.stepper.iteration
        )

    def save(self) -> Callable[[], None]:
        """A function that brings all this back."""
        arrays, record, interval = _copies(self.stepper.export()), self.hand_over.export(), self.interval
        kept = Record(dict(record.values), _copies(record.arrays))

        def back() -> None:
            self.stepper.restore(arrays)
            self.hand_over.restore(kept)
            self.interval = interval

        return back


def _copies(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name: array.copy() for name, array in arrays.items()}


def free_nodes(problem: Problem, walker: GateSearch, who: str, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Bool, (n_nodes,): the nodes that are not frozen."""
    if who == "all":
        return np.ones(problem.network.n_nodes, dtype=bool)
    free = unsettled(problem, walker)
    if who == "near":
        for group in problem.network.groups:
            layer = np.arange(group.start, group.stop)
            free[rng.permutation(layer[~free[layer]])[: free[layer].sum()]] = True
    return free


def rounds_of(
    problem: Problem, best: GateSearch, way: Way, seconds: float, seed: int
) -> tuple[int, int, int]:
    """Rounds of projections and descent; the wrong bits left, the rounds, and those that projections won."""
    rng = np.random.default_rng([seed, 2])
    fresh, settings = GateSearch.of(problem, rng), SETTINGS.but(gamma=way.gamma)
    until, rounds, won = time.thread_time() + seconds, 0, 0
    while best.error and time.thread_time() < until:
        begun = time.thread_time()
        free = free_nodes(problem, best, way.free, rng)
        reading = hand_back(
            problem, best, settings, rng, free=free, noise=way.noise, iterations=way.iterations
        )
        fresh.start_from(reading.completion.weights, reading.inputs)
        rounds, won = rounds + 1, won + (fresh.error < best.error)
        turn_ends = 2 * time.thread_time() - begun
        while fresh.error and time.thread_time() < turn_ends:
            fresh.walk(1)
        if fresh.error <= best.error:
            best, fresh = fresh, best
    return best.error, rounds, won


def compare(problem: Problem, seed: int, before: int, ways: list[Way], seconds: float) -> list[str]:
    """One row of the table: problem, seed, wrong bits at the state, and what each way made of it."""
    run = Run(problem, seed)
    while run.stepper.iteration < before and (run.wrong or not run.hand_over.started):
        run.look()
    row = [problem.name, str(seed), str(run.wrong)]
    if not run.wrong:
        return row
    back, begun = run.save(), time.thread_time()
    while run.wrong and time.thread_time() - begun < seconds:
        run.hand_over.best.walk(1)
    row.append(_outcome(run.wrong, begun))
    back()
    begun = time.thread_time()
    while run.wrong and time.thread_time() - begun < seconds:
        run.look()
    row.append(_outcome(run.wrong, begun))
    for way in ways:
        back()
        begun = time.thread_time()
        wrong, rounds, won = rounds_of(problem, run.hand_over.best, way, seconds, seed)
        row.append(f"{_outcome(wrong, begun)}, {won}/{rounds}")
    return row


def _outcome(wrong: int, begun: float) -> str:
    return f"{wrong} wrong" if wrong else f"{time.thread_time() - begun:.1f} s"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("problems", nargs="+", choices=list(BEFORE))
    for name, default in (("seeds", 3), ("first-seed", 1), ("first-way", 1), ("ways", len(WAYS))):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--seconds", type=float, default=15, help="processor seconds of each way")
    options = parser.parse_args()
    ways = list(WAYS[options.first_way - 1 : options.first_way - 1 + options.ways])
    _compile()
    columns = ["problem", "seed", "state, wrong bits", "descent", "projections", *map(str, ways)]
    print("| " + " | ".join(columns) + " |\n" + "|---" * len(columns) + "|")
    for name in options.problems:
        problem = load(name).problem
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            row = compare(problem, seed, BEFORE[name], ways, options.seconds)
            print("| " + " | ".join(row) + " |", flush=True)


def _compile() -> None:
    """Whatever the study runs, once."""
    run = Run(load("multiplier-2x2").problem, 0)
    for _ in range(3):
        run.look()
    run.hand_over.fresh.start_at_random()
    rounds_of(run.problem, run.hand_over.fresh, WAYS[0], 0.1, 0)


if __name__ == "__main__":
    main()

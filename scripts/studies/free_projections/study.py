"""Do the projections help on free networks? Alone, and with gate descent in a network that grows.

    python scripts/studies/free_projections/study.py  # every run that is still missing
    study.py --problem andor-3 --kind alone  # some of them

Alone: wrong bits of the best completion after LIMIT seconds, for the ways of alone.py. Together: seconds until
no bit is wrong, for the hand-overs of together.py, and for the engine rrr+descent as it is. A run has one core,
and its seconds are the processor's. Rows are kept in rows.jsonl; report.py writes them into docs/free.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

import btfnet
from btfnet import Network, Problem, Settings
from btfnet.engines.combined.engine import CombinedAttempt
from btfnet.engines.protocol import Orders
from btfnet.engines.tuning.information import sized
from btfnet.halting import Halt
from btfnet.logic.circuit import Circuit
from btfnet.projections.rrr import Status, run
from scripts.lib import options
from scripts.lib.rows import Row, RowStore
from scripts.studies.free_projections.alone import ALONE, run_projections
from scripts.studies.free_projections.together import TOGETHER

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("kind", "problem", "way", "seed"))
LIMIT = 2.0
"""Seconds of a run of the projections alone."""
ENGINE = "rrr+descent"


@dataclass(frozen=True)
class Case:
    """A problem, its training items (0: all), and seconds of a run with descent."""

    task: str
    n_train: int
    limit: float
    alone: bool = True

    @property
    def layers(self) -> Problem:
        problem = btfnet.load(self.task).problem
        return problem.with_train(self.n_train) if self.n_train else problem

    @property
    def bits(self) -> int:
        """Output bits of all training items."""
        return self.layers.n_train * self.layers.network.n_outputs


CASES = {
    "multiplier-2x2": Case("multiplier-2x2", 0, 5),
    "multiplier-3x3": Case("multiplier-3x3", 0, 5),
    "rule-30-1": Case("rule-30-1", 256, 5),
    "andor-3": Case("andor-3", 512, 5),
    "maj-3": Case("maj-3", 512, 5),
    "rule-30-1, N = 64": Case("rule-30-1", 64, 5, alone=False),
    "maj-4": Case("maj-4", 256, 10, alone=False),
    "multiplier-4x4": Case("multiplier-4x4", 0, 15, alone=False),
}
KINDS = {"together": (*TOGETHER, ENGINE), "alone": tuple(ALONE)}


def growing(problem: Problem) -> Problem:
    network = problem.network
    return problem.with_network(Network.free(network.n_inputs, network.n_outputs))


def run_alone(case: Case, way: str, seed: int) -> Row:
    layers = case.layers
    stepper = ALONE[way](layers, sized(growing(layers)), np.random.default_rng(seed))
    begun = time.process_time()
    least = run_projections(stepper, LIMIT)
    return {
        "hidden": stepper.problem.network.n_hidden, "seconds": time.process_time() - begun, "wrong": least.wrong,
        "iterations": stepper.iteration, "fitted": stepper.scores()[0], "gap": stepper.gap,
    }  # fmt: skip


def run_together(case: Case, way: str, seed: int) -> Row:
    free, begun = growing(case.layers), time.process_time()
    if way == ENGINE:
        return as_it_is(free, seed, case.limit)
    search = TOGETHER[way](free, np.random.default_rng(seed))
    before = search.error
    while search.error and time.process_time() - begun < case.limit:
        search.walk(5)
    seconds, circuit = time.process_time() - begun, search.circuit(free.name)
    sizes = {"hidden": search.network.n_hidden, "sweeps": search.sweeps, "before": before}
    return {"seconds": seconds, "wrong": search.error, **sizes, **judged(free, circuit)}


def as_it_is(free: Problem, seed: int, limit: float) -> Row:
    """The engine on a free network of fixed size."""
    problem, begun = sized(free), time.process_time()

    def over() -> Status | None:
        return Status.TIME_LIMIT if time.process_time() - begun > limit else None

    attempt = CombinedAttempt(Orders(problem, Settings(), seed, "float32", 1, over, Halt()))
    run(
        attempt.stepper,
        attempt.settings,
        watch=lambda look: attempt.look(),
        schedule=attempt.schedule,
        cancelled=over,
    )
    found, seconds = attempt.present(), time.process_time() - begun
    assert found is not None
    sizes = {"hidden": problem.network.n_hidden, "sweeps": attempt.stepper.iteration, "before": None}
    return {"seconds": seconds, "wrong": found.wrong_bits, **sizes, **judged(free, found.circuit)}


def judged(problem: Problem, circuit: Circuit) -> Row:
    """Its gates, and the fraction of unseen words that it gets right; nothing smaller is looked for."""
    gates = len(circuit.simplified().gates)
    unseen = problem.scores(circuit.predict(problem.inputs > 0))[3] if problem.n_test else None
    return {"gates": gates, "words": unseen}


def rounded(row: Row) -> Row:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}


@options.command(__doc__)
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only this kind.")
@click.option("--problem", "only", type=click.Choice(list(CASES)), help="Only this problem.")
@click.option("--way", "ways", multiple=True, help="Only these ways.")
@options.seeds(3, "1, 2, …")
def main(kind: str | None, only: str | None, ways: tuple[str, ...], seeds: int) -> None:
    def measure(kind: str, name: str, way: str, seed: int) -> Row:
        ran = run_alone if kind == "alone" else run_together
        return {
            "kind": kind,
            "problem": name,
            "way": way,
            "seed": seed,
            **rounded(ran(CASES[name], way, seed)),
        }

    for one in KINDS if kind is None else (kind,):
        warm = run_alone if one == "alone" else run_together
        warm(CASES["multiplier-2x2"], KINDS[one][-1], 0)  # compiled, and loaded
        for name, case in CASES.items():
            if only in (None, name) and (case.alone or one == "together"):
                wanted = [way for way in KINDS[one] if not ways or way in ways]
                keys = [(one, name, way, seed) for way in wanted for seed in range(1, seeds + 1)]
                STORE.fill(keys, measure)


if __name__ == "__main__":
    main()

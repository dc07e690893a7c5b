"""From how many traces does `btfnet machine` find the machine that made them, and in what time?

    python scripts/studies/machines/study.py  # every run that is still missing
    study.py --machine "traffic light" --traces 200  # some of them

A machine is drawn (hidden.py), makes traces of 20 steps, and is learned from them on one core, for two minutes at
most. Judged are the gates, on 200 new traces of 40 steps, and by a walk through all pairs of states: are they
equal under all inputs? Rows are kept in rows.jsonl; report.py writes them into docs/machines.md.
"""

from __future__ import annotations

import time
from pathlib import Path

import click
import numpy as np

from btfnet.machines.learn import learn_machine
from scripts.lib import options
from scripts.lib.rows import Row, RowStore, check_checkout
from scripts.studies.machines.hidden import HIDDEN

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("machine", "start", "traces", "seed"))
TRACES = (200, 100, 50, 20)
STEPS, TESTS, TEST_STEPS = 20, 200, 40
LIMIT = 120.0
"""Seconds of a run."""
STARTS = ("known", "unknown")
WITH_UNKNOWN_START = ("traffic light", "random, 8 states, 1 → 1 bit", "random, 16 states, 2 → 2 bits")
"""Measured from 200 traces that begin anywhere, too."""


def measure(name: str, start: str, n_traces: int, seed: int) -> Row:
    rng = np.random.default_rng(seed)
    hidden, anywhere = HIDDEN[name](rng), start == "unknown"
    traces = hidden.traces(n_traces, STEPS, rng, anywhere=anywhere)
    tests = hidden.traces(TESTS, TEST_STEPS, rng, anywhere=anywhere)
    begun = time.monotonic()
    learned = learn_machine(traces, unknown_start=anywhere, seed=seed, jobs=1, time_limit=LIMIT)
    seconds = time.monotonic() - begun
    machine = learned.machine
    assert machine is not None
    score = learned.score(tests)
    return {
        "machine": name,
        "start": start,
        "traces": n_traces,
        "seed": seed,
        "hidden": len(hidden.output),
        "states": machine.n_states,
        "kind": machine.kind,
        "smallest": learned.smallest,
        "forced": learned.forced,
        "open": len(learned.open_transitions),
        "unseen": sum(each.to is None for each in machine.transitions),
        "exact": learned.exact,
        "right": score.right / score.traces,
        "equal": None if anywhere else hidden.equals(machine),
        "gates": len(machine.circuit.gates),
        "seconds": round(seconds, 2),
    }


@options.command(__doc__)
@click.option("--machine", "only", type=click.Choice(list(HIDDEN)), help="Only this machine.")
@click.option("--traces", type=click.Choice([str(count) for count in TRACES]), help="Only so many traces.")
@click.option("--start", type=click.Choice(STARTS), help="Only traces that begin so.")
@options.seeds(5, "1, 2, …")
def main(only: str | None, traces: str | None, start: str | None, seeds: int) -> None:
    check_checkout()
    measure("traffic light", "known", 20, 0)  # compiled, and loaded
    keys = [
        (name, begins, count, seed)
        for begins in STARTS
        for count in (TRACES if begins == "known" else TRACES[:1])
        for name in (HIDDEN if begins == "known" else WITH_UNKNOWN_START)
        for seed in range(1, seeds + 1)
        if only in (None, name) and traces in (None, str(count)) and start in (None, begins)
    ]
    STORE.fill(keys, measure)


if __name__ == "__main__":
    main()

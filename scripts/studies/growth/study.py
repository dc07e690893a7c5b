"""What do items, inputs and nodes cost a gate descent, in time and in memory?

    python scripts/studies/growth/study.py  # all that is missing
    study.py free --items 1000000 --inputs 64 --nodes 16  # one size, printed only

A run is a process of its own, on one core: random items whose outputs are a small circuit's, a tenth of them
flipped, so that no walk ends early; a search with packed inputs; rounds of two sweeps for some seconds. Rows are
kept in rows.jsonl: processor seconds of a sweep, the median over rounds; of making the search; the process's peak
of memory, and what of that was there before the items. report.py writes docs/large_data.md.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import click
import numpy as np

from btfnet import Network, PackedBits, Problem
from btfnet.engines.descent.local_search import GateSearch
from btfnet.problem.packing import Packer
from scripts.lib import options
from scripts.lib.pages import ROOT
from scripts.lib.rows import Row, RowStore
from scripts.studies.growth.planted import items_of, planted

STORE = RowStore(Path(__file__).with_name("rows.jsonl"), ("kind", "items", "inputs", "nodes"))
BASE = {"items": 100_000, "inputs": 64, "nodes": 16}
SERIES = {
    "items": (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000),
    "inputs": (16, 32, 64, 128, 256, 512, 1024, 2048, 4096),
    "nodes": (4, 8, 16, 32, 64, 128, 256, 512),
}
KINDS = ("free", "layers")
"""A free network, whose visits see a sample of 24 senders, and one hidden layer, where they see all."""
SECONDS, LEAST_ROUNDS = 4.0, 3
NOISE = 0.1


def sizes() -> list[tuple[str, int, int, int]]:
    """Kind, items, inputs and nodes of every run: one of them grows, the others are as in BASE."""
    grown = [{**BASE, name: size} for name, series in SERIES.items() for size in series]
    found = [(kind, size["items"], size["inputs"], size["nodes"]) for kind in KINDS for size in grown]
    return list(dict.fromkeys(found))


def measured(kind: str, items: int, inputs: int, nodes: int) -> Row:
    """One run, in a process of its own."""
    size = [f"--{name}={value}" for name, value in (("items", items), ("inputs", inputs), ("nodes", nodes))]
    command = [sys.executable, "-m", "scripts.studies.growth.study", kind, *size]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    row: Row = json.loads(done.stdout)
    return row


def peak() -> int:
    """Bytes of memory that this process has had at most."""
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def problem_of(kind: str, items: int, inputs: int, nodes: int) -> Problem:
    rng = np.random.default_rng([items, inputs, nodes])
    columns, outputs = Packer(items, inputs), []
    for some, answers in items_of(planted(inputs, rng), items, rng, NOISE):
        columns.add(some)
        outputs.append(answers)
    network = Network.free(inputs, 1, nodes) if kind == "free" else Network.layered([inputs, nodes, 1])
    packed = PackedBits(columns.columns, items)
    return Problem.from_bits(packed, np.concatenate(outputs), hidden=()).with_network(network)


def run(kind: str, items: int, inputs: int, nodes: int) -> Row:
    """One run, in this process."""
    GateSearch.of(problem_of(kind, 64, 16, 4), np.random.default_rng(0)).walk(1)  # compiled, and loaded
    before = peak()
    problem = problem_of(kind, items, inputs, nodes)
    begun = time.process_time()
    search = GateSearch.of(problem, np.random.default_rng(0))
    made, rounds = time.process_time() - begun, list[float]()
    while sum(rounds) < SECONDS or len(rounds) < LEAST_ROUNDS:
        begun = time.process_time()
        search.walk(1)
        rounds.append(time.process_time() - begun)
    return {
        "kind": kind, "items": items, "inputs": inputs, "nodes": nodes, "sweep": median(rounds) / 2,
        "rounds": len(rounds), "made": made, "peak": peak(), "before": before, "error": search.error / items,
    }  # fmt: skip


@options.command(__doc__)
@click.argument("kind", required=False, type=click.Choice(KINDS))
@click.option("--items", default=BASE["items"], show_default=True, help="Items.")
@click.option("--inputs", default=BASE["inputs"], show_default=True, help="Inputs.")
@click.option("--nodes", default=BASE["nodes"], show_default=True, help="Hidden nodes.")
def main(kind: str | None, items: int, inputs: int, nodes: int) -> None:
    if kind is None:
        STORE.fill(sizes(), measured)
    else:
        click.echo(json.dumps(run(kind, items, inputs, nodes)))


if __name__ == "__main__":
    main()

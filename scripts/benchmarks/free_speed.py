"""Speed of gate descent in free networks on one core, against inputs, nodes and items.

The outputs are those of a planted circuit with one bit in ten negated, so that no walk can end, and the walk
begins at random gates. For visits that see all senders, and for visits that see a few of them:

sweeps   of all nodes, a second
moves    gates that a round changed and that were kept, a second
price    microseconds of a visit that go to pricing a flip at all items: what is downstream, evaluated
ranks    to the correlations of the senders that are seen, and their order
gates    to choosing among Copies and majorities, and to all else

Each is measured for some seconds after the compiler has run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import click
import numpy as np

from btfnet.engines.descent.local_search import ALL_SENDERS, MOST_SEEN, GateSearch
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.best_gate import correlate
from btfnet.kernels.descent.prices import price_node
from btfnet.kernels.descent.senders import list_senders
from btfnet.problem.network import Network
from scripts.benchmarks.descent_speed import outputs_of, planted_weights
from scripts.lib import options

INPUTS, NODES, ITEMS = (16, 256, 768), (40, 250, 1000), (500, 6400, 60_000)
OUTPUTS = 4
NOISE = 0.1


@compiled
def price_all(shape, gates, work):
    """A flip of every node is priced. Arguments as in kernels/descent/gate_arrays.py."""
    for node in range(shape.n_inputs + 1, work.values.shape[0]):
        price_node(shape, gates, work, node)


@compiled
def rank_all(shape, gates, work, rng):
    """The same, and the senders that a visit sees are put in order."""
    for node in range(shape.n_inputs + 1, work.values.shape[0]):
        top = price_node(shape, gates, work, node)
        if top:
            correlate(shape, work, node, top, list_senders(shape, gates, work, node, rng))


def per_call(function: Callable[..., object], arguments: Sequence[Any], seconds: float) -> float:
    """Seconds of one call."""
    function(*arguments)
    begun, calls = time.thread_time(), 0
    while time.thread_time() - begun < seconds:
        function(*arguments)
        calls += 1
    return (time.thread_time() - begun) / calls


def changed(search: GateSearch, before: list[dict[int, int]]) -> int:
    """Gates that are others than before."""
    return sum(search.gate(node) != gate for node, gate in zip(search.network.btf_nodes, before, strict=True))


def walked(search: GateSearch, seconds: float) -> tuple[float, float]:
    """Sweeps, and kept changes of gates, a second."""
    search.walk(1)
    spent, begun, moves = 0.0, search.sweeps, 0
    while spent < seconds:
        before = [search.gate(node) for node in search.network.btf_nodes]
        start = time.thread_time()
        search.walk(1)
        spent += time.thread_time() - start
        moves += changed(search, before)
    return (search.sweeps - begun) / spent, moves / spent


def measure(n_inputs: int, nodes: int, n_items: int, seen: int, seconds: float) -> dict[str, float]:
    """Rates and parts of a visit, for one size."""
    rng = np.random.default_rng(0)
    network = Network.free(n_inputs, OUTPUTS, nodes)
    inputs = rng.random((n_items, n_inputs)) < 0.5
    outputs = outputs_of(network, planted_weights(network, rng), inputs)
    outputs ^= rng.random(outputs.shape) < NOISE
    search = GateSearch(network, inputs, outputs, rng, begin=False, most_seen=seen)
    sweeps, moves = walked(search, seconds)
    kernel = (search.shape, search.gates, search.buffers)
    visits = network.n_btf
    price = per_call(price_all, kernel, seconds / 4) / visits
    ranks = per_call(rank_all, (*kernel, rng), seconds / 4) / visits
    return {
        "sweeps": sweeps,
        "moves": moves,
        "price": 1e6 * price,
        "ranks": 1e6 * (ranks - price),
        "gates": 1e6 * (1 / (sweeps * visits) - ranks),
    }


@options.command(__doc__)
@click.option("--seconds", default=1.0, show_default=True, help="Of each walk.")
@click.option("--most", default=ITEMS[-1], show_default=True, help="Leave out sizes of more items.")
def main(seconds: float, most: int) -> None:
    names = ("sweeps", "moves", "price", "ranks", "gates")
    click.echo("| inputs | nodes | items | seen | " + " | ".join(names) + " |")
    click.echo("|---|---|---|---|" + "---|" * len(names))
    for n_inputs in INPUTS:
        for nodes in NODES:
            for n_items in (count for count in ITEMS if count <= most):
                for seen in (ALL_SENDERS, MOST_SEEN):
                    row = measure(n_inputs, nodes, n_items, seen, seconds)
                    cells = [f"{row[name]:.3g}" for name in names]
                    label = "all" if seen == ALL_SENDERS else str(seen)
                    click.echo(f"| {n_inputs} | {nodes} | {n_items} | {label} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()

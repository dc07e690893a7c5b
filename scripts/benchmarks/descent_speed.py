"""Sweeps per second of gate descent on one core: four layers of 32, 512 items.

early   random outputs, from random gates: nothing fits, about a third of the output bits stay wrong
middle  outputs of a planted circuit with one bit in ten negated, from that circuit with some gates replaced
late    the same with one bit in five hundred negated

No walk can end, so that every figure is a rate and not a race. Each is the median over the seeds.
"""

from __future__ import annotations

import statistics
import time

import click
import numpy as np

from btfnet.engines.descent.local_search import GateSearch
from btfnet.logic.circuit import Circuit, Gate
from btfnet.problem.network import Network
from scripts.lib import options

KICKED = 6
"""Gates of the planted circuit that are replaced at random."""


def planted_weights(network: Network, rng: np.random.Generator) -> np.ndarray:
    """A random And, Or or majority of three at every node."""
    weights = np.zeros(network.n_edges, dtype=np.int64)
    for node in network.btf_nodes:
        edges = network.edges(node)
        _give_gate(weights[edges], rng)
    return weights


def _give_gate(row: np.ndarray, rng: np.random.Generator) -> None:
    row[:] = 0
    row[rng.choice(row.size, 3, replace=False)] = rng.choice([-1, 1], 3)


def outputs_of(network: Network, weights: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    gates = []
    for node in network.btf_nodes:
        edges = network.edges(node)
        row, senders = weights[edges], network.senders(node)
        gates.append(Gate.from_weights({int(s): int(w) for s, w in zip(senders, row, strict=True) if w}))
    circuit = Circuit(network.n_inputs, tuple(gates), tuple(network.output_nodes))
    return circuit.predict(inputs) > 0


def sweeps_per_second(search: GateSearch, seconds: float) -> float:
    """Rounds of two kicks and two sweeps, until the time is over."""
    search.walk(1)  # compiles
    begun, before = time.thread_time(), search.sweeps
    while time.thread_time() - begun < seconds:
        search.walk(2)
    return (search.sweeps - before) / (time.thread_time() - begun)


def measure(network: Network, n_items: int, seed: int, seconds: float) -> dict[str, float]:
    """Sweeps per second and the wrong bits left, for the three states."""
    rng = np.random.default_rng(seed)
    inputs = rng.random((n_items, network.n_inputs)) < 0.5
    weights = planted_weights(network, rng)
    outputs = outputs_of(network, weights, inputs)
    rates = {}
    for state, noise in (("early", 0.5), ("middle", 0.1), ("late", 0.002)):
        search = GateSearch(network, inputs, outputs ^ (rng.random(outputs.shape) < noise), rng)
        if state != "early":
            start = weights.copy()
            for node in rng.choice(network.btf_nodes, KICKED, replace=False):
                _give_gate(start[network.edges(node)], rng)
            search.start_from(start, inputs)
        rates[state] = sweeps_per_second(search, seconds)
        rates[f"{state}, wrong"] = search.error
    return rates


@options.command(__doc__)
@options.seeds(3)
@click.option("--layers", default=4, show_default=True)
@click.option("--width", default=32, show_default=True)
@click.option("--items", default=512, show_default=True)
@click.option("--seconds", default=1.5, show_default=True, help="Of each walk.")
def main(seeds: int, layers: int, width: int, items: int, seconds: float) -> None:
    network = Network.layered([width] * layers)
    rows = [measure(network, items, seed, seconds) for seed in range(seeds)]
    click.echo(f"{layers} layers of {width}, {items} items; median of {seeds} seeds")
    for name in rows[0]:
        click.echo(f"{name:14s} {statistics.median(row[name] for row in rows):10.1f}")


if __name__ == "__main__":
    main()

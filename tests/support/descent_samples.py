"""What the tests of gate descent share: random searches, and what they should hold by plain integers."""

from __future__ import annotations

import itertools

import numpy as np
from numba import config

from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.bits import unpack_bits
from btfnet.kernels.descent.prices import price_node
from btfnet.problem.network import Network

JIT = not config.DISABLE_JIT
SEEDS = range(6 if JIT else 2)
N_ITEMS = 150 if JIT else 70


def booleans(seed, *shape):
    return np.random.default_rng(seed).random(shape) < 0.5


def random_network(rng, n_inputs=4, n_hidden=5, n_outputs=3):
    """Any acyclic graph: outputs may be heard by other outputs, hidden nodes by nobody."""
    edges = []
    for node in range(n_inputs + 1, n_inputs + 1 + n_hidden + n_outputs):
        fan_in = rng.integers(1, min(node, 6))
        edges += [(node, int(sender)) for sender in rng.choice(node, fan_in, replace=False)]
    return Network.from_edges(n_inputs, n_outputs, edges)


def random_search(seed, *, n_items=N_ITEMS, **options):
    rng = np.random.default_rng(seed)
    network = random_network(rng)
    inputs, outputs = booleans(seed + 1, n_items, 4), booleans(seed + 2, n_items, 3)
    return GateSearch(network, inputs, outputs, rng, **options), inputs, outputs


def evaluate(search, inputs, *, gates=None, flip=None):
    """Values ±1 of all nodes by plain integers, (n_nodes, n_items); optionally with one node negated."""
    network = search.network
    values = np.full((network.n_nodes, len(inputs)), -1)
    values[1 : network.n_inputs + 1] = np.where(inputs, 1, -1).T
    for node in range(1, network.n_nodes):
        if node > network.n_inputs:
            weights = search.gate(node) if gates is None or node not in gates else gates[node]
            values[node] = np.sign(sum(weight * values[sender] for sender, weight in weights.items()))
        if node == flip:
            values[node] *= -1
    return values


def wrong_bits(search, inputs, outputs, *, care=True, **changes):
    """Wrong output bits per item, by plain integers."""
    found = evaluate(search, inputs, **changes)[list(search.network.output_nodes)].T > 0
    return ((found != outputs) & care).sum(axis=1)


def prices(search, node):
    """What the kernel says each item's change is when a node flips; (n_items,)."""
    work = search.buffers
    top = price_node(search.shape, search.gates, work, node)
    planes = unpack_bits(work.planes, search.n_items).astype(np.int64)
    magnitude = planes[:, :top] @ (1 << np.arange(top))
    return np.where(planes[:, -1] > 0, -magnitude, magnitude)


def all_small_gates(senders):
    """Every Copy/Not and every majority of three with signs, as weights by sender."""
    for size in (1, 3):
        for chosen in itertools.combinations(senders, size):
            for signs in itertools.product((1, -1), repeat=size):
                yield dict(zip((int(sender) for sender in chosen), signs, strict=True))

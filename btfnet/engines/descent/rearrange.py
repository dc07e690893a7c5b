"""The gates of a search in another network: which are needed, and in a free one a new order, with room between."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from btfnet.engines.descent.local_search import GateSearch
from btfnet.problem.network import Network

Nodes = NDArray[np.int64]


def n_listeners(search: GateSearch) -> Nodes:
    """For each node the needed nodes whose gates hear it, one more for an output; needed: some output hears it."""
    network = search.network
    count = np.zeros(network.n_nodes, dtype=np.int64)
    count[network.output_nodes] = 1
    for node in reversed(network.btf_nodes):
        if count[node]:
            count[list(search.gate(node))] += 1
    return count


def needed_nodes(search: GateSearch) -> Nodes:
    """Hidden nodes that some output needs, ascending."""
    needed = np.flatnonzero(n_listeners(search)[: search.network.output_nodes.start])
    return needed[needed > search.network.n_inputs]


def shuffled(search: GateSearch, nodes: Nodes, rng: np.random.Generator) -> Nodes:
    """These hidden nodes in a random order in which no gate stands before one that it hears.

    Which nodes may hear each other depends on nothing but that order: another one offers other moves.
    """
    gates, inside = search.gates, set(nodes.tolist())
    heard = {
        node: {int(sender) for sender in gates.sender[node, : gates.arity[node]]} & inside for node in inside
    }
    listeners: dict[int, list[int]] = {node: [] for node in inside}
    for node in nodes.tolist():
        for sender in sorted(heard[node]):
            listeners[sender].append(node)
    key = dict(zip(nodes.tolist(), rng.random(nodes.size).tolist(), strict=True))
    missing = {node: len(senders) for node, senders in heard.items()}
    ready = [(key[node], node) for node in nodes.tolist() if not missing[node]]
    heapify(ready)
    order = []
    while ready:
        _, node = heappop(ready)
        order.append(node)
        for listener in listeners[node]:
            missing[listener] -= 1
            if not missing[listener]:
                heappush(ready, (key[listener], listener))
    return np.array(order, dtype=np.int64)


def places(search: GateSearch, network: Network, order: Nodes) -> Nodes:
    """Where in another network of the same ends each node of a search goes, (n_nodes,): -1 for those left behind.

    order  the hidden nodes that go there, which stand evenly among the others
    """
    old, place = search.network, np.full(search.network.n_nodes, -1)
    place[: old.n_inputs + 1] = np.arange(old.n_inputs + 1)
    place[old.output_nodes] = network.output_nodes
    spread = (np.arange(order.size) + 0.5) * network.n_hidden / max(1, order.size)
    place[order] = network.n_inputs + 1 + spread.astype(np.int64)
    return place


def move_gates(old: GateSearch, new: GateSearch, place: Nodes) -> None:
    """Gates of a search at their places in another one, which keeps its own elsewhere, and then stands there.

    A gate that may not hear there what it hears stays behind: too far away, for a window.
    """
    nodes = np.flatnonzero((place >= 0) & (old.gates.arity > 0))
    for node in nodes.tolist():
        arity, at = int(old.gates.arity[node]), int(place[node])
        senders = place[old.gates.sender[node, :arity]]
        heard = new.network.senders(at)
        if (heard[np.searchsorted(heard, senders).clip(max=heard.size - 1)] == senders).all():
            new.gates.arity[at] = arity
            new.gates.sender[at, :arity] = senders
            new.gates.sign[at, :arity] = old.gates.sign[node, :arity]
    new.stand_here()

"""What the builders of networks are given: widths, edges, and the roles of a graph's nodes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from btfnet.arguments import Wanted, is_list, is_whole, said
from btfnet.errors import DataError, UsageError

if TYPE_CHECKING:
    import networkx

    from btfnet.problem.network import Network

GENERATOR = "a random generator, such as numpy.random.default_rng(0)"
NODES = Wanted("a list of the graph's nodes", is_list)


def check_graph(network: Network) -> None:
    """Raise `DataError` unless the arrays describe an acyclic graph whose senders come first."""
    n_btf = network.n_nodes - 1 - network.n_inputs
    if network.n_inputs < 1 or n_btf < 1:
        raise DataError(
            f"the network has {network.n_inputs} inputs and {n_btf} threshold nodes; it needs one of each."
        )
    if not 1 <= network.n_outputs <= n_btf:
        raise DataError(
            f"the network has {network.n_outputs} outputs, but {n_btf} threshold nodes; "
            f"give it 1 to {n_btf} outputs."
        )
    start, senders = network.fan_in_start, network.fan_in
    if start.shape != (network.n_nodes + 1,) or start[0] != 0 or start[-1] != senders.size:
        raise DataError(
            "fan_in_start does not match n_nodes and fan_in; use a builder such as Network.layered."
        )
    sizes = np.diff(start)
    if (sizes < 0).any() or sizes[: network.n_inputs + 1].any():
        raise DataError("the constant and the inputs listen to nobody, but fan_in_start gives them edges.")
    silent = np.flatnonzero(sizes[network.n_inputs + 1 :] == 0)
    if silent.size:
        raise DataError(
            f"node {silent[0] + network.n_inputs + 1} has no inputs; give it at least one sender."
        )
    receivers = network.edge_receiver
    wrong = np.flatnonzero((senders < 0) | (senders >= receivers))
    if wrong.size:
        edge = wrong[0]
        raise DataError(
            f"node {receivers[edge]} listens to node {senders[edge]}, but every sender must come "
            f"before its receiver; renumber the nodes so that they do."
        )
    same = (np.diff(senders) <= 0) & (np.diff(receivers) == 0)
    if same.any():
        edge = int(np.flatnonzero(same)[0])
        raise DataError(
            f"node {receivers[edge]} lists the senders {senders[edge]}, {senders[edge + 1]}; "
            f"the senders of a node must be ascending and distinct."
        )


def checked_edges(edges: Any) -> Iterable[tuple[int, int]]:
    """The pairs, one by one. Raises `UsageError` for no list of edges, `DataError` for no pair of numbers."""
    try:
        pairs = iter(edges)
    except TypeError as error:
        raise UsageError(f"edges is {said(edges)}; expected pairs (receiver, sender).") from error
    for edge in pairs:
        try:
            receiver, sender = edge
        except (TypeError, ValueError) as error:
            raise DataError(f"an edge is {said(edge)}; expected a pair (receiver, sender).") from error
        if not (is_whole(receiver) and is_whole(sender)):
            raise DataError(
                f"an edge is ({said(receiver)}, {said(sender)}); nodes are whole numbers, receiver first."
            )
        yield receiver, sender


def check_roles(
    graph: networkx.DiGraph, inputs: Sequence[object], outputs: Sequence[object], constants: set[object]
) -> None:
    """Inputs and outputs exist, are distinct, and stand where they should; all others listen to somebody."""
    for what, nodes in (("inputs", inputs), ("outputs", outputs)):
        unhashable = [node for node in nodes if not isinstance(node, Hashable)]
        if unhashable:
            raise DataError(f"{what} list {said(unhashable[0])}, which cannot be a node of a graph.")
        missing = [node for node in nodes if node not in graph]
        if missing:
            raise DataError(f"the graph has no node {missing[0]!r}; list only nodes of the graph as {what}.")
        twice = [node for index, node in enumerate(nodes) if node in nodes[:index]]
        if twice:
            raise DataError(f"the node {twice[0]!r} is listed twice among the {what}; list every node once.")
    silent = {*inputs, *constants}
    both = [node for node in outputs if node in silent]
    if both:
        raise DataError(
            f"the node {both[0]!r} is listed as an output, but it is an input or the constant; "
            f"put a threshold node between the two."
        )
    for node, degree in graph.in_degree():
        if degree and node in silent:
            raise DataError(
                f"the node {node!r} is an input or the constant; remove the edges that end there."
            )
        if not degree and node not in silent:
            raise DataError(
                f"the node {node!r} has no predecessor; list it as an input, or give it a sender."
            )
    for node in outputs:
        if graph.out_degree(node):
            raise DataError(
                f"the output {node!r} has a successor; put a hidden node in its place, copied to the output."
            )

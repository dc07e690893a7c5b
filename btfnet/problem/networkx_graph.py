"""Networks from networkx, and back: beside `network`, because loading networkx takes 0.3 s."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import networkx

from btfnet.arguments import Wanted, a, is_list, need, said
from btfnet.errors import DataError
from btfnet.problem.network_checks import CONSTANT

NODES = Wanted("a list of the graph's nodes", is_list)


def numbered_edges(
    graph: networkx.DiGraph, inputs: Sequence[object], outputs: Sequence[object]
) -> list[tuple[int, int]]:
    """The edges (receiver, sender) of the network that a graph describes; see `Network.from_networkx`."""
    need(
        "from_networkx",
        graph=(graph, a(networkx.Graph, "a networkx.DiGraph")),
        inputs=(inputs, NODES),
        outputs=(outputs, NODES),
    )
    if not graph.is_directed():
        raise DataError("the graph is undirected; its edges must run from sender to receiver (DiGraph).")
    constants = {node for node, kind in graph.nodes(data="kind") if kind == "constant"}
    for what, nodes in (("inputs", inputs), ("outputs", outputs)):
        _check_listed(graph, what, nodes)
    _check_roles(graph, {*inputs, *constants}, outputs)
    if not networkx.is_directed_acyclic_graph(graph):
        cycle = " → ".join(repr(edge[0]) for edge in networkx.find_cycle(graph))
        raise DataError(f"the graph has the cycle {cycle}; a network must be acyclic.")
    position = {node: index for index, node in enumerate(graph)}
    in_order = networkx.lexicographical_topological_sort(graph, key=position.__getitem__)
    special = {*inputs, *outputs, *constants}
    hidden = [node for node in in_order if node not in special]
    number = {node: 1 + index for index, node in enumerate([*inputs, *hidden, *outputs])}
    number |= dict.fromkeys(constants, CONSTANT)
    return [(number[receiver], number[sender]) for sender, receiver in graph.edges()]


def graph_of(
    n_nodes: int, n_inputs: int, n_outputs: int, edges: Iterable[tuple[int, int]]
) -> networkx.DiGraph:
    """The graph of a network, from its edges (receiver, sender); see `Network.to_networkx`."""
    graph = networkx.DiGraph(n_inputs=n_inputs, n_outputs=n_outputs)
    for node in range(n_nodes):
        kind = "constant" if node == CONSTANT else "input" if node <= n_inputs else "btf"
        graph.add_node(node, kind="output" if node >= n_nodes - n_outputs else kind)
    graph.add_edges_from((sender, receiver) for receiver, sender in edges)
    return graph


def _check_listed(graph: networkx.DiGraph, what: str, nodes: Sequence[object]) -> None:
    """Inputs or outputs exist, and are distinct."""
    unhashable = [node for node in nodes if not isinstance(node, Hashable)]
    if unhashable:
        raise DataError(f"{what} list {said(unhashable[0])}, which cannot be a node of a graph.")
    missing = [node for node in nodes if node not in graph]
    if missing:
        raise DataError(f"the graph has no node {missing[0]!r}; list only nodes of the graph as {what}.")
    twice = [node for index, node in enumerate(nodes) if node in nodes[:index]]
    if twice:
        raise DataError(f"the node {twice[0]!r} is listed twice among the {what}; list every node once.")


def _check_roles(graph: networkx.DiGraph, sources: set[object], outputs: Sequence[object]) -> None:
    """Nobody listens to outputs, inputs and the constant listen to nobody, and all others to somebody."""
    both = [node for node in outputs if node in sources]
    if both:
        raise DataError(
            f"the node {both[0]!r} is listed as an output, but it is an input or the constant; "
            f"put a threshold node between the two."
        )
    for node, degree in graph.in_degree():
        if degree and node in sources:
            raise DataError(
                f"the node {node!r} is an input or the constant; remove the edges that end there."
            )
        if not degree and node not in sources:
            raise DataError(
                f"the node {node!r} has no predecessor; list it as an input, or give it a sender."
            )
    for node in outputs:
        if graph.out_degree(node):
            raise DataError(
                f"the output {node!r} has a successor; put a hidden node in its place, copied to the output."
            )

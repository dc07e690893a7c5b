"""Circuits as networkx graphs, and back without loss, also by way of GraphML.

Inputs and gates are the graph's nodes 1, 2, …; outputs are nodes "output 0", "output 1", ….
All attributes are single strings or integers, which every graph format of networkx can hold:

    graph    name; training: what is wrong of the training items, as a sentence, where that is known
    input    kind = "input", number, name
    gate     kind = "gate", number, at_least, literals = "3 -5 3": signed numbers in their order
    output   kind = "output", number (from 0), name; its one incoming edge has weight 1 or -1
    edge     weight: how often the sender stands as a literal, minus how often negated

Reading goes by the attributes alone; the graph's nodes may have any labels (GraphML makes them strings).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from btfnet.errors import DataError
from btfnet.logic.gate import Gate
from btfnet.logic.netlist import Netlist
from btfnet.logic.training_fit import TrainingFit
from btfnet.printable import shown

if TYPE_CHECKING:
    import networkx

N = TypeVar("N", bound=Netlist)


def to_networkx(circuit: Netlist) -> networkx.DiGraph:
    """A `DiGraph` with an edge from every literal's node to its gate, and from outputs' nodes to outputs."""
    import networkx  # 0.2 s that only those wait for who ask for a graph

    graph = networkx.DiGraph(name=circuit.name)
    if circuit.training is not None:
        graph.graph["training"] = str(circuit.training)
    for number, name in enumerate(circuit.input_names, start=1):
        graph.add_node(number, kind="input", number=number, name=name)
    for number, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        literals = " ".join(str(literal) for literal in gate.literals)
        graph.add_node(number, kind="gate", number=number, at_least=int(gate.at_least), literals=literals)
        graph.add_edges_from((abs(literal), number) for literal in gate.literals)
        for sender, weight in _edge_weights(gate.literals).items():
            graph.edges[sender, number]["weight"] = weight
    for index, (name, output) in enumerate(zip(circuit.output_names, circuit.outputs, strict=True)):
        label = f"output {index}"
        graph.add_node(label, kind="output", number=index, name=name)
        graph.add_edge(abs(output), label, weight=1 if output > 0 else -1)
    return graph


def from_networkx(graph: networkx.DiGraph, circuit_type: type[N]) -> N:
    """A circuit of that type from a graph as `to_networkx` makes them; `DataError` for anything else."""
    if not graph.is_directed() or graph.is_multigraph():
        raise DataError(f"the graph is a {type(graph).__name__}; a circuit is read from a networkx.DiGraph.")
    nodes: dict[str, dict[int, object]] = {"input": {}, "gate": {}, "output": {}}
    for label, attributes in graph.nodes(data=True):
        kind = attributes.get("kind")
        if kind not in nodes:
            raise DataError(
                f"node {shown(label)} has the kind {shown(kind)}; expected input, gate or output."
            )
        number = _whole(label, attributes, "number")
        if number in nodes[kind]:
            raise DataError(
                f"nodes {shown(nodes[kind][number])} and {shown(label)} are both {kind} {shown(number)}; "
                f"number them apart."
            )
        nodes[kind][number] = label
    inputs = _in_order(nodes["input"], 1, "input")
    gates = _in_order(nodes["gate"], 1 + len(inputs), "gate")
    outputs = _in_order(nodes["output"], 0, "output")
    for label in inputs:
        if graph.in_degree(label):
            raise DataError(f"input {shown(label)} has an incoming edge; inputs hear nobody.")
    number_of = {label: number for number, label in enumerate([*inputs, *gates], start=1)}
    return circuit_type(
        len(inputs),
        tuple(_gate(graph, label, number_of) for label in gates),
        tuple(_output(graph, label, number_of) for label in outputs),
        tuple(_name(graph, label) for label in inputs),
        tuple(_name(graph, label) for label in outputs),
        str(graph.graph.get("name", "circuit")),
        TrainingFit.parse(str(graph.graph.get("training", ""))),
    )


def _in_order(nodes: dict[int, object], first: int, kind: str) -> list[object]:
    for expected, number in enumerate(sorted(nodes), start=first):
        if number != expected:
            raise DataError(
                f"there is no {kind} with number {expected}, but one with number {shown(number)}; "
                f"inputs count from 1, gates go on after the inputs, outputs count from 0."
            )
    return [nodes[number] for number in sorted(nodes)]


def _gate(graph: networkx.DiGraph, label: object, number_of: dict[object, int]) -> Gate:
    attributes = graph.nodes[label]
    text = attributes.get("literals")
    try:
        literals = tuple(int(word) for word in (text or "").split())
    except (ValueError, AttributeError) as error:
        raise DataError(
            f"gate {shown(label)} has the literals {shown(text)}; expected signed node numbers such as '3 -5'."
        ) from error
    weights = {
        number_of.get(sender): _whole((sender, label), data, "weight")
        for sender, _, data in _into(graph, label)
    }
    if weights != _edge_weights(literals):
        raise DataError(
            f"gate {shown(label)} has the literals {shown(text)}, but its incoming edges (sender: weight) are "
            f"{shown(weights)}; make them agree."
        )
    return Gate(_whole(label, attributes, "at_least"), literals)


def _output(graph: networkx.DiGraph, label: object, number_of: dict[object, int]) -> int:
    edges = _into(graph, label)
    if len(edges) != 1 or graph.out_degree(label):
        raise DataError(
            f"output {shown(label)} has {len(edges)} incoming and {graph.out_degree(label)} outgoing edges; "
            f"expected one and none."
        )
    sender, _, attributes = edges[0]
    weight = _whole((sender, label), attributes, "weight")
    if sender not in number_of or weight not in (1, -1):
        raise DataError(
            f"output {shown(label)} hears node {shown(sender)} with weight {shown(weight)}; "
            f"expected an input or gate with 1 or -1."
        )
    return weight * number_of[sender]


def _into(graph: networkx.DiGraph, label: object) -> list[tuple[object, object, dict[str, Any]]]:
    return list(graph.in_edges(label, data=True))


def _edge_weights(literals: tuple[int, ...]) -> dict[int | None, int]:
    weights: Counter[int | None] = Counter()
    for literal in literals:
        weights[abs(literal)] += 1 if literal > 0 else -1
    return dict(weights)


def _whole(label: object, attributes: dict[str, Any], key: str) -> int:
    value = attributes.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        raise DataError(f"{shown(label)} has {key} = {shown(value)}; expected a whole number.")
    return value


def _name(graph: networkx.DiGraph, label: object) -> str:
    name = graph.nodes[label].get("name")
    if not isinstance(name, str):
        raise DataError(f"node {shown(label)} has the name {shown(name)}; expected a string.")
    return name

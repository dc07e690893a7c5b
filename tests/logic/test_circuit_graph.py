"""Circuits as networkx graphs."""

import io

import networkx
import pytest
from support.circuit_samples import full_adder, multiplier, random_circuit

from btfnet import Circuit, DataError, Gate

CIRCUITS = [
    full_adder(),
    multiplier(3),
    Circuit(1, (), (1, -1, 1), name='wires <&> "quotes"'),
    Circuit(2, (Gate(0, ()), Gate(2, (1, -1, 1)), Gate(1, (2, -2))), (3, -4, 5)),
    *(random_circuit(seed) for seed in range(10)),
]


@pytest.mark.parametrize("circuit", CIRCUITS, ids=lambda circuit: circuit.name)
def test_a_graph_holds_the_whole_circuit(circuit):
    assert Circuit.from_networkx(circuit.to_networkx()) == circuit


@pytest.mark.parametrize("circuit", CIRCUITS, ids=lambda circuit: circuit.name)
def test_a_graph_that_went_through_graphml_holds_the_whole_circuit(circuit):
    file = io.BytesIO()
    networkx.write_graphml(circuit.to_networkx(), file)
    file.seek(0)
    assert Circuit.from_networkx(networkx.read_graphml(file)) == circuit


def test_reading_does_not_depend_on_labels_or_order():
    circuit = multiplier(2)
    graph = networkx.relabel_nodes(circuit.to_networkx(), lambda label: ("some", label))
    shuffled = networkx.DiGraph(**graph.graph)
    shuffled.add_nodes_from(reversed(list(graph.nodes(data=True))))
    shuffled.add_edges_from(reversed(list(graph.edges(data=True))))
    assert Circuit.from_networkx(shuffled) == circuit


def test_edges_run_from_literals_to_gates_with_signed_multiplicity():
    graph = full_adder().to_networkx()
    assert graph.edges[4, 5]["weight"] == -2
    assert graph.edges[1, 5]["weight"] == 1
    assert graph.nodes[5]["literals"] == "1 2 3 -4 -4"
    assert networkx.is_directed_acyclic_graph(graph)


def spoil(**changes):
    """Changes to the full adder's graph by name, each a function of the graph."""
    return [pytest.param(change, match, id=name) for name, (change, match) in changes.items()]


@pytest.mark.parametrize(
    "change, match",
    spoil(
        no_kind=(lambda g: g.nodes[4].pop("kind"), "has the kind None"),
        no_number=(lambda g: g.nodes[4].pop("number"), "number = None"),
        twice=(lambda g: g.nodes[5].update(number=4), "are both gate 4"),
        gap=(lambda g: g.nodes[5].update(number=9), "no gate with number 5"),
        bad_literals=(lambda g: g.nodes[4].update(literals="1 x"), "signed node numbers"),
        no_literals=(lambda g: g.nodes[4].pop("literals"), "make them agree"),
        edge_missing=(lambda g: g.remove_edge(1, 4), "make them agree"),
        edge_weight=(lambda g: g.edges[1, 4].update(weight=2), "make them agree"),
        edge_unweighted=(lambda g: g.edges[1, 4].clear(), "weight = None"),
        no_threshold=(lambda g: g.nodes[4].update(at_least="2"), "at_least = '2'"),
        output_unconnected=(lambda g: g.remove_edge(5, "output 0"), "0 incoming"),
        output_weight=(lambda g: g.edges[5, "output 0"].update(weight=3), "weight 3"),
        input_hears=(lambda g: g.add_edge(2, 1, weight=1), "input 1 has an incoming edge"),
        name=(lambda g: g.nodes[1].update(name=3), "has the name 3"),
        same_names=(lambda g: g.nodes[1].update(name="b"), "distinct names"),
        cycle=(
            lambda g: (g.nodes[4].update(literals="1 2 5"), g.remove_edge(3, 4), g.add_edge(5, 4, weight=1)),
            "uses",
        ),
    ),
)
def test_a_spoiled_graph_is_refused_with_the_reason(change, match):
    graph = full_adder().to_networkx()
    change(graph)
    with pytest.raises(DataError, match=match):
        Circuit.from_networkx(graph)


@pytest.mark.parametrize("kind", [networkx.Graph, networkx.MultiDiGraph])
def test_other_kinds_of_graphs_are_refused(kind):
    with pytest.raises(DataError, match=kind.__name__):
        Circuit.from_networkx(kind())

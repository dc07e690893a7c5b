"""Networks whose nodes share gates: copies of cells."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import btfnet
from btfnet.errors import DataError, UsageError
from btfnet.problem.network import Network
from btfnet.problem.sharing import SharedGates

CELL = Network.free(3, 1, hidden=2)
ADDER = Network.free(3, 2, hidden=1)


def ring(width=5, steps=2):
    """What each copy of a ring hears, by hand."""
    copies = []
    for moment in range(steps):
        first = 1 + moment * width
        copies += [[first + (place + offset) % width for offset in (-1, 0, 1)] for place in range(width)]
    return copies


def test_a_row_is_made_of_copies_that_hear_their_neighbours():
    network = Network.automaton(CELL, 5, 2)
    assert network == Network.unrolled(CELL, 5, ring())
    assert (network.n_inputs, network.n_outputs, network.n_btf) == (5, 5, 30)
    assert network.shared is not None
    assert network.shared.n_copies == 10
    assert network.depth == 6


def test_nodes_of_a_class_have_corresponding_senders():
    network = Network.automaton(CELL, 5, 3)
    shared = network.shared
    classes = shared.classes(network.n_nodes)
    assert classes[:6].tolist() == [-1] * 6
    assert np.bincount(classes[6:]).tolist() == [15, 15, 15]
    places = shared.places(0)
    for node in CELL.btf_nodes:
        for row in places:
            assert network.senders(row[node]).tolist() == sorted(row[CELL.senders(node)].tolist())


def test_beyond_the_ends_of_a_row_there_is_the_constant():
    network = Network.automaton(CELL, 3, 1, periodic=False)
    assert network.shared.inputs_of(0).tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 0]]
    assert network.senders(4).tolist() == [0, 1, 2]
    assert network.senders(6).tolist() == [0, 1, 2, 3]


def test_states_may_have_several_bits():
    network = Network.automaton(Network.free(4, 2, hidden=1), 3, 2, offsets=(0, 1))
    assert (network.n_inputs, network.n_outputs) == (6, 6)
    assert network.shared.inputs_of(0)[:3].tolist() == [[1, 2, 3, 4], [3, 4, 5, 6], [5, 6, 1, 2]]


def test_outputs_come_last_in_the_order_that_was_asked_for():
    copies = [[1, 2, 0], [3, 4, 6]]
    network = Network.unrolled(ADDER, 4, copies, [7, 5, 8])
    made = network.shared.output_nodes()
    assert network.n_outputs == 3
    assert [made[1][0], made[0][0], made[1][1]] == list(network.output_nodes)


def test_outputs_are_those_that_no_copy_hears():
    network = Network.unrolled(ADDER, 4, [[1, 2, 0], [3, 4, 6]])
    made = network.shared.output_nodes()
    assert [made[0][0], made[1][0], made[1][1]] == list(network.output_nodes)


def test_there_may_be_several_cells():
    network = Network.unrolled([CELL, ADDER], 3, [[1, 2, 3], [1, 2, 4]], kinds=[0, 1])
    assert network.shared.classes(network.n_nodes).tolist() == [-1] * 4 + [0, 1, 2, 3, 4, 5]
    assert repr(network) == "<Network of 3 inputs and 2 outputs: 2 copies of 2 cells of 6 shared gates>"


def test_sharing_is_part_of_what_a_network_is():
    network = Network.automaton(CELL, 5, 2)
    assert network == Network.automaton(CELL, 5, 2)
    assert hash(network) == hash(Network.automaton(CELL, 5, 2))
    apart = network.apart()
    assert apart != network
    assert apart.shared is None
    np.testing.assert_array_equal(apart.fan_in, network.fan_in)
    assert network.widths is None
    assert repr(network) == "<Network of 5 inputs and 5 outputs: 10 copies of a cell of 3 shared gates>"


def test_layers_of_equal_shape_are_not_the_same_network():
    layered = Network.layered([3, 3])
    shared = Network.automaton(Network.layered([3, 1]), 3, 1)
    assert shared.apart() == layered
    assert shared != layered


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((CELL, 3, [[1, 2]]), r"copy 1 hears \[1, 2\]; its cell has 3 inputs"),
        ((CELL, 3, [[1, 2, 4]]), "copy 1 hears signal 4, but before it there are 0 to 3"),
        ((CELL, 3, [[1, 2, -1]]), "hears signal -1"),
        ((CELL, 3, []), r"copies is \[\]"),
        ((CELL, 3, 5), "copies is 5"),
        ((5, 3, [[1, 2, 3]]), "cell is 5; expected a Network"),
        (
            (CELL, 3, [[1, 2, 3]], [3]),
            r"outputs is \[3\]; expected different outputs of copies, signals 4 to 4",
        ),
        ((CELL, 3, [[1, 2, 3]], [4, 4]), "expected different outputs"),
        ((CELL, 0, [[1, 2, 3]]), "n_inputs is 0"),
    ],
)
def test_copies_that_cannot_be_are_refused(arguments, message):
    with pytest.raises(UsageError, match=message):
        Network.unrolled(*arguments)


def test_of_several_cells_every_copy_says_which():
    for kinds in (None, [0], [0, 2], "ab"):
        with pytest.raises(UsageError, match="expected the cell of each of the 2 copies, 0 to 1"):
            Network.unrolled([CELL, ADDER], 3, [[1, 2, 3], [1, 2, 4]], kinds=kinds)


def test_an_output_that_is_heard_by_an_earlier_node_is_refused():
    with pytest.raises(
        DataError, match="output 1 of the network, signal 4, is heard by a node that comes before"
    ):
        Network.unrolled(CELL, 3, [[1, 2, 3], [1, 2, 4]], [4, 5])


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"offsets": (0, 1)}, "the cell has 3 inputs, but 2 neighbours of 1 bit make 2"),
        ({"offsets": (0, 1, 1)}, "different distances"),
        ({"offsets": ()}, "different distances"),
        ({"offsets": 3}, "offsets is 3"),
        ({"periodic": 2}, "periodic is 2"),
        ({"width": 0}, "width is 0"),
        ({"steps": 0}, "steps is 0"),
        ({"cell": "rule"}, "cell is 'rule'"),
    ],
)
def test_rows_that_cannot_be_are_refused(keywords, message):
    with pytest.raises(UsageError, match=message):
        Network.automaton(**{"cell": CELL, "width": 4, "steps": 2, **keywords})


def changed(network, **changes):
    """The network, its shared gates changed."""
    return dataclasses.replace(network, shared=dataclasses.replace(network.shared, **changes))


def test_shared_gates_that_are_not_the_networks_are_refused():
    network = Network.unrolled(CELL, 3, [[1, 2, 3], [1, 2, 4]])
    place = network.shared.place
    with pytest.raises(DataError, match="edges are not those of the copies"):
        changed(network, place=place[[0, 2, 1, 3, *range(4, 14)]] * 0 + np.r_[place[:1], 3, 2, 2, place[4:]])
    with pytest.raises(DataError, match="beyond 0 to 9"):
        changed(network, place=np.r_[place[:-1], 99])
    with pytest.raises(DataError, match="must belong to one copy"):
        changed(network, place=np.r_[place[:-1], place[-2]])
    with pytest.raises(DataError, match="node 0, the constant"):
        changed(network, place=np.r_[1, place[1:]])
    with pytest.raises(DataError, match="outputs of copies that come before"):
        changed(network, place=np.r_[place[0], place[-1], place[2:]])
    with pytest.raises(DataError, match="place has 13 nodes, but the copies have 14"):
        changed(network, place=place[1:])
    with pytest.raises(DataError, match="kind must number cells, 0 to 0"):
        changed(network, kind=[0, 1])
    with pytest.raises(DataError, match="kind must be a list of whole numbers"):
        changed(network, kind=[0.5, 1])
    with pytest.raises(DataError, match="networks of fixed size that share no gates"):
        SharedGates((Network.free(3, 1),), network.shared.kind, place)
    with pytest.raises(DataError, match="every output of the network must be an output of a copy"):
        dataclasses.replace(network, n_outputs=2)


def test_a_graph_and_a_file_of_weights_cannot_say_which_gates_are_shared(tmp_path):
    network = Network.automaton(CELL, 3, 1)
    with pytest.raises(
        UsageError, match=r"a graph cannot say which nodes share a gate; write that of `apart\(\)`"
    ):
        network.to_networkx()
    assert network.apart().to_networkx().number_of_nodes() == network.n_nodes
    with pytest.raises(DataError, match=r"cannot say which nodes share a gate; write network.apart\(\)"):
        btfnet.formats.write_network(tmp_path / "a.net", network, np.ones(network.n_edges))
    assert not list(tmp_path.iterdir())

"""Networks: every builder, and every complaint."""

from __future__ import annotations

from itertools import pairwise

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from btfnet.errors import DataError, UsageError
from btfnet.problem.network import CONSTANT, Network
from btfnet.problem.widths import MAX_NODES

widths_lists = st.lists(st.integers(1, 6), min_size=2, max_size=5)


def csr(n_inputs, n_outputs, fan_ins):
    start = np.cumsum([0] + [0] * (n_inputs + 1) + [len(senders) for senders in fan_ins])
    flat = np.array([sender for senders in fan_ins for sender in senders], dtype=np.int64)
    return Network(len(start) - 1, n_inputs, n_outputs, start, flat)


# -- layered ------------------------------------------------------------------------------------------------


@given(widths_lists)
def test_every_node_of_a_layer_hears_the_constant_and_the_whole_layer_below(widths):
    network = Network.layered(widths)
    first = 1
    for below, width in pairwise(widths):
        for node in range(first + below, first + below + width):
            assert network.senders(node).tolist() == [CONSTANT, *range(first, first + below)]
        first += below
    assert (network.n_inputs, network.n_outputs) == (widths[0], widths[-1])
    assert network.n_nodes == 1 + sum(widths)
    assert network.n_btf == sum(widths[1:])
    assert network.depth == len(widths) - 1


def test_the_2x2_multiplier_network_has_60_edges_and_ends_with_its_outputs():
    network = Network.layered([4, 4, 4, 4])
    assert network.n_edges == 60
    assert list(network.btf_nodes) == list(range(5, 17))
    assert list(network.output_nodes) == [13, 14, 15, 16]
    assert network.edge_receiver.tolist() == [node for node in range(5, 17) for _ in range(5)]


@pytest.mark.parametrize(
    "widths, complaint",
    [
        ([4], "needs at least an input and an output layer"),
        ([], "needs at least an input and an output layer"),
        ([4, 0, 2], "every layer needs at least one node"),
        ([4, -1], "every layer needs at least one node"),
        ([4, 2.5], "must be whole numbers"),
        ([4, True], "must be whole numbers"),
        ("44", "expected a list of whole numbers"),
        ([100_000, 100_000], "use smaller layers"),
        ([MAX_NODES, 1], "use smaller layers"),
    ],
)
def test_absurd_widths_are_refused_with_the_value(widths, complaint):
    with pytest.raises(UsageError, match=complaint):
        Network.layered(widths)


# -- sparse -------------------------------------------------------------------------------------------------


@given(widths_lists, st.integers(1, 8), st.integers(0, 100))
def test_sparse_nodes_hear_the_constant_and_as_many_as_asked_of_the_layer_below(widths, fan_in, seed):
    network = Network.sparse(widths, fan_in, np.random.default_rng(seed))
    first = np.cumsum([1, *widths])
    node = first[1]
    for layer in range(1, len(widths)):
        heard = set()
        for _ in range(widths[layer]):
            senders = network.senders(node).tolist()
            assert senders[0] == CONSTANT
            assert len(senders) == 1 + min(fan_in, widths[layer - 1])
            assert all(first[layer - 1] <= sender < first[layer] for sender in senders[1:])
            heard.update(senders[1:])
            node += 1
        assert len(heard) >= min(widths[layer - 1], fan_in * widths[layer])


def test_sparse_network_depends_on_the_seed_alone():
    one, same, other = (Network.sparse([9, 9, 9], 3, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one == same
    assert one != other


@pytest.mark.parametrize("fan_in", [0, -1, 2.0])
def test_sparse_network_refuses_a_senseless_fan_in(fan_in):
    with pytest.raises(UsageError, match="needs at least one sender"):
        Network.sparse([4, 4], fan_in, np.random.default_rng(0))


# -- from edges ---------------------------------------------------------------------------------------------


def test_edges_in_any_order_make_the_same_network_with_the_bias_added():
    edges = [(5, 3), (3, 1), (4, 2), (5, 4), (3, 2)]
    network = Network.from_edges(2, 1, edges)
    assert [network.senders(node).tolist() for node in network.btf_nodes] == [[0, 1, 2], [0, 2], [0, 3, 4]]
    assert network == Network.from_edges(2, 1, reversed(edges))
    assert network.depth == 2


def test_without_bias_only_stated_edges_reach_the_constant():
    network = Network.from_edges(2, 1, [(3, 1), (3, 2), (4, 0), (4, 3)], bias=False)
    assert [network.senders(node).tolist() for node in network.btf_nodes] == [[1, 2], [0, 3]]


@pytest.mark.parametrize(
    "edges, complaint",
    [
        ([], "list of edges is empty"),
        ([(2, 1)], "an edge ends at node 2"),
        ([(MAX_NODES + 1, 1)], "an edge ends at node"),
        ([(4, 1)], "node 3 has no inputs"),
        ([(3, 1), (5, 3)], "node 4 has no inputs"),
        ([(3, 1), (3, 1)], "listens to node 1 twice"),
        ([(3, 4), (4, 1)], "every sender must come before its receiver"),
        ([(3, 3)], "every sender must come before its receiver"),
        ([(3, -1)], "an edge starts at node -1"),
        ([(3, 2**40)], "an edge starts at node"),
        ([(3, 1.5)], "nodes are whole numbers"),
    ],
)
def test_impossible_edges_are_refused_with_the_node(edges, complaint):
    with pytest.raises(DataError, match=complaint):
        Network.from_edges(2, 1, edges)


@pytest.mark.parametrize("n_outputs", [0, 2])
def test_a_network_has_at_least_one_output_and_not_more_than_threshold_nodes(n_outputs):
    with pytest.raises(DataError, match="give it 1 to 1 outputs"):
        Network.from_edges(2, n_outputs, [(3, 1)])


# -- networkx -----------------------------------------------------------------------------------------------


@given(widths_lists, st.integers(1, 4), st.integers(0, 50))
def test_a_network_survives_the_way_through_networkx(widths, fan_in, seed):
    network = Network.sparse(widths, fan_in, np.random.default_rng(seed))
    inputs, outputs = list(range(1, network.n_inputs + 1)), list(network.output_nodes)
    back = Network.from_networkx(network.to_networkx(), inputs=inputs, outputs=outputs, bias=False)
    assert back == network


def test_graph_with_named_nodes_is_numbered_inputs_hidden_outputs():
    graph = networkx.DiGraph([("a", "h"), ("b", "h"), ("h", "y"), ("a", "y")])
    network = Network.from_networkx(graph, inputs=["b", "a"], outputs=["y"])
    assert [network.senders(node).tolist() for node in network.btf_nodes] == [[0, 1, 2], [0, 2, 3]]


def test_to_networkx_marks_constant_inputs_and_outputs():
    graph = Network.layered([2, 1, 1]).to_networkx()
    assert dict(graph.nodes(data="kind")) == {0: "constant", 1: "input", 2: "input", 3: "btf", 4: "output"}
    assert (1, 3) in graph.edges
    assert (0, 4) in graph.edges


@pytest.mark.parametrize(
    "edges, inputs, outputs, complaint",
    [
        ([("a", "y")], ["x"], ["y"], "no node 'x'"),
        ([("a", "y")], ["a"], ["z"], "no node 'z'"),
        ([("a", "h"), ("h", "g"), ("g", "h"), ("g", "y")], ["a"], ["y"], "has the cycle"),
        ([("a", "y")], ["a", "a"], ["y"], "'a' is listed twice among the inputs"),
        ([("a", "y")], ["a"], ["y", "y"], "'y' is listed twice among the outputs"),
        ([("a", "y")], ["a"], ["y", "a"], "'a' is listed as an output, but it is an input"),
        ([("a", "b"), ("b", "y")], ["a", "b"], ["y"], "'b' is an input or the constant"),
        ([("a", "y"), ("y", "z")], ["a"], ["y", "z"], "'y' has a successor"),
        ([("a", "y"), ("b", "y")], ["a"], ["y"], "'b' has no predecessor"),
    ],
)
def test_unfit_graphs_are_refused_with_the_node(edges, inputs, outputs, complaint):
    with pytest.raises(DataError, match=complaint):
        Network.from_networkx(networkx.DiGraph(edges), inputs=inputs, outputs=outputs)


def test_an_undirected_graph_is_refused():
    with pytest.raises(DataError, match="undirected"):
        Network.from_networkx(networkx.Graph([("a", "y")]), inputs=["a"], outputs=["y"])


def test_parallel_edges_of_a_multigraph_are_refused():
    graph = networkx.MultiDiGraph([("a", "y"), ("a", "y")])
    with pytest.raises(DataError, match="twice"):
        Network.from_networkx(graph, inputs=["a"], outputs=["y"])


# -- the record itself --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "n_inputs, n_outputs, fan_ins, complaint",
    [
        (0, 1, [[0]], "0 inputs and 1 threshold nodes"),
        (2, 1, [], "2 inputs and 0 threshold nodes"),
        (1, 1, [[]], "node 2 has no inputs"),
        (2, 1, [[2, 1]], "must be ascending and distinct"),
        (2, 1, [[1, 1]], "must be ascending and distinct"),
        (2, 1, [[0, 3]], "node 3 listens to node 3"),
        (2, 1, [[-1, 2]], "starts at node -1"),
    ],
)
def test_arrays_that_are_no_network_are_refused(n_inputs, n_outputs, fan_ins, complaint):
    with pytest.raises(DataError, match=complaint):
        csr(n_inputs, n_outputs, fan_ins)


@pytest.mark.parametrize(
    "start, fan_in, complaint",
    [
        ([0, 0, 0, 1, 2], [0, 1], "does not match"),
        ([0, 0, 0, 1], [0, 1], "does not match"),
        ([1, 1, 1, 2], [0, 1], "does not match"),
        ([0, 0, 1, 2], [0, 1], "listen to nobody"),
        ([0, 2, 0, 2], [0, 1], "listen to nobody"),
        ([0, 0, 0, 2], [0.5, 1.5], "fan_in must be a list of whole numbers"),
        ([0.0, 0.0, 0.0, 2.0], [0, 1], "fan_in_start must be a list of whole numbers"),
        ([0, 0, 0, 2], [[0, 1]], "fan_in must be a list of whole numbers"),
    ],
)
def test_arrays_of_the_wrong_shape_or_type_are_refused(start, fan_in, complaint):
    with pytest.raises(DataError, match=complaint):
        Network(3, 1, 1, np.array(start), np.array(fan_in))


def test_a_network_cannot_be_changed_and_does_not_follow_its_source():
    start, fan_in = np.array([0, 0, 0, 2]), np.array([0, 1])
    network = Network(3, 1, 1, start, fan_in)
    fan_in[0] = 1
    assert network.fan_in.tolist() == [0, 1]
    with pytest.raises(ValueError, match="read-only"):
        network.fan_in[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        network.fan_in_start[0] = 1
    with pytest.raises(AttributeError):
        network.n_nodes = 7


def test_equal_networks_have_equal_hashes():
    one, same, other = Network.layered([3, 2]), Network.layered([3, 2]), Network.layered([2, 3])
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    assert one != "a network"


def test_depth_counts_only_paths_to_outputs():
    network = Network.from_edges(1, 1, [(2, 1), (3, 2), (4, 3), (5, 1)])
    assert network.depth == 1


def test_layers_are_the_groups_of_a_layered_network():
    assert Network.layered([2, 3, 1]).groups == [range(3, 6), range(6, 7)]

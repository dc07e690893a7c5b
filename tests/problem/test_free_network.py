"""Free networks: who hears whom, those that grow, and every complaint."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from btfnet.errors import CapacityError, DataError, UsageError
from btfnet.problem.free import Growth, n_free_edges
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

BITS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
AND = BITS.all(axis=1, keepdims=True)


def naive(n_inputs, n_outputs, hidden, window=None, inputs=None):
    """The senders of each threshold node, straight from the definition."""
    heard = [1 + number for number in sorted(range(n_inputs) if inputs is None else inputs)]
    nodes = [n_inputs + 1 + place for place in range(hidden)]
    most = hidden if window is None else window
    between = [[0, *heard, *(nodes[:place][-most:] if most else [])] for place in range(hidden)]
    return between + [[0, *heard, *nodes]] * n_outputs


@pytest.mark.parametrize("window", [None, 1, 2, 9])
@pytest.mark.parametrize("inputs", [None, [3, 0], (2,), np.array([1, 2])])
@pytest.mark.parametrize("hidden", [0, 1, 5])
def test_every_node_hears_inputs_and_earlier_hidden_nodes(hidden, inputs, window):
    network = Network.free(4, 2, hidden, window=window, inputs=inputs)
    expected = naive(4, 2, hidden, window, inputs)
    assert [network.senders(node).tolist() for node in network.btf_nodes] == expected
    assert (network.n_inputs, network.n_outputs, network.n_hidden, network.grows) == (4, 2, hidden, False)
    n_heard = 4 if inputs is None else len(inputs)
    assert network.n_edges == n_free_edges(n_heard, 2, hidden, window) == sum(map(len, expected))
    assert pickle.loads(pickle.dumps(network)) == network


def test_without_hidden_nodes_it_is_a_network_without_layers_between():
    assert Network.free(3, 2, 0) == Network.layered([3, 2])
    assert Network.free(3, 2, 1) == Network.from_edges(3, 2, [(4, 1), (4, 2), (4, 3)] + [
        (node, sender) for node in (5, 6) for sender in (1, 2, 3, 4)
    ])  # fmt: skip


def test_a_network_that_grows_says_so_and_how():
    network = Network.free(4, 2, window=3, inputs=[2, 0])
    assert network.grows
    assert network.growth == Growth(3)
    assert (network.n_hidden, network.widths) == (0, None)
    assert network.grown(7) == Network.free(4, 2, 7, window=3, inputs=[0, 2])
    assert repr(network) == "<Network of 4 inputs and 2 outputs that grows>"
    assert network != Network.free(4, 2, 0, inputs=[2, 0])
    assert network != Network.free(4, 2, inputs=[2, 0])
    assert len({network, Network.free(4, 2, window=3, inputs=[0, 2]), Network.free(4, 2)}) == 2
    for copy in (pickle.loads(pickle.dumps(network)), replace(network)):
        assert copy == network
        assert copy.grows


@pytest.mark.parametrize(
    "given, complaint",
    [
        ({"n_inputs": 0}, "Network.free: n_inputs is 0; expected a whole number of at least 1"),
        ({"n_outputs": 1.5}, "n_outputs is 1.5"),
        ({"hidden": -1}, "hidden is -1; expected a whole number of at least 0, or None"),
        ({"hidden": True}, "hidden is True"),
        ({"window": 0}, "window is 0; expected a whole number of at least 1, or None"),
        ({"inputs": [4]}, r"inputs is \[4\]; expected different numbers of inputs, 0 to 3, or None"),
        ({"inputs": []}, "expected different numbers"),
        ({"inputs": [1, 1]}, "expected different numbers"),
        ({"inputs": "01"}, "expected different numbers"),
        ({"inputs": 2}, "expected different numbers"),
        ({"hidden": 100_000}, "more than 2.31 nodes or edges"),
        ({"n_inputs": 10**12}, "more than 2.31 nodes or edges"),
    ],
)
def test_absurd_arguments_are_refused_in_a_sentence(given, complaint):
    with pytest.raises(UsageError, match=complaint):
        Network.free(**{"n_inputs": 4, "n_outputs": 2, **given})


def test_what_does_not_fit_into_memory_is_refused(monkeypatch):
    monkeypatch.setattr("btfnet.problem.widths.available_bytes", lambda: 2**20)
    with pytest.raises(CapacityError, match="4 inputs, 1000 hidden nodes and 2 outputs make a network of"):
        Network.free(4, 2, 1000)


def test_only_a_network_of_outputs_grows():
    fixed = Network.free(3, 1, 2)
    with pytest.raises(DataError, match="a network that grows has outputs alone"):
        replace(fixed, growth=Growth())
    with pytest.raises(UsageError, match="growth is 3"):
        replace(fixed, growth=3)
    with pytest.raises(UsageError, match=r"<Network of 3 inputs .* does not grow"):
        fixed.grown(4)


def test_plain_data_are_learned_by_a_network_that_grows_unless_widths_are_given():
    free = Problem.from_bits(BITS, AND)
    assert free.network == Network.free(2, 1)
    layered = Problem.from_bits(BITS, AND, hidden=(), n_validation=1)
    assert layered.network == Network.layered([2, 1])
    assert layered.n_validation == Problem.from_bits(BITS, AND, n_validation=1).n_validation == 1
    assert Problem.from_bits(BITS, AND, hidden=None).with_network(None).network.grows
    given = Problem.from_arrays(BITS, AND, Network.free(2, 1, inputs=[1]))
    assert given.network.grown(1).senders(3).tolist() == [0, 2]
    with pytest.raises(UsageError, match="None for a free network"):
        Problem.from_bits(BITS, AND, hidden="auto")

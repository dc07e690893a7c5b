"""Widths (.wth), networks with weights (.net, .sol) and traces (.gap): in, out, and what is rejected."""

from __future__ import annotations

import re

import numpy as np
import pytest

from btfnet.errors import DataError, FormatError
from btfnet.formats import read_network, read_widths, write_gap, write_network
from btfnet.problem.network import Network
from btfnet.projections.rrr import TraceRow


def test_widths_are_read_inputs_first(tmp_path):
    (tmp_path / "x.wth").write_text("3\n4 8\n8 4\n")
    assert read_widths(tmp_path / "x.wth") == [4, 8, 8, 4]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "expected the number of layers"),
        ("0\n4\n", 1, "expected the number of layers, from 1"),
        ("2\n4 4\n", 2, "found 2 widths, expected 3 for 2 layers"),
        ("1\n4 4\n4\n", 3, "found 3 widths, expected 2"),
        ("1\n4 0\n", 2, "found '0'; expected the width of layer 1"),
        ("1\n4.5 1\n", 2, "found '4.5'; expected the width of layer 0"),
    ],
)
def test_widths_that_break_a_rule_are_rejected(text, line, message, tmp_path):
    (tmp_path / "x.wth").write_text(text)
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_widths(tmp_path / "x.wth")
    assert caught.value.line == line


@pytest.mark.parametrize("seed", range(4))
def test_networks_and_weights_survive_to_the_last_bit(seed, tmp_path):
    rng = np.random.default_rng(seed)
    network = Network.sparse([5, 6, 3], 2, rng) if seed % 2 else Network.layered([2, 3, 1])
    weights = rng.normal(size=network.n_edges) * 10.0 ** rng.integers(-300, 300, network.n_edges)
    write_network(tmp_path / "x.sol", network, weights)
    again, read_back = read_network(tmp_path / "x.sol")
    assert again == network
    assert np.array_equal(read_back, weights)


def test_a_net_file_may_list_its_edges_in_any_order_and_omit_biases(tmp_path):
    (tmp_path / "x.net").write_text("5 3 1 4\n4 3 -1.5\n3 2 2\n4 0 .25\n3 1 1e-3\n")
    network, weights = read_network(tmp_path / "x.net")
    assert network == Network.from_edges(2, 1, [(3, 1), (3, 2), (4, 0), (4, 3)], bias=False)
    assert weights.tolist() == [1e-3, 2, 0.25, -1.5]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("4 3 1 1\n3 1\n", 2, "found 2 values after the header, expected 3"),
        ("4 3 1 1\n3 1 1\n3 2 1\n", 3, "a count in the header is wrong"),
        ("4 3 1 1\n3 3 1\n", 2, "node 3 listens to node 3, but every sender must come before"),
        ("4 3 1 1\n3 1.5 1\n", 2, "found '1.5'; expected a node"),
        ("4 3 1 1\n3 9 1\n", 2, "found '9'; expected a node, a whole number from 0 to 3"),
        ("4 3 1 1\n2 1 1\n", 2, "an edge ends at node 2, which is an input"),
        ("4 3 1 1\n0 0 1\n", 2, "an edge ends at node 0, which is the constant"),
        ("4 3 1 2\n3 1 1\n3 1 2\n", 3, "node 3 listens to node 1 twice"),
        ("5 3 1 2\n4 1 1\n4 2 1\n", 1, "node 3 has no edge"),
        ("4 3 1 1\n3 1 inf\n", 2, "found 'inf'; expected a finite number"),
        ("4 3 2 1\n3 1 1\n", 1, "expected the number of outputs, from 1 to 1"),
        ("4 1 1 1\n3 1 1\n", 1, "expected the number of inputs, the constant node 0 counted"),
        ("9 3 1 1\n3 1 1\n", 1, "are too many for 1 edges"),
    ],
)
def test_networks_that_break_a_rule_are_rejected(text, line, message, tmp_path):
    (tmp_path / "x.net").write_text(text)
    with pytest.raises(FormatError, match=re.escape(message)) as caught:
        read_network(tmp_path / "x.net")
    assert caught.value.line == line


def test_weights_that_do_not_fit_the_network_are_not_written(tmp_path):
    network = Network.layered([2, 1])
    for weights in (np.zeros(2), np.array([0, 1, np.inf])):
        with pytest.raises(DataError, match="finite numbers"):
            write_network(tmp_path / "x.sol", network, weights)
    assert not list(tmp_path.iterdir())


def test_a_gap_file_has_eight_numbers_for_each_look(tmp_path):
    looks = [TraceRow(100, 0.5, 0.25, 1.0), TraceRow(200, 0.125, 0.125, 2.0, 0.1, 0.2, 0.3, 0.75, 1.0)]
    write_gap(tmp_path / "x.gap", looks)
    rows = np.loadtxt(tmp_path / "x.gap")
    assert rows[1].tolist() == [200, 0.1, 0.2, 0.3, 0.125, 0.125, 75, 100]
    assert rows[0, [0, 4, 5]].tolist() == [100, 0.5, 0.25]
    assert np.isnan(rows[0, [1, 2, 3, 6, 7]]).all()

"""Which senders a visit sees."""

from __future__ import annotations

import numpy as np
import pytest
from support.kernel_samples import GatesOnItems

from btfnet.kernels.descent.best_gate import choose_gate
from btfnet.kernels.descent.prices import price_node
from btfnet.kernels.descent.senders import column_of, list_senders
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler


def some_gates(most_seen, seed=0):
    rng = np.random.default_rng(seed)
    network = Network.free(12, 2, 10)
    inputs = rng.integers(0, 2, (70, 12)) > 0
    outputs = np.column_stack([inputs[:, 0] ^ inputs[:, 1], inputs[:, 2] & inputs[:, 3]])
    return GatesOnItems.of(network, inputs, outputs, seed, most_seen=most_seen)


def listed(search, node):
    count = list_senders(search.shape, search.gates, search.work, node, search.rng)
    return search.work.listed[:count].tolist()


@pytest.mark.parametrize("most_seen", [5, 8, 13])
def test_of_many_senders_a_visit_sees_those_of_the_gate_and_others_each_once(most_seen):
    search = some_gates(most_seen)
    for node in search.network.btf_nodes:
        columns, senders = listed(search, node), search.network.senders(node)
        assert len(columns) == len(set(columns)) == min(most_seen, len(senders))
        assert set(search.gate(node)) <= set(senders[columns].tolist())


def test_every_sender_is_seen_at_some_time():
    search = some_gates(5)
    node = search.network.btf_nodes[-1]
    seen = {column for _ in range(200) for column in listed(search, node)}
    assert seen == set(range(len(search.network.senders(node))))


def test_few_senders_are_all_seen_in_order_and_nothing_is_drawn():
    search = some_gates(2**31)
    before = search.rng.bit_generator.state
    for node in search.network.btf_nodes:
        assert listed(search, node) == list(range(len(search.network.senders(node))))
    assert search.rng.bit_generator.state == before


def test_columns_are_the_places_of_senders():
    search = some_gates(5)
    for node in search.network.btf_nodes:
        for column, sender in enumerate(search.network.senders(node)):
            assert column_of(search.shape, node, sender) == column


def test_a_visit_that_sees_few_senders_never_makes_the_error_larger_and_chooses_among_them():
    search = some_gates(6)
    for node in search.network.btf_nodes:
        before, held = search.evaluate(), set(search.gate(node))
        top = price_node(search.shape, search.gates, search.work, node)
        if top and choose_gate(search.shape, search.gates, search.work, node, top, search.rng) >= 0:
            seen = set(search.network.senders(node)[search.work.listed[:6]].tolist())
            assert held <= seen
            assert set(search.gate(node)) <= seen
        assert search.evaluate() <= before

"""What it costs to do without a node."""

from __future__ import annotations

import numpy as np
import pytest
from support.kernel_samples import GatesOnItems

from btfnet.kernels.descent.removal import bypass_copies, price_copies
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler


@pytest.mark.parametrize("seed", range(4))
def test_the_price_of_a_copy_is_what_the_error_grows_by(seed):
    rng = np.random.default_rng(seed)
    inputs, outputs = rng.integers(0, 2, (80, 5)) > 0, rng.integers(0, 2, (80, 3)) > 0
    search = GatesOnItems.of(Network.free(5, 3, 6), inputs, outputs, seed, most_seen=4)
    nodes, before = np.arange(6, 12), search.evaluate()
    prices = np.zeros((6, 3), dtype=np.int64)
    price_copies(search.shape, search.gates, search.work, nodes, prices)
    for node, (price, sender, sign) in zip(nodes.tolist(), prices.tolist(), strict=True):
        errors = {}
        held = [array[node].copy() for array in search.gates]
        for other in search.network.senders(node).tolist():
            for turn in (1, -1):
                search.gates.arity[node], search.gates.sender[node, 0], search.gates.sign[node, 0] = (
                    1, other, turn,
                )  # fmt: skip
                errors[other, turn] = search.evaluate() - before
        for array, row in zip(search.gates, held, strict=True):
            array[node] = row
        assert search.evaluate() == before
        assert price == min(errors.values()) == errors[sender, sign]


@pytest.mark.parametrize("seed", range(4))
def test_nobody_hears_a_copy_any_more_and_nothing_changes(seed):
    rng = np.random.default_rng(seed)
    inputs, outputs = rng.integers(0, 2, (80, 5)) > 0, rng.integers(0, 2, (80, 3)) > 0
    search = GatesOnItems.of(Network.free(5, 3, 8), inputs, outputs, seed)
    for node in (7, 9, 10):
        search.gates.arity[node] = 1
    search.evaluate()
    before = search.values()
    bypass_copies(search.shape, search.gates)
    search.evaluate()
    np.testing.assert_array_equal(search.values(), before)
    copies = {node for node in range(6, 14) if search.gates.arity[node] == 1}
    assert not any(set(search.gate(node)) & copies for node in search.network.btf_nodes)

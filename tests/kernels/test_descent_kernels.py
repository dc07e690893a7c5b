"""Kernels of gate descent where searches seldom bring them: many senders, several cuts, halts."""

from __future__ import annotations

import numpy as np
import pytest
from support.kernel_samples import GatesOnItems, booleans

from btfnet.engines.descent.buffers import shrink_buffers
from btfnet.kernels.descent.best_gate import CANDIDATES, SURE, sample_candidates
from btfnet.kernels.descent.cuts import separates_less
from btfnet.kernels.descent.shrink import shrink_node, shrink_sweep
from btfnet.kernels.descent.walk import WalkPlan, WalkState, improve_codes, sweep_nodes, walk
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler


def test_of_many_senders_the_best_are_candidates_and_a_random_sample_of_the_others_in_order():
    order = np.arange(500)[::-1].copy()
    n_taken = sample_candidates(order, 500, np.random.default_rng(0))
    assert n_taken == CANDIDATES
    assert order[:SURE].tolist() == list(range(499, 499 - SURE, -1))
    sample = order[SURE:n_taken]
    assert (np.diff(sample) < 0).all()
    assert sample.min() < 300, "from everywhere"
    assert sorted(order) == list(range(500))


def two_cuts():
    """Sixteen items, all of different outputs, through two layers of four copies."""
    inputs = np.arange(16)[:, None] >> np.arange(5) & 1 > 0
    inputs[:, 4] = inputs[:, 0] ^ inputs[:, 1]
    search = GatesOnItems.of(Network.layered([5, 4, 4, 5]), inputs, inputs, 0)
    for node in range(6, 14):
        search.set_gate(node, [node - 5 if node < 10 else node - 4])
    search.evaluate()
    return search


def test_what_one_cut_noted_is_taken_back_where_the_next_one_loses():
    search = two_cuts()
    cuts, work = search.shape.cuts, search.work
    assert cuts.start.tolist() == [0, 4, 8]
    assert cuts.unseparated.tolist() == [0, 0]
    work.flipped[6:10], work.flipped[10:14] = ~work.values[6:10], 0
    work.changed[6:14] = True
    assert separates_less(cuts, work, False)
    assert not work.changed.any()
    assert cuts.unseparated.tolist() == [0, 0]


def test_codes_that_would_no_longer_separate_items_stay():
    """Outputs should be false and are copies: every true input bit asks to be false, which makes items alike."""
    search = two_cuts()
    search.shape.targets[:] = 0
    for output in range(14, 19):
        search.set_gate(output, [min(output - 4, 13)])
    before, error = search.values()[:, 1:5].copy(), search.evaluate()
    assert error > 0
    assert improve_codes(search.shape, search.gates, search.work, search.item_weights, search.rng) == 0
    assert (search.values()[:, 1:5] == before).all()


@pytest.mark.parametrize("sweep", ["improve", "shrink"])
def test_a_sweep_that_is_halted_changes_nothing(sweep):
    search = two_cuts()
    search.work.halt[0] = 1
    before = [search.gate(node) for node in search.network.btf_nodes]
    if sweep == "improve":
        assert sweep_nodes(search.shape, search.gates, search.work, search.rng) == 0
    else:
        buffers = shrink_buffers(search.network, search.work.values.shape[1])
        assert shrink_sweep(search.shape, search.gates, search.work, buffers, search.rng) == 0
    assert [search.gate(node) for node in search.network.btf_nodes] == before


def test_a_gate_of_five_literals_that_all_matter_keeps_them():
    inputs = np.arange(32)[:, None] >> np.arange(5) & 1 > 0
    search = GatesOnItems.of(
        Network.layered([5, 1]), inputs, inputs.sum(axis=1, keepdims=True) > 2, 0, sigma=5
    )
    search.set_gate(6, [1, 2, 3, 4, 5])
    assert search.evaluate() == 0
    buffers = shrink_buffers(search.network, search.work.values.shape[1])
    for _ in range(5):
        assert shrink_node(search.shape, search.gates, search.work, buffers, 6, search.rng) == 0
        assert search.gate(6) == dict.fromkeys(range(1, 6), 1)


@pytest.mark.parametrize("dropped", [0.0, 0.2])
@pytest.mark.parametrize("merging", [False, True])
def test_a_walk_ends_at_its_best_gates_with_and_without_the_choices_of_its_plan(dropped, merging):
    network = Network.layered([4, 4, 2])
    search = GatesOnItems.of(network, booleans(1, 20, 4), booleans(2, 20, 2), 3)
    first = search.evaluate()
    current, best = (type(search.gates)(*(array.copy() for array in search.gates)) for _ in range(2))
    sampled = search.shape._replace(care=search.shape.care.copy())
    state = WalkState(search.shape, sampled, search.gates, current, best, search.work, search.item_weights)
    least, rounds = walk(state, first, WalkPlan(4, 1, dropped, merging), search.rng)
    assert least == search.evaluate() <= first
    assert rounds <= 4

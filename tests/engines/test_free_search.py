"""Descent in a network that grows: what stays when it grows, when it does, and going on later."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import JIT, booleans

import btfnet
from btfnet.engines.descent import free
from btfnet.engines.descent.free import FreeSearch
from btfnet.engines.descent.rearrange import needed_nodes, places, shuffled
from btfnet.errors import CapacityError, DataError
from btfnet.halting import Halt, Halted
from btfnet.logic.verify import verify_items
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

ROUNDS = 300 if JIT else 20


def signs(bits):
    return np.where(bits, 1, -1)


def random_items(seed=0, n_items=40, n_inputs=6, n_outputs=2, **network):
    """Too many for the nodes at first."""
    inputs = np.unique(booleans(seed, n_items, n_inputs), axis=0)
    outputs = booleans(seed + 1, len(inputs), n_outputs)
    return Problem(
        "random", Network.free(n_inputs, n_outputs, **network), Items(signs(inputs), signs(outputs))
    )


def begun(problem, seed=0, **options):
    return FreeSearch(problem, np.random.default_rng(seed), **options)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(free, "WINDOW", 8)
    monkeypatch.setattr(free, "LOOK", 4)


def test_it_begins_with_few_nodes_and_grows_while_it_stands_still():
    search = begun(random_items())
    sizes = []
    for _ in range(ROUNDS):
        sizes.append(search.network.n_hidden)
        search.walk(1)
    assert sizes[0] == 8
    assert sizes == sorted(sizes)
    assert set(sizes) <= {8, 12, 17, 24, 34, 48, 68}
    assert len(set(sizes)) > 1
    if JIT:
        assert search.error == 0
        problem = search.problem
        assert verify_items(search.circuit(""), problem.inputs > 0, problem.outputs > 0).exact


@pytest.mark.parametrize("network", [{}, {"inputs": [0, 2, 3, 5]}])
def test_gates_that_are_needed_stay_when_it_grows(network):
    search = begun(random_items(**network))
    search.walk(10)
    before, error = search.search, search.error
    outputs = before.values()[:, before.network.output_nodes]
    grown = search._grown(12)
    assert grown.network == search.problem.network.grown(12)
    assert grown.error == error
    np.testing.assert_array_equal(grown.values()[:, grown.network.output_nodes], outputs)
    assert grown.sweeps == before.sweeps
    assert grown.effort >= before.effort


def heard_by(search, node):
    return {int(sender) for sender in search.gate(node)}


def test_needed_nodes_stand_evenly_among_new_ones_in_the_order_asked_for():
    search = begun(random_items()).search
    order = needed_nodes(search)
    for hidden in (12, 100):
        network = Network.free(6, 2, hidden)
        place = places(search, network, order)
        assert np.flatnonzero(place[7:15] >= 0).tolist() == (order - 7).tolist()
        assert place[:7].tolist() == list(range(7))
        assert place[15:].tolist() == list(network.output_nodes)
        assert len({int(gap) for gap in np.diff(place[order])}) <= 2
        assert place[order].min() >= 7
        assert place[order].max() < 7 + hidden


def test_another_order_never_puts_a_gate_before_what_it_hears():
    search, rng = begun(random_items()).search, np.random.default_rng(0)
    needed = needed_nodes(search)
    orders = {tuple(shuffled(search, needed, rng).tolist()) for _ in range(20)}
    assert len(orders) > 1
    for order in orders:
        assert sorted(order) == needed.tolist()
        for index, node in enumerate(order):
            assert not heard_by(search, node) & set(order[index:])


def test_with_a_window_only_what_is_too_far_away_is_lost():
    search = begun(random_items(window=2))
    search.walk(10)
    old, grown = search.search, search._grown(12)
    place = places(old, grown.network, needed_nodes(old))
    for node in np.flatnonzero(place > 6):
        at = int(place[node])
        gate = {int(place[sender]): weight for sender, weight in old.gate(int(node)).items()}
        if set(gate) <= set(grown.network.senders(at).tolist()):
            assert grown.gate(at) == gate


@pytest.mark.parametrize("cuts", [[1] * ROUNDS, [7] * (ROUNDS // 7) + [ROUNDS % 7], [ROUNDS - 1, 1]])
def test_a_walk_may_be_cut_anywhere(cuts):
    whole, cut = begun(random_items(n_items=60)), begun(random_items(n_items=60))
    whole.walk(ROUNDS)
    for rounds in cuts:
        if rounds:
            cut.walk(rounds)
    assert (cut.error, cut.sweeps, cut.effort, cut.network) == (
        whole.error, whole.sweeps, whole.effort, whole.network,
    )  # fmt: skip
    np.testing.assert_array_equal(cut.search.integer_weights(), whole.search.integer_weights())


@pytest.mark.parametrize("rounds", [0, 3, 10, 11, 35])
def test_a_walk_that_was_saved_goes_on_as_if_nothing_had_happened(rounds):
    problem = random_items(n_items=60)
    search, other = begun(problem, 5), begun(problem, 6)
    search.walk(rounds)
    saved = {name: array.copy() for name, array in search.export().items()}
    other.restore(saved)
    for _ in range(2):
        assert (other.network, other.error, other.sweeps, other.effort) == (
            search.network, search.error, search.sweeps, search.effort,
        )  # fmt: skip
        np.testing.assert_array_equal(other.search.integer_weights(), search.search.integer_weights())
        for one in (search, other):
            one.walk(30)


@pytest.mark.parametrize("growth", [[0, 9, 3, 20, 3, 0], [10**6, 9, 3, 20, 3, 0], [-3, 0, 0, 0, 0, 0]])
def test_absurd_sizes_are_refused(growth):
    search = begun(random_items())
    with pytest.raises(DataError, match="hidden nodes; expected are 1 to"):
        search.restore({**search.export(), "growth": np.array(growth)})


def test_where_more_nodes_do_not_fit_it_goes_on_with_those_that_it_has(monkeypatch):
    search = begun(random_items(n_items=60))
    full = CapacityError("full")

    def refuse(*_):
        raise full

    monkeypatch.setattr(Network, "grown", refuse)
    search.walk(ROUNDS // 4)
    assert search.network.n_hidden == 8
    assert search.sweeps == 2 * (ROUNDS // 4) or search.error == 0


def test_a_search_that_was_halted_while_it_grew_has_drawn_nothing(monkeypatch):
    halt = Halt()
    search, other = begun(random_items(n_items=60), halt=halt), begun(random_items(n_items=60))
    for one in (search, other):
        one.walk(10)
    halt.set()
    with pytest.raises(Halted):
        search._grow()
    halt.flag[0] = 0
    search._grow()
    other._grow()
    for one in (search, other):
        one.walk(5)
    np.testing.assert_array_equal(search.search.integer_weights(), other.search.integer_weights())


@pytest.mark.needs_jit
def test_codes_of_unknown_inputs_stay_when_it_grows():
    outputs = np.eye(8, dtype=bool)
    problem = Problem.from_arrays(None, outputs, Network.free(3, 8), input_kind="unknown_bits")
    search = begun(problem)
    search.walk(12)
    codes, error = search.codes(), search.error
    grown = search._grown(30)
    np.testing.assert_array_equal(grown.codes(), codes)
    assert grown.error == error
    assert btfnet.solve(problem, trials=6, jobs=1, seed=1).exact

"""Narrow cuts: items of different outputs are told apart there, and stay so."""

from __future__ import annotations

import numpy as np
import pytest
from numba import config

from btfnet.engines.descent import cuts
from btfnet.engines.descent import local_search as search_module
from btfnet.engines.descent.cuts import distinct_codes, kinds_of, narrow_cuts
from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.descent.cuts import note_unseparated, separates_less
from btfnet.kernels.descent.gate_arrays import evaluate
from btfnet.kernels.descent.walk import alter_gate, improve_codes
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem

pytestmark = pytest.mark.no_compiler

JIT = not config.DISABLE_JIT
SEEDS = range(3)


@pytest.fixture(autouse=True)
def _more_cuts(monkeypatch):
    """Cuts with codes to spare, too: there all kinds are soon told apart."""
    monkeypatch.setattr(cuts, "SPARE", 0.3)
    monkeypatch.setattr(search_module, "TRIES", 1000 if JIT else 200)


def distinct(seed, n_items, bits):
    """Different random rows; (n_items, bits) bool."""
    numbers = np.random.default_rng(seed).permutation(2**bits)[:n_items]
    return (numbers[:, None] >> np.arange(bits)) & 1 > 0


def bottleneck(seed, **options):
    """Twelve items of seven bits through four nodes, six kinds of outputs."""
    inputs, outputs = distinct(seed, 12, 7), distinct(seed + 9, 6, 5)[np.arange(12) % 6]
    network = Network.layered([7, 4, 6, 5])
    return GateSearch(network, inputs, outputs, np.random.default_rng(seed), **options), outputs


def naive_unseparated(search, outputs, values):
    """Over all codes at the four nodes, the kinds of outputs that have it, less one."""
    kinds = {}
    for code, kind in zip(values[:, 8:12].tolist(), outputs.tolist(), strict=True):
        kinds.setdefault(tuple(code), set()).add(tuple(kind))
    return sum(len(together) - 1 for together in kinds.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_confusion_is_what_counting_by_hand_gives(seed):
    search, outputs = bottleneck(seed)
    rng = np.random.default_rng(seed)
    assert search.shape.cuts.node.tolist() == [8, 9, 10, 11]
    for _ in range(20):
        search.input_rows[:] = rng.integers(0, 2**63, search.input_rows.shape, dtype=np.uint64)
        evaluate(search.shape, search.gates, search.buffers)
        assert search.shape.cuts.unseparated.tolist() == [naive_unseparated(search, outputs, search.values())]


@pytest.mark.parametrize("sigma", [3, 7])
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_told_apart_at_the_start_stays_so_and_the_error_is_the_true_one(seed, sigma):
    search, outputs = bottleneck(seed, sigma=sigma)
    assert search.shape.cuts.unseparated.tolist() == [0]
    for _ in range(4):
        before = search.error
        assert search.walk(4) <= before
        assert naive_unseparated(search, outputs, search.values()) == 0
        assert search.error == (search.values()[:, -5:] != outputs).sum()


def test_a_move_that_confuses_is_refused_only_where_all_were_told_apart():
    search, _ = bottleneck(1)
    cuts, work = search.shape.cuts, search.buffers
    work.flipped[8:12] = 0
    work.changed[8:12] = True
    assert separates_less(cuts, work, False)
    assert not work.changed.any()
    note_unseparated(cuts, work)
    assert cuts.unseparated.tolist() == [0]
    work.changed[8:12] = True
    cuts.unseparated[0] = 1
    assert not separates_less(cuts, work, False)
    assert cuts.unseparated.tolist() == [5]
    cuts.unseparated[0] = 1
    assert separates_less(cuts, work, True)


def test_only_narrow_cuts_are_looked_at_and_none_where_bits_do_not_count():
    outputs = distinct(0, 16, 5)
    through = Network.layered([5, 4, 9, 5])
    assert narrow_cuts(through, outputs, None, unknown=False).node.tolist() == [6, 7, 8, 9]
    assert narrow_cuts(through, outputs, None, unknown=True).start.tolist() == [0, 5, 9]
    care = np.ones(outputs.shape, dtype=bool)
    care[0, 0] = False
    assert narrow_cuts(through, outputs, care, unknown=True).start.tolist() == [0]
    assert narrow_cuts(Network.layered([6, 8, 5]), outputs, None, unknown=False).kind.size == 0


def test_an_edge_past_a_layer_belongs_to_the_cut():
    edges = [(3, 1), (3, 2), (4, 3), (4, 2), (5, 4), (6, 4)]
    network = Network.from_edges(2, 2, edges)
    outputs = distinct(0, 4, 2)
    cuts = narrow_cuts(network, outputs, None, unknown=False)
    rows = [cuts.node[a:b].tolist() for a, b in zip(cuts.start[:-1], cuts.start[1:], strict=True)]
    assert rows[:2] == [[2, 3], [4]]


@pytest.mark.parametrize("n_inputs", [4, 5, 40])
def test_items_get_different_codes_exactly_where_their_outputs_differ(n_inputs):
    outputs = distinct(3, 16, 6)[np.arange(40) % 16]
    codes = distinct_codes(outputs, n_inputs, np.random.default_rng(0))
    kinds, number = kinds_of(outputs), codes @ (1.0 * 2 ** np.arange(n_inputs))
    assert ((number[:, None] == number) == (kinds[:, None] == kinds)).all()
    assert distinct_codes(outputs, 3, np.random.default_rng(0)).shape == (40, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_unknown_bits_stay_different_and_copies_move_as_their_items_do(seed):
    outputs = np.where(distinct(seed, 8, 6), 1, -1)
    problem = Problem("codes", Network.layered([4, 6, 6]), Items(np.empty((8, 0)), outputs, "unknown_bits"))
    search = GateSearch.of(problem, np.random.default_rng(seed))
    for _ in range(4):
        before = search.error
        assert search.walk(13) <= before
        assert len(np.unique(search.codes(), axis=0)) == 8
        assert search.error == (search.values()[:, -6:] != (outputs > 0)).sum()
        weighted = evaluate(search.shape, search.gates, search.buffers)
        change = improve_codes(
            search.shape, search.gates, search.buffers, search.item_weights, np.random.default_rng(seed)
        )
        assert change <= 0
        assert evaluate(search.shape, search.gates, search.buffers) == weighted + change
        slots = search.item_weights.item
        bits = np.array(
            [[int(row[s // 64 + 1]) >> s % 64 & 1 for row in search.input_rows] for s in range(64)]
        )
        held = np.flatnonzero(slots[:64] >= 0)
        np.testing.assert_array_equal(bits[held] > 0, search.codes()[slots[held]])
        search.kept_input_rows[:] = search.input_rows
        search.error = int((search.values()[:, -6:] != (outputs > 0)).sum())
        for name in ("arity", "sender", "sign"):
            getattr(search.kept_gates, name)[:] = getattr(search.gates, name)
            getattr(search.best_gates, name)[:] = getattr(search.gates, name)


@pytest.mark.parametrize("sigma", [3, 7, 31])
def test_a_random_neighbour_of_a_gate_differs_by_two_literals_and_is_never_too_large(sigma):
    search, _ = bottleneck(0, sigma=sigma)
    rng = np.random.default_rng(1)
    for _ in range(300):
        before = search.gate(12)
        alter_gate(search.shape, search.gates, search.buffers, 12, rng)
        after = search.gate(12)
        assert sum(abs(after.get(n, 0) - before.get(n, 0)) for n in {*after, *before}) in (0, 2)
        assert sum(weight**2 for weight in after.values()) <= sigma
        assert sum(map(abs, after.values())) % 2 == 1


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="a whole search")
def test_random_vectors_pass_through_as_many_bits_as_tell_them_apart():
    rows = distinct(5, 16, 16)
    search = GateSearch(Network.layered([16, 4, 16, 16]), rows, rows, np.random.default_rng(0), sigma=11)
    assert search.walk(600) == 0
    assert (search.values()[:, -16:] == rows).all()

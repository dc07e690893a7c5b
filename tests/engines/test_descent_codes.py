"""Unknown inputs, bits or one-hot: every item's code against full re-evaluation."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import JIT, N_ITEMS, SEEDS, booleans, random_network, random_search, wrong_bits

import btfnet
from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.descent.walk import improve_codes
from btfnet.logic.verify import verify_items
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.settings import Settings

pytestmark = pytest.mark.no_compiler


def one_hot_search(seed, n_items=N_ITEMS, **options):
    """Random one-hot codes for any graph; several items share a code."""
    rng = np.random.default_rng(seed)
    inputs = np.arange(4) == rng.integers(0, 4, n_items)[:, None]
    outputs = booleans(seed + 2, n_items, 3)
    search = GateSearch(random_network(rng), inputs, outputs, rng, unknown=True, one_hot=True, **options)
    return search, inputs, outputs


@pytest.mark.parametrize("kind", ["unknown_bits", "unknown_one_hot"])
def test_unknown_inputs_start_as_their_kind_demands(kind):
    outputs = np.where(booleans(0, 12, 4), 1, -1)
    problem = Problem("codes", Network.layered([3, 4]), Items(np.empty((12, 0)), outputs, input_kind=kind))
    search = GateSearch.of(problem, np.random.default_rng(0))
    search.walk(2)
    ones = search.codes().sum(axis=1)
    assert (ones == 1).all() if kind == "unknown_one_hot" else len(set(ones)) > 1


@pytest.mark.parametrize("seed", SEEDS)
def test_codes_only_get_better_and_their_change_equals_re_evaluation(seed):
    search, inputs, outputs = random_search(seed, unknown=True)
    before = wrong_bits(search, inputs, outputs)
    change = improve_codes(
        search.shape, search.gates, search.buffers, search.item_weights, np.random.default_rng(seed)
    )
    after = wrong_bits(search, search.codes(), outputs)
    assert (after <= before).all()
    assert change == after.sum() - before.sum()


@pytest.mark.parametrize("sigma", [3, 7])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_price_of_every_one_hot_code_equals_full_re_evaluation(seed, sigma):
    care = booleans(seed + 5, N_ITEMS, 3)
    search, _, outputs = one_hot_search(seed, care=care, sigma=sigma)
    prices = search.one_hot_codes.prices(search.gates)
    for code in range(4):
        inputs = np.repeat(np.arange(4)[None] == code, N_ITEMS, axis=0)
        np.testing.assert_array_equal(prices[:, code], wrong_bits(search, inputs, outputs, care=care))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_item_moves_to_a_one_hot_code_that_serves_it_best(seed):
    search, inputs, outputs = one_hot_search(seed)
    every = [wrong_bits(search, np.arange(4) == np.full((N_ITEMS, 1), code), outputs) for code in range(4)]
    before = wrong_bits(search, inputs, outputs)
    change = search.improve_codes()
    after = wrong_bits(search, search.codes(), outputs)
    np.testing.assert_array_equal(after, np.min(every, axis=0))
    assert change == after.sum() - before.sum()
    assert (search.codes().sum(axis=1) == 1).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_one_hot_codes_stay_one_hot_and_a_walk_with_them_reports_the_true_error(seed):
    search, inputs, outputs = one_hot_search(seed)
    for _ in range(3):
        before = search.error
        assert search.walk(3) == search.error <= before
        inputs = search.codes()
        assert (inputs.sum(axis=1) == 1).all()
        assert search.error == wrong_bits(search, inputs, outputs).sum()


@pytest.mark.skipif(not JIT, reason="whole searches")
def test_items_find_the_one_hot_codes_that_they_must_share():
    """24 items of 8 kinds, 8 codes: with the codes as they are drawn, no circuit fits."""
    outputs = np.where(booleans(5, 8, 6), 1, -1)[np.random.default_rng(0).permutation(24) % 8]
    network = Network.layered([8, 10, 6])
    problem = Problem("shared", network, Items(np.empty((24, 0)), outputs, "unknown_one_hot"))
    search = GateSearch.of(problem, np.random.default_rng(1))
    fixed = GateSearch(network, search.codes(), outputs > 0, np.random.default_rng(1))
    assert fixed.walk(300) > 0
    assert search.walk(1000) == 0
    assert verify_items(search.circuit("c"), search.codes(), outputs > 0).exact
    result = btfnet.solve(problem, Settings(max_iterations=4000), trials=3, engine="descent")
    assert result.exact
    np.testing.assert_array_equal(result.circuit.predict(result.kept.codes, kind="signs"), outputs)

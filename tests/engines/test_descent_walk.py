"""What a walk promises: never worse, the true error, the same for the same seed, also after a checkpoint."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import SEEDS, booleans, evaluate, random_search, wrong_bits

from btfnet.engines.descent.local_search import GateSearch
from btfnet.errors import DataError
from btfnet.kernels.bits import unpack_bits
from btfnet.kernels.descent import gate_arrays as descent
from btfnet.kernels.descent.breakout import repeat_wrong_items
from btfnet.logic.verify import verify_items
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_walk_never_ends_worse_than_it_began_and_reports_the_true_error(seed, unknown):
    search, inputs, outputs = random_search(seed, unknown=unknown)
    for _ in range(3):
        before = search.error
        assert search.walk(3) == search.error <= before
        inputs = search.codes()
        assert search.error == wrong_bits(search, inputs, outputs).sum()
        assert search.error == verify_items(search.circuit("c"), inputs, outputs).n_wrong_bits


@pytest.mark.parametrize("unknown", [False, True])
def test_a_walk_is_the_same_for_the_same_seed(unknown):
    def state(seed):
        search, _, _ = random_search(seed, unknown=unknown)
        search.walk(8)
        return search.error, search.weights().tolist(), search.codes().tolist()

    assert state(3) == state(3)


@pytest.mark.parametrize("n_items", [70, 150])
@pytest.mark.parametrize("seed", SEEDS)
def test_bits_beyond_the_last_item_never_matter(seed, n_items):
    searches = [random_search(seed, n_items=n_items)[0] for _ in range(2)]
    inputs = searches[1].buffers.values[1 : searches[1].network.n_inputs + 1]
    inputs[:, n_items // 64] |= np.uint64(2**64 - 2 ** (n_items % 64))
    inputs[:, n_items // 64 + 1 :] = ~np.uint64(0)
    for search in searches:
        descent.evaluate(search.shape, search.gates, search.buffers)
        search.walk(6)
    assert searches[0].error == searches[1].error
    np.testing.assert_array_equal(searches[0].weights(), searches[1].weights())


def test_values_are_what_the_circuit_computes():
    search, inputs, _ = random_search(2)
    values, first_output = search.values(), search.network.output_nodes.start
    assert not values[:, 0].any()
    np.testing.assert_array_equal(values[:, 1:5], inputs)
    np.testing.assert_array_equal(values[:, first_output:], search.circuit("c").predict(inputs) > 0)


def test_a_walk_with_nothing_wrong_changes_nothing():
    search, inputs, _ = random_search(0)
    outputs = evaluate(search, inputs)[list(search.network.output_nodes)].T > 0
    again = GateSearch(search.network, inputs, outputs, np.random.default_rng(5))
    again.start_from(np.rint(search.weights()).astype(np.int64), inputs)
    assert again.error == 0
    before = again.weights()
    assert again.walk(10) == 0
    np.testing.assert_array_equal(again.weights(), before)


def test_items_that_stay_wrong_are_repeated_and_count_nothing_in_the_error():
    rng = np.random.default_rng(1)
    network = Network.layered([3, 2, 1])
    inputs, outputs = booleans(5, 40, 3), booleans(6, 40, 1)  # contradictory: no circuit fits
    search = GateSearch(network, inputs, outputs, rng)
    search.walk(60)
    items = search.item_weights.item
    assert (items >= 0).any()
    assert search.error == wrong_bits(search, inputs, outputs).sum() > 0
    for name, rows in (("values", search.buffers.values[1:4]), ("targets", search.shape.targets)):
        bits = unpack_bits(rows, 64 + items.size)
        slots, filled = bits[64:], items >= 0
        assert np.array_equal(slots[filled], bits[items[filled]]), name
    care = unpack_bits(search.shape.care, 64 + items.size)
    assert np.array_equal(care[64:, 0], items >= 0)


def test_a_new_copy_takes_the_place_of_the_oldest():
    search = GateSearch(
        Network.layered([3, 2, 1]), booleans(5, 40, 3), booleans(6, 40, 1), np.random.default_rng(1)
    )
    item_weights, slots = search.item_weights, search.item_weights.item.size
    wrong = np.flatnonzero(wrong_bits(search, booleans(5, 40, 3), booleans(6, 40, 1)))
    turns = 0
    while (item_weights.item < 0).any():
        repeat_wrong_items(search.shape, search.buffers, item_weights, search.rng)
        turns += 1
    assert turns == -(-slots // wrong.size)
    assert set(item_weights.item) == set(wrong)
    item_weights.item[:] = 0
    before = int(item_weights.state[0])
    repeat_wrong_items(search.shape, search.buffers, item_weights, search.rng)
    renewed = (before + np.arange(wrong.size)) % slots
    assert set(item_weights.item[renewed]) == set(wrong)
    assert (np.delete(item_weights.item, renewed) == 0).all()


def test_a_walk_goes_on_after_a_checkpoint_as_if_nothing_had_happened():
    network, inputs, outputs = Network.layered([3, 2, 1]), booleans(5, 40, 3), booleans(6, 40, 1)
    search, other = (GateSearch(network, inputs, outputs, np.random.default_rng(seed)) for seed in (4, 5))
    search.walk(35)
    assert (search.item_weights.item >= 0).any()
    saved = {name: array.copy() for name, array in search.export().items()}
    other.restore(saved)
    other.rng.bit_generator.state = search.rng.bit_generator.state
    for _ in range(12):
        assert search.walk(3) == other.walk(3)
        assert all(np.array_equal(search.export()[name], other.export()[name]) for name in saved)
    saved["repeated"][0] = 40
    with pytest.raises(DataError, match="do not exist"):
        other.restore(saved)

"""What a walk promises: never worse, the true error, the same for the same seed, also after a checkpoint."""

from __future__ import annotations

import numpy as np
import pytest
from support.descent_samples import SEEDS, booleans, evaluate, random_walker, wrong_bits

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
    walker, inputs, outputs = random_walker(seed, unknown=unknown)
    for _ in range(3):
        before = walker.error
        assert walker.walk(3) == walker.error <= before
        inputs = walker.codes()
        assert walker.error == wrong_bits(walker, inputs, outputs).sum()
        assert walker.error == verify_items(walker.circuit("c"), inputs, outputs).n_wrong_bits


@pytest.mark.parametrize("unknown", [False, True])
def test_a_walk_is_the_same_for_the_same_seed(unknown):
    def state(seed):
        walker, _, _ = random_walker(seed, unknown=unknown)
        walker.walk(8)
        return walker.error, walker.weights().tolist(), walker.codes().tolist()

    assert state(3) == state(3)


@pytest.mark.parametrize("n_items", [70, 150])
@pytest.mark.parametrize("seed", SEEDS)
def test_bits_beyond_the_last_item_never_matter(seed, n_items):
    walkers = [random_walker(seed, n_items=n_items)[0] for _ in range(2)]
    inputs = walkers[1].buffers.values[1 : walkers[1].network.n_inputs + 1]
    inputs[:, n_items // 64] |= np.uint64(2**64 - 2 ** (n_items % 64))
    inputs[:, n_items // 64 + 1 :] = ~np.uint64(0)
    for walker in walkers:
        descent.evaluate(walker.shape, walker.gates, walker.buffers)
        walker.walk(6)
    assert walkers[0].error == walkers[1].error
    np.testing.assert_array_equal(walkers[0].weights(), walkers[1].weights())


def test_values_are_what_the_circuit_computes():
    walker, inputs, _ = random_walker(2)
    values, first_output = walker.values(), walker.network.output_nodes.start
    assert not values[:, 0].any()
    np.testing.assert_array_equal(values[:, 1:5], inputs)
    np.testing.assert_array_equal(values[:, first_output:], walker.circuit("c").predict(inputs) > 0)


def test_a_walk_with_nothing_wrong_changes_nothing():
    walker, inputs, _ = random_walker(0)
    outputs = evaluate(walker, inputs)[list(walker.network.output_nodes)].T > 0
    again = GateSearch(walker.network, inputs, outputs, np.random.default_rng(5))
    again.start_from(np.rint(walker.weights()).astype(np.int64), inputs)
    assert again.error == 0
    before = again.weights()
    assert again.walk(10) == 0
    np.testing.assert_array_equal(again.weights(), before)


def test_items_that_stay_wrong_are_repeated_and_count_nothing_in_the_error():
    rng = np.random.default_rng(1)
    network = Network.layered([3, 2, 1])
    inputs, outputs = booleans(5, 40, 3), booleans(6, 40, 1)  # contradictory: no circuit fits
    walker = GateSearch(network, inputs, outputs, rng)
    walker.walk(60)
    items = walker.item_weights.item
    assert (items >= 0).any()
    assert walker.error == wrong_bits(walker, inputs, outputs).sum() > 0
    for name, rows in (("values", walker.buffers.values[1:4]), ("targets", walker.shape.targets)):
        bits = unpack_bits(rows, 64 + items.size)
        slots, filled = bits[64:], items >= 0
        assert np.array_equal(slots[filled], bits[items[filled]]), name
    care = unpack_bits(walker.shape.care, 64 + items.size)
    assert np.array_equal(care[64:, 0], items >= 0)


def test_a_new_copy_takes_the_place_of_the_oldest():
    walker = GateSearch(
        Network.layered([3, 2, 1]), booleans(5, 40, 3), booleans(6, 40, 1), np.random.default_rng(1)
    )
    repeats, slots = walker.item_weights, walker.item_weights.item.size
    wrong = np.flatnonzero(wrong_bits(walker, booleans(5, 40, 3), booleans(6, 40, 1)))
    turns = 0
    while (repeats.item < 0).any():
        repeat_wrong_items(walker.shape, walker.buffers, repeats, walker.rng)
        turns += 1
    assert turns == -(-slots // wrong.size)
    assert set(repeats.item) == set(wrong)
    repeats.item[:] = 0
    before = int(repeats.state[0])
    repeat_wrong_items(walker.shape, walker.buffers, repeats, walker.rng)
    renewed = (before + np.arange(wrong.size)) % slots
    assert set(repeats.item[renewed]) == set(wrong)
    assert (np.delete(repeats.item, renewed) == 0).all()


def test_a_walk_goes_on_after_a_checkpoint_as_if_nothing_had_happened():
    network, inputs, outputs = Network.layered([3, 2, 1]), booleans(5, 40, 3), booleans(6, 40, 1)
    walker, other = (GateSearch(network, inputs, outputs, np.random.default_rng(seed)) for seed in (4, 5))
    walker.walk(35)
    assert (walker.item_weights.item >= 0).any()
    saved = {name: array.copy() for name, array in walker.export().items()}
    other.restore(saved)
    other.rng.bit_generator.state = walker.rng.bit_generator.state
    for _ in range(12):
        assert walker.walk(3) == other.walk(3)
        assert all(np.array_equal(walker.export()[name], other.export()[name]) for name in saved)
    saved["repeated"][0] = 40
    with pytest.raises(DataError, match="do not exist"):
        other.restore(saved)

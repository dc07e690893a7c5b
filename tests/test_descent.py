"""Gate descent: every price against full re-evaluation by plain integers, and what a walk promises."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numba import config

import btfnet
from btfnet.circuit.verify import verify_items
from btfnet.descent import DescentStepper, Walker
from btfnet.errors import DataError
from btfnet.kernels import descent
from btfnet.kernels.bits import unpack_bits
from btfnet.kernels.repeats import repeat_wrong_items
from btfnet.kernels.walk import improve_codes, improve_node
from btfnet.network import Network
from btfnet.problem import Problem
from btfnet.rrr import Status, run
from btfnet.settings import Settings

JIT = not config.DISABLE_JIT
SEEDS = range(6 if JIT else 2)
N_ITEMS = 150 if JIT else 70


def booleans(seed, *shape):
    return np.random.default_rng(seed).random(shape) < 0.5


def random_network(rng, n_inputs=4, n_hidden=5, n_outputs=3):
    """Any acyclic graph: outputs may be heard by other outputs, hidden nodes by nobody."""
    edges = []
    for node in range(n_inputs + 1, n_inputs + 1 + n_hidden + n_outputs):
        fan_in = rng.integers(1, min(node, 6))
        edges += [(node, int(sender)) for sender in rng.choice(node, fan_in, replace=False)]
    return Network.from_edges(n_inputs, n_outputs, edges)


def random_walker(seed, *, n_items=N_ITEMS, **options):
    rng = np.random.default_rng(seed)
    network = random_network(rng)
    inputs, outputs = booleans(seed + 1, n_items, 4), booleans(seed + 2, n_items, 3)
    return Walker(network, inputs, outputs, rng, **options), inputs, outputs


def evaluate(walker, inputs, *, gates=None, flip=None):
    """Values ±1 of all nodes by plain integers, (n_nodes, n_items); optionally with one node negated."""
    network = walker.network
    values = np.full((network.n_nodes, len(inputs)), -1)
    values[1 : network.n_inputs + 1] = np.where(inputs, 1, -1).T
    for node in range(1, network.n_nodes):
        if node > network.n_inputs:
            weights = walker.gate(node) if gates is None or node not in gates else gates[node]
            values[node] = np.sign(sum(weight * values[sender] for sender, weight in weights.items()))
        if node == flip:
            values[node] *= -1
    return values


def wrong_bits(walker, inputs, outputs, *, care=True, **changes):
    """Wrong output bits per item, by plain integers."""
    found = evaluate(walker, inputs, **changes)[list(walker.network.output_nodes)].T > 0
    return ((found != outputs) & care).sum(axis=1)


def prices(walker, node):
    """What the kernel says each item's change is when a node flips; (n_items,)."""
    work = walker._work
    top = descent.price_node(walker._shape, walker._gates, work, node)
    planes = unpack_bits(work.planes, walker.n_items).astype(np.int64)
    magnitude = planes[:, :top] @ (1 << np.arange(top))
    return np.where(planes[:, -1] > 0, -magnitude, magnitude)


def all_small_gates(senders):
    """Every Copy/Not and every majority of three with signs, as weights by sender."""
    for size in (1, 3):
        for chosen in itertools.combinations(senders, size):
            for signs in itertools.product((1, -1), repeat=size):
                yield dict(zip((int(sender) for sender in chosen), signs, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_price_of_flipping_a_node_equals_full_re_evaluation(seed):
    walker, inputs, outputs = random_walker(seed)
    now = wrong_bits(walker, inputs, outputs)
    assert walker.error == now.sum()
    for node in range(1, walker.network.n_nodes):
        then = wrong_bits(walker, inputs, outputs, flip=node)
        np.testing.assert_array_equal(prices(walker, node), then - now)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_price_of_every_change_of_a_gate_equals_full_re_evaluation(seed):
    walker, inputs, outputs = random_walker(seed, n_items=66)
    now, values = walker.error, evaluate(walker, inputs)
    for node in walker.network.btf_nodes:
        price = prices(walker, node)
        for gate in all_small_gates(walker.network.senders(node)):
            value = np.sign(sum(weight * values[sender] for sender, weight in gate.items()))
            then = wrong_bits(walker, inputs, outputs, gates={node: gate}).sum()
            assert price[value != values[node]].sum() == then - now


@pytest.mark.parametrize("n_items", [66, 150])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_gate_that_a_node_gets_is_the_best_of_all(seed, n_items):
    walker, inputs, outputs = random_walker(seed, n_items=n_items)
    for node in walker.network.btf_nodes:
        if not prices(walker, node).any():
            continue
        errors = [
            wrong_bits(walker, inputs, outputs, gates={node: gate}).sum()
            for gate in all_small_gates(walker.network.senders(node))
        ]
        before = walker.error
        walker.error += improve_node(
            walker._shape, walker._gates, walker._work, node, np.random.default_rng(seed)
        )
        assert walker.error == min(errors) == wrong_bits(walker, inputs, outputs).sum() <= before


@pytest.mark.skipif(not JIT, reason="thousands of draws")
def test_equally_good_gates_are_chosen_about_equally_often():
    network = Network.layered([5, 1])
    inputs = booleans(1, 64, 5)
    inputs[:, 1] = inputs[:, 0]
    outputs = (inputs[:, [0]].astype(int) + inputs[:, [2]] + inputs[:, [3]]) >= 2
    chosen: dict[frozenset, int] = {}
    rng = np.random.default_rng(0)
    walker = Walker(network, inputs, outputs, rng)
    for _ in range(2000):
        improve_node(walker._shape, walker._gates, walker._work, 6, rng)
        gate = frozenset(walker.gate(6).items())
        chosen[gate] = chosen.get(gate, 0) + 1
    assert set(chosen) == {
        frozenset({(1, 1), (3, 1), (4, 1)}), frozenset({(2, 1), (3, 1), (4, 1)})
    }  # fmt: skip
    assert min(chosen.values()) > 800


@pytest.mark.parametrize("n_outputs", [100, 128, 300])
def test_a_node_that_hundreds_of_outputs_hear_is_priced_without_overflow(n_outputs):
    edges = [(3, 1), (3, 2)] + [(4 + output, 3) for output in range(n_outputs)]
    network = Network.from_edges(2, n_outputs, edges)
    inputs = booleans(0, 70, 2)
    chance = np.linspace(0, 1, 70)[:, None]
    outputs = np.random.default_rng(1).random((70, n_outputs)) < chance
    outputs[:2], outputs[-2:] = False, True
    walker = Walker(network, inputs, outputs, np.random.default_rng(2))
    now = wrong_bits(walker, inputs, outputs)
    then = wrong_bits(walker, inputs, outputs, flip=3)
    np.testing.assert_array_equal(prices(walker, 3), then - now)
    copies = (network.fan_in == 3).astype(np.int64)
    copies[network.edges(3)] = network.fan_in[network.edges(3)] == 1
    walker.start_from(copies, inputs)
    now = wrong_bits(walker, inputs, outputs)
    change = wrong_bits(walker, inputs, outputs, flip=3) - now
    assert np.abs(change).max() == n_outputs
    np.testing.assert_array_equal(prices(walker, 3), change)


@pytest.mark.parametrize("seed", SEEDS)
def test_output_bits_that_do_not_count_are_never_counted(seed):
    care = booleans(seed + 3, N_ITEMS, 3)
    walker, inputs, outputs = random_walker(seed, care=care)
    now = wrong_bits(walker, inputs, outputs, care=care)
    assert walker.error == now.sum()
    assert walker.output_bits == care.sum()
    for node in walker.network.btf_nodes:
        then = wrong_bits(walker, inputs, outputs, flip=node, care=care)
        np.testing.assert_array_equal(prices(walker, node), then - now)
    other, _, _ = random_walker(seed, care=care)
    other._shape.targets[:] ^= ~other._shape.care
    for one in (walker, other):
        one.walk(5)
    assert walker.error == wrong_bits(walker, inputs, outputs, care=care).sum() == other.error
    assert [walker.gate(node) for node in walker.network.btf_nodes] == [
        other.gate(node) for node in walker.network.btf_nodes
    ]


def test_bits_that_do_not_count_make_an_impossible_function_possible():
    inputs = np.array(list(itertools.product((False, True), repeat=2)))
    outputs = inputs[:, :1] ^ inputs[:, 1:]
    network = Network.layered([2, 1])
    walker = Walker(network, inputs, outputs, np.random.default_rng(0))
    assert walker.walk(20) == 1
    care = np.array([[True], [True], [True], [False]])
    assert Walker(network, inputs, outputs, np.random.default_rng(0), care=care).walk(20) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_codes_only_get_better_and_their_change_equals_re_evaluation(seed):
    walker, inputs, outputs = random_walker(seed, unknown=True)
    before = wrong_bits(walker, inputs, outputs)
    change = improve_codes(
        walker._shape, walker._gates, walker._work, walker._repeats, np.random.default_rng(seed)
    )
    after = wrong_bits(walker, walker.codes(), outputs)
    assert (after <= before).all()
    assert change == after.sum() - before.sum()


def one_hot_walker(seed, n_items=N_ITEMS, **options):
    """Random one-hot codes for any graph; several items share a code."""
    rng = np.random.default_rng(seed)
    inputs = np.arange(4) == rng.integers(0, 4, n_items)[:, None]
    outputs = booleans(seed + 2, n_items, 3)
    walker = Walker(random_network(rng), inputs, outputs, rng, unknown=True, one_hot=True, **options)
    return walker, inputs, outputs


@pytest.mark.parametrize("sigma", [3, 7])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_price_of_every_one_hot_code_equals_full_re_evaluation(seed, sigma):
    care = booleans(seed + 5, N_ITEMS, 3)
    walker, _, outputs = one_hot_walker(seed, care=care, sigma=sigma)
    prices = walker._one_hot.prices(walker._gates)
    for code in range(4):
        inputs = np.repeat(np.arange(4)[None] == code, N_ITEMS, axis=0)
        np.testing.assert_array_equal(prices[:, code], wrong_bits(walker, inputs, outputs, care=care))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_item_moves_to_a_one_hot_code_that_serves_it_best(seed):
    walker, inputs, outputs = one_hot_walker(seed)
    every = [wrong_bits(walker, np.arange(4) == np.full((N_ITEMS, 1), code), outputs) for code in range(4)]
    before = wrong_bits(walker, inputs, outputs)
    change = walker._improve_codes()
    after = wrong_bits(walker, walker.codes(), outputs)
    np.testing.assert_array_equal(after, np.min(every, axis=0))
    assert change == after.sum() - before.sum()
    assert (walker.codes().sum(axis=1) == 1).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_one_hot_codes_stay_one_hot_and_a_walk_with_them_reports_the_true_error(seed):
    walker, inputs, outputs = one_hot_walker(seed)
    for _ in range(3):
        before = walker.error
        assert walker.walk(3) == walker.error <= before
        inputs = walker.codes()
        assert (inputs.sum(axis=1) == 1).all()
        assert walker.error == wrong_bits(walker, inputs, outputs).sum()


@pytest.mark.skipif(not JIT, reason="whole searches")
def test_items_find_the_one_hot_codes_that_they_must_share():
    """24 items of 8 kinds, 8 codes: with the codes as they are drawn, no circuit fits."""
    outputs = np.where(booleans(5, 8, 6), 1, -1)[np.random.default_rng(0).permutation(24) % 8]
    network = Network.layered([8, 10, 6])
    problem = Problem("shared", network, np.empty((24, 0)), outputs, "unknown_one_hot")
    walker = Walker.of(problem, np.random.default_rng(1))
    fixed = Walker(network, walker.codes(), outputs > 0, np.random.default_rng(1))
    assert fixed.walk(300) > 0
    assert walker.walk(1000) == 0
    assert verify_items(walker.circuit("c"), walker.codes(), outputs > 0).exact
    result = btfnet.solve(problem, Settings(max_iterations=4000), trials=3, engine="descent")
    assert result.exact
    np.testing.assert_array_equal(result.circuit.predict(result.kept.codes), outputs)


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
    inputs = walkers[1]._work.values[1 : walkers[1].network.n_inputs + 1]
    inputs[:, n_items // 64] |= np.uint64(2**64 - 2 ** (n_items % 64))
    inputs[:, n_items // 64 + 1 :] = ~np.uint64(0)
    for walker in walkers:
        descent.evaluate(walker._shape, walker._gates, walker._work)
        walker.walk(6)
    assert walkers[0].error == walkers[1].error
    np.testing.assert_array_equal(walkers[0].weights(), walkers[1].weights())


def test_a_walk_with_nothing_wrong_changes_nothing():
    walker, inputs, _ = random_walker(0)
    outputs = evaluate(walker, inputs)[list(walker.network.output_nodes)].T > 0
    again = Walker(walker.network, inputs, outputs, np.random.default_rng(5))
    again.start_from(np.rint(walker.weights()).astype(np.int64), inputs)
    assert again.error == 0
    before = again.weights()
    assert again.walk(10) == 0
    np.testing.assert_array_equal(again.weights(), before)


@pytest.mark.skipif(not JIT, reason="thousands of gates")
@pytest.mark.parametrize("seed", range(3))
def test_the_best_of_all_gates_of_a_wide_node_is_found_with_whole_vectors_and_without(seed):
    network = Network.layered([13, 1])
    for n_items in (100, 520):
        inputs, outputs = booleans(seed, n_items, 13), booleans(seed + 9, n_items, 1)
        walker = Walker(network, inputs, outputs, np.random.default_rng(seed))
        improve_node(walker._shape, walker._gates, walker._work, 14, np.random.default_rng(seed))
        right = np.where(np.column_stack([np.zeros((n_items, 1), bool), inputs]) ^ ~outputs, 1, -1)
        majorities = [(right[:, chosen] * signs).sum(axis=1) for chosen, signs in _signed_triples(14)]
        copies = [sign * right[:, column] for column in range(14) for sign in (1, -1)]
        least = min(int((sums < 0).sum()) for sums in majorities + copies)
        assert wrong_bits(walker, inputs, outputs).sum() == least


@pytest.mark.skipif(not JIT, reason="a wide node")
def test_a_node_of_hundreds_of_senders_finds_its_gate_among_the_most_useful_ones():
    inputs = booleans(3, 300, 200)
    outputs = (inputs[:, [50]].astype(int) + inputs[:, [120]] + ~inputs[:, [199]]) >= 2
    found = []
    for _ in range(2):
        walker = Walker(Network.layered([200, 1]), inputs, outputs, np.random.default_rng(4))
        assert walker.walk(3) == 0
        found.append(walker.gate(201))
    assert found == [{51: 1, 121: 1, 200: -1}] * 2


def _signed_triples(width):
    for chosen in itertools.combinations(range(width), 3):
        for signs in itertools.product((1, -1), repeat=3):
            yield list(chosen), signs


# -- larger gates -----------------------------------------------------------------------------------------


def single_gate(weights, n_items=200, seed=7):
    """One node that must be sgn(Σ w x); the first weight is the bias."""
    inputs = booleans(seed, n_items, len(weights) - 1)
    values = np.column_stack([np.full(n_items, -1), np.where(inputs, 1, -1)])
    return Network.layered([len(weights) - 1, 1]), inputs, (values @ weights > 0)[:, None]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_walk_with_larger_gates_reports_the_true_error(seed):
    walker, inputs, outputs = random_walker(seed, sigma=7)
    for _ in range(3):
        before = walker.error
        assert walker.walk(3) <= before
        assert walker.error == wrong_bits(walker, inputs, outputs).sum()
        assert walker.error == verify_items(walker.circuit("c"), inputs, outputs).n_wrong_bits
    gates = [walker.gate(node) for node in walker.network.btf_nodes]
    assert all(sum(weight**2 for weight in gate.values()) <= 7 for gate in gates)
    assert all(sum(map(abs, gate.values())) % 2 for gate in gates)


@pytest.mark.parametrize("sigma", [5, 7, 9])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_pair_of_literals_makes_a_larger_gate_better_than_the_one_chosen(seed, sigma):
    network = Network.layered([5, 1])
    inputs, outputs = booleans(seed, 40, 5), booleans(seed + 100, 40, 1)
    walker = Walker(network, inputs, outputs, np.random.default_rng(seed), sigma=sigma)
    for _ in range(4):
        held, before = walker.gate(6), walker.error
        walker.error += improve_node(
            walker._shape, walker._gates, walker._work, 6, np.random.default_rng(seed)
        )
        errors = [
            wrong_bits(walker, inputs, outputs, gates={6: gate}).sum() for gate in all_small_gates(range(6))
        ]
        if sum(map(abs, held.values())) > 3:
            for first, second in itertools.product(
                [s * (n + 1) for n in range(6) for s in (1, -1)], repeat=2
            ):
                gate = dict(held)
                for literal in (first, second):
                    sender = abs(literal) - 1
                    gate[sender] = gate.get(sender, 0) + (1 if literal > 0 else -1)
                if sum(weight**2 for weight in gate.values()) <= sigma:
                    errors.append(wrong_bits(walker, inputs, outputs, gates={6: gate}).sum())
        assert walker.error == wrong_bits(walker, inputs, outputs).sum() <= min(before, *errors)


@pytest.mark.parametrize(
    "weights, sigma",
    [([0, 1, 1, -1, 1, 1, 0], 5), ([1, 1, 0, 1, -1, 1, 0], 5), ([0, 2, 1, -1, 1, 0], 7), ([1] * 7, 7)],
)
def test_larger_gates_are_found_as_far_as_sigma_allows(weights, sigma):
    network, inputs, outputs = single_gate(weights)
    small = Walker(network, inputs, outputs, np.random.default_rng(0))
    assert small.walk(30) > 0
    large = Walker(network, inputs, outputs, np.random.default_rng(0), sigma=sigma)
    assert large.walk(30) == 0
    node = network.n_nodes - 1
    assert large.gate(node) == {sender: weight for sender, weight in enumerate(weights) if weight}
    again = Walker(network, inputs, outputs, np.random.default_rng(1), sigma=sigma)
    again.start_from(np.array(weights), inputs)
    assert again.error == 0
    assert (again.weights() ** 2).sum() == pytest.approx(len(weights))


def test_a_small_gate_is_kept_where_a_larger_one_is_no_better():
    network, inputs, outputs = single_gate([0, 1, 1, -1, 0, 0])
    walker = Walker(network, inputs, outputs, np.random.default_rng(0), sigma=9)
    assert walker.walk(5) == 0
    assert walker.gate(network.n_nodes - 1) == {1: 1, 2: 1, 3: -1}


@pytest.mark.skipif(not JIT, reason="a whole search")
def test_one_hidden_layer_multiplies_two_bits_with_majorities_of_five_but_not_of_three():
    problem = btfnet.load("multiplier-2x2-wide").problem
    small = Walker.of(problem, np.random.default_rng(0))
    assert small.walk(2000) > 0
    large = Walker.of(problem, np.random.default_rng(0), sigma=5)
    assert large.walk(100_000) == 0
    assert verify_items(large.circuit("c"), problem.inputs > 0, problem.outputs > 0).exact


# -- the stepper ------------------------------------------------------------------------------------------


def two_by_two():
    return btfnet.load("multiplier-2x2").problem


def test_the_stepper_counts_sweeps_and_its_gap_is_the_wrong_bits():
    stepper = DescentStepper(two_by_two(), np.random.default_rng(0))
    assert stepper.iteration == 0
    stepper.advance(4, 0.0)
    assert 0 < stepper.iteration <= 4
    problem = stepper.problem
    wrong = verify_items(stepper.circuit(), problem.inputs > 0, problem.outputs > 0).n_wrong_bits
    assert stepper.gap == wrong
    assert stepper.measure()["train_bits"] == 1 - wrong / problem.outputs.size
    before = stepper.iteration
    stepper.advance(10, float("inf"))
    assert stepper.iteration == before


@pytest.mark.skipif(not JIT, reason="a whole search")
def test_the_loop_solves_the_two_bit_multiplier_with_the_stepper():
    problem = two_by_two()
    stepper = DescentStepper(problem, np.random.default_rng(1))
    status, trace = run(stepper, Settings(max_iterations=20_000))
    assert status is Status.SOLVED
    assert stepper.scores()[:2] == (1, 1)
    assert verify_items(stepper.circuit(), problem.inputs > 0, problem.outputs > 0).exact
    assert trace[-1].gap == 0


@pytest.mark.parametrize("kind", ["unknown_bits", "unknown_one_hot"])
def test_unknown_inputs_start_as_their_kind_demands(kind):
    outputs = np.where(booleans(0, 12, 4), 1, -1)
    problem = Problem("codes", Network.layered([3, 4]), np.empty((12, 0)), outputs, input_kind=kind)
    walker = Walker.of(problem, np.random.default_rng(0))
    walker.walk(2)
    ones = walker.codes().sum(axis=1)
    assert (ones == 1).all() if kind == "unknown_one_hot" else len(set(ones)) > 1


def test_items_that_stay_wrong_are_repeated_and_count_nothing_in_the_error():
    rng = np.random.default_rng(1)
    network = Network.layered([3, 2, 1])
    inputs, outputs = booleans(5, 40, 3), booleans(6, 40, 1)  # contradictory: no circuit fits
    walker = Walker(network, inputs, outputs, rng)
    walker.walk(60)
    items = walker._repeats.item
    assert (items >= 0).any()
    assert walker.error == wrong_bits(walker, inputs, outputs).sum() > 0
    for name, rows in (("values", walker._work.values[1:4]), ("targets", walker._shape.targets)):
        bits = unpack_bits(rows, 64 + items.size)
        slots, filled = bits[64:], items >= 0
        assert np.array_equal(slots[filled], bits[items[filled]]), name
    care = unpack_bits(walker._shape.care, 64 + items.size)
    assert np.array_equal(care[64:, 0], items >= 0)
    assert walker.output_bits == 40


def test_a_new_copy_takes_the_place_of_the_oldest():
    walker = Walker(
        Network.layered([3, 2, 1]), booleans(5, 40, 3), booleans(6, 40, 1), np.random.default_rng(1)
    )
    repeats, slots = walker._repeats, walker._repeats.item.size
    wrong = np.flatnonzero(wrong_bits(walker, booleans(5, 40, 3), booleans(6, 40, 1)))
    turns = 0
    while (repeats.item < 0).any():
        repeat_wrong_items(walker._shape, walker._work, repeats, walker.rng)
        turns += 1
    assert turns == -(-slots // wrong.size)
    assert set(repeats.item) == set(wrong)
    repeats.item[:] = 0
    before = int(repeats.state[0])
    repeat_wrong_items(walker._shape, walker._work, repeats, walker.rng)
    renewed = (before + np.arange(wrong.size)) % slots
    assert set(repeats.item[renewed]) == set(wrong)
    assert (np.delete(repeats.item, renewed) == 0).all()


def test_a_walk_goes_on_after_a_checkpoint_as_if_nothing_had_happened():
    network, inputs, outputs = Network.layered([3, 2, 1]), booleans(5, 40, 3), booleans(6, 40, 1)
    walker, other = (Walker(network, inputs, outputs, np.random.default_rng(seed)) for seed in (4, 5))
    walker.walk(35)
    assert (walker._repeats.item >= 0).any()
    saved = {name: array.copy() for name, array in walker.export().items()}
    other.restore(saved)
    other.rng.bit_generator.state = walker.rng.bit_generator.state
    for _ in range(12):
        assert walker.walk(3) == other.walk(3)
        assert all(np.array_equal(walker.export()[name], other.export()[name]) for name in saved)
    saved["repeated"][0] = 40
    with pytest.raises(DataError, match="do not exist"):
        other.restore(saved)

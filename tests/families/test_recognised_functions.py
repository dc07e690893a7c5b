"""What is recognised, what is not, and with which circuit."""

import numpy as np
import pytest

import btfnet
from btfnet.families.evidence import Sample, contradicted, entropy
from btfnet.families.polynomials import solve_mod_2
from btfnet.families.recognise import best_functions, joint_circuit, recognise
from btfnet.logic.aig.gates import aig_of


def rows(n_items, n_inputs, seed=0):
    return np.random.default_rng(seed).integers(0, 2, (n_items, n_inputs)).astype(bool)


def number(bits):
    return bits @ (1 << np.arange(bits.shape[1], dtype=np.int64))


def bit(numbers, digit):
    return numbers >> digit & 1 == 1


def problem(inputs, outputs, **more):
    return btfnet.Problem.from_bits(inputs, outputs, hidden=(), n_train=len(inputs) * 3 // 4, **more)


def word_pair(width, n_items=1200, seed=0):
    inputs = rows(n_items, 2 * width, seed)
    return inputs, number(inputs[:, :width]), number(inputs[:, width:])


def test_a_bit_of_a_product_is_named_and_its_circuit_is_right_on_items_never_seen():
    inputs, a, b = word_pair(8)
    [found] = recognise(problem(inputs[:, ::-1], bit(a * b, 7)))
    assert found.name == "bit 7 of the product of two 8-bit words, most significant bit first"
    assert found.exact
    fresh, c, d = word_pair(8, 1000, seed=5)
    assert np.array_equal(found.circuit.predict(fresh[:, ::-1])[:, 0], bit(c * d, 7))


X16 = rows(1500, 16)
ONES = X16.sum(axis=1)
FUNCTIONS = {
    "parity of all inputs": ONES % 2 == 1,
    "complement of the parity of 3 of 16 inputs": X16[:, [1, 4, 9]].sum(axis=1) % 2 == 0,
    "the number of ones is at least 11": ONES >= 11,
    "the number of ones is at most 7": ONES <= 7,
    "a weighted sum of 5 inputs, weights up to 3, is at least 5": X16[:, :5] @ [3, 3, 2, 1, 1] >= 5,
    "the number of ones of 5 inputs and of zeros of 2 is at least 3": (
        X16[:, :7] ^ [0, 0, 0, 0, 0, 1, 1]
    ).sum(axis=1)
    >= 3,
    "the number of ones in the xor of two 8-bit words is at least 4": (X16[:, :8] ^ X16[:, 8:]).sum(axis=1)
    >= 4,
    "the number of changes from each input to the next is in {0, 3, 6, 9, 12, 15}": (
        X16[:, 1:] ^ X16[:, :-1]
    ).sum(axis=1)
    % 3
    == 0,
    "one 16-bit word, least significant bit first, modulo 5, is in {0}": number(X16) % 5 == 0,
    "the number of ones in the and of two 8-bit words is odd": (X16[:, :8] & X16[:, 8:]).sum(axis=1) % 2 == 1,
    "polynomial of degree 2 over GF(2), 7 terms": (X16[:, :7] & X16[:, 4:11]).sum(axis=1) % 2 == 1,
    "bit 0 of the square root of one 16-bit word, least significant bit first": bit(
        np.floor(np.sqrt(number(X16))).astype(int), 0
    ),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_families_are_found_by_name_and_their_circuits_follow_the_items(name):
    [found] = recognise(problem(X16, FUNCTIONS[name]))
    assert found.name == name
    assert found.exact
    assert np.array_equal(found.circuit.predict(X16)[:, 0], FUNCTIONS[name])
    assert found.train == 1


@pytest.mark.parametrize("n_inputs", [3, 6, 16, 40])
@pytest.mark.parametrize("n_items", [12, 60, 1000])
def test_random_outputs_are_not_recognised_as_anything(n_inputs, n_items):
    for seed in range(3):
        inputs = np.unique(rows(n_items, n_inputs, seed), axis=0)
        wanted = np.random.default_rng(seed + 50).random((len(inputs), 2)) < (0.5, 0.05)
        assert recognise(problem(inputs, wanted)) == ()


def test_a_few_items_recognise_nothing_even_when_a_name_fits():
    inputs = rows(24, 8)
    assert recognise(problem(np.unique(inputs, axis=0), np.unique(inputs, axis=0).sum(axis=1) % 2)) == ()


def test_noise_is_forgiven_only_where_the_problem_allows_it():
    inputs, a, b = word_pair(16, 3000)
    wanted = bit(a + b, 6) ^ (np.random.default_rng(1).random(len(inputs)) < 0.1)
    assert recognise(problem(inputs, wanted)) == ()
    [found] = recognise(problem(inputs, wanted), error=0.1)
    assert found.name == "bit 6 of the sum of two 16-bit words, least significant bit first"
    assert 0.87 < found.train < 0.93


def test_xor_under_heavy_noise_is_a_parity_of_two_inputs():
    inputs = rows(5000, 12)
    wanted = inputs[:, 0] ^ inputs[:, 7] ^ (np.random.default_rng(1).random(5000) < 0.4)
    sample = Sample(inputs, wanted[:, None], np.ones((5000, 1), dtype=bool), 4000, 0.4)
    assert [function.name for _, function in best_functions(sample)] == ["parity of 2 of 12 inputs"]


def test_one_wrong_item_in_two_hundred_is_forgiven():
    inputs, a, b = word_pair(10, 2000)
    wanted = (a < b) ^ (np.arange(2000) % 250 == 0)
    [found] = recognise(problem(inputs, wanted))
    assert found.name.startswith("of two 10-bit words, the first is less than the second")


def test_bits_that_do_not_count_are_not_asked():
    inputs, a, b = word_pair(6)
    wanted, care = np.column_stack([bit(a - b, 5), bit(a * b, 6)]), rows(1200, 2, 9)
    found = recognise(problem(inputs, wanted ^ ~care, care=care))
    assert [each.output for each in found] == [0, 1]
    assert np.array_equal(found[1].circuit.predict(inputs)[:, 0], wanted[:, 1])


def test_outputs_of_one_operation_share_words_and_gates():
    inputs, a, b = word_pair(6)
    outputs = np.column_stack([bit(a + b, digit) for digit in range(7)])
    learned = problem(inputs, outputs)
    found = recognise(learned)
    assert {each.name.split(" of ", 1)[1] for each in found} == {
        "the sum of two 6-bit words, least significant bit first"
    }
    joint = joint_circuit(learned, found)
    assert len(joint.gates) == 12
    assert np.array_equal(joint.predict(inputs), outputs)
    assert joint_circuit(learned, found[1:]) is None


def test_a_circuit_that_would_be_too_large_gives_way_to_a_nearby_one():
    inputs, a, b = word_pair(16, 1500)
    [found] = recognise(problem(inputs, bit(a * b, 15)), max_ands=500)
    assert not found.exact
    assert aig_of(found.circuit).n_ands <= 500
    assert 0.9 < found.train < 1
    assert found.train == (found.circuit.predict(inputs[:1125])[:, 0] == bit(a * b, 15)[:1125]).mean()


def test_a_function_without_a_small_circuit_is_named_without_one():
    inputs = rows(600, 24)
    roots = np.floor(np.sqrt(number(inputs))).astype(int)
    [found] = recognise(problem(inputs, bit(roots, 0)), max_ands=20)
    assert found.circuit is None
    assert found.as_dict()["gates"] is None
    assert found.train == 1


def test_inputs_that_never_change_belong_to_no_word():
    inputs, a, b = word_pair(7)
    wider = np.insert(inputs, [0, 3], True, axis=1)
    [found] = recognise(problem(wider, bit(a + b, 6)))
    assert found.name == "bit 6 of the sum of two 7-bit words, least significant bit first"
    assert np.array_equal(found.circuit.predict(wider)[:, 0], bit(a + b, 6))


def test_analog_inputs_have_no_families():
    items = btfnet.Items.from_arrays([[0.5], [-0.25]], [[1], [0]], input_kind="analog")
    assert recognise(btfnet.Problem("a", btfnet.Network.layered([1, 1]), items)) == ()


def test_linear_equations_are_solved_or_contradict_each_other():
    rng = np.random.default_rng(3)
    for unknowns in (1, 5, 70, 130):
        left, solution = rng.integers(0, 2, (unknowns + 8, unknowns)), rng.integers(0, 2, unknowns)
        right = left @ solution % 2
        found = solve_mod_2(np.column_stack([left, right]).astype(bool))
        assert np.array_equal(left @ found % 2, right)
    assert solve_mod_2(np.array([[1, 0], [1, 1]], dtype=bool)) is None


def test_entropy_of_a_fair_coin_is_one_bit():
    assert entropy(5, 10) == 1
    assert entropy(0, 10) == entropy(10, 10) == 0


@pytest.mark.parametrize("error", [0, 0.05, 0.1, 0.3, 0.4])
def test_items_that_contradict_each_other_show_how_often_they_are_wrong(error):
    inputs, rng = rows(6000, 10), np.random.default_rng(2)
    wanted = (inputs[:, :1] ^ inputs[:, 4:5]) ^ (rng.random((6000, 1)) < error)
    sample = Sample(inputs, wanted, np.ones((6000, 1), dtype=bool), 6000)
    assert 0.9 * error <= contradicted(sample) <= 1.3 * error + (error == 0.4) * 0.1


def test_an_output_of_which_no_item_counts_belongs_to_no_family():
    inputs = rows(400, 6)
    outputs = np.column_stack([inputs[:, 0] ^ inputs[:, 1], inputs.sum(axis=1) > 2]).astype(float)
    outputs[:300, 0] = np.nan
    assert [found.output for found in recognise(problem(inputs, outputs))] == [1]


def test_no_more_candidates_are_tried_once_the_time_is_up():
    inputs, a, b = word_pair(8)
    product = problem(inputs, bit(a * b, 7))
    asked = []

    def over():
        asked.append(None)
        return len(asked) > 20

    assert recognise(product, stop=over) == ()
    assert 20 < len(asked) < 60  # every family that is left asks once or twice
    assert len(recognise(product)) == 1


def test_names_that_are_cut_short_count_as_nothing_found_and_the_search_has_the_rest(monkeypatch):
    inputs, a, b = word_pair(4)
    product = btfnet.Problem.from_bits(inputs, bit(a * b, 3), n_train=900)
    assert btfnet.solve(product, recognise=True, trials=1, jobs=1, time_limit=60).kept.engine == "families"
    monkeypatch.setattr("btfnet.search.by_name.LONGEST", 0.0)
    searched = btfnet.solve(product, recognise=True, trials=1, jobs=1, time_limit=20)
    assert searched.kept.engine != "families"
    assert searched.recognised == ()
    assert searched.exact


def test_items_that_stand_many_times_are_no_evidence():
    """Sixty items of random outputs, fifty times each, were called polynomials, and solved."""
    rng = np.random.default_rng(0)
    inputs, outputs = rng.random((60, 16)) < 0.5, rng.random((60, 3)) < 0.5
    order = rng.permutation(3000)
    problem = btfnet.Problem.from_bits(
        np.repeat(inputs, 50, axis=0)[order], np.repeat(outputs, 50, axis=0)[order]
    )
    assert recognise(problem) == ()


def test_a_count_of_negated_inputs_is_found_among_many_and_nothing_in_noise():
    """More inputs than are decomposed: the signs come from one vector that is iterated."""
    rng = np.random.default_rng(1)
    inputs = rng.random((3000, 60)) < 0.5
    signs = np.where(np.arange(20) % 3 == 0, -1, 1)
    ones = (np.where(inputs[:, :20], 1, -1) * signs).sum(axis=1)
    found = recognise(btfnet.Problem.from_bits(inputs, np.abs(ones) > 4))
    assert [each.name.startswith("the number of ones") for each in found] == [True]
    assert recognise(btfnet.Problem.from_bits(inputs, rng.random(3000) < 0.5)) == ()

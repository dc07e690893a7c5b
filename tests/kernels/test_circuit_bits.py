"""The bit-sliced kernels against naive twins."""

import numpy as np
import pytest

from btfnet.kernels.bits import (
    ALL,
    BLOCK,
    count_ones,
    evaluate_gate,
    evaluate_gates,
    pack_bits,
    pad_mask,
    unpack_bits,
    words_for,
)

pytestmark = pytest.mark.no_compiler


def naive_gate(at_least, literals, bits):
    """The definition, item by item; bits (n_nodes + 1, n_items) bool."""
    return np.array(
        [
            sum(bool(bits[abs(literal), item]) == (literal > 0) for literal in literals) >= at_least
            for item in range(bits.shape[1])
        ]
    )


def packed_rows(rng, n_nodes, n_items):
    """Random rows, row 0 false, as bits and as words."""
    bits = rng.random((n_nodes + 1, n_items)) < 0.5
    bits[0] = False
    return bits, pack_bits(bits.T)


@pytest.mark.parametrize("n_items", [0, 1, 7, 8, 63, 64, 65, 200])
def test_unpacking_gives_back_what_was_packed(n_items):
    bits = np.random.default_rng(n_items).random((n_items, 5)) < 0.5
    words = pack_bits(bits)
    assert words.shape == (5, words_for(n_items))
    assert words.dtype == np.uint64
    assert (unpack_bits(words, n_items) == bits).all()


def test_item_i_is_bit_i_of_its_word_and_pad_bits_are_zero():
    bits = np.zeros((70, 1), dtype=bool)
    bits[[0, 3, 69]] = True
    assert pack_bits(bits).tolist() == [[0b1001, 1 << 5]]
    assert pad_mask(70).tolist() == [2**64 - 1, 2**6 - 1]


def test_popcount_counts_the_ones_of_any_word():
    rng = np.random.default_rng(1)
    words = rng.integers(0, 2**64, 100, dtype=np.uint64)
    words[:3] = 0, ALL, 1 << 63
    expected = [bin(int(word)).count("1") for word in words]
    assert [count_ones(words[index : index + 1]) for index in range(len(words))] == expected
    assert count_ones(words) == sum(expected)


@pytest.mark.parametrize("n_literals", [0, 1, 2, 3, 4, 5, 8, 17])
def test_kernel_agrees_with_its_naive_twin_for_every_k(n_literals):
    rng = np.random.default_rng(n_literals)
    bits, values = packed_rows(rng, 9, 130)
    counter = np.empty((6, BLOCK), dtype=np.uint64)
    out = np.empty(values.shape[1], dtype=np.uint64)
    for at_least in range(-1, n_literals + 3):
        literals = rng.integers(1, 10, n_literals) * rng.choice((-1, 1), n_literals)
        evaluate_gate(at_least, literals, values, out, counter)
        assert (unpack_bits(out[None], 130)[:, 0] == naive_gate(at_least, literals, bits)).all()


def test_rows_longer_than_a_block_are_counted_to_their_end():
    rng = np.random.default_rng(3)
    bits, values = packed_rows(rng, 5, 64 * (BLOCK + 3) + 5)
    counter, out = np.empty((4, BLOCK), dtype=np.uint64), np.empty(values.shape[1], dtype=np.uint64)
    literals = np.array([1, -2, 3, 4, 4])
    evaluate_gate(3, literals, values, out, counter)
    expected = (bits[np.abs(literals)] ^ (literals < 0)[:, None]).sum(axis=0) >= 3
    assert (unpack_bits(out[None], bits.shape[1])[:, 0] == expected).all()


def test_literal_zero_reads_the_constant_false():
    _, values = packed_rows(np.random.default_rng(4), 2, 64)
    counter, out = np.empty((3, BLOCK), dtype=np.uint64), np.empty(1, dtype=np.uint64)
    evaluate_gate(1, np.array([0, 2]), values, out, counter)
    assert out[0] == values[2, 0]


def test_gates_in_order_see_the_gates_before_them():
    rng = np.random.default_rng(5)
    bits, values = packed_rows(rng, 2 + 3, 100)
    gates = [(2, [1, -2]), (1, [3, 1]), (2, [3, 4, -2, 4, 1])]
    start = np.cumsum([0, *(len(literals) for _, literals in gates)])
    flat = np.array([literal for _, literals in gates for literal in literals])
    evaluate_gates(2, start, flat, np.array([at_least for at_least, _ in gates]), values)
    for node, (at_least, literals) in enumerate(gates, start=3):
        bits[node] = naive_gate(at_least, literals, bits)
    assert (bits == unpack_bits(values, 100).T).all()

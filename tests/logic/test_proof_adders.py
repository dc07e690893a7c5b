"""The algebra of adders: it merges what is equal, whatever the order of adding, and nothing else."""

import numpy as np
import pytest

from btfnet.kernels.bits import pad_mask
from btfnet.logic.aig.aig import FALSE, TRUE, Builder
from btfnet.logic.evaluate import exhaustive_words
from btfnet.logic.proof.adders import cuts_of, merge_sums
from btfnet.logic.proof.deadline import Deadline, OutOfTime
from btfnet.logic.proof.random_patterns import AigSimulator, of_literal
from btfnet.logic.proof.sweep import open_pairs


def output_words(graph):
    values = AigSimulator(graph).values(exhaustive_words(graph.n_inputs, 0, max(1, 2**graph.n_inputs // 64)))
    return [of_literal(values, output) & pad_mask(2**graph.n_inputs) for output in graph.outputs]


def soup(rng, n_inputs=7, steps=25):
    """Adders, majorities, exclusive ors and Ands of whatever is there already, negated at random."""
    builder = Builder(n_inputs)
    pool = [2 * node for node in range(1, n_inputs + 1)]
    for _ in range(steps):
        a, b, c = (rng.choice(pool, 3) ^ rng.integers(0, 2, 3)).tolist()
        kind = int(rng.integers(0, 6))
        if kind < 3:
            pool += builder.add(a, b, (c, FALSE, TRUE)[kind])
        else:
            pool.append(
                (builder.majority(a, b, c), builder.both(a, b), builder.add(a, b, FALSE)[0])[kind - 3]
            )
    return builder.finish([literal for literal in pool if literal > TRUE], (), (), "soup")


def add_in_any_order(builder, rng, terms, n_columns):
    """The sum of literals with places, modulo 2^n_columns, by adders of random terms."""
    columns = [[literal for literal, place in terms if place == column] for column in range(n_columns)]
    for column, bits in enumerate(columns):
        while len(bits) > 1:
            rng.shuffle(bits)
            size = 3 if len(bits) > 2 and rng.random() < 0.7 else 2
            total, carry = builder.add(*(bits.pop() for _ in range(size)), *[FALSE] * (3 - size))
            bits.append(total)
            if column + 1 < n_columns:
                columns[column + 1].append(carry)
    return [bits[0] if bits else FALSE for bits in columns]


@pytest.mark.parametrize("seed", range(10))
def test_cuts_say_what_a_node_is(seed):
    graph = soup(np.random.default_rng(seed), 6, 12)
    values = AigSimulator(graph).values(exhaustive_words(6, 0, 1))[:, 0].tolist()
    n_cuts = 0
    for variable, cuts in cuts_of(graph, Deadline(None)):
        for leaves, table in cuts.items():
            n_cuts += 1
            for item in range(64):
                row = sum((values[leaf] >> item & 1) << place for place, leaf in enumerate(leaves))
                assert table >> row & 1 == values[variable] >> item & 1
    assert n_cuts > graph.n_ands


@pytest.mark.parametrize("block", range(8))
def test_merging_changes_no_output_of_anything(block):
    merged = 0
    for seed in range(40 * block, 40 * block + 40):
        graph = soup(np.random.default_rng(seed))
        after, count = merge_sums(graph, Deadline(None))
        assert all(
            np.array_equal(*pair) for pair in zip(output_words(graph), output_words(after), strict=True)
        )
        merged += count
    assert merged > 0


def test_most_sums_in_two_orders_become_one():
    n_pairs = n_open = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        builder, n_columns = Builder(10), int(rng.integers(2, 6))
        terms = [(2 * node + int(rng.integers(0, 2)), int(rng.integers(0, 2))) for node in range(1, 11)]
        if seed % 2:
            terms += [(builder.both(2, 4), 1), (builder.both(6, 8), 0), (builder.both(3, 9), 1)]
        two = [add_in_any_order(builder, rng, terms, n_columns) for _ in range(2)]
        graph = builder.finish(two[0] + two[1], (), (), "sums")
        after, _ = merge_sums(graph, Deadline(None))
        assert all(
            np.array_equal(*pair) for pair in zip(output_words(graph), output_words(after), strict=True)
        )
        n_pairs += len(open_pairs(graph))
        n_open += len(open_pairs(after))
    assert n_pairs > 60
    assert n_open <= 0.2 * n_pairs


def test_a_term_more_or_less_is_never_the_same_sum():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        builder = Builder(8)
        terms = [(2 * node + int(rng.integers(0, 2)), int(rng.integers(0, 2))) for node in range(1, 9)]
        other = list(terms)
        index = int(rng.integers(0, 8))
        other[index] = (other[index][0] ^ 1, other[index][1]) if seed % 2 else (other[index][0], 2)
        sums = [add_in_any_order(builder, rng, each, 4) for each in (terms, other)]
        graph = builder.finish(sums[0] + sums[1], (), (), "sums")
        after, _ = merge_sums(graph, Deadline(None))
        assert all(
            np.array_equal(*pair) for pair in zip(output_words(graph), output_words(after), strict=True)
        )
        assert open_pairs(after)


def test_time_limit_reaches_the_search_for_adders():
    with pytest.raises(OutOfTime):
        merge_sums(soup(np.random.default_rng(0)), Deadline(1e-9))

"""Gate descent whose items lie on many ranks does what one process does, to the bit."""

import numpy as np
import pytest
from support.thread_ranks import on_ranks

from btfnet import Items, Network, Problem
from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.descent.breakout import repeat_wrong_items
from btfnet.kernels.descent.merge import merge_equal
from btfnet.ranks.ranks import ALONE


def problem_of(n_items, hidden, seed, *, care=False, outputs=3):
    draw = np.random.default_rng(seed)
    bits = draw.random((n_items, 7)) < 0.5
    sums = [bits[:, 0] & bits[:, 1] | bits[:, 2], bits[:, 2:6].sum(1) > 2, draw.random(n_items) < 0.5]
    values = np.column_stack(sums)[:, :outputs]
    counts = draw.random(values.shape) < 0.8 if care else None
    items = Items(np.where(bits, 1, -1), np.where(values, 1, -1), care=counts)
    return Problem("shared", Network.layered([7, *hidden, outputs]), items)


def walked(problem, ranks, sigma, rounds):
    search = GateSearch.of(problem, np.random.default_rng(1), sigma=sigma, ranks=ranks)
    for some in rounds:
        search.walk(some)
    return {**search.export(), "error": search.error, "values": search.values(), "codes": search.codes()}


def alike(one, other):
    return all(np.array_equal(one[name], other[name]) for name in one) and set(one) == set(other)


CASES = {
    "majorities, items that are repeated": (problem_of(600, (6, 5), 0), 3, (7, 8)),
    "large gates": (problem_of(600, (4,), 1), 9, (3,)),
    "some bits do not count": (problem_of(900, (5,), 2, care=True), 5, (3,)),
    "a narrow cut": (problem_of(24, (2,), 3, outputs=2), 3, (12,)),
    "more ranks than vectors of words": (problem_of(40, (4,), 4), 3, (12,)),
}


@pytest.mark.parametrize("size", [2, 3])
@pytest.mark.parametrize("case", CASES)
def test_a_walk_on_many_ranks_is_that_of_one_process(case, size):
    problem, sigma, rounds = CASES[case]
    alone = walked(problem, ALONE, sigma, rounds)
    for shared in on_ranks(size, lambda ranks: walked(problem, ranks, sigma, rounds)):
        assert alike(alone, shared)


@pytest.mark.no_compiler
@pytest.mark.parametrize("sigma", [3, 9])
def test_few_items_on_two_ranks_walk_as_in_one_process_without_the_compiler_too(sigma):
    problem = problem_of(530, (4,), 5)
    alone = walked(problem, ALONE, sigma, (1,))
    for shared in on_ranks(2, lambda ranks: walked(problem, ranks, sigma, (1,))):
        assert alike(alone, shared)


def at_random(problem, ranks):
    """Random gates, the first hidden node as the second: something to merge, and items to repeat."""
    search = GateSearch.of(problem, np.random.default_rng(4), begin=False, ranks=ranks)
    gates, first = search.gates, problem.network.n_inputs + 1
    for array in gates:
        array[first + 1] = array[first]
    search.stand_here()
    pairs = merge_equal(search.shape, gates, search.buffers, search.rng)
    repeat_wrong_items(search.shape, search.buffers, search.item_weights, search.rng)
    return {**search.export(), "pairs": pairs, "unseparated": search.shape.cuts.unseparated.copy()}


@pytest.mark.no_compiler
@pytest.mark.parametrize("care", [False, True])
def test_merging_repeating_and_cuts_see_the_items_of_all_ranks(care):
    problem = problem_of(530, (3,), 7, care=care)
    alone = at_random(problem, ALONE)
    assert alone["pairs"] > 0
    assert (alone["repeated"] >= 0).any()
    assert alone["unseparated"].size == (0 if care else 1)
    for shared in on_ranks(3, lambda ranks: at_random(problem, ranks)):
        assert alike(alone, shared)


def test_a_search_goes_on_from_where_another_number_of_ranks_stopped():
    problem = problem_of(700, (5, 4), 6)

    def both(ranks):
        search = GateSearch.of(problem, np.random.default_rng(1), ranks=ranks)
        search.walk(11)
        saved = {name: np.array(array) for name, array in search.export().items()}
        search.walk(6)
        return saved, search

    saved, alone = both(ALONE)
    for ended in on_ranks(3, lambda ranks: _gone_on(problem, saved, ranks)):
        assert alike(alone.export(), ended)
    saved = on_ranks(2, lambda ranks: both(ranks)[0])[1]
    assert alike(alone.export(), _gone_on(problem, saved, ALONE))


def _gone_on(problem, saved, ranks):
    search = GateSearch.of(problem, np.random.default_rng(9), begin=False, ranks=ranks)
    search.restore(saved)
    search.walk(6)
    return search.export()

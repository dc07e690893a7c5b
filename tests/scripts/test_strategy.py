"""The study of search strategies: its own walks, and what restarts would cost."""

import numpy as np

import btfnet
from btfnet.engines.descent.local_search import GateSearch
from btfnet.kernels.descent.gate_arrays import evaluate
from scripts.studies.strategy import report
from scripts.studies.strategy.walks import anneal, arrays_of, walk_otherwise


def searches(n, seed=3):
    """The same search so many times."""
    problem = btfnet.load("multiplier-2x2").problem
    return [GateSearch.of(problem, np.random.default_rng(seed), repeats=False) for _ in range(n)]


def test_walk_of_the_study_is_the_packages_own_where_their_choices_agree():
    ours, theirs = searches(2)
    start = theirs.error
    for rounds in (1, 2, 3):
        errors = walk_otherwise(*arrays_of(theirs), start, start, rounds, 0.1, False, 0.0, theirs.rng)
        assert errors == (ours.walk(rounds, 1, 0.1, merging=False),) * 2
        start = errors[0]


def test_annealing_keeps_count_of_the_wrong_bits():
    (search,) = searches(1)
    shape, _, gates, kept, work = arrays_of(search)
    error, record = anneal(shape, gates, kept, work, search.error, search.error, 500, 2.0, search.rng)
    assert error == evaluate(shape, gates, work)
    assert record <= error


def test_cutoff_of_restarts_weighs_time_spent_against_successes():
    assert report.expected([1.0, 9.0], 9.0) == 5.0
    assert report.expected([1.0, 9.0], 1.0) == 2.0
    assert report.best_cutoff([1.0, 9.0, float("inf")], 10.0) == 1.0
    assert report.expected([2.0], 1.0) == float("inf")

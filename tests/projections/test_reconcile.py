"""The one loop, driven by the general engine: how runs end, and what they report."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import btfnet
from btfnet import Status
from btfnet.projections.combine import on_blocks
from btfnet.projections.continuous import HalfSpace, Hyperplane, Sphere
from btfnet.projections.values import Fixed, PlusMinusOne

START = np.array([0.3, -0.8, 0.5])

CROSSING = (Hyperplane([1, 1, 0], 2.0), Sphere(2.0))
PARALLEL = (Fixed([0], 0.0), Fixed([0], 1.0))


def test_the_answer_lies_in_both_sets():
    solution = btfnet.reconcile(*CROSSING, START)
    assert solution.status is Status.SOLVED
    assert solution.solved
    assert solution.gap <= 1e-6
    assert abs(solution.point[:2].sum() - 2) < 1e-5
    assert abs(np.linalg.norm(solution.point) - 2) < 1e-5


def test_the_iteration_is_the_one_of_the_paper():
    a, b = CROSSING
    v = START.copy()
    for _ in range(7):
        in_a = a.project(v)
        in_b = b.project(2 * in_a - v)
        v = v + 0.4 * (in_b - in_a)
    solution = btfnet.reconcile(a, b, START, beta=0.4, gap=0, max_iterations=7)
    np.testing.assert_allclose(solution.point, in_b, rtol=1e-14)
    assert solution.gap == pytest.approx(np.linalg.norm(in_b - in_a), rel=1e-12)


def test_the_run_ends_at_the_first_gap_that_is_small_enough():
    loose = btfnet.reconcile(*CROSSING, START, gap=1e-2)
    strict = btfnet.reconcile(*CROSSING, START, gap=1e-8)
    before = btfnet.reconcile(*CROSSING, START, gap=0, max_iterations=loose.iterations - 1)
    assert before.gap > 1e-2 >= loose.gap
    assert loose.iterations < strict.iterations


def test_an_unsolvable_run_ends_at_the_iteration_limit():
    solution = btfnet.reconcile(*PARALLEL, START, max_iterations=321)
    assert solution.status is Status.ITERATION_LIMIT
    assert not solution.solved
    assert solution.iterations == 321
    assert solution.gap == pytest.approx(1.0)


def test_an_unsolvable_run_ends_at_the_time_limit():
    solution = btfnet.reconcile(*PARALLEL, START, time_limit=0.05, max_iterations=10**12)
    assert solution.status is Status.TIME_LIMIT
    assert 0.05 <= solution.seconds < 5


def test_time_that_has_run_out_is_a_status_and_no_error():
    solution = btfnet.reconcile(*PARALLEL, START, time_limit=0)
    assert solution.status is Status.TIME_LIMIT
    assert solution.iterations == 0
    np.testing.assert_array_equal(solution.point, START)


def test_watch_sees_looks_and_points_and_can_end_the_run():
    seen = []

    def watch(look, point):
        seen.append((look.iteration, point.shape))
        return look.iteration >= 300

    solution = btfnet.reconcile(*PARALLEL, START, watch=watch)
    assert solution.status is Status.SOLVED
    assert solution.iterations == seen[-1][0] >= 300
    assert [look.iteration for look in solution.trace] == [iteration for iteration, _ in seen]
    assert {shape for _, shape in seen} == {(3,)}


def test_the_trace_counts_up_and_its_least_gap_never_rises():
    trace = btfnet.reconcile(*PARALLEL, START, max_iterations=2000).trace
    iterations = [look.iteration for look in trace]
    assert iterations == sorted(set(iterations))
    assert iterations[-1] == 2000
    assert all(one.least_gap >= other.least_gap for one, other in pairwise(trace))


def test_the_same_start_gives_the_same_run():
    runs = [btfnet.reconcile(*CROSSING, START, gap=1e-8) for _ in range(2)]
    np.testing.assert_array_equal(runs[0].point, runs[1].point)
    assert runs[0].iterations == runs[1].iterations


def test_the_start_is_not_changed():
    start = START.copy()
    btfnet.reconcile(*CROSSING, start)
    np.testing.assert_array_equal(start, START)


def test_ctrl_c_while_watching_keeps_the_trace():
    def watch(look, point):
        if look.iteration >= 200:
            raise KeyboardInterrupt

    solution = btfnet.reconcile(*PARALLEL, START, watch=watch)
    assert solution.status is Status.INTERRUPTED
    assert solution.iterations == solution.trace[-1].iteration >= 200
    assert np.isfinite(solution.point).all()


class InterruptedAfter:
    """Ctrl-C in the middle of a projection."""

    def __init__(self, calls):
        self.calls = calls

    def project(self, point):
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return PARALLEL[1].project(point)


def test_ctrl_c_while_projecting_keeps_the_iterations_done():
    solution = btfnet.reconcile(PARALLEL[0], InterruptedAfter(250), START)
    assert solution.status is Status.INTERRUPTED
    assert solution.iterations == 250
    assert [look.iteration for look in solution.trace][:2] == [100, 200]
    assert solution.point[0] == 1


class Stretches:
    def project(self, point):
        return np.append(point, 0.0)


class Overflows:
    def project(self, point):
        return np.where(np.arange(point.size) == 1, np.nan, point)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    "wrong, said",
    [
        (Stretches(), r"Stretches.project returned the shape \(4,\) for a point of shape \(3,\)"),
        (Overflows(), "Overflows.project returned nan at index 1"),
    ],
)
def test_a_wrong_projection_is_named(wrong, said, place):
    pair = [PlusMinusOne(), PlusMinusOne()]
    pair[place] = wrong
    with pytest.raises(btfnet.ProjectionError, match=said):
        btfnet.reconcile(*pair, START)


@pytest.mark.parametrize("start", [np.zeros((2, 2)), [1.0, np.nan], [1.0, np.inf]])
def test_a_start_that_is_not_flat_and_finite_is_refused(start):
    with pytest.raises(btfnet.UsageError, match="flat array of finite numbers"):
        btfnet.reconcile(*CROSSING, start)


@pytest.mark.parametrize("setting", [{"beta": 0}, {"beta": 2.5}, {"gap": -1}, {"max_iterations": 0}])
def test_a_setting_out_of_range_is_refused(setting):
    with pytest.raises(btfnet.UsageError, match=next(iter(setting))):
        btfnet.reconcile(*CROSSING, START, **setting)


def test_three_sets_are_reconciled_on_copies():
    a, b = btfnet.on_copies(
        [Sphere(1.0), HalfSpace([1, 0, 0], 0.5), Hyperplane([0, 1, 0], 0.25)], weights=[1, 2, 1]
    )
    solution = btfnet.reconcile(a, b, a.spread(START))
    point = b.merge(solution.point)
    assert solution.solved
    assert np.linalg.norm(point) == pytest.approx(1, abs=1e-5)
    assert point[0] >= 0.5 - 1e-5
    assert point[1] == pytest.approx(0.25, abs=1e-5)


# -- starts and projections that would be another problem ---------------------------------------------------


def copies():
    """Of a point of any size: inside a ball, in a half space of its first entry's."""
    return btfnet.on_copies([Sphere(1.0), PlusMinusOne(), Sphere(2.0)])


@pytest.mark.parametrize("size", [1, 2, 3, 6, 9, 30])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_start_that_was_not_spread_is_refused_whatever_its_length(size, swapped):
    """Of 3 copies 6 values were taken for copies of 2 until now, and that problem was solved."""
    a, b = copies()
    pair = (b, a) if swapped else (a, b)
    with pytest.raises(btfnet.UsageError, match=r"give reconcile a.spread\(start\)") as found:
        btfnet.reconcile(*pair, np.zeros(size))
    assert f"the start has {size} values" in str(found.value)
    a.spread(np.zeros(4))
    with pytest.raises(btfnet.UsageError, match="spread"):
        btfnet.reconcile(*pair, np.zeros(size))


def test_starts_that_hold_the_copies_are_taken():
    a, b = btfnet.on_copies([Sphere(1.0), HalfSpace([1, 0], 0.5)])
    first = btfnet.reconcile(a, b, a.spread([2.0, 3.0]) + 0.01, max_iterations=3)
    assert btfnet.reconcile(a, b, first.point).solved
    other, both = btfnet.on_copies([Sphere(1.0), HalfSpace([1, 0], 0.5)])
    assert btfnet.reconcile(other, both, other.join([[2.0, 3.0], [1.0, 3.0]])).solved
    alone, agree = btfnet.on_copies([Sphere(1.0)])
    assert btfnet.reconcile(alone, agree, [2.0, 3.0]).solved


def test_constraints_of_two_calls_of_on_copies_are_refused():
    (a, _), (_, b) = copies(), copies()
    with pytest.raises(btfnet.UsageError, match="one call of on_copies"):
        btfnet.reconcile(a, b, a.spread(np.zeros(4)))


def test_a_start_is_refused_also_behind_blocks():
    a, _ = copies()
    blocks = on_blocks([(slice(0, 6), a)])
    with pytest.raises(btfnet.UsageError, match="the start has 6 values"):
        btfnet.reconcile(blocks, PlusMinusOne(), np.zeros(7))
    start = np.append(a.spread([1.0, 1.0]), 0.5)
    assert btfnet.reconcile(blocks, PlusMinusOne(), start, max_iterations=1).iterations == 1


class Returns:
    """The same whatever the point is."""

    def __init__(self, value):
        self.value = value

    def project(self, point):
        return self.value


OTHER_KINDS = {
    "complex": (np.zeros(3, complex), "values of type complex128"),
    "complex list": ([1j, 0, 0], "values of type complex128"),
    "a mask": (np.ones(3, bool), "values of type bool"),
    "words": (["1", "2", "3"], "values of type <U1"),
    "objects": (np.array([1, 2, None]), "values of type object"),
    "nothing": (None, "None"),
    "ragged": ([[1], [2, 3]], "rows of unequal length"),
}


@pytest.mark.parametrize(("value", "said"), OTHER_KINDS.values(), ids=OTHER_KINDS)
def test_a_projection_that_returns_no_real_numbers_is_named(value, said):
    """The imaginary part was dropped with a warning of NumPy's, and a mask became 0 and 1."""
    with pytest.raises(btfnet.ProjectionError, match=f"Returns.project returned {said}; return "):
        btfnet.reconcile(PlusMinusOne(), Returns(value), START)
    a, _ = btfnet.on_copies([PlusMinusOne(), Returns(value)])
    with pytest.raises(btfnet.ProjectionError, match=f"copy 1: Returns.project returned {said}"):
        a.project(a.spread(START))


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.float16, np.float32, np.longdouble])
def test_real_numbers_of_any_kind_are_taken(dtype):
    assert btfnet.reconcile(Returns(np.ones(3, dtype)), PlusMinusOne(), START).solved


@pytest.mark.parametrize("rows", [np.zeros((2, 4)), np.zeros(12), np.zeros((3, 0)), np.zeros((3, 2, 2))])
def test_rows_that_are_not_one_for_each_copy_are_refused(rows):
    with pytest.raises(btfnet.UsageError, match="one row for each of the 3 copies"):
        copies()[0].join(rows)

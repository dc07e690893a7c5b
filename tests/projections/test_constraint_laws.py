"""Laws that hold for every ready-made constraint."""

from __future__ import annotations

import numpy as np
import pytest
from support.constraint_case import TOLERANCE
from support.constraint_cases import CASES, points, square_distance

import btfnet
from btfnet import constraints
from btfnet.projections.continuous import Sphere
from btfnet.projections.values import PlusMinusOne

pytestmark = pytest.mark.no_compiler


@pytest.fixture(params=CASES, ids=[f"{number}-{case}" for number, case in enumerate(CASES)])
def case(request):
    return request.param


def test_every_public_constraint_is_among_the_cases():
    tested = {type(case.constraint).__name__ for case in CASES}
    assert set(constraints.__all__) - {"Constraint", "on_blocks", "on_copies"} == tested


def test_the_projection_is_a_member(case):
    for point in points(case, np.random.default_rng(1), 25):
        assert case.holds(case.constraint.project(point))


def test_the_sampled_members_are_members(case):
    rng = np.random.default_rng(2)
    for point in points(case, rng, 5):
        assert case.holds(case.member(rng, point))


def test_projecting_twice_changes_nothing(case):
    for point in points(case, np.random.default_rng(3), 25):
        once = case.constraint.project(point)
        np.testing.assert_allclose(case.constraint.project(once), once, rtol=TOLERANCE, atol=TOLERANCE)


def test_no_sampled_member_is_nearer_than_the_projection(case):
    rng = np.random.default_rng(4)
    for point in points(case, rng, 10):
        nearest = case.constraint.project(point)
        distance = square_distance(case, point, nearest)
        for spread in (0.0, 1e-3, 1e-2, 0.1, 1.0):
            for centre in (nearest, point):
                member = case.member(rng, centre + spread * rng.normal(size=case.size))
                assert distance <= square_distance(case, point, member) + TOLERANCE * (1 + distance)


def test_the_projection_agrees_with_its_naive_twin(case):
    for point in points(case, np.random.default_rng(5), 25):
        np.testing.assert_allclose(case.constraint.project(point), case.twin(point), rtol=1e-8, atol=1e-8)


def test_the_point_is_not_changed_and_not_returned(case):
    point = np.random.default_rng(6).normal(size=case.size)
    before = point.copy()
    result = case.constraint.project(point)
    np.testing.assert_array_equal(point, before)
    assert not np.shares_memory(result, point)
    member = case.constraint.project(result)
    assert not np.shares_memory(member, result)


def test_a_member_stays_where_it_is(case):
    rng = np.random.default_rng(7)
    for point in points(case, rng, 5):
        member = case.member(rng, point)
        np.testing.assert_allclose(case.constraint.project(member), member, rtol=TOLERANCE, atol=TOLERANCE)


def test_the_zero_point_has_a_finite_projection_and_always_the_same(case):
    zero = np.zeros(case.size)
    nearest = case.constraint.project(zero)
    assert case.holds(nearest)
    np.testing.assert_array_equal(case.constraint.project(zero), nearest)


def test_a_point_that_is_not_flat_is_refused(case):
    with pytest.raises(btfnet.UsageError, match="flat point"):
        case.constraint.project(np.zeros((case.size, 1)))


def test_a_point_that_is_too_small_is_refused(case):
    size = 0 if isinstance(case.constraint, PlusMinusOne | Sphere) else 1
    with pytest.raises(btfnet.BtfnetError, match="values"):
        case.constraint.project(np.zeros(size))

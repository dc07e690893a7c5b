"""Points with several nearest members, or at the ends of the number range."""

from __future__ import annotations

import numpy as np
import pytest
from support.constraint_case import TOLERANCE
from support.constraint_cases import has_margin, margin_kept

from btfnet.projections.btf import Btf
from btfnet.projections.choice import ExactlyK, OneHot
from btfnet.projections.continuous import Sphere
from btfnet.projections.ties import Table
from btfnet.projections.values import PlusMinusOne

pytestmark = pytest.mark.no_compiler


def test_zero_goes_to_minus_one():
    np.testing.assert_array_equal(PlusMinusOne().project(np.array([0.0, -0.0, 1e-300])), [-1, -1, 1])


def test_of_equal_entries_the_first_is_chosen():
    np.testing.assert_array_equal(OneHot([2, 0, 1]).project(np.ones(3)), [-1, -1, 1])
    np.testing.assert_array_equal(ExactlyK(2, range(4)).project(np.array([0.0, 5, 5, 5])), [-1, 1, 1, -1])
    np.testing.assert_array_equal(ExactlyK(0, range(2)).project(np.ones(2)), [-1, -1])
    levels = np.arange(200) % 2
    many = ExactlyK(150, range(200)).project(levels)
    np.testing.assert_array_equal(many > 0, (levels == 1) | (np.arange(200) < 100))


def test_the_zero_vector_goes_to_equal_positive_entries_of_the_sphere():
    np.testing.assert_allclose(Sphere(4.0).project(np.zeros(4)), [2, 2, 2, 2])


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_the_sphere_is_reached_from_very_small_and_very_large_points(scale):
    np.testing.assert_allclose(Sphere(5.0).project(scale * np.array([3.0, -4.0])), [3, -4])


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize("scale", [0.0, 1e-200, 1e-9, 1.0, 30.0])
def test_opposed_weights_and_inputs_reach_the_margin_and_no_member_is_nearer(side, scale):
    """w = ∓x: there is no root, and a whole sphere of nearest members."""
    rng, btf = np.random.default_rng(8), Btf(4, 3.0)
    w = scale * rng.normal(size=4)
    point = np.concatenate([w, -side * w, [1e4 * side]])
    nearest = btf.project(point)
    assert nearest[-1] == side
    assert has_margin(4, 3.0)(nearest)
    distance = np.sum((point - nearest) ** 2)
    for _ in range(300):
        near = nearest + rng.choice([0.01, 0.3]) * rng.normal(size=9)
        near[-1] = side
        assert distance <= np.sum((point - margin_kept(4, 3.0)(rng, near)) ** 2) + TOLERANCE


@pytest.mark.parametrize("distance", [1e-1, 1e-4, 1e-8, 1e-13, 1e-100])
def test_nearly_opposed_weights_and_inputs_reach_the_margin(distance):
    rng, btf = np.random.default_rng(9), Btf(6, 3.0)
    w = rng.normal(size=6)
    point = np.concatenate([w, -w + distance * rng.normal(size=6), [10.0]])
    nearest = btf.project(point)
    assert has_margin(6, 3.0)(nearest)
    np.testing.assert_allclose(btf.project(nearest), nearest, atol=TOLERANCE)


def test_a_btf_without_preference_becomes_false():
    """y = 0 and w ⊥ x: both outputs cost the same."""
    assert Btf(2).project(np.array([1.0, 0.0, 0.0, 1.0, 0.0]))[-1] == -1


def test_a_btf_beyond_its_margin_keeps_its_weights():
    point = np.array([1.0, 1.0, 2.0, 2.0, 0.3])
    np.testing.assert_array_equal(Btf(2).project(point), [1, 1, 2, 2, 1])


def test_a_table_without_preference_takes_the_first_pattern_and_becomes_false():
    np.testing.assert_array_equal(Table([[0]], [1], [[2, 3]]).project(np.zeros(4)), [-1, -1, -1, 0])


def test_a_table_moves_the_entry_that_is_read_and_no_other():
    """The inputs say pattern 2 of 0 … 3; the table says true there, louder than the output says false."""
    point = np.array([1.0, -1.0, -0.3, 0.1, 0.2, 0.9, -0.4])
    nearest = Table([[0, 1]], [2], [range(3, 7)]).project(point)
    np.testing.assert_array_equal(nearest, [1, -1, 1, 0.1, 0.2, 1, -0.4])


def test_a_known_output_turns_the_entry_of_the_table():
    point = np.array([1.0, -1.0, -0.3, 0.1, 0.2, 0.9, -0.4])
    nearest = Table([[0, 1]], [2], [range(3, 7)], known=[-1.0]).project(point)
    np.testing.assert_array_equal(nearest, [1, -1, -1, 0.1, 0.2, -1, -0.4])

"""Constraints joined: on blocks of a point, and on copies of it."""

from __future__ import annotations

import numpy as np
import pytest

import btfnet
from btfnet.projections.combine import on_blocks, on_copies
from btfnet.projections.continuous import Sphere
from btfnet.projections.values import Fixed, PlusMinusOne

pytestmark = pytest.mark.no_compiler


def test_entries_of_no_block_are_free():
    point = np.array([0.3, -0.2, 0.7])
    np.testing.assert_array_equal(on_blocks([([1], PlusMinusOne())]).project(point), [0.3, -1, 0.7])


def test_a_block_sees_its_entries_in_the_order_of_its_indices():
    blocks = on_blocks([([2, 0], Fixed([0], 9.0))])
    np.testing.assert_array_equal(blocks.project(np.zeros(3)), [0, 0, 9])


def test_slices_ranges_and_lists_name_the_same_block():
    point = np.random.default_rng(10).normal(size=7)
    results = [
        on_blocks([(i, Sphere(1.0))]).project(point) for i in (slice(1, 7, 2), range(1, 7, 2), [1, 3, 5])
    ]
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_merge_undoes_spread():
    start = np.random.default_rng(11).normal(size=5)
    a, b = on_copies([PlusMinusOne(), Sphere(1.0), Sphere(2.0)], weights=[1, 2, 5])
    assert a.spread(start).shape == (15,)
    np.testing.assert_allclose(b.merge(a.spread(start)), start)
    np.testing.assert_array_equal(a.split(b.spread(start)), [start] * 3)


def test_a_heavier_copy_yields_less():
    _, b = on_copies([PlusMinusOne(), PlusMinusOne()], weights=[3, 1])
    np.testing.assert_allclose(b.project(np.array([1.0, -1.0])), [0.5, 0.5])


class Shortens:
    def project(self, point):
        return point[1:]


class Divides:
    def project(self, point):
        return np.full_like(point, np.nan)


@pytest.mark.parametrize(
    "wrong, said", [(Shortens(), "Shortens.project returned the shape"), (Divides(), "nan at")]
)
def test_a_wrong_part_is_named_with_its_place(wrong, said):
    a, _ = on_copies([PlusMinusOne(), wrong])
    with pytest.raises(btfnet.ProjectionError, match=f"copy 1: .*{said}"):
        a.project(np.zeros(6))
    with pytest.raises(btfnet.ProjectionError, match=f"block 0: .*{said}"):
        on_blocks([([0, 1], wrong)]).project(np.zeros(6))

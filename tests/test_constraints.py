"""Laws of every ready-made constraint, and what the constraints say about wrong arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import naive
import numpy as np
import pytest

import btfnet
from btfnet import constraints
from btfnet.constraints import (
    Agreement,
    Btf,
    ExactlyK,
    Fixed,
    HalfSpace,
    Hyperplane,
    OneHot,
    Permutation,
    PlusMinusOne,
    Sphere,
    on_blocks,
    on_copies,
)

GROUPS = [[0, 2, 4, 6], [1, 3, 5, 8]]
RAGGED = [[0, 3], [5, 1, 2], [7]]
RAGGED_WEIGHTS = [[1.0, 2.0], [0.5, 3.0, 1.0], [4.0]]
NORMAL = np.array([1.0, -2.0, 0.0, 0.5, 3.0])
TOLERANCE = 1e-10


@dataclass
class Case:
    """A constraint, its twin, a way to make members near a point, and what is true of a member."""

    constraint: Any
    size: int
    twin: Any
    member: Any
    """(rng, near) -> a member, found by other means than the projection."""
    holds: Any
    metric: Any = 1.0
    """Weights of the squared distance in which the projection is nearest."""

    def __str__(self):
        return type(self.constraint).__name__


def chosen_at_random(k, groups, low=-1.0, high=1.0):
    def member(rng, near):
        near = np.array(near)
        for group in groups:
            near[group] = low
            near[rng.choice(group, k, replace=False)] = high
        return near

    return member


def has_k_high(k, groups, low=-1.0, high=1.0):
    return lambda v: all(sorted(v[group]) == [low] * (len(group) - k) + [high] * k for group in groups)


def permuted(n, low=-1.0, high=1.0):
    return lambda rng, near: np.where(np.eye(n)[rng.permutation(n)] == 1, high, low).ravel()


def on_hyperplane(extra):
    """Corrects one coordinate at random, which is not the shortest way."""

    def member(rng, near):
        near, index = np.array(near), rng.choice(np.flatnonzero(NORMAL))
        near[index] += (2.0 + extra(rng) - NORMAL @ near) / NORMAL[index]
        return near

    return member


def agreeing(groups):
    def member(rng, near):
        near = np.array(near)
        for group in groups:
            near[group] = rng.choice(near[group])
        return near

    return member


def margin_kept(m, sigma):
    """Corrects x alone, which is not the shortest way."""
    margin = np.sqrt(m / sigma)

    def member(rng, near):
        w, x, y = near[:m], near[m:-1], rng.choice([-1.0, 1.0])
        short = margin - y * (w @ x)
        if short > 0:
            x = x + y * (short + rng.choice([0.0, rng.exponential()])) * w / (w @ w)
        return np.concatenate([w, x, [y]])

    return member


def has_margin(m, sigma):
    return lambda v: abs(v[-1]) == 1 and v[-1] * (v[:m] @ v[m:-1]) >= np.sqrt(m / sigma) - TOLERANCE


def blocks_case():
    parts = [(slice(1, 5), OneHot(range(4))), ([6, 0], Sphere(2.0))]

    def twin(v):
        v = np.array(v)
        v[1:5] = naive.project_exactly_k(v[1:5], 1, [range(4)], -1.0, 1.0)
        v[[6, 0]] = naive.project_sphere(v[[6, 0]], 2.0)
        return v

    def member(rng, near):
        near = chosen_at_random(1, [[1, 2, 3, 4]])(rng, near)
        near[[6, 0]] *= 2.0 / np.linalg.norm(near[[6, 0]])
        return near

    def holds(v):
        return has_k_high(1, [[1, 2, 3, 4]])(v) and abs(np.hypot(v[6], v[0]) - 2) < TOLERANCE

    return Case(on_blocks(parts), 8, twin, member, holds)


def copies_cases():
    weights = np.array([1.0, 3.0])
    a, b = on_copies([PlusMinusOne(), Sphere(2.0)], weights=weights)
    yield Case(
        a,
        6,
        lambda v: np.concatenate([naive.project_plus_minus_one(v[:3]), naive.project_sphere(v[3:], 2.0)]),
        lambda rng, near: np.concatenate(
            [rng.choice([-1.0, 1.0], 3), near[3:] * 2 / np.linalg.norm(near[3:])]
        ),
        lambda v: set(np.abs(v[:3])) == {1.0} and abs(np.linalg.norm(v[3:]) - 2) < TOLERANCE,
        np.repeat(weights, 3),
    )
    pairs = [[0, 3], [1, 4], [2, 5]]
    yield Case(
        b,
        6,
        lambda v: naive.project_agreement(v, pairs, [weights] * 3),
        agreeing(pairs),
        lambda v: np.array_equal(v[:3], v[3:]),
        np.repeat(weights, 3),
    )


def ragged_metric():
    metric = np.ones(8)
    for group, weight in zip(RAGGED, RAGGED_WEIGHTS, strict=True):
        metric[group] = weight
    return metric


def ragged_agrees(v):
    return all(np.ptp(v[group]) <= TOLERANCE for group in RAGGED)


CASES = [
    Case(
        Fixed([4, 1], [7.0, -2.0]),
        6,
        lambda v: naive.project_fixed(v, [4, 1], [7.0, -2.0]),
        lambda rng, near: np.where(np.arange(6) == 4, 7.0, np.where(np.arange(6) == 1, -2.0, near)),
        lambda v: v[4] == 7 and v[1] == -2,
    ),
    Case(
        PlusMinusOne(),
        6,
        naive.project_plus_minus_one,
        lambda rng, near: rng.choice([-1.0, 1.0], 6),
        lambda v: set(np.abs(v)) == {1.0},
    ),
    Case(
        OneHot(GROUPS),
        9,
        lambda v: naive.project_exactly_k(v, 1, GROUPS, -1.0, 1.0),
        chosen_at_random(1, GROUPS),
        has_k_high(1, GROUPS),
    ),
    Case(
        ExactlyK(2, GROUPS, low=0, high=3),
        9,
        lambda v: naive.project_exactly_k(v, 2, GROUPS, 0.0, 3.0),
        chosen_at_random(2, GROUPS, 0.0, 3.0),
        has_k_high(2, GROUPS, 0.0, 3.0),
    ),
    Case(
        Permutation(4, low=0),
        16,
        lambda v: naive.project_permutation(v, 4, 0.0, 1.0),
        permuted(4, 0.0),
        lambda v: (
            all(set(v.reshape(4, 4).sum(axis=axis)) == {1.0} for axis in (0, 1)) and set(v) == {0.0, 1.0}
        ),
    ),
    Case(
        Sphere(2.5),
        4,
        lambda v: naive.project_sphere(v, 2.5),
        lambda rng, near: 2.5 * near / np.linalg.norm(near),
        lambda v: abs(np.linalg.norm(v) - 2.5) < TOLERANCE,
    ),
    Case(
        Hyperplane(NORMAL, 2.0),
        5,
        lambda v: naive.project_hyperplane(v, NORMAL, 2.0),
        on_hyperplane(lambda rng: 0.0),
        lambda v: abs(NORMAL @ v - 2) < TOLERANCE,
    ),
    Case(
        HalfSpace(NORMAL, 2.0),
        5,
        lambda v: naive.project_half_space(v, NORMAL, 2.0),
        on_hyperplane(lambda rng: rng.choice([0.0, rng.exponential()])),
        lambda v: NORMAL @ v >= 2 - TOLERANCE,
    ),
    Case(
        Agreement(RAGGED, RAGGED_WEIGHTS),
        8,
        lambda v: naive.project_agreement(v, RAGGED, RAGGED_WEIGHTS),
        agreeing(RAGGED),
        ragged_agrees,
        ragged_metric(),
    ),
    *(
        Case(
            Btf(m, sigma),
            2 * m + 1,
            lambda v, m=m, sigma=sigma: naive.project_btf(v, m, sigma),
            margin_kept(m, sigma),
            has_margin(m, sigma),
        )
        for m, sigma in ((2, 3.0), (5, 3.0), (9, 7.5))
    ),
    blocks_case(),
    *copies_cases(),
]


@pytest.fixture(params=CASES, ids=[f"{number}-{case}" for number, case in enumerate(CASES)])
def case(request):
    return request.param


def points(case, rng, count):
    """Points of all scales, so that near, far and flat ones are among them."""
    return [rng.normal(size=case.size) * scale for scale in (0.1, 0.7, 2.0, 30.0) for _ in range(count)]


def square_distance(case, one, other):
    return float(np.sum(case.metric * (one - other) ** 2))


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


@pytest.mark.parametrize("constraint", [Permutation(3), Hyperplane([1, 2], 0), HalfSpace([1, 2], 0), Btf(4)])
def test_a_point_that_is_too_large_is_refused_where_the_size_is_known(constraint):
    with pytest.raises(btfnet.UsageError, match="10 values, but it needs"):
        constraint.project(np.zeros(10))


# -- ties and degenerate points ---------------------------------------------------------------------------


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


# -- joining ----------------------------------------------------------------------------------------------


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


# -- wrong arguments --------------------------------------------------------------------------------------

WRONG_ARGUMENTS = {
    "repeated index": (lambda: Fixed([1, 2, 1], 0.0), "index 1 twice"),
    "negative index": (lambda: Fixed([-1], 0.0), "index -1; count from 0"),
    "fractional index": (lambda: Fixed([0.5], 0.0), "float64"),
    "mask": (lambda: Fixed([True, False], 0.0), "flatnonzero"),
    "no indices": (lambda: Fixed([], 0.0), "flat list of whole numbers"),
    "values of another length": (lambda: Fixed([1, 2], [1.0]), "2 indices, but values of shape"),
    "values that are no numbers": (lambda: Fixed([1], "x"), "cannot be read as numbers"),
    "infinite value": (lambda: Fixed([1, 2], [1, np.inf]), "value inf at index"),
    "radius zero": (lambda: Sphere(0), "radius is 0, but it must be a positive number"),
    "radius no number": (lambda: Sphere("2"), "radius is '2'"),
    "normal zero": (lambda: Hyperplane([0, 0], 1), "not all zero"),
    "normal not flat": (lambda: HalfSpace([[1, 0]], 1), "not all zero|flat list"),
    "k above the size": (lambda: ExactlyK(4, [0, 1, 2]), "k is 4, .* at most 3"),
    "groups overlap": (lambda: OneHot([[0, 1], [1, 2]]), "index 1 twice"),
    "groups ragged": (lambda: OneHot([[0, 1], [2]]), "differ in size"),
    "groups too deep": (lambda: OneHot(np.arange(8).reshape(2, 2, 2)), r"expected \(n_groups, size\)"),
    "low above high": (lambda: Permutation(2, low=1, high=0), "low must be below high"),
    "n zero": (lambda: Permutation(0), "n is 0"),
    "no groups": (lambda: Agreement([]), "at least one"),
    "weights of another shape": (lambda: Agreement([[0, 1]], [[1.0]]), "one weight for each entry"),
    "weight zero": (lambda: Agreement([[0, 1]], [[1.0, 0.0]]), "must be positive"),
    "sigma zero": (lambda: Btf(3, 0), "sigma is 0"),
    "no inputs": (lambda: Btf(0), "n_inputs is 0"),
    "no constraints": (lambda: on_copies([]), "at least one"),
    "class for an instance": (lambda: on_copies([PlusMinusOne]), "class PlusMinusOne; give an instance"),
    "no projection": (lambda: on_copies([3]), "number 0 is 3, which has no project"),
    "copies' weights": (lambda: on_copies([PlusMinusOne()], weights=[1, 2]), "one positive number for each"),
    "copies' weight zero": (lambda: on_copies([PlusMinusOne()], weights=[0]), "one positive number for each"),
    "blocks overlap": (lambda: on_blocks([([0], Sphere(1)), ([0], Sphere(1))]), "index 0 twice"),
    "block no pair": (lambda: on_blocks([Sphere(1)]), "no pair"),
    "no blocks": (lambda: on_blocks([]), "at least one"),
    "open slice": (lambda: on_blocks([(slice(3, None), Sphere(1))]), "slice with a stop"),
    "split of odd size": (
        lambda: on_copies([Sphere(1), Sphere(2)])[1].merge(np.zeros(3)),
        "cannot hold 2 copies",
    ),
}


@pytest.mark.parametrize("build, said", WRONG_ARGUMENTS.values(), ids=WRONG_ARGUMENTS)
def test_a_wrong_argument_is_refused_with_its_value(build, said):
    with pytest.raises(btfnet.UsageError, match=said):
        build()


def test_constraints_cannot_be_changed():
    fixed = Fixed([0], [1.0])
    with pytest.raises(AttributeError):
        fixed.values = 2
    with pytest.raises(ValueError):
        fixed.values[0] = 2

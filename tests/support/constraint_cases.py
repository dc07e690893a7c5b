"""Every ready-made constraint with its twin, other ways to its members, and what is true of them."""

from __future__ import annotations

import numpy as np

from btfnet.projections.btf import Btf
from btfnet.projections.choice import ExactlyK, OneHot, Permutation
from btfnet.projections.combine import on_blocks, on_copies
from btfnet.projections.continuous import Agreement, HalfSpace, Hyperplane, Sphere
from btfnet.projections.values import Fixed, PlusMinusOne
from support import naive
from support.constraint_case import TOLERANCE, Case, agreeing
from support.tie_cases import TIES

GROUPS = [[0, 2, 4, 6], [1, 3, 5, 8]]
RAGGED = [[0, 3], [5, 1, 2], [7]]
RAGGED_WEIGHTS = [[1.0, 2.0], [0.5, 3.0, 1.0], [4.0]]
NORMAL = np.array([1.0, -2.0, 0.0, 0.5, 3.0])


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
    *TIES,
    blocks_case(),
    *copies_cases(),
]


def points(case, rng, count):
    """Points of all scales, so that near, far and flat ones are among them."""
    return [rng.normal(size=case.size) * scale for scale in (0.1, 0.7, 2.0, 30.0) for _ in range(count)]


def square_distance(case, one, other):
    return float(np.sum(case.metric * (one - other) ** 2))

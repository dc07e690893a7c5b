"""The margin's root over the whole range of p, q and c, in both float types."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from support.naive import margin_root as naive_root

from btfnet.kernels.projections.margin_root import FASTMATH, STEPS, U_MAX, margin_root, margin_shrink

pytestmark = pytest.mark.no_compiler

N_POINTS = 2000


@njit(error_model="numpy", fastmath=FASTMATH)
def roots_in_lanes(p, q, c, u_max, steps, out):
    """As the sweep uses it: inlined, one root a lane."""
    for lane in range(p.size):
        out[lane] = margin_root(p[lane], q[lane], c[lane], u_max, steps)


@pytest.fixture(params=["float32", "float64"])
def kind(request):
    return request.param


def roots(p, q, c, kind):
    p, q, c = (np.atleast_1d(np.asarray(values, dtype=kind)) for values in (p, q, c))
    out = np.empty_like(p)
    roots_in_lanes(p, q, c, np.dtype(kind).type(U_MAX[kind]), STEPS[kind], out)
    return p, q, c, out


def sampled(rng, n_points=N_POINTS):
    """|w+x|², |w-x|² and c over many decades, with p < c."""
    plus, minus, c = 10 ** rng.uniform([-6, -6, -2], [3, 3, 2], (n_points, 3)).T
    inside = plus - minus < 4 * c
    return plus[inside], minus[inside], c[inside]


def test_the_root_is_finite_and_between_zero_and_its_bound(kind):
    plus, minus, c = sampled(np.random.default_rng(0))
    _, _, _, u = roots((plus - minus) / 4, (plus + minus) / 2, c, kind)
    assert np.isfinite(u).all()
    assert ((u >= 0) & (u <= np.dtype(kind).type(U_MAX[kind]))).all()


def test_the_residual_is_of_the_size_of_round_off(kind):
    plus, minus, c = sampled(np.random.default_rng(1))
    p, q, c, u = (values.astype(float) for values in roots((plus - minus) / 4, (plus + minus) / 2, c, kind))
    clamped = u >= U_MAX[kind] * (1 - 1e-6)
    residual = p * (1 + u**2) + q * u - c * (1 - u**2) ** 2
    round_off = 8 * np.finfo(kind).eps * (np.abs(p) + q + c)
    assert (np.abs(residual) <= round_off)[~clamped].all()
    assert (residual <= round_off)[clamped].all(), "where u is clamped, the root lies beyond"
    assert clamped.mean() < 0.2


def test_the_root_agrees_with_bracketing(kind):
    plus, minus, c = sampled(np.random.default_rng(2), 300)
    p, q, c, u = roots((plus - minus) / 4, (plus + minus) / 2, c, kind)
    for index in range(len(u)):
        exact = min(naive_root(float(p[index]), float(q[index]), float(c[index])), U_MAX[kind])
        # p and q lose |w+x|² = q + 2p where it is small: t = 1 - u is then known to eps q/t only.
        error = 8 * np.finfo(kind).eps * (1 + (abs(p[index]) + q[index]) / c[index] / (1 - exact))
        assert abs(u[index] - exact) <= error


def test_w_and_x_reach_the_margin(kind):
    rng = np.random.default_rng(3)
    for m in (1, 2, 9, 33):
        w, x = rng.normal(size=(2, N_POINTS // 4, m))
        c, p, q = np.sqrt(m / 3), (w * x).sum(axis=1), (w * w + x * x).sum(axis=1)
        w, x, p, q = w[p < c], x[p < c], p[p < c], q[p < c]
        u = roots(p, q, np.full_like(p, c), kind)[3].astype(float)[:, None]
        there = np.sum((w + u * x) * (x + u * w), axis=1) / (1 - u[:, 0] ** 2) ** 2
        reached = u[:, 0] < 0.9
        np.testing.assert_allclose(there[reached], c, rtol=3e3 * np.finfo(kind).eps)


def test_more_steps_than_needed_change_nothing(kind):
    plus, minus, c = (values.astype(kind) for values in sampled(np.random.default_rng(4), 300))
    for index in range(len(c)):
        few = margin_shrink(plus[index], minus[index], c[index], STEPS[kind])
        many = margin_shrink(plus[index], minus[index], c[index], 40)
        assert abs(few - many) <= 8 * np.finfo(kind).eps * many


DEGENERATE = {
    "all zero": (0.0, 0.0, 1.0),
    "w = -x": (-4.0, 8.0, 1.0),
    "w = -x, far out": (-4e6, 8e6, 1.0),
    "w = -x, tiny": (-1e-12, 2e-12, 1.0),
    "w = -x, rounded beyond": (-4.0000005, 8.0, 1.0),
    "w = x, tiny": (1e-12, 2e-12, 1.0),
    "w zero": (0.0, 5.0, 1.0),
    "just below the margin": (1.0 - 1e-7, 2.0, 1.0),
    "at the margin": (1.0, 2.0, 1.0),
    "w = x at the margin": (1.0, 2.0, 1.0),
    "huge q": (0.5, 1e12, 1.0),
    "huge margin": (0.0, 1.0, 1e6),
}


@pytest.mark.parametrize("p, q, c", DEGENERATE.values(), ids=DEGENERATE)
def test_degenerate_points_give_a_finite_root_within_bounds(p, q, c, kind):
    u = roots(p, q, c, kind)[3][0]
    assert np.isfinite(u)
    assert 0 <= u <= np.dtype(kind).type(U_MAX[kind])


@pytest.mark.parametrize("name", ["all zero", "w = -x", "w = -x, rounded beyond"])
def test_without_a_root_the_root_is_its_bound(name, kind):
    assert roots(*DEGENERATE[name], kind)[3][0] == np.dtype(kind).type(U_MAX[kind])


def test_at_the_margin_nothing_moves(kind):
    assert roots(*DEGENERATE["at the margin"], kind)[3][0] == 0


def test_a_nan_stays_a_nan_or_is_refused_later(kind):
    """Not hidden in w: the sweep's own w·x is NaN then, whatever the root is."""
    u = roots(np.nan, 1.0, 1.0, kind)[3][0]
    assert np.isnan(u) or 0 <= u <= np.dtype(kind).type(U_MAX[kind])


def test_the_lanes_stay_in_their_float_type(kind):
    """A double constant in the loop would halve the lanes of a float32 sweep."""
    if not hasattr(roots_in_lanes, "signatures"):
        pytest.skip("nothing is compiled with NUMBA_DISABLE_JIT=1")

    roots([0.5], [3.0], [1.0], kind)
    signature = next(s for s in roots_in_lanes.signatures if str(s[0].dtype) == kind)
    loop = roots_in_lanes.inspect_llvm(signature).split("\ndefine ")[1].split("\n}")[0]
    assert "sqrt" in loop
    assert ("double" in loop) == (kind == "float64")

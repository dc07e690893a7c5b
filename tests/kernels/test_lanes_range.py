"""The projection of the vectorised sweep over the whole range of (p, q, δ, y), in both float types.

The reference brackets the root in extended precision from the same p and q, lane by lane.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from numba import njit

from btfnet import Items, Problem, ProjectionError, Settings
from btfnet.engines.projections.stepper import NetworkStepper
from btfnet.kernels.projections.blocks import Block
from btfnet.kernels.projections.margin_root import U_MAX
from btfnet.kernels.projections.project_margin import project_nodes
from btfnet.problem.network import Network

pytestmark = pytest.mark.no_compiler

DELTAS = (1e-3, 0.5, 1.0, 3.3, 40.0, 1e6)
needs_jit = pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="the twin takes 1 - u² from u, and loses what t keeps"
)
needs_range = pytest.mark.skipif(np.finfo(np.longdouble).maxexp < 16000, reason="no extended precision here")
INTERPRETED = os.environ.get("NUMBA_DISABLE_JIT") == "1"
N_LANES = 64 if INTERPRETED else 4096
EXTENDED = np.longdouble
FADING = {"float32": 1e-37, "float64": 1e-307}


@njit(error_model="numpy")
def project_row(block, delta, beta, gamma, per_mean):
    """The kernel as the sweep calls it, for one node."""
    return project_nodes(block, delta, beta, gamma, per_mean, 0, 1)


@pytest.fixture(params=["float32", "float64"])
def kind(request):
    return request.param


def projected(p, q, y, delta, kind):
    """What the kernel makes of one row of lanes at rest (β = γ = 0): y_A, a, b, and the push."""
    n = len(p)
    real = np.dtype(kind).type

    def rows(count, value=0.0):
        return np.full((count, n), value, dtype=kind)

    sums = rows(4)[:, None]
    sums[0, 0], sums[1, 0] = p, q
    block = Block(
        w=rows(1), x=rows(1), y=y[None].copy(), z=rows(1), g=rows(1, 1.0), y_a=rows(1), a=rows(1), b=rows(1),
        w_sum=np.zeros(1, kind), z_sum=rows(1), sums=sums, push=rows(2)[:, None],
    )  # fmt: skip
    with np.errstate(all="ignore"):  # the interpreted twin says what vector instructions do silently
        project_row(block, rows(1, delta), real(0), real(0), real(1))
    return block.y_a[0], block.a[0], block.b[0], block.push[:, 0]


def sampled(kind, seed):
    """p, q, y: |w+x|² and |w-x|² zero, denormal, and over all decades up to huge; y likewise, both zeros too."""
    rng = np.random.default_rng(seed)
    low, high = (-44, 36) if kind == "float32" else (-322, 300)

    def sizes():
        wide = 10.0 ** rng.uniform(low, high, N_LANES)
        usual = 10.0 ** rng.uniform(-6, 3, N_LANES)
        values = np.where(rng.random(N_LANES) < 0.5, wide, usual)
        values[rng.random(N_LANES) < 0.05] = 0
        return values.astype(kind)

    plus, minus = sizes(), sizes()
    equal = rng.random(N_LANES) < 0.05
    plus[equal] = minus[equal]
    p, q = (plus / 4 - minus / 4).astype(kind), (plus / 2 + minus / 2).astype(kind)
    p[rng.random(N_LANES) < 0.02] = -0.0
    y = sizes() * rng.choice([-1, 1], N_LANES).astype(kind)
    y[rng.random(N_LANES) < 0.3] = rng.choice([-1.0, 1.0, 0.0, -0.0])
    return p, np.maximum(q, 2 * np.abs(p)), y


def brackets(plus, minus, delta):
    """The root t in [0, 1] of plus/t² - minus/(2-t)² = 4δ, which falls with t; 0 where plus is 0."""
    low, high = np.zeros(len(plus), EXTENDED), np.ones(len(plus), EXTENDED)
    for _ in range(130):
        t = (low + high) / 2
        beyond = plus * (2 - t) ** 2 - minus * t**2 < 4 * EXTENDED(delta) * (t * (2 - t)) ** 2
        low, high = np.where(beyond, low, t), np.where(beyond, t, high)
    return (low + high) / 2


def references(p, q, delta, kind):
    """u of the move to either side of the margin, as the kernel defines it with its clamp: (here, there)."""
    delta, most = np.dtype(kind).type(delta), EXTENDED(np.dtype(kind).type(U_MAX[kind]))
    p, q = p.astype(EXTENDED), q.astype(EXTENDED)
    size = np.abs(p)
    longer, shorter = q + 2 * size, np.maximum(q - 2 * size, 0)
    here = np.where(size < delta, np.minimum(1 - brackets(longer, shorter, delta), most), 0)
    return here, np.minimum(1 - brackets(shorter, longer, delta), most)


def cost(u, p, q):
    """Squared distance of (w, x) to its image under u, p being on the image's side."""
    plus, minus = q + 2 * p, q - 2 * p
    return ((plus / (1 - u) ** 2 + minus / (1 + u) ** 2) * u * u) / 2


@pytest.mark.parametrize("delta", [*DELTAS, 1e-30, 1e19])
def test_whatever_is_finite_stays_finite(kind, delta):
    for seed in range(5):
        p, q, y = sampled(kind, seed)
        y_a, a, b, push = projected(p, q, y, delta, kind)
        assert (np.abs(y_a) == 1).all()
        for values in (a, b, push):
            assert np.isfinite(values).all()
        assert (a >= 1 - 4 * np.finfo(kind).eps).all()
        assert (np.abs(b) < a).all()


@needs_jit
@needs_range
@pytest.mark.parametrize("delta", DELTAS)
def test_the_move_is_the_exact_one_to_round_off(kind, delta):
    p, q, y = sampled(kind, 10)
    y_a, a, b, _ = projected(p, q, y, delta, kind)
    here, there = references(p, q, delta, kind)
    side = np.where(p >= 0, 1, -1)
    u = np.where(y_a == side, side * here, -side * there)
    # 1 - u is exact to round-off, and so is a; u itself where it is small, only up to that
    round_off = 16 * np.finfo(kind).eps
    clamped = np.abs(u) >= U_MAX[kind] * (1 - 1e-5)
    slack = np.where(clamped, 1e-2 if kind == "float32" else 1e-6, round_off)
    exact = 1 / ((1 - u) * (1 + u))
    # squared lengths that vanish beside the margin: t underflows, and nothing may move at all
    normal = np.maximum(q - 2 * np.abs(p), np.where(y_a == side, q + 2 * np.abs(p), 0)) > FADING[kind] * delta
    assert normal.mean() > 0.5
    assert (np.abs(a - exact) <= slack * exact)[normal].all()
    assert (np.abs(b - u * exact) <= slack * exact)[normal].all()


@needs_jit
@needs_range
@pytest.mark.parametrize("delta", DELTAS)
def test_no_other_side_is_nearer(kind, delta):
    """The distance counts, not the side: where both are as near as round-off can tell, either will do.

    Not where u is clamped (w = ∓x but for 1e-3 or less): such a move stops short of the margin, and so is cheaper.
    """
    p, q, y = sampled(kind, 20)
    y_a, _, _, _ = projected(p, q, y, delta, kind)
    here, there = references(p, q, delta, kind)
    p, q, y = (values.astype(EXTENDED) for values in (p, q, y))
    side = np.where(p >= 0, 1, -1)
    stay = (side - y) ** 2 + cost(here, np.abs(p), q)
    turn = (side + y) ** 2 + cost(there, -np.abs(p), q)
    taken, other = np.where(y_a == side, stay, turn), np.where(y_a == side, turn, stay)
    reached = np.maximum(here, there) < U_MAX[kind] * (1 - 1e-5)
    assert reached.sum() > N_LANES // 50
    assert (taken <= other * (1 + 1e3 * np.finfo(kind).eps))[reached].all()


def test_value_and_sum_that_agree_keep_their_side(kind):
    p, q, y = sampled(kind, 30)
    agree = np.sign(y) * np.sign(p) > 0
    agree &= (
        np.abs(y.astype(EXTENDED) * p) >= np.finfo(kind).tiny
    )  # a product that underflows agrees with nobody
    y_a, _, _, _ = projected(p, q, y, 1.0, kind)
    assert (y_a == np.sign(y))[agree].all()


@pytest.mark.parametrize("delta", DELTAS)
def test_beyond_the_margin_nothing_moves(kind, delta):
    p, q, _ = sampled(kind, 40)
    beyond = np.abs(p) >= np.dtype(kind).type(delta)
    assert beyond.any()
    _, a, b, _ = projected(p, q, np.sign(p), delta, kind)
    assert (a[beyond] == 1).all()
    assert (b[beyond] == 0).all()


def test_a_tie_goes_to_minus_one(kind):
    """w and x zero and y zero, of either sign: both sides are equally far."""
    zeros = np.array([0.0, -0.0] * 16, dtype=kind)
    for y in (zeros, -zeros):
        y_a, a, b, _ = projected(zeros, np.abs(zeros), y, 1.0, kind)
        assert (y_a == -1).all()
        assert np.isfinite(a).all()
        assert np.isfinite(b).all()


# -- nothing enters the state unnoticed -------------------------------------------------------------------

FIRST_HIDDEN = 5
"""Of the network below; as a row of w and x it is an edge. The y of an output needs no guard: it moves by at most
2β, nothing is computed from it but the sign of its y_A."""


def stepper(kind, **settings):
    rng = np.random.default_rng(0)
    outputs = np.where(rng.random((16, 2)) < 0.5, -1, 1)
    inputs = np.array([[2 * (item >> bit & 1) - 1 for bit in range(4)] for item in range(16)], np.float32)
    problem = Problem("range", Network.layered([4, 3, 2]), Items(inputs, outputs))
    return NetworkStepper(problem, Settings(**settings), np.random.default_rng(1), precision=kind)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["w", "x", "y", "g", "z", "a", "b"])
def test_no_value_that_is_not_finite_enters_the_state_unnoticed(kind, name, value):
    run = stepper(kind)
    run.advance(3, 0.0)
    getattr(run.state, name)[0, FIRST_HIDDEN, 0] = value
    with np.errstate(all="ignore"), pytest.raises(ProjectionError):
        run.advance(4, 0.0)


@pytest.mark.parametrize("name", ["w", "x", "y"])
def test_overflow_is_reported(kind, name):
    """Finite, but its square is not."""
    run = stepper(kind)
    getattr(run.state, name)[0, FIRST_HIDDEN, 0] = np.finfo(kind).max / 4
    with np.errstate(all="ignore"), pytest.raises(ProjectionError):
        run.advance(4, 0.0)


@pytest.mark.parametrize("size", [0.0, 1e-44, 1e-30, 1e-10, 1e9])
def test_state_of_any_size_stays_finite(kind, size):
    """All weights and inputs zero, denormal, tiny or huge, with w = x, w = -x and signs as drawn."""
    for sign in (None, 1, -1):
        run = stepper(kind, beta=0.5, gamma=1e-2)
        state = run.state
        state.w[:] *= np.dtype(kind).type(size)
        state.x[:] = state.x * np.dtype(kind).type(size) if sign is None else sign * state.w
        run.project_start()
        run.advance(50, 0.0)
        assert np.isfinite(run.gap)
        for array in (state.w, state.x, state.y, state.g, state.z, state.mean_w):
            assert np.isfinite(array).all()


def test_a_gap_that_vanishes_leaves_the_metric_finite(kind):
    """1 / mean squared gap must not overflow the state's type: g would be infinite times nothing."""
    run = stepper(kind, gamma=1e-2)
    run.advance(3, 0.0)
    run.state.total[3] = 1e-42 if kind == "float32" else 1e-320
    run.advance(1, 0.0)
    assert np.isfinite(run.state.g).all()

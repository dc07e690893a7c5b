"""The A projection of threshold nodes on arrays: which side of the margin is nearer, and the scalar u of the move.

xp is a namespace with NumPy's functions. Formulas and names as in `btfnet.kernels.projections.project_margin` and
margin_root.py there. Source: arXiv 2602.17493, section 3 and appendix; the method page, section 3.
Twin: tests/support/naive.py, project_btf_parts.
"""

from __future__ import annotations

from types import ModuleType

from btfnet.engines.device.points import Array
from btfnet.kernels.projections.margin_root import STEPS, U_MAX


def project_margin(xp: ModuleType, y: Array, p: Array, q: Array, delta: Array) -> tuple[Array, Array, Array]:
    """The nearer side of the margin, ±1, and a = 1/(1-u²), b = u a of the move to it.

    y, p, q  (n_btf, K): value, w·x, w·w + x·x;  delta  (n_btf, 1): margins. Ties go to -1.
    """
    kind = str(y.dtype)
    least, steps = 1 - U_MAX[kind], STEPS[kind]
    side = xp.where(p >= 0, xp.ones_like(p), -xp.ones_like(p))
    size, c4 = p * side, 4 * delta
    longer, shorter = q + 2 * size, xp.maximum(q - 2 * size, 0)
    here, there = (
        xp.maximum(shrink(xp, plus, minus, c4, least, steps), least)
        for plus, minus in ((longer, shorter), (shorter, longer))
    )
    here = xp.where(size < delta, here, 1)
    a_here, cost_here = _cost(xp, here, longer, shorter)
    a_there, cost_there = _cost(xp, there, shorter, longer)
    cost_here, cost_there = cost_here + (side - y) ** 2, cost_there + (side + y) ** 2
    tie = (cost_here == cost_there) & (side < 0)
    stays = (y * p > 0) | (cost_here < cost_there) | tie
    u = side * xp.where(stays, 1 - here, there - 1)
    a = xp.where(stays, a_here, a_there)
    return xp.where(stays, side, -side), a, u * a


def shrink(xp: ModuleType, plus: Array, minus: Array, c4: Array, least: float, steps: int) -> Array:
    """The root t in [least/2, 1] of plus/t² - minus/(2-t)² = 4c by Halley's method: `margin_shrink` on arrays.

    plus, minus  |w+x|² and |w-x|², ≥ 0;  c4  4c > 0. No t below `least` is of interest.
    """
    scale = 1 / (c4 + plus + minus)
    c4, plus, minus = c4 * scale, plus * scale, minus * scale
    t = xp.maximum(xp.minimum(xp.sqrt(plus / (minus / 4 + c4)), 1), least / 2)
    lean = (minus - plus) / 2
    for _ in range(steps):
        rest = 2 - t
        product = t * rest
        rising, falling, steep = minus * t, plus * rest, c4 * product
        value = steep * product + rising * t - falling * rest
        slope = 2 * steep * (1 - t) + rising + falling
        bend = c4 * (2 - 3 * product) + lean
        below = 2 * slope * slope - value * bend
        usable = below > 0
        move = value * slope / xp.where(usable, below, 1)
        t = xp.where(usable, xp.minimum(xp.maximum(t - move, 0), 1), t)
    return t


def _cost(xp: ModuleType, t: Array, plus: Array, minus: Array) -> tuple[Array, Array]:
    """a = 1/(1-u²) = 1/(t(2-t)), and the squared distance of scaling w ± x by 1/t and 1/(2-t)."""
    rest = 2 - t
    a = xp.where(t < 1, 1 / (t * rest), 1)
    shift = (1 - t) * a
    return a, (plus * rest * rest + minus * t * t) / 2 * shift * shift

"""The projection of one BTF and one item to its margin: one root, from which all else follows.

The point of { (w, x) : w·x = c } nearest to (w, x) is w' = a w + b x, x' = a x + b w with
a = 1/(1-u²), b = u a, and u the root in (-1, 1) of p(1+u²) + q u = c (1-u²)², where p = w·x and
q = w·w + x·x.
Source: Elser & Lal, arXiv 2602.17493, appendix.

The same in other words: w + x and w - x keep their directions and are scaled by 1/t and 1/(2-t), t = 1 - u,
so that |w+x|²/t² - |w-x|²/(2-t)² = 4c, with |w+x|² = q + 2p and |w-x|² = q - 2p. Cleared of fractions,
F(t) = 4c t²(2-t)² + |w-x|² t² - |w+x|² (2-t)² = 0: the first two terms grow with t, the last falls. Halley's
method (cubic convergence, one division a step) from t = |w+x| / sqrt(4c + |w-x|²/4), which is never below the
root and never above 3/2 of it, reaches round-off in 2 steps (float32) or 3 (float64).

All arguments are numbers, real ones of one float type. Twin: tests/support/naive.py, margin_root, by bracketing.
"""

import math

from numba import njit

FASTMATH = {"reassoc", "contract", "arcp", "nsz"}
"""Sums may be reordered; NaN and infinity keep their meaning."""

U_MAX = {"float32": 0.9995, "float64": 0.999999}
"""Where w = ∓x has no root inside (-1, 1), u stops here."""

STEPS = {"float32": 2, "float64": 3}
"""Halley steps after which t is exact to the type's round-off for all p, q, c (tests/kernels/test_margin.py)."""


@njit(inline="always", error_model="numpy", fastmath=FASTMATH)
def margin_shrink(plus, minus, c, steps):
    """The root t in [0, 1] of plus/t² - minus/(2-t)² = 4c, for plus, minus ≥ 0, c > 0 and plus - minus ≤ 4c.

    plus = |w+x|² and minus = |w-x|²; steps  Halley's. t = 0 stands for plus = 0. Returns t; writes nothing.
    F is of degree one in plus, minus and c; divided by their sum, nothing in it can overflow.
    Cost: steps + 2 divisions and one square root.
    """
    one = c / c
    two = one + one
    c4 = two * (c + c)
    t = min(math.sqrt(plus / (c4 + minus / (two + two))), one)
    scale = one / (c4 + plus + minus)
    c4, plus, minus = c4 * scale, plus * scale, minus * scale
    for _ in range(steps):
        v, product = two - t, t * (two - t)
        # F, half of F' and a quarter of F''
        value = c4 * product * product + minus * t * t - plus * v * v
        slope = two * c4 * product * (one - t) + minus * t + plus * v
        bend = c4 * (two - (two + one) * product) + (minus - plus) / two
        below = two * slope * slope - value * bend
        t = min(max(t - value * slope / below, one - one), one) if below > 0 else t
    return t


@njit(inline="always", error_model="numpy", fastmath=FASTMATH)
def margin_root(p, q, c, u_max, steps):
    """The root u in [0, u_max] of p(1+u²) + q u = c (1-u²)², for p < c and c > 0.

    By symmetry the root for the other side, w·x = -c with p > -c, is -margin_root(-p, q, c, …).
    q ≥ 2|p| but for rounding; steps  Halley's. Returns u; writes nothing.
    """
    one = u_max / u_max
    zero = one - one
    t = margin_shrink(max(q + (p + p), zero), max(q - (p + p), zero), c, steps)
    return min(max(one - t, zero), u_max)

"""The projection of one BTF and one item to its margin: one root, from which all else follows.

The point of { (w, x) : w·x = c } nearest to (w, x) is w' = a w + b x, x' = a x + b w with
a = 1/(1-u²), b = u a, and u the root in (-1, 1) of p(1+u²) + q u = c (1-u²)², where p = w·x and
q = w·w + x·x.
Source: Elser & Lal, arXiv 2602.17493, appendix.
"""

from numba import njit

FASTMATH = {"reassoc", "contract", "arcp", "nsz"}
"""Sums may be reordered; NaN and infinity keep their meaning."""

U_MAX = {"float32": 0.9995, "float64": 0.999999}
"""Where w = ∓x has no root inside (-1, 1), u stops here."""


@njit(inline="always", error_model="numpy", fastmath=FASTMATH)
def margin_root(p, q, c, u_max, steps):
    """The root u in [0, u_max] of p(1+u²) + q u = c (1-u²)², for p < c and c > 0.

    By symmetry the root for the other side, w·x = -c with p > -c, is -margin_root(-p, q, c, …).
    p, q, c must be of one float type, q ≥ 2|p|. Newton's method, `steps` times, clamped to [0, u_max].
    """
    one = u_max / u_max
    two = one + one
    u = min(max((c - p) / max(q, c * (one - u_max)), one - one), u_max)
    for _ in range(steps):
        v = one - u * u
        value = p * (one + u * u) + q * u - c * v * v
        slope = two * p * u + q + two * two * c * u * v
        u = min(max(u - value / slope, one - one), u_max)
    return u

"""One iteration of the projections as a function of arrays, in any namespace that has NumPy's functions.

The law is that of the fused sweep (`btfnet.kernels.projections.sweep`), in the same order: the update of
iteration t and the A projection of t + 1, then the B projection. Here nothing is written in place,
and there are no blocks and no padding: a compiler such as XLA turns it into passes over memory, for many
trials at a time.

K is the number of items; arrays are real, of one type, float32 or float64, items last.
Source: arXiv 2602.17493, sections 3 and 4 and appendix; the method page, sections 3 to 7. Twin: the sweep, and
tests/support/naive.py, NaiveNetworkA and NaiveNetworkB.
"""

from __future__ import annotations

from typing import NamedTuple

from btfnet.engines.device.margin import project_margin
from btfnet.engines.device.points import Array, Known, Library, Point, Rates
from btfnet.engines.device.wires import Wires
from btfnet.kernels.projections.sweep import TINY_GAP, UNKNOWN_BITS, UNKNOWN_ONE_HOT


class Law(NamedTuple):
    """What an iteration is made of.

    lib      what computes
    wires    how the edges lie
    unknown  how the inputs are projected, as in `sweep.Wiring`
    """

    lib: Library
    wires: Wires
    unknown: int


def iterate(law: Law, known: Known, rates: Rates, point: Point) -> Point:
    """The next point. Cost: three passes over w and x, of which one writes them (docs/device.md)."""
    lib, wires = law.lib, law.wires
    xp, n_inputs, n_outputs = lib.xp, wires.n_inputs, known.outputs.shape[0]
    first, beta = n_inputs + 1, rates.beta
    mean_w = wires.scaled(lib, point.w_sum)
    to_b = point.z - point.y_a
    y = point.y + beta * to_b
    w, x, p, q, gap_w, gap_x = wires.relax(lib, point, mean_w, beta)
    gap_y = to_b[first:] ** 2
    g = renewed_metric(lib, point, gap_w + gap_x + gap_y, rates.gamma)
    side, a, b = project_margin(xp, y[first:], p, q, rates.delta)
    y_a = xp.concatenate([point.y_a[:1], _inputs(law, y, point.y_a), side])
    everywhere = xp.concatenate([xp.ones_like(y[:first]), g])
    w_sum, sent = wires.accumulate(lib, w, x, g * (a + a - 1), g * (b + b))
    sums, weight = everywhere * (y_a + y_a - y) + sent, everywhere + wires.heard(lib, g)
    z = sums / xp.maximum(weight, xp.finfo(y.dtype).tiny)
    outputs = xp.where(known.free, z[-n_outputs:], known.outputs)
    z = xp.concatenate([z[:-n_outputs], outputs])
    gaps = xp.stack(lib.sums(lib.sums((gap_w, gap_x, gap_y), 1), 0)) / gap_y.size
    return Point(w, x, y, g, z, y_a, a, b, w_sum, mean_w, gaps)


def renewed_metric(lib: Library, point: Point, gap2: Array, gamma: Array) -> Array:
    """g ← g + γ (gap² / mean gap² - g), with the mean of the iteration before; as it is before there is one.

    gap2  (n_btf, K), of this iteration. Source: the method page, section 5.
    """
    xp, mean = lib.xp, point.gaps.sum()
    known = xp.isfinite(mean) & (mean > TINY_GAP)
    per_mean = xp.where(known, 1 / xp.where(known, mean, 1), 0)
    return point.g + xp.where(known, gamma, 0) * (gap2 * per_mean - point.g)


def _inputs(law: Law, y: Array, y_a: Array) -> Array:
    """The A values of the inputs: their data; of unknown ones the nearer of ±1, or +1 at the largest alone."""
    xp, n_inputs = law.lib.xp, law.wires.n_inputs
    inputs = y[1 : n_inputs + 1]
    if law.unknown == UNKNOWN_BITS:
        return xp.where(inputs > 0, xp.ones_like(inputs), -xp.ones_like(inputs))
    if law.unknown == UNKNOWN_ONE_HOT:
        largest = xp.arange(n_inputs)[:, None] == xp.argmax(inputs, axis=0)[None]  # the first of equals
        return xp.where(largest, xp.ones_like(inputs), -xp.ones_like(inputs))
    return y_a[1 : n_inputs + 1]

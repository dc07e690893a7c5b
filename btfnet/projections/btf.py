"""The Boolean threshold function with margin, as one constraint on its weights, inputs and output."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from btfnet.kernels.projections.margin_root import STEPS, margin_shrink
from btfnet.projections.point import Point, copied, count_of, number_of

SMALLEST_SQUARE = 1e-290
"""A squared length below this has lost its digits; the vector then counts as zero."""


@dataclass(frozen=True)
class Btf:
    """One Boolean threshold function and one item: the output is a sign, and the margin is kept.

    The set is  { (w, x, y) : y ∈ {-1, +1}, y (w·x) ≥ δ }  with δ = sqrt(m/sigma); w and x are free reals.
    Nearest to (w, x, y), with p = w·x:

    - if y p > 0, the output becomes sgn(y), and (w, x) moves to y' (w·x) = δ unless it is beyond already;
    - otherwise both outputs are tried, and the nearer result wins; a tie goes to -1.

    The move to w·x = c > p keeps the directions of w + x and w - x and scales them by 1/t and 1/(2 - t),
    where t is the root in (0, 1) of |w+x|²/t² - |w-x|²/(2-t)² = 4c; for c < p, w + x and w - x change roles.
    Tie: where the vector to be lengthened is zero (w = ∓x), every direction is equally near; it gets equal
    positive entries.

    n_inputs  m, the bias counted as one of them
    sigma     the support parameter σ
    The point is [w (m), x (m), y (1)]; bias and known inputs are held by other constraints.

    Source: Elser & Lal, arXiv 2602.17493, section 3 and appendix. Twin: tests/support/naive.py, project_btf.
    """

    n_inputs: int
    sigma: float = 3.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_inputs", count_of("Btf: n_inputs", self.n_inputs))
        object.__setattr__(self, "sigma", number_of("Btf: sigma", self.sigma, positive=True))

    @property
    def margin(self) -> float:
        """δ, the least |w·x|."""
        return math.sqrt(self.n_inputs / self.sigma)

    def project(self, point: Point) -> Point:
        m = self.n_inputs
        point = copied(self, point, size=2 * m + 1)
        w, x, y = point[:m], point[m : 2 * m], float(point[-1])
        p = float(w @ x)
        outputs = (math.copysign(1.0, y),) if y * p > 0 else (-1.0, 1.0)
        candidates = [
            np.concatenate([*_keep_margin(w, x, output, self.margin), [output]]) for output in outputs
        ]
        return min(candidates, key=lambda candidate: float(np.sum((candidate - point) ** 2)))


def _keep_margin(w: Point, x: Point, output: float, margin: float) -> tuple[Point, Point]:
    """The point nearest to (w, x) with output·(w·x) ≥ margin."""
    if output * float(w @ x) >= margin:
        return w, x
    # With the weights' sign turned, the side w·x ≤ -margin becomes the side w·x ≥ margin.
    grows, shrinks = x + output * w, x - output * w
    minus = float(shrinks @ shrinks)
    plus = float(grows @ grows)
    if plus < SMALLEST_SQUARE:
        grows, plus, t = np.ones_like(w), float(w.size), 0.0
    else:
        t = margin_shrink(plus, minus, margin, STEPS["float64"])
    shrinks = shrinks / (2 - t)
    grows = grows * math.sqrt((4 * margin + float(shrinks @ shrinks)) / plus)
    return output * (grows - shrinks) / 2, (grows + shrinks) / 2

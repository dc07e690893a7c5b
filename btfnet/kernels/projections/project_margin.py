"""The A projection of nodes, lane by lane: which side of the margin is nearer, and the scalar u of the move.

Emitted as vector instructions; the formulas are those of `btfnet.kernels.projections.margin_root`, on w + x and
w - x. Names as there: `here` is the side of the margin on which p = w·x lies, `there` the other one.
Source: arXiv 2602.17493, section 3 and appendix; the method page, section 3.
"""

from numba.core import types

from btfnet.kernels.projections.margin_root import STEPS, U_MAX, margin_root
from btfnet.kernels.vectors import emitted, integer


def _emit_quotients(v, tops, bottoms):
    """Two quotients for the price of one division."""
    inverse = v.div(v.constant(1), v.mul(*bottoms))
    return v.mul(v.mul(tops[0], bottoms[1]), inverse), v.mul(v.mul(tops[1], bottoms[0]), inverse)


def _emit_halley(v, t, plus, minus, lean, c4):
    """Numerator and denominator of Halley's step (`margin_shrink`)."""
    one, two = v.constant(1), v.constant(2)
    rest = v.sub(two, t)
    product = v.mul(t, rest)
    rising, falling = v.mul(minus, t), v.mul(plus, rest)
    steep = v.mul(c4, product)
    value = v.sub(v.muladd(steep, product, v.mul(rising, t)), v.mul(falling, rest))
    slope = v.muladd(v.mul(two, steep), v.sub(one, t), v.add(rising, falling))
    bend = v.muladd(c4, v.muladd(v.constant(-3), product, two), lean)
    return v.mul(value, slope), v.sub(v.mul(v.mul(two, slope), slope), v.mul(value, bend))


def _emit_shrinks(v, longer, shorter, c4, least, steps):
    """`margin_shrink` on vectors, for (plus, minus) = (longer, shorter) and the reverse; c4 is 4c.

    No t below `least` is of interest; starting at half of that at least keeps all denominators from fading.
    """
    one, zero, quarter, half = v.constant(1), v.constant(0), v.constant(0.25), v.constant(0.5)
    scale = v.div(one, v.add(c4, longer, shorter))
    c4, longer, shorter = v.mul(c4, scale), v.mul(longer, scale), v.mul(shorter, scale)
    squares = _emit_quotients(
        v, (longer, shorter), (v.muladd(shorter, quarter, c4), v.muladd(longer, quarter, c4))
    )
    floor = v.mul(half, least)
    here, there = (v.maximum(v.minimum(v.sqrt(square), one), floor) for square in squares)
    lean = v.mul(half, v.sub(shorter, longer))
    for _ in range(steps):
        top_here, below_here = _emit_halley(v, here, longer, shorter, lean, c4)
        top_there, below_there = _emit_halley(v, there, shorter, longer, v.negate(lean), c4)
        moves = _emit_quotients(v, (top_here, top_there), (below_here, below_there))
        usable = v.compare(">", v.mul(below_here, below_there), zero)
        here, there = (
            v.select(usable, v.minimum(v.maximum(v.sub(t, move), zero), one), t)
            for t, move in zip((here, there), moves, strict=True)
        )
    return here, there


def _emit_costs(v, here, there, longer, shorter):
    """For both roots a = 1/(1-u²) = 1/(t(2-t)), and the squared distance of scaling w ± x by 1/t and 1/(2-t)."""
    one, two, half = v.constant(1), v.constant(2), v.constant(0.5)
    rests = v.sub(two, here), v.sub(two, there)
    a_both = _emit_quotients(v, (one, one), (v.mul(here, rests[0]), v.mul(there, rests[1])))
    a_both = [v.select(v.compare("<", t, one), a, one) for t, a in zip((here, there), a_both, strict=True)]
    costs = []
    for t, rest, a, plus, minus in zip(
        (here, there), rests, a_both, (longer, shorter), (shorter, longer), strict=True
    ):
        lengths = v.muladd(plus, v.mul(rest, rest), v.mul(minus, v.mul(t, t)))
        shift = v.mul(v.sub(one, t), a)
        costs.append(v.mul(v.mul(half, lengths), v.mul(shift, shift)))
    return a_both, costs


def _emit_project_to_margin(v, y, p, q, delta, kind):
    """The nearer side of the margin: the Boolean y_A, and a = 1/(1-u²), b = u a."""
    zero, one = v.constant(0), v.constant(1)
    u_max, steps = v.constant(U_MAX[kind]), STEPS[kind]
    least = v.sub(one, u_max)
    side = v.select(v.compare(">=", p, zero), one, v.negate(one))
    size, c4 = v.mul(p, side), v.mul(v.constant(4), delta)
    twice = v.add(size, size)
    longer, shorter = v.add(q, twice), v.maximum(v.sub(q, twice), zero)
    here, there = (v.maximum(t, least) for t in _emit_shrinks(v, longer, shorter, c4, least, steps))
    here = v.select(v.compare("<", size, delta), here, one)
    (a_here, a_there), (cost_here, cost_there) = _emit_costs(v, here, there, longer, shorter)
    ahead, behind = v.sub(side, y), v.add(side, y)
    cost_here = v.muladd(ahead, ahead, cost_here)
    cost_there = v.muladd(behind, behind, cost_there)
    nearer = v.compare("<", cost_here, cost_there)
    tie = v.builder.and_(v.compare("==", cost_here, cost_there), v.compare("<", side, zero))
    stays = v.builder.or_(v.compare(">", v.mul(y, p), zero), v.builder.or_(nearer, tie))
    u = v.mul(side, v.select(stays, v.sub(one, here), v.sub(there, one)))
    a = v.select(stays, a_here, a_there)
    return v.select(stays, side, v.negate(side)), a, v.mul(u, a)


def _emit_lanes(emit, v, block, delta, rates, rows, lanes):
    """Lanes lanes[0] to below lanes[1] of nodes, whose rows follow each other; returns the sums of the gaps."""
    beta, gamma, per_mean = map(v.splat, rates)
    offset, kind = emit.builder.mul(rows, block.y.size(1)), str(block.y.dtype)
    totals = [v.register(0) for _ in range(3)]
    with emit.loop(lanes[1], v.width, lanes[0]) as at:
        row = emit.add(offset, at)
        p, q, gap_w, gap_x = (v.load(block.sums.at(index), at) for index in range(4))
        g_old = v.load(block.g.data, row)
        to_b = v.sub(v.load(block.z.data, row), v.load(block.y_a.data, row))
        y = v.muladd(beta, to_b, v.load(block.y.data, row))
        padding = v.compare("<=", g_old, v.constant(0))
        gaps = [v.select(padding, v.constant(0), gap) for gap in (gap_w, gap_x, v.mul(to_b, to_b))]
        for total, gap in zip(totals, gaps, strict=True):
            v.set(total, v.add(v.get(total), gap))
        g = v.muladd(gamma, v.sub(v.mul(v.add(*gaps), per_mean), g_old), g_old)
        y_a, a, b = _emit_project_to_margin(v, y, p, q, v.load(delta.data, row), kind)
        for array, value in ((block.y, y), (block.y_a, y_a), (block.g, g), (block.a, a), (block.b, b)):
            v.store(value, array.data, row)
        v.store(v.mul(g, v.sub(v.add(a, a), v.constant(1))), block.push.at(0), at)
        v.store(v.mul(g, v.add(b, b)), block.push.at(1), at)
        reflected = v.sub(v.add(y_a, y_a), y)
        v.store(v.muladd(g, reflected, v.load(block.z_sum.data, row)), block.z_sum.data, row)
    return [v.sum(v.get(total)) for total in totals]


def _emit_project(emit, block, delta, beta, gamma, per_mean, first, count):
    """Two vectors at a time, as the roots are chains of divisions and two chains overlap; then single ones."""
    single, double = emit.floats(block.y.dtype), emit.floats(block.y.dtype, vectors=2)
    n_all, rates = emit.builder.mul(count, block.y.size(1)), (beta, gamma, per_mean)
    n_paired = emit.builder.sub(n_all, emit.builder.urem(n_all, integer(double.width)))
    paired = _emit_lanes(emit, double, block, delta, rates, first, (0, n_paired))
    others = _emit_lanes(emit, single, block, delta, rates, first, (n_paired, n_all))
    return [emit.builder.fadd(pair, other) for pair, other in zip(paired, others, strict=True)]


@emitted(_emit_project, lambda block, *_: types.UniTuple(block[0].dtype, 3))
def project_nodes(block, delta, beta, gamma, per_mean, first, count):
    """Update and project to A a batch, the nodes first … first + count - 1: y, the metric g, and a, b.

    y ← y + β (z - y_a);  g ← g + γ (gap² / mean gap² - g);  then y_a is the nearer side of the margin, and
    (w, x) moves to (a w + b x, a x + b w) with a = 1/(1 - u²), b = u a for the root u of `margin_root`.

    block     Block. Reads z and sums (p, q, and the gaps of w and x); writes y, y_a, g, a, b of the nodes, push
              (g (2 a - 1) and 2 g b), and adds g (2 y_a - y) to their z_sum
    delta     real, (n_nodes, L): margins;  beta, gamma  real: β, γ;  per_mean  real: 1 / mean gap²
    Returns the sums of the squared gaps of w, x and y over nodes and lanes, padding (g = 0) apart: three reals.
    Ties go to -1. Twin: tests/support/naive.py, project_btf_parts.
    """
    y, nodes, sums = block.y, slice(first, first + count), block.sums
    kind, real = y.dtype.name, y.dtype.type
    to_b = block.z[nodes] - block.y_a[nodes]
    y[nodes] += beta * to_b
    g = block.g[nodes]
    gap_w, gap_x, gap_y = (gap * (g > 0) for gap in (sums[2, :count], sums[3, :count], to_b**2))
    g += gamma * ((gap_w + gap_x + gap_y) * per_mean - g)
    for node in range(first, first + count):
        for lane in range(y.shape[1]):
            p, q = sums[0, node - first, lane], sums[1, node - first, lane]
            side, u = _side_and_root(p, q, y[node, lane], delta[node, lane], kind)
            block.y_a[node, lane] = side
            block.a[node, lane] = real(1) / (real(1) - u * u)
            block.b[node, lane] = u * block.a[node, lane]
    a, b, y_a = block.a[nodes], block.b[nodes], block.y_a[nodes]
    block.push[0, :count] = g * (a + a - real(1))
    block.push[1, :count] = g * (b + b)
    block.z_sum[nodes] += g * (y_a + y_a - y[nodes])
    return gap_w.sum(), gap_x.sum(), gap_y.sum()


def _side_and_root(p, q, value, margin, kind):
    """The nearer side of the margin, ±1, and the root u of the move to it, for one node and item."""
    one, u_max, steps = value.dtype.type(1), value.dtype.type(U_MAX[kind]), STEPS[kind]
    side, size = (one if p >= 0 else -one), abs(p)
    here = margin_root(size, q, margin, u_max, steps) if size < margin else one - one
    there = margin_root(-size, q, margin, u_max, steps)
    if side * value > 0 and size > 0:
        return side, side * here
    cost_here = (side - value) ** 2 + _cost(here, size, q)
    cost_there = (side + value) ** 2 + _cost(there, -size, q)
    stays = cost_here < cost_there or (cost_here == cost_there and side < 0)
    return (side, side * here) if stays else (-side, -side * there)


def _cost(u, p, q):
    """Squared distance of the move by u: D = ((a-1)² + b²) q + 4 (a-1) b p."""
    a = 1 / (1 - u * u)
    b = u * a
    return ((a - 1) ** 2 + b * b) * q + 4 * (a - 1) * b * p

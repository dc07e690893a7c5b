"""The A projection of nodes, lane by lane: which side of the margin is nearer, and the scalar u of the move.

Emitted as explicit vector instructions; the formulas are those of `btfnet.kernels.projections.margin_root`.
Twins in NumPy run when NUMBA_DISABLE_JIT=1. A block's arrays are C-contiguous with the lanes last, so that row r
begins at r·L; L must be a multiple of `vector_width`.
Source: arXiv 2602.17493, section 3 and appendix.
"""

from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

from btfnet.kernels.projections.margin_root import STEPS, U_MAX, margin_root
from btfnet.kernels.vectors import INT64, Lanes


def _name(dtype):
    return "float32" if dtype == types.float32 else "float64"


def project_nodes_twin(
    y, z, y_a, g, a, b, sums, push, z_sum, delta, beta, gamma, per_mean, first, count, n_lanes
):
    """NumPy twin of `project_nodes`, lane by lane."""
    kind, nodes = y.dtype.name, slice(first, first + count)
    to_b = z[nodes] - y_a[nodes]
    y[nodes] += beta * to_b
    gap_w, gap_x, gap_y = (part * (g[nodes] > 0) for part in (sums[2, :count], sums[3, :count], to_b**2))
    g[nodes] += gamma * ((gap_w + gap_x + gap_y) * per_mean - g[nodes])
    one, u_max, steps = y.dtype.type(1), y.dtype.type(U_MAX[kind]), STEPS[kind]
    for place in range(count):
        for lane in range(n_lanes):
            node = first + place
            p, q, value, margin = sums[0, place, lane], sums[1, place, lane], y[node, lane], delta[node, lane]
            side, size = (one if p >= 0 else -one), abs(p)
            here = margin_root(size, q, margin, u_max, steps) if size < margin else one - one
            there = margin_root(-size, q, margin, u_max, steps)
            stays = side * value > 0 and size > 0
            if not stays:
                cost_here = (side - value) ** 2 + _cost(here, size, q)
                cost_there = (side + value) ** 2 + _cost(there, -size, q)
                stays = cost_here < cost_there or (cost_here == cost_there and side < 0)
            y_a[node, lane] = side if stays else -side
            u = side * here if stays else -side * there
            a[node, lane] = one / (one - u * u)
            b[node, lane] = u * a[node, lane]
    push[0, :count] = g[nodes] * (a[nodes] + a[nodes] - one)
    push[1, :count] = g[nodes] * (b[nodes] + b[nodes])
    z_sum[nodes] += g[nodes] * (y_a[nodes] + y_a[nodes] - y[nodes])
    return gap_w.sum(), gap_x.sum(), gap_y.sum()


def _cost(u, p, q):
    """Squared distance of the move by u: D = ((a-1)² + b²) q + 4 (a-1) b p."""
    a = 1 / (1 - u * u)
    b = u * a
    return ((a - 1) ** 2 + b * b) * q + 4 * (a - 1) * b * p


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


def _emit_side(v, y, p, q, delta, kind):
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
    tie = v.both(v.compare("==", cost_here, cost_there), v.compare("<", side, zero))
    stays = v.either(v.compare(">", v.mul(y, p), zero), v.either(nearer, tie))
    u = v.mul(side, v.select(stays, v.sub(one, here), v.sub(there, one)))
    a = v.select(stays, a_here, a_there)
    return v.select(stays, side, v.negate(side)), a, v.mul(u, a)


@intrinsic
def _project_nodes(
    typing, y, z, y_a, g, a, b, sums, push, z_sum, delta, beta, gamma, per_mean, first, count, n_lanes
):
    real = y.dtype
    signature = types.UniTuple(real, 3)(
        y, z, y_a, g, a, b, sums, push, z_sum, delta, beta, gamma, per_mean, first, count, n_lanes
    )  # fmt: skip

    def emit(context, builder, signature, args):
        # two vectors at a time: the roots are chains of divisions, and two chains overlap
        single, double = Lanes(context, builder, real), Lanes(context, builder, real, vectors=2)
        totals = [cgutils.alloca_once(builder, single.scalar) for _ in range(3)]
        for total in totals:
            builder.store(ir.Constant(single.scalar, 0.0), total)
        n_all = builder.mul(args[14], args[15])
        n_paired = builder.sub(n_all, builder.urem(n_all, single.step(double.width)))
        _emit_project(double, signature, args, totals, single.step(0), n_paired)
        _emit_project(single, signature, args, totals, n_paired, n_all)
        results = [builder.load(total) for total in totals]
        return context.make_tuple(builder, signature.return_type, results)

    return signature, emit


def _emit_project(v, signature, args, totals, start, stop):
    """The lanes start … stop of the nodes' rows, which follow each other in memory."""
    builder, real = v.builder, signature.args[0].dtype
    y, z, y_a, g, a, b, sums, push, z_sum, delta = (
        v.pointer(kind, array) for kind, array in zip(signature.args[:10], args[:10], strict=True)
    )
    beta, gamma, per_mean = (v.splat(value) for value in args[10:13])
    offset = builder.mul(args[13], args[15])
    per_sum, per_push = (v.lanes_per_sheet(signature.args[k], args[k]) for k in (6, 7))
    parts = [v.variable() for _ in range(3)]
    for part in parts:
        v.set(part, v.constant(0))
    with cgutils.for_range_slice(builder, start, stop, v.step(v.width), INT64) as (at, _):
        row = builder.add(offset, at)
        p, q, gap_w, gap_x = (
            v.load(sums, builder.add(at, builder.mul(per_sum, v.step(index)))) for index in range(4)
        )
        g_old = v.load(g, row)
        to_b = v.sub(v.load(z, row), v.load(y_a, row))
        y_new = v.muladd(beta, to_b, v.load(y, row))
        padding = v.compare("<=", g_old, v.constant(0))
        gaps = [v.select(padding, v.constant(0), part) for part in (gap_w, gap_x, v.mul(to_b, to_b))]
        for part, gap in zip(parts, gaps, strict=True):
            v.set(part, v.add(v.get(part), gap))
        g_new = v.muladd(gamma, v.sub(v.mul(v.add(*gaps), per_mean), g_old), g_old)
        y_side, a_new, b_new = _emit_side(v, y_new, p, q, v.load(delta, row), _name(real))
        v.store(y_new, y, row)
        v.store(y_side, y_a, row)
        v.store(g_new, g, row)
        v.store(a_new, a, row)
        v.store(b_new, b, row)
        v.store(v.mul(g_new, v.sub(v.add(a_new, a_new), v.constant(1))), push, at)
        v.store(v.mul(g_new, v.add(b_new, b_new)), push, builder.add(at, per_push))
        reflected = v.sub(v.add(y_side, y_side), y_new)
        v.store(v.muladd(g_new, reflected, v.load(z_sum, row)), z_sum, row)
    for total, part in zip(totals, parts, strict=True):
        builder.store(builder.fadd(builder.load(total), v.sum(v.get(part))), total)


project_nodes = project_nodes_twin if config.DISABLE_JIT else _project_nodes

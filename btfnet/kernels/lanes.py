"""The inner loops of the fused sweep, over the lanes (items) of one block.

    relax_node       one RRR update of all weights and inputs of a node, and the sums p, q of the new values
    project_nodes    the A projection of some nodes from p, q and y: one scalar u for each lane
    accumulate_node  what the reflected A values add to the weight sums and to the senders' means
    relax_rows, reflect_rows, add_row, mean_rows   the same for values that are one row of lanes a node

Each exists twice: emitted as explicit vector instructions, and as the NumPy twin that runs when
NUMBA_DISABLE_JIT=1. A block's arrays are C-contiguous with the lanes last, so that row r begins at r·L.
L must be a multiple of `vector_width`. Source: arXiv 2602.17493, sections 3 and 4, and its appendix.
"""

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

from btfnet.kernels.margin import STEPS, U_MAX, margin_root
from btfnet.kernels.simd import INT64, Lanes


def _name(dtype):
    return "float32" if dtype == types.float32 else "float64"


# -- relax ------------------------------------------------------------------------------------------------


def relax_node_twin(w, x, z, fan_in, mean_w, a, b, sums, beta, node, place, first, last, n_lanes):
    """NumPy twin of `relax_node`."""
    edges, senders = slice(first, last), fan_in[first:last]
    in_a_w = a[node] * w[edges] + b[node] * x[edges]
    in_a_x = a[node] * x[edges] + b[node] * w[edges]
    to_b_w, to_b_x = mean_w[edges, None] - in_a_w, z[senders] - in_a_x
    w[edges] += beta * to_b_w
    x[edges] += beta * to_b_x
    sums[0, place] = (w[edges] * x[edges]).sum(axis=0)
    sums[1, place] = (w[edges] ** 2 + x[edges] ** 2).sum(axis=0)
    sums[2, place], sums[3, place] = (to_b_w**2).sum(axis=0), (to_b_x**2).sum(axis=0)


def _emit_relax(lanes, pointers, beta, node, place, first, last, n_lanes, per_sum, unroll):
    """One pass over the node's edges for `unroll` vectors of lanes at a time, all sums in registers."""
    v, builder = lanes, lanes.builder
    w, x, z, fan_in, mean_w, a, b, sums = pointers
    kept = [[v.variable() for _ in range(4)] for _ in range(unroll)]
    offsets = [v.step(k * v.width) for k in range(unroll)]
    with v.chunks(n_lanes, unroll) as (chunk, _):
        node_row = builder.add(builder.mul(node, n_lanes), chunk)
        a_k = [v.load(a, builder.add(node_row, offset)) for offset in offsets]
        b_k = [v.load(b, builder.add(node_row, offset)) for offset in offsets]
        for variables in kept:
            for variable in variables:
                v.set(variable, v.constant(0))
        with cgutils.for_range(builder, builder.sub(last, first)) as loop:
            edge = builder.add(first, loop.index)
            row = builder.add(builder.mul(edge, n_lanes), chunk)
            sender_row = builder.add(builder.mul(v.integer_at(fan_in, edge), n_lanes), chunk)
            in_b_w = v.splat(v.scalar_at(mean_w, edge))
            for k, offset in enumerate(offsets):
                at = builder.add(row, offset)
                w_k, x_k, in_b_x = v.load(w, at), v.load(x, at), v.load(z, builder.add(sender_row, offset))
                to_b_w = v.sub(in_b_w, v.muladd(a_k[k], w_k, v.mul(b_k[k], x_k)))
                to_b_x = v.sub(in_b_x, v.muladd(a_k[k], x_k, v.mul(b_k[k], w_k)))
                w_k, x_k = v.muladd(beta, to_b_w, w_k), v.muladd(beta, to_b_x, x_k)
                v.store(w_k, w, at)
                v.store(x_k, x, at)
                p, q, gap_w, gap_x = kept[k]
                v.set(p, v.muladd(w_k, x_k, v.get(p)))
                v.set(q, v.muladd(w_k, w_k, v.muladd(x_k, x_k, v.get(q))))
                v.set(gap_w, v.muladd(to_b_w, to_b_w, v.get(gap_w)))
                v.set(gap_x, v.muladd(to_b_x, to_b_x, v.get(gap_x)))
        for k, offset in enumerate(offsets):
            for row_index, variable in enumerate(kept[k]):
                row = builder.add(builder.mul(per_sum, v.step(row_index)), builder.mul(n_lanes, place))
                v.store(v.get(variable), sums, builder.add(row, builder.add(chunk, offset)))


@intrinsic
def _relax_node(typing, w, x, z, fan_in, mean_w, a, b, sums, beta, node, place, first, last, n_lanes):
    signature = types.void(w, x, z, fan_in, mean_w, a, b, sums, beta, node, place, first, last, n_lanes)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        pointers = [v.pointer(kind, array) for kind, array in zip(signature.args[:8], args[:8], strict=True)]
        n_lanes, width = args[13], v.width
        per_sum = v.lanes_per_sheet(signature.args[7], args[7])
        rest = (v.splat(args[8]), *args[9:], per_sum)
        # as many vectors at once as the block has; 4 sums and a, b for 4 vectors just fit the 32 registers
        by_four = builder.icmp_signed("==", builder.urem(n_lanes, v.step(4 * width)), v.step(0))
        by_two = builder.icmp_signed("==", builder.urem(n_lanes, v.step(2 * width)), v.step(0))
        with builder.if_else(by_four) as (four, fewer):
            with four:
                _emit_relax(v, pointers, *rest, unroll=4)
            with fewer, builder.if_else(by_two) as (two, one):
                with two:
                    _emit_relax(v, pointers, *rest, unroll=2)
                with one:
                    _emit_relax(v, pointers, *rest, unroll=1)
        return context.get_dummy_value()

    return signature, emit


# -- project ----------------------------------------------------------------------------------------------


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


# -- accumulate -------------------------------------------------------------------------------------------


def accumulate_node_twin(w, x, z_sum, fan_in, w_sum, push, place, first, last, n_lanes):
    """NumPy twin of `accumulate_node`."""
    edges, senders = slice(first, last), fan_in[first:last]
    same, other = push[0, place], push[1, place]
    z_sum[senders] += same * x[edges] + other * w[edges]
    w_sum[edges] = (same * w[edges] + other * x[edges]).sum(axis=1)


def _emit_accumulate(v, pointers, places, first, last, n_lanes, unroll):
    """One pass over the node's edges; `unroll` separate sums, so that none waits for the other."""
    builder = v.builder
    w, x, z_sum, fan_in, w_sum, push = pointers
    totals = [v.variable() for _ in range(unroll)]
    with cgutils.for_range(builder, builder.sub(last, first)) as loop:
        edge = builder.add(first, loop.index)
        row = builder.mul(edge, n_lanes)
        sender_row = builder.mul(v.integer_at(fan_in, edge), n_lanes)
        for total in totals:
            v.set(total, v.constant(0))
        with v.chunks(n_lanes, unroll) as (start, _):
            for k, total in enumerate(totals):
                chunk = builder.add(start, v.step(k * v.width))
                at, z_at = builder.add(row, chunk), builder.add(sender_row, chunk)
                w_k, x_k = v.load(w, at), v.load(x, at)
                push_at = builder.add(places[0], chunk)
                same, other = v.load(push, push_at), v.load(push, builder.add(push_at, places[1]))
                v.store(v.muladd(same, x_k, v.muladd(other, w_k, v.load(z_sum, z_at))), z_sum, z_at)
                v.set(total, v.muladd(same, w_k, v.muladd(other, x_k, v.get(total))))
        builder.store(v.sum(v.add(*(v.get(total) for total in totals))), builder.gep(w_sum, [edge]))


@intrinsic
def _accumulate_node(typing, w, x, z_sum, fan_in, w_sum, push, place, first, last, n_lanes):
    signature = types.void(w, x, z_sum, fan_in, w_sum, push, place, first, last, n_lanes)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        w, x, z_sum, fan_in, w_sum, push = (
            v.pointer(kind, array) for kind, array in zip(signature.args[:6], args[:6], strict=True)
        )
        place, first, last, n_lanes = args[6:]
        places = builder.mul(place, n_lanes), v.lanes_per_sheet(signature.args[5], args[5])
        odd = builder.urem(n_lanes, v.step(4 * v.width))
        with builder.if_else(builder.icmp_signed("==", odd, v.step(0))) as (fours, ones):
            with fours:
                _emit_accumulate(
                    v, (w, x, z_sum, fan_in, w_sum, push), places, first, last, n_lanes, unroll=4
                )
            with ones:
                _emit_accumulate(
                    v, (w, x, z_sum, fan_in, w_sum, push), places, first, last, n_lanes, unroll=1
                )
        return context.get_dummy_value()

    return signature, emit


# -- rows of node values ------------------------------------------------------------------------------------


def relax_rows_twin(y, z, y_a, beta, n_rows):
    """NumPy twin of `relax_rows`."""
    y[:n_rows] += beta * (z[:n_rows] - y_a[:n_rows])


@intrinsic
def _relax_rows(typing, y, z, y_a, beta, n_rows):
    """y ← y + β (z - y_A) for the first rows."""
    signature = types.void(y, z, y_a, beta, n_rows)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        y, z, y_a = (v.pointer(kind, array) for kind, array in zip(signature.args[:3], args[:3], strict=True))
        beta = v.splat(args[3])
        with v.chunks(v.lanes_in_rows(signature.args[0], args[0], args[4]), 1) as (at, _):
            to_b = v.sub(v.load(z, at), v.load(y_a, at))
            v.store(v.muladd(beta, to_b, v.load(y, at)), y, at)
        return context.get_dummy_value()

    return signature, emit


def reflect_rows_twin(y, y_a, g, z_sum, n_rows):
    """NumPy twin of `reflect_rows`."""
    z_sum[:n_rows] += g[:n_rows] * (2 * y_a[:n_rows] - y[:n_rows])


@intrinsic
def _reflect_rows(typing, y, y_a, g, z_sum, n_rows):
    """z_sum ← z_sum + g (2 y_A - y) for the first rows."""
    signature = types.void(y, y_a, g, z_sum, n_rows)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        y, y_a, g, z_sum = (
            v.pointer(kind, array) for kind, array in zip(signature.args[:4], args[:4], strict=True)
        )
        with v.chunks(v.lanes_in_rows(signature.args[0], args[0], args[4]), 1) as (at, _):
            in_a = v.load(y_a, at)
            reflected = v.sub(v.add(in_a, in_a), v.load(y, at))
            v.store(v.muladd(v.load(g, at), reflected, v.load(z_sum, at)), z_sum, at)
        return context.get_dummy_value()

    return signature, emit


def add_row_twin(total, row, values, from_row):
    """NumPy twin of `add_row`."""
    total[row] += values[from_row]


@intrinsic
def _add_row(typing, total, row, values, from_row):
    """total[row] ← total[row] + values[from_row]."""
    signature = types.void(total, row, values, from_row)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        total, values = v.pointer(signature.args[0], args[0]), v.pointer(signature.args[2], args[2])
        n_lanes = v.lanes_in_rows(signature.args[0], args[0], v.step(1))
        to, source = builder.mul(v.index(args[1]), n_lanes), builder.mul(v.index(args[3]), n_lanes)
        with v.chunks(n_lanes, 1) as (chunk, _):
            at = builder.add(to, chunk)
            v.store(v.add(v.load(total, at), v.load(values, builder.add(source, chunk))), total, at)
        return context.get_dummy_value()

    return signature, emit


def mean_rows_twin(z, z_sum, weight, tiny, n_rows):
    """NumPy twin of `mean_rows`."""
    z[:n_rows] = z_sum[:n_rows] / np.maximum(weight[:n_rows], tiny)


@intrinsic
def _mean_rows(typing, z, z_sum, weight, tiny, n_rows):
    """z ← z_sum / weight for the first rows; a weight below tiny (padding) counts as tiny."""
    signature = types.void(z, z_sum, weight, tiny, n_rows)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        z, z_sum, weight = (
            v.pointer(kind, array) for kind, array in zip(signature.args[:3], args[:3], strict=True)
        )
        tiny = v.splat(args[3])
        with v.chunks(v.lanes_in_rows(signature.args[0], args[0], args[4]), 1) as (at, _):
            v.store(v.div(v.load(z_sum, at), v.maximum(v.load(weight, at), tiny)), z, at)
        return context.get_dummy_value()

    return signature, emit


if config.DISABLE_JIT:
    relax_node, project_nodes, accumulate_node = relax_node_twin, project_nodes_twin, accumulate_node_twin
    relax_rows, reflect_rows, add_row, mean_rows = (
        relax_rows_twin,
        reflect_rows_twin,
        add_row_twin,
        mean_rows_twin,
    )
else:
    relax_node, project_nodes, accumulate_node = _relax_node, _project_nodes, _accumulate_node
    relax_rows, reflect_rows, add_row, mean_rows = _relax_rows, _reflect_rows, _add_row, _mean_rows


def as_lanes(values, n_blocks, n_lanes):
    """Rows (one an item) to (n_blocks, columns, n_lanes), padded with zeros."""
    n_items, n_columns = values.shape
    padded = np.zeros((n_blocks * n_lanes, n_columns), dtype=values.dtype)
    padded[:n_items] = values
    return np.ascontiguousarray(padded.reshape(n_blocks, n_lanes, n_columns).transpose(0, 2, 1))


def from_lanes(blocks, n_items):
    """The inverse of `as_lanes`."""
    return blocks.transpose(0, 2, 1).reshape(-1, blocks.shape[1])[:n_items]

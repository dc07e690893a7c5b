"""The three inner loops of the fused sweep, over the lanes (items) of one block.

    relax_node       one RRR update of all weights and inputs of a node, and the sums p, q of the new values
    project_node     the A projection of a node from p, q and y: one scalar u for each lane
    accumulate_node  what the reflected A values add to the weight sums and to the senders' means

Each exists twice: emitted as explicit vector instructions, and as the NumPy twin that runs when
NUMBA_DISABLE_JIT=1. A block's arrays are C-contiguous with the lanes last, so that row r begins at r·L.
L must be a multiple of `vector_width`. Source: arXiv 2602.17493, sections 3 and 4, and its appendix.
"""

import numpy as np
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

from btfnet.kernels.margin import STEPS, U_MAX, margin_root
from btfnet.kernels.simd import Lanes

def _name(dtype):
    return "float32" if dtype == types.float32 else "float64"


# -- relax ------------------------------------------------------------------------------------------------


def relax_node_twin(w, x, z, fan_in, mean_w, a, b, sums, beta, node, first, last, lanes):
    """NumPy twin of `relax_node`."""
    edges, senders = slice(first, last), fan_in[first:last]
    in_a_w = a[node] * w[edges] + b[node] * x[edges]
    in_a_x = a[node] * x[edges] + b[node] * w[edges]
    to_b_w, to_b_x = mean_w[edges, None] - in_a_w, z[senders] - in_a_x
    w[edges] += beta * to_b_w
    x[edges] += beta * to_b_x
    sums[0] = (w[edges] * x[edges]).sum(axis=0)
    sums[1] = (w[edges] ** 2 + x[edges] ** 2).sum(axis=0)
    sums[2], sums[3] = (to_b_w**2).sum(axis=0), (to_b_x**2).sum(axis=0)


def _emit_relax(lanes, pointers, beta, node, first, last, n_lanes, unroll):
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
                to_b_w = v.sub(in_b_w, v.add(v.mul(a_k[k], w_k), v.mul(b_k[k], x_k)))
                to_b_x = v.sub(in_b_x, v.add(v.mul(a_k[k], x_k), v.mul(b_k[k], w_k)))
                w_k, x_k = v.add(w_k, v.mul(beta, to_b_w)), v.add(x_k, v.mul(beta, to_b_x))
                v.store(w_k, w, at)
                v.store(x_k, x, at)
                p, q, gap_w, gap_x = kept[k]
                v.set(p, v.add(v.get(p), v.mul(w_k, x_k)))
                v.set(q, v.add(v.get(q), v.mul(w_k, w_k), v.mul(x_k, x_k)))
                v.set(gap_w, v.add(v.get(gap_w), v.mul(to_b_w, to_b_w)))
                v.set(gap_x, v.add(v.get(gap_x), v.mul(to_b_x, to_b_x)))
        for k, offset in enumerate(offsets):
            for row_index, variable in enumerate(kept[k]):
                at = builder.add(builder.add(chunk, offset), builder.mul(n_lanes, v.step(row_index)))
                v.store(v.get(variable), sums, at)


@intrinsic
def _relax_node(typing, w, x, z, fan_in, mean_w, a, b, sums, beta, node, first, last, n_lanes):
    signature = types.void(w, x, z, fan_in, mean_w, a, b, sums, beta, node, first, last, n_lanes)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        pointers = [v.pointer(kind, array) for kind, array in zip(signature.args[:8], args[:8], strict=True)]
        rest = (v.splat(args[8]), *args[9:])
        n_lanes, width = args[12], v.width
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


def project_node_twin(y, z, y_a, g, mask, a, b, sums, push, z_sum, beta, gamma, per_mean, delta, node, n_lanes):
    """NumPy twin of `project_node`, lane by lane."""
    kind = y.dtype.name
    to_b = z[node] - y_a[node]
    y[node] += beta * to_b
    gap2 = (sums[2] + sums[3] + to_b**2) * mask
    g[node] += gamma * (gap2 * per_mean - g[node])
    parts = (sums[2] * mask).sum(), (sums[3] * mask).sum(), (to_b**2 * mask).sum()
    one, u_max, steps = y.dtype.type(1), y.dtype.type(U_MAX[kind]), STEPS[kind]
    for lane in range(n_lanes):
        p, q, value = sums[0, lane], sums[1, lane], y[node, lane]
        side, size = (one if p >= 0 else -one), abs(p)
        here = margin_root(size, q, delta, u_max, steps) if size < delta else one - one
        there = margin_root(-size, q, delta, u_max, steps)
        stays = side * value > 0 and size > 0
        if not stays:
            cost_here = (side - value) ** 2 + _cost(here, size, q)
            cost_there = (side + value) ** 2 + _cost(there, -size, q)
            stays = cost_here < cost_there or (cost_here == cost_there and side < 0)
        y_a[node, lane] = side if stays else -side
        u = side * here if stays else -side * there
        a[node, lane] = one / (one - u * u)
        b[node, lane] = u * a[node, lane]
    push[0] = g[node] * (a[node] + a[node] - one)
    push[1] = g[node] * (b[node] + b[node])
    z_sum[node] += g[node] * (y_a[node] + y_a[node] - y[node])
    return parts


def _cost(u, p, q):
    """Squared distance of the move by u: D = ((a-1)² + b²) q + 4 (a-1) b p."""
    a = 1 / (1 - u * u)
    b = u * a
    return ((a - 1) ** 2 + b * b) * q + 4 * (a - 1) * b * p


def _emit_root(v, p, q, delta, u_max, steps):
    """`margin_root` on vectors."""
    one, two, quarter, zero = v.constant(1), v.constant(2), v.constant(0.25), v.constant(0)
    twice = v.add(p, p)
    plus, minus = v.maximum(v.add(q, twice), zero), v.maximum(v.sub(q, twice), zero)
    length, c4 = v.sqrt(plus), v.mul(v.constant(4), delta)
    t = v.minimum(v.div(length, v.sqrt(v.add(c4, v.mul(minus, quarter)))), one)
    for _ in range(steps):
        r = v.div(one, v.sub(two, t))
        square = v.mul(minus, v.mul(r, r))
        bend = v.mul(v.mul(t, square), r)
        k = v.add(c4, square)
        t = v.div(v.add(v.mul(length, v.sqrt(k)), v.mul(t, bend)), v.add(k, bend))
    return v.minimum(v.maximum(v.sub(one, t), zero), u_max)


def _emit_cost(v, u, p, q):
    a = v.div(v.constant(1), v.sub(v.constant(1), v.mul(u, u)))
    b, rise = v.mul(u, a), v.sub(a, v.constant(1))
    return v.add(v.mul(v.add(v.mul(rise, rise), v.mul(b, b)), q), v.mul(v.constant(4), rise, v.mul(b, p)))


def _emit_side(v, y, p, q, delta, kind):
    """The nearer side of the margin: the Boolean y_A and the scalar u."""
    zero, one = v.constant(0), v.constant(1)
    u_max, steps = v.constant(U_MAX[kind]), STEPS[kind]
    side = v.select(v.compare(">=", p, zero), one, v.negate(one))
    size = v.mul(p, side)
    here = _emit_root(v, size, q, delta, u_max, steps)
    here = v.select(v.compare("<", size, delta), here, zero)
    there = _emit_root(v, v.negate(size), q, delta, u_max, steps)
    ahead, behind = v.sub(side, y), v.add(side, y)
    cost_here = v.add(v.mul(ahead, ahead), _emit_cost(v, here, size, q))
    cost_there = v.add(v.mul(behind, behind), _emit_cost(v, there, v.negate(size), q))
    nearer = v.compare("<", cost_here, cost_there)
    tie = v.both(v.compare("==", cost_here, cost_there), v.compare("<", side, zero))
    stays = v.either(v.compare(">", v.mul(y, p), zero), v.either(nearer, tie))
    u = v.select(stays, v.mul(side, here), v.negate(v.mul(side, there)))
    return v.select(stays, side, v.negate(side)), u


@intrinsic
def _project_node(
    typing, y, z, y_a, g, mask, a, b, sums, push, z_sum, beta, gamma, per_mean, delta, node, n_lanes
):
    real = y.dtype
    signature = types.UniTuple(real, 3)(
        y, z, y_a, g, mask, a, b, sums, push, z_sum, beta, gamma, per_mean, delta, node, n_lanes
    )  # fmt: skip

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, real)
        y, z, y_a, g, mask, a, b, sums, push, z_sum = (
            v.pointer(kind, array) for kind, array in zip(signature.args[:10], args[:10], strict=True)
        )
        beta, gamma, per_mean, delta = (v.splat(value) for value in args[10:14])
        node, n_lanes = args[14:]
        parts = [v.variable() for _ in range(3)]
        for part in parts:
            v.set(part, v.constant(0))
        with v.chunks(n_lanes, 1) as (chunk, _):
            row = builder.add(builder.mul(node, n_lanes), chunk)
            p, q, gap_w, gap_x = (
                v.load(sums, builder.add(chunk, builder.mul(n_lanes, v.step(index)))) for index in range(4)
            )
            real_lanes = v.load(mask, chunk)
            to_b = v.sub(v.load(z, row), v.load(y_a, row))
            y_new = v.add(v.load(y, row), v.mul(beta, to_b))
            gaps = [v.mul(part, real_lanes) for part in (gap_w, gap_x, v.mul(to_b, to_b))]
            for part, gap in zip(parts, gaps, strict=True):
                v.set(part, v.add(v.get(part), gap))
            g_old = v.load(g, row)
            g_new = v.add(g_old, v.mul(gamma, v.sub(v.mul(v.add(*gaps), per_mean), g_old)))
            y_side, u = _emit_side(v, y_new, p, q, delta, _name(real))
            a_new = v.div(v.constant(1), v.sub(v.constant(1), v.mul(u, u)))
            b_new = v.mul(u, a_new)
            v.store(y_new, y, row)
            v.store(y_side, y_a, row)
            v.store(g_new, g, row)
            v.store(a_new, a, row)
            v.store(b_new, b, row)
            v.store(v.mul(g_new, v.sub(v.add(a_new, a_new), v.constant(1))), push, chunk)
            v.store(v.mul(g_new, v.add(b_new, b_new)), push, builder.add(chunk, n_lanes))
            reflected = v.sub(v.add(y_side, y_side), y_new)
            v.store(v.add(v.load(z_sum, row), v.mul(g_new, reflected)), z_sum, row)
        totals = [v.sum(v.get(part)) for part in parts]
        return context.make_tuple(builder, signature.return_type, totals)

    return signature, emit


# -- accumulate -------------------------------------------------------------------------------------------


def accumulate_node_twin(w, x, z_sum, fan_in, w_sum, push, first, last, n_lanes):
    """NumPy twin of `accumulate_node`."""
    edges, senders = slice(first, last), fan_in[first:last]
    z_sum[senders] += push[0] * x[edges] + push[1] * w[edges]
    w_sum[edges] = (push[0] * w[edges] + push[1] * x[edges]).sum(axis=1)


@intrinsic
def _accumulate_node(typing, w, x, z_sum, fan_in, w_sum, push, first, last, n_lanes):
    signature = types.void(w, x, z_sum, fan_in, w_sum, push, first, last, n_lanes)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        w, x, z_sum, fan_in, w_sum, push = (
            v.pointer(kind, array) for kind, array in zip(signature.args[:6], args[:6], strict=True)
        )
        first, last, n_lanes = args[6:]
        total = v.variable()
        with cgutils.for_range(builder, builder.sub(last, first)) as loop:
            edge = builder.add(first, loop.index)
            row = builder.mul(edge, n_lanes)
            sender_row = builder.mul(v.integer_at(fan_in, edge), n_lanes)
            v.set(total, v.constant(0))
            with v.chunks(n_lanes, 1) as (chunk, _):
                at, z_at = builder.add(row, chunk), builder.add(sender_row, chunk)
                w_k, x_k = v.load(w, at), v.load(x, at)
                same, other = v.load(push, chunk), v.load(push, builder.add(chunk, n_lanes))
                v.store(v.add(v.load(z_sum, z_at), v.mul(same, x_k), v.mul(other, w_k)), z_sum, z_at)
                v.set(total, v.add(v.get(total), v.mul(same, w_k), v.mul(other, x_k)))
            builder.store(v.sum(v.get(total)), builder.gep(w_sum, [edge]))
        return context.get_dummy_value()

    return signature, emit


if config.DISABLE_JIT:
    relax_node, project_node, accumulate_node = relax_node_twin, project_node_twin, accumulate_node_twin
else:
    relax_node, project_node, accumulate_node = _relax_node, _project_node, _accumulate_node


def as_lanes(values, n_blocks, n_lanes):
    """Rows (one an item) to (n_blocks, columns, n_lanes), padded with zeros."""
    n_items, n_columns = values.shape
    padded = np.zeros((n_blocks * n_lanes, n_columns), dtype=values.dtype)
    padded[:n_items] = values
    return np.ascontiguousarray(padded.reshape(n_blocks, n_lanes, n_columns).transpose(0, 2, 1))


def from_lanes(blocks, n_items):
    """The inverse of `as_lanes`."""
    return blocks.transpose(0, 2, 1).reshape(-1, blocks.shape[1])[:n_items]

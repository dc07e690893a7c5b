"""The two loops of the fused sweep over all edges of a node, for the lanes (items) of one block.

    relax_node       one RRR update of all weights and inputs of a node, and the sums p, q of the new values
    accumulate_node  what the reflected A values add to the weight sums and to the senders' means

Each exists twice: emitted as explicit vector instructions, and as the NumPy twin that runs when
NUMBA_DISABLE_JIT=1. A block's arrays are C-contiguous with the lanes last, so that row r begins at r·L.
L must be a multiple of `vector_width`. Source: arXiv 2602.17493, sections 3 and 4.
"""

import numpy as np
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic

from btfnet.kernels.vectors import Lanes


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


if config.DISABLE_JIT:
    relax_node, accumulate_node = relax_node_twin, accumulate_node_twin
else:
    relax_node, accumulate_node = _relax_node, _accumulate_node


def as_lanes(values, n_blocks, n_lanes):
    """Rows (one an item) to (n_blocks, columns, n_lanes), padded with zeros."""
    n_items, n_columns = values.shape
    padded = np.zeros((n_blocks * n_lanes, n_columns), dtype=values.dtype)
    padded[:n_items] = values
    return np.ascontiguousarray(padded.reshape(n_blocks, n_lanes, n_columns).transpose(0, 2, 1))


def from_lanes(blocks, n_items):
    """The inverse of `as_lanes`."""
    return blocks.transpose(0, 2, 1).reshape(-1, blocks.shape[1])[:n_items]

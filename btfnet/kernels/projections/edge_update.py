"""The two loops of the fused sweep over all edges of a node, for the lanes (items) of one block.

    relax_node       one RRR update of all weights and inputs of a node, and the sums p, q of the new values
    accumulate_node  what the reflected A values add to the weight sums and to the senders' means

Both are emitted as vector instructions; the body below each is its twin in NumPy (tests/kernels/test_emitted.py
compares them). Arrays of a block: `blocks.Block`.
Source: arXiv 2602.17493, sections 3 and 4; the method page, sections 3 to 7.
"""

from btfnet.kernels.vectors import emitted, integer


def _emit_relax(emit, block, wiring, mean_w, beta, node, in_batch):
    """As many vectors at once as the block has; 4 sums and a, b for 4 vectors just fit the 32 registers."""
    v, n_lanes = emit.floats(block.w.dtype), block.w.size(1)
    first, last, beta = (
        wiring.fan_in_start.item(node),
        wiring.fan_in_start.item(emit.add(node, 1)),
        v.splat(beta),
    )

    def pass_over_edges(unroll):
        """All sums of `unroll` vectors of lanes in registers."""
        offsets = [k * v.width for k in range(unroll)]
        totals = [[v.register() for _ in range(4)] for _ in offsets]
        with emit.loop(n_lanes, v.width * unroll) as lane:
            a, b = block.a.at(node, lane), block.b.at(node, lane)
            a, b = [v.load(a, offset) for offset in offsets], [v.load(b, offset) for offset in offsets]
            for registers in totals:
                for register in registers:
                    v.set(register, v.constant(0))
            with emit.loop(last, start=first) as edge:
                w_row, x_row = block.w.at(edge, lane), block.x.at(edge, lane)
                in_b_w, z_row = v.splat(mean_w.item(edge)), block.z.at(wiring.fan_in.item(edge), lane)
                for k, offset in enumerate(offsets):
                    w, x = v.load(w_row, offset), v.load(x_row, offset)
                    to_b_w = v.sub(in_b_w, v.muladd(a[k], w, v.mul(b[k], x)))
                    to_b_x = v.sub(v.load(z_row, offset), v.muladd(a[k], x, v.mul(b[k], w)))
                    w, x = v.muladd(beta, to_b_w, w), v.muladd(beta, to_b_x, x)
                    v.store(w, w_row, offset)
                    v.store(x, x_row, offset)
                    p, q, gap_w, gap_x = totals[k]
                    v.set(p, v.muladd(w, x, v.get(p)))
                    v.set(q, v.muladd(w, w, v.muladd(x, x, v.get(q))))
                    v.set(gap_w, v.muladd(to_b_w, to_b_w, v.get(gap_w)))
                    v.set(gap_x, v.muladd(to_b_x, to_b_x, v.get(gap_x)))
            for row in range(4):
                target = block.sums.at(row, in_batch, lane)
                for k, offset in enumerate(offsets):
                    v.store(v.get(totals[k][row]), target, offset)

    emit.with_largest(v.width, n_lanes, (4, 2, 1), pass_over_edges)


@emitted(_emit_relax)
def relax_node(block, wiring, mean_w, beta, node, in_batch):
    """One RRR update of the edges into a node:  v ← v + β (P_B - P_A).

    P_A of an edge is a w + b x, a x + b w with the node's a, b; P_B is mean_w and the sender's z.

    block    Block. Reads a, b, z; writes w and x of these edges, and sums[:, in_batch]: p = Σ w x, q = Σ w² + x²
             of the new values, and Σ of the squared gaps (P_B - P_A)² of w and of x
    wiring   sweep.Wiring, of which fan_in_start and fan_in are read;  mean_w  real, (n_edges,): the B weights
    beta     real;  in_batch  the node's number in its batch
    Cost:    reads and writes w and x once, 8 + 8 bytes an edge and item in float32; no allocation.
    """
    edges = slice(wiring.fan_in_start[node], wiring.fan_in_start[node + 1])
    senders = wiring.fan_in[edges]
    w, x, a, b, sums = block.w[edges], block.x[edges], block.a[node], block.b[node], block.sums
    in_a_w, in_a_x = a * w + b * x, a * x + b * w
    to_b_w, to_b_x = mean_w[edges, None] - in_a_w, block.z[senders] - in_a_x
    w += beta * to_b_w
    x += beta * to_b_x
    sums[0, in_batch] = (w * x).sum(axis=0)
    sums[1, in_batch] = (w**2 + x**2).sum(axis=0)
    sums[2, in_batch], sums[3, in_batch] = (to_b_w**2).sum(axis=0), (to_b_x**2).sum(axis=0)


def _emit_accumulate(emit, block, wiring, node, in_batch):
    v, n_lanes = emit.floats(block.w.dtype), block.w.size(1)
    first, last = wiring.fan_in_start.item(node), wiring.fan_in_start.item(emit.add(node, 1))

    def pass_over_edges(unroll):
        """`unroll` separate sums, so that none waits for the other."""
        totals = [v.register() for _ in range(unroll)]
        push_same, push_other = block.push.at(0, in_batch), block.push.at(1, in_batch)
        with emit.loop(last, start=first) as edge:
            for total in totals:
                v.set(total, v.constant(0))
            w_row, x_row, z_row = block.w.at(edge), block.x.at(edge), block.z_sum.at(wiring.fan_in.item(edge))
            with emit.loop(n_lanes, v.width * unroll) as start:
                for k, total in enumerate(totals):
                    lane = emit.add(start, integer(k * v.width))
                    w, x = v.load(w_row, lane), v.load(x_row, lane)
                    same, other = v.load(push_same, lane), v.load(push_other, lane)
                    v.store(v.muladd(same, x, v.muladd(other, w, v.load(z_row, lane))), z_row, lane)
                    v.set(total, v.muladd(same, w, v.muladd(other, x, v.get(total))))
            everything = v.sum(v.add(*(v.get(total) for total in totals)))
            emit.builder.store(everything, block.w_sum.at(edge))

    emit.with_largest(v.width, n_lanes, (4, 1), pass_over_edges)


@emitted(_emit_accumulate)
def accumulate_node(block, wiring, node, in_batch):
    """What the reflected A values 2 P_A - v of the edges into a node add to the B projection.

    It is (2 a - 1) w + 2 b x for a weight, (2 a - 1) x + 2 b w for an input; push holds both factors times g.

    block    Block. Reads w, x, push[:, in_batch]; writes w_sum of these edges, adds to z_sum of their senders
    wiring   sweep.Wiring, of which fan_in_start and fan_in are read;  in_batch  the node's number in its batch
    Cost:    reads w and x once, reads and writes z_sum once an edge; no allocation.
    """
    edges = slice(wiring.fan_in_start[node], wiring.fan_in_start[node + 1])
    senders = wiring.fan_in[edges]
    same, other = block.push[0, in_batch], block.push[1, in_batch]
    block.z_sum[senders] += same * block.x[edges] + other * block.w[edges]
    block.w_sum[edges] = (same * block.w[edges] + other * block.x[edges]).sum(axis=1)

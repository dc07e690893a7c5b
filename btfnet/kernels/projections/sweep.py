"""The fused sweep: one RRR iteration in one pass over the weights and inputs of all items.

Because one scalar u for each (item, node) recreates the A projection of all its edges, the update of
iteration t and the A projection of t+1 share a pass: read w and x, write w and x. Only the weights couple
the items, through sums over each block that are added in block order, so that the result does not depend
on the number of threads. Source: arXiv 2602.17493, sections 3 and 4; layout: one block of items at a time,
the items as contiguous lanes.

Arguments: wiring  Wiring; state  State; scratch  Scratch; real  float32 or float64, one of them throughout;
L  lanes (items) of a block. Twin: tests/support/naive.py, NaiveNetworkB, and NaiveNetworkA for the other
constraint; tests/engines/test_projections.py follows the two step by step.
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from btfnet.kernels.compiled import compiled
from btfnet.kernels.fill import fill, fill_rows
from btfnet.kernels.projections.blocks import Block
from btfnet.kernels.projections.edge_update import accumulate_node, relax_node
from btfnet.kernels.projections.node_update import add_row, mean_rows, reflect_rows, relax_rows
from btfnet.kernels.projections.project_margin import project_nodes

UNKNOWN_BITS, UNKNOWN_ONE_HOT = 1, 2
"""How the y of an input node is projected; 0 is known, fixed to its data."""


TINY_GAP = 1e-35
"""Mean squared gaps below this are zero: their inverse would leave the range of float32."""


class Wiring(NamedTuple):
    """The network as the sweep reads it; groups are runs of nodes with the same senders."""

    n_inputs: int
    first_output: int
    unknown: int
    fan_in_start: np.ndarray  # int64, (n_nodes + 1,)
    fan_in: np.ndarray  # int32, (n_edges,)
    group_start: np.ndarray  # int64, (n_groups + 1,): group k is nodes group_start[k] … group_start[k+1]-1
    batch_start: np.ndarray  # int64, (n_batches + 1,): threshold nodes whose rows share the first-level cache
    delta: np.ndarray  # real, (n_nodes, lanes): margins
    tiny: float  # real: keeps the padding from dividing by zero
    free: np.ndarray  # bool, (n_blocks, n_outputs, lanes): output bits that do not count; no blocks: all do


class State(NamedTuple):
    """Everything that an iteration reads and writes. Blocked arrays have the shape (n_blocks, rows, lanes)."""

    w: np.ndarray  # rows: edges
    x: np.ndarray
    y: np.ndarray  # rows: nodes, as all below
    g: np.ndarray  # 0 marks padding
    z: np.ndarray  # B values of the nodes; for outputs that count the data
    y_a: np.ndarray  # A values of the nodes; for known inputs the data
    a: np.ndarray
    b: np.ndarray
    w_sum: np.ndarray  # (n_blocks, n_edges): weighted sums of the reflected weights
    sums: np.ndarray  # float64, (most fan-in,): of one node over all blocks
    mean_w: np.ndarray  # (n_edges,): the B weights
    gaps: np.ndarray  # float64, (n_blocks, 3): sums of squared gaps of w, x, y
    total: np.ndarray  # float64, (4,): mean squared gaps of w, x, y per BTF and item, and their sum
    metric: np.ndarray  # real, (2,): the rate γ of this iteration, and 1 / mean squared gap of the last one


class Scratch(NamedTuple):
    """What each thread needs besides; the first axis of every array is the thread."""

    z_sum: np.ndarray  # (n_nodes, lanes)
    weight: np.ndarray  # (n_nodes + 1, lanes): sums of the metric over all copies of a node's value
    sums: np.ndarray  # (4, most nodes of a batch, lanes): p, q, gap_w, gap_x
    push: np.ndarray  # (2, most nodes of a batch, lanes)


@compiled
def project_unknown(wiring, y, y_a):
    """The A values of unknown inputs: the nearer of ±1 (0 goes to -1), or +1 at the largest (the first).

    y, y_a  real, (n_nodes, L). Writes y_a of the inputs if wiring.unknown says so
    Source: the method page, section 3. Twin: tests/support/naive.py, project_exactly_k, and
    project_plus_minus_one.
    """
    inputs, lanes = range(1, wiring.n_inputs + 1), range(y.shape[1])
    if wiring.unknown == UNKNOWN_BITS:
        for node in inputs:
            for lane in lanes:
                y_a[node, lane] = 1 if y[node, lane] > 0 else -1
    elif wiring.unknown == UNKNOWN_ONE_HOT:
        for lane in lanes:
            best = 1
            for node in inputs:
                y_a[node, lane] = -1
                if y[node, lane] > y[best, lane]:
                    best = node
            y_a[best, lane] = 1


@compiled
def concur_values(wiring, g, z, z_sum, weight):
    """The B values: weighted means of a node's y and of all x that copy it; outputs keep their data.

    g, z, z_sum  real, (n_nodes, L); weight  real, (n_nodes + 1, L). Writes z up to the outputs, and weight, the
    sums of g over a node and all that hear it
    Source: the method page, section 4. Cost: one pass over g for each node, and one for each edge of a group.
    """
    n_nodes = g.shape[0]
    fill_rows(weight, 0)
    for node in range(n_nodes):
        add_row(weight, node, g, node)
    for group in range(wiring.group_start.size - 1):
        first, last = wiring.group_start[group], wiring.group_start[group + 1]
        fill(weight[n_nodes], 0)
        for node in range(first, last):
            add_row(weight, n_nodes, g, node)
        for edge in range(wiring.fan_in_start[first], wiring.fan_in_start[first + 1]):
            add_row(weight, wiring.fan_in[edge], weight, n_nodes)
    mean_rows(z, z_sum, weight, wiring.tiny, wiring.first_output)


@compiled
def concur_free_outputs(wiring, free, z, z_sum, weight):
    """The B values of outputs that do not count: weighted means of their copies, as for a hidden node.

    free  bool, (n_outputs, L); z, z_sum, weight  real, (≥ n_nodes, L). Writes z where free is true
    """
    for output in range(free.shape[0]):
        node = wiring.first_output + output
        for lane in range(free.shape[1]):
            if free[output, lane]:
                z[node, lane] = z_sum[node, lane] / weight[node, lane]


@compiled
def sweep_block(block, thread, wiring, state, scratch, beta):
    """One iteration for one block: update, project to A, add up what B needs.

    beta  real, β. Writes the block's part of all of state's arrays but sums, mean_w, total and metric, and the
    thread's part of scratch. Cost: reads and writes w and x once; no allocation.
    """
    own = Block(
        state.w[block], state.x[block], state.y[block], state.z[block], state.g[block], state.y_a[block],
        state.a[block], state.b[block], state.w_sum[block],
        scratch.z_sum[thread], scratch.sums[thread], scratch.push[thread],
    )  # fmt: skip
    gamma, per_mean = state.metric[0], state.metric[1]
    weight = scratch.weight[thread]
    gap_w, gap_x, gap_y = 0.0, 0.0, 0.0
    fill_rows(own.z_sum, 0)
    relax_rows(own.y, own.z, own.y_a, beta, wiring.n_inputs + 1)
    project_unknown(wiring, own.y, own.y_a)
    reflect_rows(own.y, own.y_a, own.g, own.z_sum, wiring.n_inputs + 1)
    for batch in range(wiring.batch_start.size - 1):
        first, last = wiring.batch_start[batch], wiring.batch_start[batch + 1]
        for node in range(first, last):
            relax_node(own, wiring, state.mean_w, beta, node, node - first)
        gaps = project_nodes(own, wiring.delta, beta, gamma, per_mean, first, last - first)
        for node in range(first, last):
            accumulate_node(own, wiring, node, node - first)
        gap_w += gaps[0]
        gap_x += gaps[1]
        gap_y += gaps[2]
    concur_values(wiring, own.g, own.z, own.z_sum, weight)
    if wiring.free.shape[0] > 0:
        concur_free_outputs(wiring, wiring.free[block], own.z, own.z_sum, weight)
    state.gaps[block, 0], state.gaps[block, 1], state.gaps[block, 2] = gap_w, gap_x, gap_y


@compiled
def concur_nodes(w_sum, begin, fan_in_start, first_node, last_node, sums, mean_w):
    """The B weights of some nodes: sums over the blocks in fixed order, scaled to w·w = m; zeros stay zeros.

    w_sum  real, (n_blocks, n): of the edges begin … begin + n - 1; fan_in_start  as in Wiring
    The nodes are first_node … last_node - 1. Writes mean_w, (n_edges,), of their edges, and sums as scratch.
    Source: the method page, section 4.
    """
    for node in range(first_node, last_node):
        first, last = fan_in_start[node], fan_in_start[node + 1]
        for edge in range(first, last):
            sums[edge - first] = w_sum[0, edge - begin]
        for block in range(1, w_sum.shape[0]):
            for edge in range(first, last):
                sums[edge - first] += w_sum[block, edge - begin]
        square = 0.0
        for edge in range(last - first):
            square += sums[edge] * sums[edge]
        scale = np.sqrt((last - first) / square) if square > 0 else 0.0
        for edge in range(first, last):
            mean_w[edge] = sums[edge - first] * scale


@compiled
def concur_weights(wiring, state):
    """The B weights of all nodes. Writes state.mean_w, and state.sums as scratch."""
    start = wiring.fan_in_start
    concur_nodes(state.w_sum, 0, start, wiring.n_inputs + 1, start.size - 1, state.sums, state.mean_w)


@compiled
def close_iteration(state, n_terms):
    """Add the blocks' gaps in fixed order: writes state.total; returns the mean squared gap.

    n_terms  items times BTFs, float64
    """
    fill(state.total, 0)
    for block in range(state.gaps.shape[0]):
        for kind in range(3):  # of w, x, y
            state.total[kind] += state.gaps[block, kind] / n_terms
    state.total[3] = state.total[0] + state.total[1] + state.total[2]
    return state.total[3]


@compiled
def set_rate(state, gamma):
    """The metric's rate, gamma: none before there is a gap to compare with. Writes state.metric.

    Source: the method page, section 5, with the gap of the iteration before.
    """
    mean = state.total[3]
    known = np.isfinite(mean) and mean > TINY_GAP
    state.metric[0] = gamma if known else 0.0
    state.metric[1] = 1 / mean if known else 0.0


@compiled
def open_iteration(wiring, state, gamma):
    """B weights, and the metric's rate, gamma. Writes state.mean_w and state.metric."""
    concur_weights(wiring, state)
    set_rate(state, gamma)


@compiled
def sweep_blocks(wiring, state, scratch, beta):
    """One iteration for all blocks of this rank, on this thread; beta  real, β. Writes as `sweep_block` does.

    Twin: tests/ranks/test_shared_projections.py, stepped, with `advance` in one process.
    """
    for block in range(state.w.shape[0]):
        sweep_block(block, 0, wiring, state, scratch, beta)


@compiled(allocates=True, parallel=True)
def sweep_blocks_threads(wiring, state, scratch, beta):
    """`sweep_blocks` on as many threads as scratch has room for, beta as there; writes the same."""
    n_blocks, n_threads = state.w.shape[0], scratch.sums.shape[0]
    for thread in prange(n_threads):
        for block in range(thread * n_blocks // n_threads, (thread + 1) * n_blocks // n_threads):
            sweep_block(block, thread, wiring, state, scratch, beta)


@compiled
def advance(iterations, stop_gap, wiring, state, scratch, beta, gamma, n_terms):
    """Up to so many iterations on this thread; ends after the first whose gap is at or below stop_gap.

    beta  real, β; gamma  γ; n_terms  items times BTFs
    Returns the iterations done; writes state and scratch. Cost: one pass over w and x per iteration.
    Source: arXiv 2602.17493, section 4; the method page, sections 5 and 7.
    """
    for iteration in range(iterations):
        open_iteration(wiring, state, gamma)
        for block in range(state.w.shape[0]):
            sweep_block(block, 0, wiring, state, scratch, beta)
        if not close_iteration(state, n_terms) > stop_gap * stop_gap:
            return iteration + 1
    return iterations


@compiled(allocates=True, parallel=True)
def advance_threads(iterations, stop_gap, wiring, state, scratch, beta, gamma, n_terms):
    """`advance` with the blocks shared out among as many threads as scratch has room for; the same result.

    Arguments iterations, stop_gap, beta, gamma, n_terms as there. Returns the iterations done; writes state,
    scratch.
    Twin: tests/engines/test_projections.py, test_result_is_the_same_for_one_and_for_many_threads.
    """
    n_blocks, n_threads = state.w.shape[0], scratch.sums.shape[0]
    for iteration in range(iterations):
        open_iteration(wiring, state, gamma)
        for thread in prange(n_threads):
            for block in range(thread * n_blocks // n_threads, (thread + 1) * n_blocks // n_threads):
                sweep_block(block, thread, wiring, state, scratch, beta)
        if not close_iteration(state, n_terms) > stop_gap * stop_gap:
            return iteration + 1
    return iterations

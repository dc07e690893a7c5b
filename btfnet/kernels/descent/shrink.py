"""Shrinking an exact circuit: sweeps that give every node the cheapest gate that keeps the error at 0.

Arguments: shape, gates, work, node, rng  as in gate_arrays.py; buffers  `cheapest_gate.ShrinkBuffers`.
Source: own; the derivation of cheapest_gate.py. Twin: tests/engines/test_shrink.py,
test_a_node_gets_the_cheapest_of_all_gates_that_keep_the_circuit_exact, which tries all gates.
"""

import numpy as np

from btfnet.kernels.bits import NONE
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.best_gate import random_gate
from btfnet.kernels.descent.cheapest_gate import (
    GATE,
    cheapest_copy,
    cheapest_majority,
    cone_cost,
    grow_cones,
    held_cost,
    link_compatible,
    mark_errors,
    mark_in_use,
    pick_candidates,
)
from btfnet.kernels.descent.gate_arrays import gate_value, settle
from btfnet.kernels.descent.prices import price_node
from btfnet.kernels.descent.walk import VISIT
from btfnet.kernels.fill import fill
from btfnet.kernels.random_draw import below, between


@compiled
def drop_pair(shape, gates, work, buffers, node, rng):
    """Take two literals from a gate of five or more, if some pair can go; pairs in random order.

    Writes gates, where the order of the literals changes too, and work.flipped[node]. Returns whether two went.
    """
    arity, row = gates.arity[node], work.flipped[node]
    gates.arity[node] = arity - 2
    fill(work.changed, False)
    turn = below(rng, arity)
    for literal in range(turn):
        swap_literals(gates, node, literal, between(rng, literal, arity))
    for first in range(arity - 1):
        for second in range(first + 1, arity):
            swap_literals(gates, node, second, arity - 1)
            swap_literals(gates, node, first, arity - 2)
            gate_value(gates, node, work.values, work.flipped, work.changed, row)
            work.effort[0] += 4 * arity * row.size
            if agree(row, work.values[node], buffers.mask):
                return True
            swap_literals(gates, node, first, arity - 2)
            swap_literals(gates, node, second, arity - 1)
    gates.arity[node] = arity
    return False


@compiled
def swap_literals(gates, node, a, b):
    """Let the literals numbered a and b of a gate change places. Writes gates."""
    sender, sign = gates.sender[node], gates.sign[node]
    sender[a], sender[b] = sender[b], sender[a]
    sign[a], sign[b] = sign[b], sign[a]


@compiled
def agree(a, b, mask):
    """Whether two rows a, b are equal where the mask, a row, is 1: returns a Boolean, writes nothing."""
    for word in range(a.size):  # noqa: SIM110 - the compiler knows no generators
        if (a[word] ^ b[word]) & mask[word]:
            return False
    return True


@compiled
def find_mask(shape, gates, work, buffers, node):
    """The items at which a node's value matters: d > 0. Writes buffers.mask and work.planes."""
    top = price_node(shape, gates, work, node)
    for word in range(buffers.mask.size):
        bits = NONE
        for plane in range(top):
            bits |= work.planes[plane, word]
        buffers.mask[word] = bits


@compiled
def shrink_node(shape, gates, work, buffers, node, rng):
    """Give a node the cheapest gate that keeps the error at 0; one that nothing needs gets a random gate.

    Among equals it draws, the gate held being no better than others. Writes gates, the values and scratch of work,
    and buffers. Returns the change of the error, 0.
    """
    work.effort[0] += VISIT
    mark_in_use(shape, gates, buffers, node)
    if not buffers.in_use[node]:
        random_gate(shape, gates, node, rng)
        return settle(shape, gates, work, node)
    grow_cones(shape, gates, buffers, node)
    find_mask(shape, gates, work, buffers, node)
    width = pick_candidates(shape, buffers, node, rng)
    mark_errors(work, buffers, node, width)
    for index in range(width):
        sender = buffers.sender[index]
        buffers.cost[2 * index] = buffers.cost[2 * index + 1] = cone_cost(buffers, sender, sender, sender)
    least, ties = cheapest_copy(buffers, width, held_cost(gates, buffers, node), rng)
    arity = 1 if ties else 0
    if least >= GATE + 2:
        link_compatible(work, buffers, width, least - GATE - 2)
        least, ties, taken = cheapest_majority(work, buffers, width, least, ties, rng)
        arity = 3 if taken else arity
    if arity == 0 and (gates.arity[node] <= 3 or not drop_pair(shape, gates, work, buffers, node, rng)):
        return 0
    if arity > 0:
        gates.arity[node] = arity
        for index in range(arity):
            literal = buffers.chosen[index]
            gates.sender[node, index] = buffers.sender[literal >> 1]
            gates.sign[node, index] = 1 - 2 * (literal & 1)
    return settle(shape, gates, work, node)


@compiled(allocates=True)
def shrink_sweep(shape, gates, work, buffers, rng):
    """Visit every node once, in random order, unless work.halt is set; returns the change of the error, 0.

    Writes gates, work and buffers, as `shrink_node` does.
    """
    nodes = np.arange(shape.n_inputs + 1, work.values.shape[0])
    change = 0
    for index in range(nodes.size - 1, -1, -1):
        if work.halt[0] != 0:
            break
        other = below(rng, index + 1)
        node = nodes[other]
        nodes[other] = nodes[index]
        change += shrink_node(shape, gates, work, buffers, node, rng)
    return change

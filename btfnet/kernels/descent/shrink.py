"""Shrinking an exact circuit: sweeps that give every node the cheapest gate that keeps the error at 0."""

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
    make_friends,
    mark_live,
    pick_candidates,
    tell_apart,
)
from btfnet.kernels.descent.gate_arrays import clear, gate_value, price_node, settle
from btfnet.kernels.descent.walk import VISIT
from btfnet.kernels.random_draw import below, between


@compiled
def drop_pair(shape, gates, work, room, node, rng):
    """Take two literals from a gate of five or more, if some pair can go; pairs in order from a random one."""
    arity, row = gates.arity[node], work.flipped[node]
    gates.arity[node] = arity - 2
    clear(work.changed)
    turn = below(rng, arity)
    for place in range(turn):
        swap_literals(gates, node, place, between(rng, place, arity))
    for first in range(arity - 1):
        for second in range(first + 1, arity):
            swap_literals(gates, node, second, arity - 1)
            swap_literals(gates, node, first, arity - 2)
            gate_value(gates, node, work.values, work.flipped, work.changed, row)
            work.effort[0] += 4 * arity * row.size
            if agree(row, work.values[node], room.mask):
                return True
            swap_literals(gates, node, first, arity - 2)
            swap_literals(gates, node, second, arity - 1)
    gates.arity[node] = arity
    return False


@compiled
def swap_literals(gates, node, a, b):
    sender, sign = gates.sender[node], gates.sign[node]
    sender[a], sender[b] = sender[b], sender[a]
    sign[a], sign[b] = sign[b], sign[a]


@compiled
def agree(a, b, mask):
    """Whether two rows are equal where the mask is 1."""
    for word in range(a.size):  # noqa: SIM110 - the compiler knows no generators
        if (a[word] ^ b[word]) & mask[word]:
            return False
    return True


@compiled
def find_mask(shape, gates, work, room, node):
    """The items at which a node's value matters."""
    top = price_node(shape, gates, work, node)
    for word in range(room.mask.size):
        bits = NONE
        for plane in range(top):
            bits |= work.planes[plane, word]
        room.mask[word] = bits


@compiled
def shrink_node(shape, gates, work, room, node, rng):
    """Give a node the cheapest gate that keeps the error at 0; one that nothing needs gets a random gate.

    Among equals it draws, the gate held being no better than others. Returns the change of the error, 0.
    """
    work.effort[0] += VISIT
    mark_live(shape, gates, room, node)
    if not room.live[node]:
        random_gate(shape, gates, node, rng)
        return settle(shape, gates, work, node)
    grow_cones(shape, gates, room, node)
    find_mask(shape, gates, work, room, node)
    width = pick_candidates(shape, room, node, rng)
    tell_apart(work, room, node, width)
    for index in range(width):
        sender = room.sender[index]
        room.cost[2 * index] = room.cost[2 * index + 1] = cone_cost(room, sender, sender, sender)
    least, ties = cheapest_copy(room, width, held_cost(gates, room, node), rng)
    arity = 1 if ties else 0
    if least >= GATE + 2:
        make_friends(work, room, width, least - GATE - 2)
        least, ties, found = cheapest_majority(work, room, width, least, ties, rng)
        arity = 3 if found else arity
    if arity == 0 and (gates.arity[node] <= 3 or not drop_pair(shape, gates, work, room, node, rng)):
        return 0
    if arity > 0:
        gates.arity[node] = arity
        for place in range(arity):
            literal = room.chosen[place]
            gates.sender[node, place] = room.sender[literal >> 1]
            gates.sign[node, place] = 1 - 2 * (literal & 1)
    return settle(shape, gates, work, node)


@compiled(allocates=True)
def shrink_sweep(shape, gates, work, room, rng):
    """Visit every node once, in random order, unless work.halt is set; returns the change of the error, 0."""
    nodes = np.arange(shape.n_inputs + 1, work.values.shape[0])
    change = 0
    for index in range(nodes.size - 1, -1, -1):
        if work.halt[0] != 0:
            break
        other = below(rng, index + 1)
        node = nodes[other]
        nodes[other] = nodes[index]
        change += shrink_node(shape, gates, work, room, node, rng)
    return change

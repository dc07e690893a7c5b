"""Shrinking: the cheapest gate of all Copies and majorities of three that keep an exact circuit exact.

At error 0 no flip can mend anything, so d ≥ 0 (see gate_arrays.py), and a gate h keeps the error at
0 exactly if it has the node's present value wherever d > 0: at the items that *matter*. Let D_l be the items
that matter and at which a literal l (a sender or its complement) differs from the node's value. Then

    l alone is right     where D_l is empty,
    maj(a, b, c) is      where D_a, D_b, D_c are disjoint in pairs,

as a majority needs two right literals at every item. So literals with disjoint D, "compatible" ones, form a graph,
and its triangles are all the majorities that fit, And and Or among them (with the constant). Testing all pairs of
66 literals takes microseconds, since most tests end at the first word.

What a gate costs is counted with all that it keeps alive and nothing else does: GATE for each gate, and one
for each of their senders.

Arguments: shape, gates, work, node, rng  as in gate_arrays.py; buffers  ShrinkBuffers; width  candidates in use;
least  the least cost so far. A literal of a candidate i is 2 i, its complement 2 i + 1.
Source: own; derived above. Twin:
tests/engines/test_shrink.py, naive_cost; the best of all gates is tried there, too.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.bits import NONE, popcount
from btfnet.kernels.compiled import compiled
from btfnet.kernels.random_draw import between

CANDIDATES = 96
"""Senders that gates are formed of; with more, those of the gate held and a random sample of the others."""
GATE = 64
"""What a live gate costs, in senders: fewer gates first, then fewer senders."""


class ShrinkBuffers(NamedTuple):
    """Room to work in."""

    mask: np.ndarray  # uint64, (n_words,): items that matter
    error_set: np.ndarray  # uint64, (2 CANDIDATES, n_words): D of each literal
    compatible: np.ndarray  # uint64, (2 CANDIDATES, words for as many bits): the graph, each edge once
    sender: np.ndarray  # int64, (most fan-in,): candidates first
    cost: np.ndarray  # int64, (2 CANDIDATES,): what a literal keeps alive alone
    price: np.ndarray  # int64, (n_nodes,): a node's own cost
    in_use: np.ndarray  # bool, (n_nodes,): needed by an output, not counting what the node visited hears
    cones: (
        np.ndarray
    )  # uint64, (n_nodes, words for n_nodes bits): what would be needed besides if this node were
    chosen: np.ndarray  # int64, (3,): literals of the cheapest gate


@compiled
def price_gate(gates, node):
    """A gate's own cost: nothing for an input, a constant, a Copy or a Not. Returns an integer, writes nothing."""
    arity = gates.arity[node]
    if arity < 3:
        return 0
    senders = 0
    for literal in range(arity):
        new = gates.sender[node, literal] > 0
        for other in range(literal):
            new &= gates.sender[node, other] != gates.sender[node, literal]
        senders += int(new)
    return GATE + senders


@compiled
def mark_in_use(shape, gates, buffers, visited):
    """Nodes that an output needs, if the node visited (0: none) heard nobody. Writes buffers.in_use."""
    in_use = buffers.in_use
    n_nodes = in_use.size
    for node in range(n_nodes):
        in_use[node] = node >= shape.first_output
    for node in range(n_nodes - 1, shape.n_inputs, -1):
        if in_use[node] and node != visited:
            for literal in range(gates.arity[node]):
                in_use[gates.sender[node, literal]] = True


@compiled
def total_cost(shape, gates, buffers):
    """GATE times the gates in use plus their senders: returns an integer, writes buffers.in_use."""
    mark_in_use(shape, gates, buffers, 0)
    total = 0
    for node in range(shape.n_inputs + 1, buffers.in_use.size):
        if buffers.in_use[node]:
            total += price_gate(gates, node)
    return total


@compiled
def grow_cones(shape, gates, buffers, visited):
    """For each node below the one visited, the nodes that would come into use with it, itself included.

    Writes buffers.cones and buffers.price.
    """
    cones = buffers.cones
    for node in range(visited):
        for word in range(cones.shape[1]):
            cones[node, word] = NONE
        if buffers.in_use[node] or node <= shape.n_inputs:
            continue
        buffers.price[node] = price_gate(gates, node)
        cones[node, node >> 6] = np.uint64(1) << np.uint64(node & 63)
        for literal in range(gates.arity[node]):
            for word in range(cones.shape[1]):
                cones[node, word] |= cones[gates.sender[node, literal], word]


@compiled
def cone_cost(buffers, a, b, c):
    """The cost of all that would come into use with three nodes a, b, c: returns an integer, writes nothing."""
    total = 0
    for word in range(buffers.cones.shape[1]):
        bits = buffers.cones[a, word] | buffers.cones[b, word] | buffers.cones[c, word]
        total += price_of(buffers, word, bits)
    return total


@compiled
def price_of(buffers, word, bits):
    """The sum of the prices of the nodes 64 word + i whose bits i are 1: returns an integer, writes nothing."""
    total = 0
    while bits:
        total += buffers.price[(word << 6) + lowest_bit(bits)]
        bits &= bits - np.uint64(1)
    return total


@compiled
def held_cost(gates, buffers, node):
    """The cost of the gate held and of all that only it keeps in use: returns an integer, writes nothing."""
    total = price_gate(gates, node)
    for word in range(buffers.cones.shape[1]):
        bits = NONE
        for literal in range(gates.arity[node]):
            bits |= buffers.cones[gates.sender[node, literal], word]
        total += price_of(buffers, word, bits)
    return total


@compiled
def pick_candidates(shape, buffers, node, rng):
    """Senders of a node, a random sample if there are too many: writes buffers.sender; returns how many.

    Source: the first steps of a shuffle (Fisher and Yates; Knuth, The Art of Computer Programming 2, 3.4.2).
    """
    first, last = shape.fan_in_start[node], shape.fan_in_start[node + 1]
    for index in range(last - first):
        buffers.sender[index] = shape.fan_in[first + index]
    width = min(last - first, buffers.cost.size // 2)
    if width < last - first:
        for index in range(width):
            other = between(rng, index, last - first)
            buffers.sender[index], buffers.sender[other] = buffers.sender[other], buffers.sender[index]
    return width


@compiled
def mark_errors(work, buffers, node, width):
    """D of every literal. Writes the first 2 width rows of buffers.error_set."""
    own = work.values[node]
    for index in range(width):
        sender = work.values[buffers.sender[index]]
        for word in range(own.size):
            wrong = (sender[word] ^ own[word]) & buffers.mask[word]
            buffers.error_set[2 * index, word] = wrong
            buffers.error_set[2 * index + 1, word] = buffers.mask[word] & ~wrong
    work.effort[0] += 2 * width * own.size


@compiled
def disjoint(a, b):
    """Whether no item is in both rows a, b: returns a Boolean, writes nothing. Cost: mostly the first word."""
    for word in range(a.size):  # noqa: SIM110 - the compiler knows no generators
        if a[word] & b[word]:
            return False
    return True


@compiled
def link_compatible(work, buffers, width, most):
    """The graph: literals of different senders, each costing at `most` so much, that are never wrong together.

    Writes the first 2 width rows of buffers.compatible, each pair at the lower literal.
    """
    compatible, error_set = buffers.compatible, buffers.error_set
    for literal in range(2 * width):
        for word in range(compatible.shape[1]):
            compatible[literal, word] = NONE
    for a in range(2 * width):
        if buffers.cost[a] > most:
            continue
        for b in range((a | 1) + 1, 2 * width):
            if buffers.cost[b] <= most and disjoint(error_set[a], error_set[b]):
                compatible[a, b >> 6] |= np.uint64(1) << np.uint64(b & 63)
    work.effort[0] += 4 * width * width


@compiled
def cheapest_copy(buffers, width, least, rng):
    """The literal that is right wherever it matters and keeps least in use, if not above least.

    Writes buffers.chosen[0]; returns (cost or least, how many are equal).
    """
    ties = 0
    for literal in range(2 * width):
        cost = buffers.cost[literal]
        if cost > least or not disjoint(buffers.error_set[literal], buffers.mask):
            continue
        ties = 1 if cost < least else ties + 1
        least = cost
        if rng.random() * ties < 1:
            buffers.chosen[0] = literal
    return least, ties


@compiled
def cheapest_majority(work, buffers, width, least, ties, rng):
    """The triangle of least cost, if not above least, at random among equals, of which there are `ties` already.

    Writes buffers.chosen; returns (cost or least, ties, whether one was taken). Cost: bit-parallel, a word for
    each edge and 64 literals, and a few steps a triangle.
    """
    compatible, taken = buffers.compatible, False
    for a in range(2 * width):
        for b in range((a | 1) + 1, 2 * width):
            if not compatible[a, b >> 6] >> np.uint64(b & 63) & np.uint64(1):
                continue
            for word in range(b >> 6, compatible.shape[1]):
                common = compatible[a, word] & compatible[b, word]
                c = (word << 6) - 1
                while common:
                    shift = lowest_bit(common) + 1
                    c += shift
                    common = common >> np.uint64(shift - 1) >> np.uint64(1)
                    work.effort[0] += 4
                    cost = majority_cost(buffers, a, b, c, least)
                    if cost > least:
                        continue
                    ties = 1 if cost < least else ties + 1
                    least = cost
                    if rng.random() * ties < 1:
                        taken = True
                        buffers.chosen[0], buffers.chosen[1], buffers.chosen[2] = a, b, c
    return least, ties, taken


@compiled
def majority_cost(buffers, a, b, c, least):
    """What the majority of three literals a, b, c costs; if that is above least, anything above least.

    Returns an integer, writes nothing.
    """
    x, y, z = buffers.sender[a >> 1], buffers.sender[b >> 1], buffers.sender[c >> 1]
    own = GATE + int(x > 0) + int(y > 0) + int(z > 0)
    most = max(buffers.cost[a], buffers.cost[b], buffers.cost[c])
    if own + most > least or most == 0:
        return own + most
    return own + cone_cost(buffers, x, y, z)


@compiled
def lowest_bit(word):
    """The number of the lowest one of a word, uint64, that is not 0: returns an integer, writes nothing.

    Source: Warren, Hacker's Delight, 5-4.
    """
    return popcount((word & (~word + np.uint64(1))) - np.uint64(1))

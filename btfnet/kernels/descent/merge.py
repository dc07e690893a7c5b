"""Nodes that compute the same: one of them takes over what the other does, which is then free for something new.

Two nodes that agree on every item that counts, or on none, are one signal that two nodes pay for. Neither is free:
each has listeners of its own, so that flipping either one is wrong. When all listeners of one hear the other
instead, no value changes, and the first may become any gate. Layers that are just as wide as the circuit that is
sought leave no other room: on andor-5 this decides (docs/strategy.md).

Arguments: shape, gates, work, node, rng  as in gate_arrays.py; counted  a row, the items that count.
Source: own; equivalence classes up to complement as in sweeping (Kuehlmann and Krohm, DAC 1997).
Twin: tests/kernels/test_merge.py, naive_relation.
"""

import numpy as np

from btfnet.kernels.bits import NONE
from btfnet.kernels.compiled import compiled
from btfnet.kernels.sorting import order_of


@compiled(allocates=True)
def counted_items(care):
    """Which items count in some output bit: returns a row; writes nothing. care  uint64, (n_outputs, n_words)."""
    counted = np.zeros(care.shape[1], dtype=np.uint64)
    for output in range(care.shape[0]):
        for word in range(counted.size):
            counted[word] |= care[output, word]
    return counted


@compiled
def signature(row, counted):
    """The same number for rows that agree on all items that count, or on none of them.

    row  uint64, (n_words,). Returns a uint64; writes nothing. A rotation and an exclusive or a word.
    """
    mixed, flip = NONE, NONE
    turned = False
    for word in range(counted.size):
        if not turned and counted[word] != 0:
            lowest = counted[word] & (~counted[word] + np.uint64(1))
            flip = ~NONE if row[word] & lowest else NONE
            turned = True
        mixed = ((mixed << np.uint64(7)) | (mixed >> np.uint64(57))) ^ ((row[word] ^ flip) & counted[word])
    return mixed


@compiled
def relation(a, b, counted):
    """1 if two rows a, b agree on all items that count, -1 if on none of them, else 0; 1 if no item counts.

    Returns that integer; writes nothing.
    """
    same = opposite = True
    for word in range(counted.size):
        differing = (a[word] ^ b[word]) & counted[word]
        same &= differing == 0
        opposite &= differing == counted[word]
        if not same and not opposite:
            return 0
    return 1 if same else -1


@compiled
def hears(shape, node, sender):
    """Whether there is an edge from the sender to the node, by bisection: returns a Boolean, writes nothing."""
    low, high = shape.fan_in_start[node], shape.fan_in_start[node + 1]
    while low < high:
        middle = (low + high) // 2
        if shape.fan_in[middle] < sender:
            low = middle + 1
        else:
            high = middle
    return low < shape.fan_in_start[node + 1] and shape.fan_in[low] == sender


@compiled
def weight_of(gates, node, sender):
    """A sender's integer weight in a node's gate: returns it, writes nothing."""
    weight = 0
    for literal in range(gates.arity[node]):
        if gates.sender[node, literal] == sender:
            weight += gates.sign[node, literal]
    return weight


@compiled
def replace_sender(shape, gates, node, old, new, sign):
    """Let a node hear `new`, times sign, instead of `old`, if there is an edge and σ allows the gate.

    Literals of opposite signs cancel; a sender that outweighs all others becomes a Copy. Writes gates.
    """
    moved = sign * weight_of(gates, node, old)
    if moved == 0 or not hears(shape, node, new):
        return
    held = weight_of(gates, node, new)
    weight = held + moved
    squares, others = weight * weight - held * held - moved * moved, 0
    for literal in range(gates.arity[node]):
        sender = gates.sender[node, literal]
        squares += gates.sign[node, literal] * weight_of(gates, node, sender)
        others += sender not in (old, new)
    if abs(weight) > others:
        gates.arity[node], gates.sender[node, 0] = 1, new
        gates.sign[node, 0] = 1 if weight > 0 else -1
    elif squares <= max(shape.sigma, 3):
        rewrite(gates, node, old, new, weight)


@compiled
def rewrite(gates, node, old, new, weight):
    """The gate without its literals of `old` and `new`, but with as many of `new` as the weight says.

    Writes gates.
    """
    sender, sign = gates.sender[node], gates.sign[node]
    others = 0
    for literal in range(gates.arity[node]):
        if sender[literal] not in (old, new):
            sender[others], sign[others] = sender[literal], sign[literal]
            others += 1
    for literal in range(others, others + abs(weight)):
        sender[literal], sign[literal] = new, 1 if weight > 0 else -1
    gates.arity[node] = others + abs(weight)
    for literal in range(others):
        if 2 * abs(weight_of(gates, node, sender[literal])) > gates.arity[node]:
            gates.arity[node], sender[0], sign[0] = 1, sender[literal], sign[literal]
            return


@compiled
def take_over(shape, gates, node, other, sign):
    """Whoever hears the other node and may hear this one, times sign, does so from now on. Writes gates."""
    for listener in range(max(node, other) + 1, gates.arity.size):
        replace_sender(shape, gates, listener, other, node, sign)


@compiled(allocates=True)
def merge_equal(shape, gates, work, rng):
    """Of every two nodes with the same values, up to the sign, let one take over for the other.

    Returns how many pairs.
    Writes gates; no value changes on any item that counts. Which of the two goes on is drawn; inputs and the
    constant, which are no gates, always do.
    """
    n_nodes = work.values.shape[0]
    counted = counted_items(shape.care)
    marks = np.empty(n_nodes, dtype=np.uint64)
    for node in range(n_nodes):
        marks[node] = signature(work.values[node], counted)
    order = order_of(marks)
    work.effort[0] += 2 * work.values.size
    pairs = 0
    for rank in range(1, n_nodes):
        before = rank - 1
        while before >= 0 and marks[order[before]] == marks[order[rank]] and work.halt[0] == 0:
            node, other = order[before], order[rank]
            sign = relation(work.values[node], work.values[other], counted)
            if sign != 0 and other > shape.n_inputs:
                pairs += 1
                if node > shape.n_inputs and rng.random() < 0.5:
                    node, other = other, node
                take_over(shape, gates, node, other, sign)
            before -= 1
    return pairs

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
from btfnet.kernels.shared_rows import MIX, MOST, add_up, ask, most_of
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
    return mix_row(row, counted, flip_of(row, counted, first_counted(counted)))


@compiled
def first_counted(counted):
    """The first word of a row in which an item counts, or how many words there are. Writes nothing."""
    word = 0
    while word < counted.size and counted[word] == 0:
        word += 1
    return word


@compiled
def flip_of(row, counted, word):
    """All ones where the first item that counts, of this word, is 1 in the row, else none: returns a uint64."""
    if word == counted.size:
        return NONE
    lowest = counted[word] & (~counted[word] + np.uint64(1))
    return ~NONE if row[word] & lowest else NONE


@compiled
def mix_row(row, counted, flip):
    """The row's counted bits, each turned where flip is, in one number: returns a uint64, writes nothing."""
    mixed = NONE
    for word in range(counted.size):
        mixed = ((mixed << np.uint64(7)) | (mixed >> np.uint64(57))) ^ ((row[word] ^ flip) & counted[word])
    return mixed


@compiled
def signatures_of_ranks(work, counted, marks):
    """`signature` of every node's row on all ranks. Writes marks, uint64, (n_nodes,), and work.share.sums.

    A word's part of it is turned by 7 for every word behind it: exclusive or joins the ranks' parts.
    """
    share, n_nodes = work.share, marks.size
    first = first_counted(counted)
    place = share.words - share.first - first if first < counted.size else 0
    deciding = most_of(share, place) == place and place > 0
    for node in range(n_nodes):
        flips = deciding and flip_of(work.values[node], counted, first) != 0
        share.sums[node] = int(flips)
    add_up(share, n_nodes)
    behind = np.uint64(7 * (share.words - share.first - counted.size) % 64)
    for node in range(n_nodes):
        mixed = mix_row(work.values[node], counted, ~NONE if share.sums[node] else NONE)
        if behind:
            mixed = (mixed << behind) | (mixed >> (np.uint64(64) - behind))
        share.bits[node] = mixed
    ask(share.address, n_nodes, MIX)
    for node in range(n_nodes):
        marks[node] = share.bits[node]


@compiled
def relation_of_ranks(share, sign, agrees):
    """`relation` on all ranks, from that on this one and whether the rows agree here, 1 or 0, on no counted item.

    sign, agrees  these two. Returns it; writes share.sums, share being that of the rows.
    """
    share.sums[0], share.sums[1] = int(sign != 1), int(sign != -1 and agrees == 0)
    ask(share.address, 2, MOST)
    if share.sums[0] == 0:
        return 1
    return -1 if share.sums[1] == 0 else 0


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
    if work.share.size > 1:
        signatures_of_ranks(work, counted, marks)
    else:
        for node in range(n_nodes):
            marks[node] = signature(work.values[node], counted)
    order = order_of(marks)
    none_here = int(first_counted(counted) == counted.size)
    work.effort[0] += 2 * n_nodes * work.share.words
    pairs = 0
    for rank in range(1, n_nodes):
        before = rank - 1
        while before >= 0 and marks[order[before]] == marks[order[rank]] and work.halt[0] == 0:
            node, other = order[before], order[rank]
            sign = relation(work.values[node], work.values[other], counted)
            if work.share.size > 1:
                sign = relation_of_ranks(work.share, sign, none_here)
            if sign != 0 and other > shape.n_inputs:
                pairs += 1
                if node > shape.n_inputs and rng.random() < 0.5:
                    node, other = other, node
                take_over(shape, gates, node, other, sign)
            before -= 1
    return pairs

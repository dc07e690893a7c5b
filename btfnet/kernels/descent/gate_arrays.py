"""Gates as arrays, memory of a walk, and what a change of one gate mends or breaks: evaluate, change, put back.

A network holds one gate per node, Copy/Not of one sender or the majority of an odd number of literals
(three, or more where σ allows); every node's value on all items is packed 64 to a word. For a node v, flip
its value on all items, evaluate what hears it, and count: d[i] is the change of wrong output bits of item i
if v flips there. With r = d · (present value ±1) and a candidate gate h = ±1, the total change is
(Σ d - A(h)) / 2, where A(h) = Σ r h: exact, for any h. best_gate.py and larger_gates.py look for the h of
largest A.

d is kept as planes of bits (bit-sliced integers), so that a sum of d over some items is a few popcounts.
Booleans as bits: 1 is +1, 0 is -1; row 0 of the values is the constant -1.

Arguments of all kernels of descent: shape  Shape, gates  GateArrays, work  WalkBuffers, node  a node's number,
rng  NumPy's generator. A row is uint64, (n_words,), one bit an item, n_words a multiple of `bitrows.LANES`.
Whoever reads rows also counts them in work.effort, which their texts do not repeat.
Source: own; derived above. Twin: tests/support/descent_samples.py, evaluate, for all that computes values and
errors by plain integers.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.bits import ALL, NONE, popcount
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.bitrows import differ, majority
from btfnet.kernels.descent.cuts import Cuts, note_unseparated, separates_less
from btfnet.kernels.descent.spreading import is_touched, spread_to_ranks
from btfnet.kernels.fill import fill
from btfnet.kernels.shared_rows import Share, most_of, total_of

MOST_LITERALS = 31
"""Literals of the largest gates: σ beyond this allows no more."""


class Shape(NamedTuple):
    """The network, what its outputs must be, and how large its gates may be."""

    n_inputs: int
    first_output: int
    sigma: int  # most that the squares of a gate's integer weights may add up to
    fan_in_start: np.ndarray  # int64, (n_nodes + 1,)
    fan_in: np.ndarray  # int32, (n_edges,)
    targets: np.ndarray  # uint64, (n_outputs, n_words)
    care: np.ndarray  # uint64, (n_outputs, n_words): output bits that count
    cuts: Cuts  # where items of different outputs must differ
    most_seen: int  # of more senders, a visit sees the gate's own and a random sample


class GateArrays(NamedTuple):
    """One gate per node: the majority of the first `arity` literals; a literal taken twice has weight 2."""

    arity: np.ndarray  # int64, (n_nodes,): odd; 0 for the constant and the inputs
    sender: np.ndarray  # int64, (n_nodes, most literals)
    sign: np.ndarray  # int64, (n_nodes, most literals): 1, or -1 for a complement


class WalkBuffers(NamedTuple):
    """Values, and room to work in."""

    values: np.ndarray  # uint64, (n_nodes, n_words)
    flipped: np.ndarray  # uint64, (n_nodes, n_words): values to come; valid where `changed`
    changed: np.ndarray  # bool, (n_nodes,)
    wrong: np.ndarray  # uint64, (n_outputs, n_words): output bits that count and differ from the targets
    planes: np.ndarray  # uint64, (planes_for(n_outputs), n_words): bits of |d|, and d's sign in the last row
    columns: np.ndarray  # uint64, (most fan-in, n_words): senders times the sign of r, so that C ≥ 0
    sign: np.ndarray  # int64, (most fan-in,): -1 where a column is its sender's complement
    correlation: np.ndarray  # int64, (most fan-in,): C
    order: np.ndarray  # int64, (most fan-in + 7,): columns by falling C
    listed: np.ndarray  # int64, (most fan-in,): columns that a visit sees
    chosen: np.ndarray  # int64, (3, most literals): literals of the best gate, ±(column + 1); base; trial
    held: np.ndarray  # int64, (2, most literals): senders and signs of a gate that may come back
    masks: np.ndarray  # uint64, (6, n_words): scratch
    gains: np.ndarray  # int64, (2, most fan-in + 7): scratch
    products: np.ndarray  # int64, (8,): T of eight triples
    effort: np.ndarray  # int64, (1,): rows of words read, times planes; time, as every machine counts it
    halt: np.ndarray  # int64, (1,): not 0 as soon as somebody, on another thread, wants the work to end
    share: Share  # the ranks that hold the other words of the rows


class Visit(NamedTuple):
    """A node that is to get another gate, and what is known of its r."""

    node: int
    top: int  # planes of |d| that are in use
    total: int  # Σ |r|
    n_candidates: int  # the first of work.order: columns that gates of several literals are formed of


def planes_for(n_outputs: int) -> int:
    """Rows of bit planes that hold -n_outputs … n_outputs in two's complement."""
    return int(n_outputs).bit_length() + 1


def literals_for(sigma: float) -> int:
    """Most literals of a gate whose squared integer weights add up to σ at most: odd."""
    most = max(3, min(int(sigma), MOST_LITERALS))
    return most - 1 + most % 2


@compiled
def gate_value(gates, node, values, flipped, changed, out):
    """The gate's value from flipped rows where those have changed, else from values. Writes the row out.

    values, flipped, changed  as in WalkBuffers, and not that record: most calls are no part of their callers'
    code, and would pass a hundred numbers on the stack
    """
    arity = gates.arity[node]
    if arity > 3:
        count_literals(gates, node, values, flipped, changed, out)
        return
    first = gates.sender[node, 0]
    a = flipped[first] if changed[first] else values[first]
    pattern = int(gates.sign[node, 0] < 0)
    if arity == 1:
        flip = ALL if pattern else NONE
        for word in range(out.size):
            out[word] = a[word] ^ flip
        return
    second, third = gates.sender[node, 1], gates.sender[node, 2]
    b = flipped[second] if changed[second] else values[second]
    c = flipped[third] if changed[third] else values[third]
    pattern += 2 * int(gates.sign[node, 1] < 0) + 4 * int(gates.sign[node, 2] < 0)
    majority(a, b, c, pattern, out)


@compiled
def count_literals(gates, node, values, flipped, changed, out):
    """The majority of up to 31 literals: their number, bit-sliced, compared with half of them. Writes the row out.

    values, flipped, changed  as for `gate_value`
    Source: bit-sliced counters, as in `btfnet.kernels.bits.evaluate_gate`.
    """
    arity = gates.arity[node]
    half = arity // 2 + 1
    for word in range(out.size):
        ones = twos = fours = eights = sixteens = NONE
        for literal in range(arity):
            sender = gates.sender[node, literal]
            bits = flipped[sender, word] if changed[sender] else values[sender, word]
            carry = bits if gates.sign[node, literal] > 0 else ~bits
            ones, carry = ones ^ carry, ones & carry
            twos, carry = twos ^ carry, twos & carry
            fours, carry = fours ^ carry, fours & carry
            eights, carry = eights ^ carry, eights & carry
            sixteens ^= carry
        reached = ones if half & 1 else ALL
        reached = twos & reached if half & 2 else twos | reached
        reached = fours & reached if half & 4 else fours | reached
        reached = eights & reached if half & 8 else eights | reached
        out[word] = sixteens & reached if half & 16 else sixteens | reached


@compiled
def evaluate(shape, gates, work):
    """All values and the wrong output bits; returns how many bits.

    Writes work.values of the nodes with gates, work.wrong, work.changed (none), shape.cuts.unseparated.
    Twin: tests/support/descent_samples.py, wrong_bits.
    """
    fill(work.changed, False)
    work.effort[0] += 4 * work.values.shape[0] * work.share.words
    for node in range(shape.n_inputs + 1, work.values.shape[0]):
        gate_value(gates, node, work.values, work.flipped, work.changed, work.values[node])
    total = 0
    for output in range(shape.targets.shape[0]):
        for word in range(shape.targets.shape[1]):
            value = work.values[shape.first_output + output, word]
            bits = (value ^ shape.targets[output, word]) & shape.care[output, word]
            work.wrong[output, word] = bits
            total += popcount(bits)
    note_unseparated(shape.cuts, work)
    return total_of(work.share, total)


@compiled
def spread(gates, node, work, last):
    """Evaluate what hears a node whose flipped row has been set, no further than to the last node.

    Writes work.flipped and work.changed of the node and of all up to the last.
    """
    values, flipped, changed = work.values, work.flipped, work.changed
    changed[node] = True
    work.effort[0] += 4 * (last + 1 - node)
    n_touched = 0
    for later in range(node + 1, last + 1):
        if is_touched(gates, later, changed):
            gate_value(gates, later, values, flipped, changed, flipped[later])
            n_touched += 1
            changed[later] = differ(flipped[later], values[later])
    if work.share.size > 1 and last > node:
        n_touched = spread_to_ranks(gates, node, work, last)
    work.effort[0] += 4 * n_touched * work.share.words


@compiled
def begin_change(gates, node, work):
    """Whether a node's new gate changes its value: writes its flipped row, and clears work.changed."""
    fill(work.changed, False)
    gate_value(gates, node, work.values, work.flipped, work.changed, work.flipped[node])
    return most_of(work.share, int(differ(work.flipped[node], work.values[node]))) > 0


@compiled
def settle(shape, gates, work, node):
    """Bring all values up to date after a node's gate has changed; returns the change of the error.

    Writes work.values, work.wrong, work.flipped and work.changed.
    """
    if not begin_change(gates, node, work):
        return 0
    spread(gates, node, work, work.values.shape[0] - 1)
    return adopt(shape, work, node)


@compiled
def settle_separated(shape, gates, work, node, arity):
    """As `settle`, unless items that must differ would no longer: then the gate in work.held comes back.

    arity  literals of that gate. Writes as `settle` does, and shape.cuts.unseparated or the node's gate.
    """
    if not begin_change(gates, node, work):
        return 0
    spread(gates, node, work, work.values.shape[0] - 1)
    if separates_less(shape.cuts, work, False):
        put_back(gates, work, node, arity)
        return 0
    return adopt(shape, work, node)


@compiled
def put_back(gates, work, node, arity):
    """Give a node the gate of so many literals, arity, that `hold` remembered. Writes gates; returns nothing."""
    gates.arity[node] = arity
    for literal in range(arity):
        gates.sender[node, literal] = work.held[0, literal]
        gates.sign[node, literal] = work.held[1, literal]


@compiled
def take_values(work, node, last):
    """Make the flipped values of a node and of what hears it, up to the last node, the present ones.

    Writes work.values.
    """
    for later in range(node, last + 1):
        if work.changed[later]:
            for word in range(work.values.shape[1]):
                work.values[later, word] = work.flipped[later, word]


@compiled
def hold(gates, work, node):
    """Remember a node's gate: writes work.held; returns its number of literals."""
    for literal in range(gates.arity[node]):
        work.held[0, literal] = gates.sender[node, literal]
        work.held[1, literal] = gates.sign[node, literal]
    return gates.arity[node]


@compiled
def adopt(shape, work, node):
    """Make the flipped values of a node and of all that hears it the present ones.

    Returns the change of the error.
    Writes work.values and work.wrong.
    """
    take_values(work, node, work.values.shape[0] - 1)
    change = 0
    for later in range(max(node, shape.first_output), work.values.shape[0]):
        if not work.changed[later]:
            continue
        output = later - shape.first_output
        for word in range(shape.targets.shape[1]):
            bits = (work.values[later, word] ^ shape.targets[output, word]) & shape.care[output, word]
            change += popcount(bits) - popcount(work.wrong[output, word])
            work.wrong[output, word] = bits
    return total_of(work.share, change)

"""Gate descent: one exact change at a time, all items at once.

A network holds one gate per node, Copy/Not of one sender or the majority of three, with signs; every node's
value on all items is packed 64 to a word. For a node v, flip its value on all items, evaluate what hears it,
and count: d[i] is the change of wrong output bits of item i if v flips there. With r = d · (present value ±1)
and a candidate gate h = ±1, the total change is (Σ d - A(h)) / 2, where A(h) = Σ r h: exact, for any h. As

    maj(a, b, c) = (a + b + c - a b c) / 2,

A of a majority follows from the correlations C = Σ r a of single senders, computed once, and one
T = Σ r a b c per triple, for all eight sign patterns; and |T| ≤ Σ|r| prunes the triples, senders sorted by |C|.

r is kept as a plane of signs and planes of magnitude (bit-sliced integers), so that a correlation is a
few popcounts. Booleans as bits: 1 is +1, 0 is -1; row 0 of the values is the constant -1.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from btfnet.kernels.bits import popcount

_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy"}


class Shape(NamedTuple):
    """The network, and what its outputs must be."""

    n_inputs: int
    first_output: int
    fan_in_start: np.ndarray  # int64, (n_nodes + 1,)
    fan_in: np.ndarray  # int32, (n_edges,)
    targets: np.ndarray  # uint64, (n_outputs, n_words)
    care: np.ndarray  # uint64, (n_outputs, n_words): output bits that count


class Gates(NamedTuple):
    """One gate per node: the first `arity` of three senders with signs."""

    arity: np.ndarray  # int64, (n_nodes,): 1 or 3; 0 for the constant and the inputs
    sender: np.ndarray  # int64, (n_nodes, 3)
    sign: np.ndarray  # int64, (n_nodes, 3)


class Work(NamedTuple):
    """Values, and room to work in."""

    values: np.ndarray  # uint64, (n_nodes, n_words)
    flipped: np.ndarray  # uint64, (n_nodes, n_words): values with one node flipped
    changed: np.ndarray  # bool, (n_nodes,)
    wrong: np.ndarray  # uint64, (n_outputs, n_words)
    planes: np.ndarray  # uint64, (planes_for(n_outputs), n_words): bits of |d|, and d's sign in the last row
    columns: np.ndarray  # uint64, (most fan-in, n_words): senders, times the sign of r
    correlation: np.ndarray  # int64, (most fan-in,)
    order: np.ndarray  # int64, (most fan-in,)


def planes_for(n_outputs):
    """Rows of bit planes that hold -n_outputs … n_outputs in two's complement."""
    return int(n_outputs).bit_length() + 1


@njit(**_OPTIONS)
def gate_value(gates, node, values, flipped, changed, out):
    """The gate's value from flipped rows where those have changed, else from values."""
    first = gates.sender[node, 0]
    flip = gates.sign[node, 0] < 0
    a = flipped[first] if changed[first] else values[first]
    if gates.arity[node] == 1:
        for word in range(out.size):
            out[word] = ~a[word] if flip else a[word]
        return
    second, third = gates.sender[node, 1], gates.sender[node, 2]
    b = flipped[second] if changed[second] else values[second]
    c = flipped[third] if changed[third] else values[third]
    zero = out[0] ^ out[0]
    mask_a = ~zero if flip else zero
    mask_b = ~zero if gates.sign[node, 1] < 0 else zero
    mask_c = ~zero if gates.sign[node, 2] < 0 else zero
    for word in range(out.size):
        x, y, z = a[word] ^ mask_a, b[word] ^ mask_b, c[word] ^ mask_c
        out[word] = (x & y) | (z & (x | y))


@njit(**_OPTIONS)
def evaluate(shape, gates, work):
    """All values and the wrong output bits; returns how many."""
    work.changed[:] = False
    for node in range(shape.n_inputs + 1, work.values.shape[0]):
        gate_value(gates, node, work.values, work.flipped, work.changed, work.values[node])
    total = 0
    for output in range(shape.targets.shape[0]):
        for word in range(shape.targets.shape[1]):
            value = work.values[shape.first_output + output, word]
            bits = (value ^ shape.targets[output, word]) & shape.care[output, word]
            work.wrong[output, word] = bits
            total += popcount(bits)
    return total


@njit(**_OPTIONS)
def spread(gates, node, work):
    """Evaluate everything that hears a node whose flipped row has been set; marks what changed."""
    values, flipped, changed = work.values, work.flipped, work.changed
    changed[node] = True
    for later in range(node + 1, values.shape[0]):
        touched = changed[gates.sender[later, 0]]
        if gates.arity[later] == 3:
            touched = touched or changed[gates.sender[later, 1]] or changed[gates.sender[later, 2]]
        if not touched:
            continue
        gate_value(gates, later, values, flipped, changed, flipped[later])
        for word in range(values.shape[1]):
            if flipped[later, word] != values[later, word]:
                changed[later] = True
                break


@njit(**_OPTIONS)
def price_flips(shape, work):
    """d, in two's complement bit planes, from the flipped outputs; returns the planes used, 0 if all d = 0."""
    n_words = shape.targets.shape[1]
    planes = work.planes
    last = planes.shape[0] - 1
    planes[:] = 0
    used = 0
    for output in range(shape.targets.shape[0]):
        node = shape.first_output + output
        if not work.changed[node]:
            continue
        used += 1
        for word in range(n_words):
            moved = (work.values[node, word] ^ work.flipped[node, word]) & shape.care[output, word]
            if moved == 0:
                continue
            down = moved & work.wrong[output, word]
            carry = moved
            for plane in range(last + 1):
                before = planes[plane, word]
                planes[plane, word] = before ^ carry
                # adding +1 carries where the bit was 1; adding -1 (all ones) carries down where it was 0
                carry = (carry & before & ~down) | (carry & ~before & down)
                if carry == 0:
                    break
    if used == 0:
        return 0
    top = 0
    for word in range(n_words):
        negative = planes[last, word]
        carry = negative
        for plane in range(last):
            bit = planes[plane, word] ^ negative
            planes[plane, word] = bit ^ carry
            carry = bit & carry
            if planes[plane, word] != 0 and plane >= top:
                top = plane + 1
    return top


@njit(**_OPTIONS)
def weigh(work, row, top, n_words):
    """Σ |d| over the items at which a row of words is 1."""
    total = 0
    for plane in range(top):
        count = 0
        for word in range(n_words):
            count += popcount(work.planes[plane, word] & row[word])
        total += count << plane
    return total


@njit(**_OPTIONS)
def correlate(shape, work, node, top):
    """Columns times sign of r, their correlations C, senders sorted by |C|; returns (Σ|r|, A of the gate held)."""
    first, last = shape.fan_in_start[node], shape.fan_in_start[node + 1]
    n_words = shape.targets.shape[1]
    sign = work.planes[work.planes.shape[0] - 1]
    total, held = 0, 0
    for word in range(n_words):
        for plane in range(top):
            total += popcount(work.planes[plane, word]) << plane
            held += popcount(work.planes[plane, word] & ~sign[word]) << plane
    for edge in range(first, last):
        column = work.columns[edge - first]
        for word in range(n_words):
            # a bit is 1 where sender times r is positive: r < 0 where d < 0 differs from value = -1
            negative = sign[word] ^ ~work.values[node, word]
            column[word] = work.values[shape.fan_in[edge], word] ^ negative
        work.correlation[edge - first] = 2 * weigh(work, column, top, n_words) - total
    order = work.order
    for index in range(last - first):
        strength = abs(work.correlation[index])
        place = index
        while place > 0 and abs(work.correlation[order[place - 1]]) < strength:
            order[place] = order[place - 1]
            place -= 1
        order[place] = index
    return total, 2 * held - total


@njit(**_OPTIONS)
def triple(shape, work, node, i, j, k, top):
    """T = Σ r a b c of three columns."""
    a, b, c = work.columns[i], work.columns[j], work.columns[k]
    n_words = shape.targets.shape[1]
    total = 0
    for plane in range(top):
        count = 0
        for word in range(n_words):
            count += popcount(work.planes[plane, word] & (a[word] ^ b[word] ^ c[word]))
        total += count << plane
    return total


@njit(**_OPTIONS)
def choose_gate(shape, gates, work, node, top, rng):
    """The gate of largest A(h), at random among equals, if it is no worse than the one held.

    Writes it and returns twice the fall of the error, A(h) - A(held); -1 if nothing is as good.
    """
    total, held = correlate(shape, work, node, top)
    width = shape.fan_in_start[node + 1] - shape.fan_in_start[node]
    order, correlation = work.order, work.correlation
    best, ties, arity = 2 * held, 0, 0
    chosen_i, chosen_j, chosen_k, pattern = 0, 0, 0, 0
    for index in range(width):
        score = 2 * abs(correlation[order[index]])
        if score < best:
            break
        ties = 1 if score > best else ties + 1
        best = score
        if ties == 1 or rng.random() * ties < 1:
            arity, chosen_i, pattern = 1, order[index], 0 if correlation[order[index]] >= 0 else 1
            if score == 0:
                pattern = rng.integers(0, 2)
    for i in range(width - 2):
        strength_i = abs(correlation[order[i]])
        if 3 * strength_i + total < best:
            break
        for j in range(i + 1, width - 1):
            strength_j = strength_i + abs(correlation[order[j]])
            if strength_j + abs(correlation[order[j]]) + total < best:
                break
            for k in range(j + 1, width):
                if strength_j + abs(correlation[order[k]]) + total < best:
                    break
                a, b, c = order[i], order[j], order[k]
                # the columns carry r once each, so a product of three carries r³: its sign is r's own
                t = 2 * triple(shape, work, node, a, b, c, top) - total
                for signs in range(8):
                    s_a = 1 - 2 * (signs & 1)
                    s_b = 1 - (signs & 2)
                    s_c = 1 - ((signs & 4) >> 1)
                    score = (
                        s_a * correlation[a]
                        + s_b * correlation[b]
                        + s_c * correlation[c]
                        - s_a * s_b * s_c * t
                    )
                    if score < best:
                        continue
                    ties = 1 if score > best else ties + 1
                    best = score
                    if ties == 1 or rng.random() * ties < 1:
                        arity, pattern = 3, signs
                        chosen_i, chosen_j, chosen_k = a, b, c
    if arity == 0:
        return -1
    first = shape.fan_in_start[node]
    set_gate(gates, shape, node, arity, first + chosen_i, first + chosen_j, first + chosen_k, pattern)
    return best // 2 - held


@njit(**_OPTIONS)
def set_gate(gates, shape, node, arity, edge_a, edge_b, edge_c, pattern):
    """Write a gate by its edges; bits of the pattern are negations."""
    gates.arity[node] = arity
    gates.sender[node, 0] = shape.fan_in[edge_a]
    gates.sign[node, 0] = 1 - 2 * (pattern & 1)
    if arity == 3:
        gates.sender[node, 1], gates.sender[node, 2] = shape.fan_in[edge_b], shape.fan_in[edge_c]
        gates.sign[node, 1], gates.sign[node, 2] = 1 - (pattern & 2), 1 - ((pattern & 4) >> 1)


@njit(**_OPTIONS)
def random_gate(shape, gates, node, rng):
    """Any Copy or majority with equal chance per kind of support (one copy in ten)."""
    first, last = shape.fan_in_start[node], shape.fan_in_start[node + 1]
    width = last - first
    pattern = rng.integers(0, 8)
    a = first + rng.integers(0, width)
    if width < 3 or rng.random() < 0.1:
        set_gate(gates, shape, node, 1, a, a, a, pattern)
        return
    b, c = a, a
    while b == a:
        b = first + rng.integers(0, width)
    while c in (a, b):
        c = first + rng.integers(0, width)
    set_gate(gates, shape, node, 3, a, b, c, pattern)


@njit(**_OPTIONS)
def settle(shape, gates, work, node):
    """Bring all values up to date after a node's gate has changed; returns the change of the error."""
    work.changed[:] = False
    gate_value(gates, node, work.values, work.flipped, work.changed, work.flipped[node])
    spread(gates, node, work)
    return adopt(shape, work, node)


@njit(**_OPTIONS)
def adopt(shape, work, node):
    """Make the flipped values of a node and of all that hears it the present ones; the change of the error."""
    change = 0
    for later in range(node, work.values.shape[0]):
        if not work.changed[later]:
            continue
        work.values[later] = work.flipped[later]
        output = later - shape.first_output
        if output < 0:
            continue
        for word in range(shape.targets.shape[1]):
            bits = (work.values[later, word] ^ shape.targets[output, word]) & shape.care[output, word]
            change += popcount(bits) - popcount(work.wrong[output, word])
            work.wrong[output, word] = bits
    return change


@njit(**_OPTIONS)
def price_node(shape, gates, work, node):
    """d of a node: flip it on all items, evaluate what hears it, count; see `price_flips`."""
    for word in range(work.values.shape[1]):
        work.flipped[node, word] = ~work.values[node, word]
    work.changed[:] = False
    spread(gates, node, work)
    return price_flips(shape, work)


@njit(**_OPTIONS)
def improve_node(shape, gates, work, node, rng):
    """Give one node its best gate, everything else as it is; returns the change of the error, never positive."""
    top = price_node(shape, gates, work, node)
    if top == 0:
        random_gate(shape, gates, node, rng)
    elif choose_gate(shape, gates, work, node, top, rng) < 0:
        return 0
    return settle(shape, gates, work, node)


@njit(**_OPTIONS)
def sweep_nodes(shape, gates, work, rng):
    """Improve every node once, in random order; returns the change of the error."""
    first, last = shape.n_inputs + 1, work.values.shape[0]
    nodes = np.arange(first, last)
    change = 0
    for index in range(nodes.size - 1, -1, -1):
        other = rng.integers(0, index + 1)
        node = nodes[other]
        nodes[other] = nodes[index]
        change += improve_node(shape, gates, work, node, rng)
    return change


@njit(**_OPTIONS)
def copy_gates(source, target):
    target.arity[:] = source.arity
    target.sender[:] = source.sender
    target.sign[:] = source.sign


@njit(**_OPTIONS)
def walk(shape, gates, best, work, error, rounds, kicks, rng):
    """Iterated local search: kick some nodes at random, two sweeps, keep it unless it is worse.

    gates  where to start, its error given and its values in work; best  receives the best gates
    Returns (least error, rounds done); ends early at error 0.
    """
    copy_gates(gates, best)
    least = error
    for done in range(rounds):
        if least == 0:
            return least, done
        for _ in range(kicks):
            node = rng.integers(shape.n_inputs + 1, work.values.shape[0])
            random_gate(shape, gates, node, rng)
            error += settle(shape, gates, work, node)
        for _ in range(2):
            error += sweep_nodes(shape, gates, work, rng)
            if error == 0:
                break
        if error <= least:
            least = error
            copy_gates(gates, best)
        else:
            copy_gates(best, gates)
            error = evaluate(shape, gates, work)
    return least, rounds


@njit(**_OPTIONS)
def improve_codes(shape, gates, work, rng):
    """Inputs that are ours to choose: flip a bit of each item for which that is right, or (by chance) no worse.

    Items do not see each other, so one flip of an input row prices all items at once. Returns the change of
    the error, never positive.
    """
    change = 0
    n_words = shape.targets.shape[1]
    moves = np.empty(n_words, dtype=np.uint64)
    sign = work.planes[work.planes.shape[0] - 1]
    for node in range(1, shape.n_inputs + 1):
        top = price_node(shape, gates, work, node)
        for word in range(n_words):
            moves[word] = sign[word] if top > 0 else moves[word] ^ moves[word]
            some = moves[word] ^ moves[word]
            for plane in range(top):
                some |= work.planes[plane, word]
            bits = some ^ some
            for _ in range(4):
                bits = (bits << np.uint64(16)) | np.uint64(rng.integers(0, 65536))
            moves[word] |= bits & ~some
        for word in range(n_words):
            work.flipped[node, word] = work.values[node, word] ^ moves[word]
        work.changed[:] = False
        spread(gates, node, work)
        change += adopt(shape, work, node)
    return change

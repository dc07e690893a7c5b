"""Gate descent: larger gates, one pair of literals at a time.

Adding two literals x, y to a majority of m = 2 h - 1 literals, of which S are right at an item (have the
sign of r there), gives a gate that is right where

    S > h,   or   S = h and (x or y),   or   S = h - 1 and (x and y).

With U = Σ|r| over S = h and P = Σ|r| over S = h - 1, each restricted to the items at which the literals named
are right, the grown gate is right on a weight of

    Σ|r| over S > h   +   U(x) + U(y) - U(x, y) + P(x, y),

exactly: one U and P per literal, one of each per pair, for all signs. A literal may be added twice, or once
more: that is its integer weight. One that is added to its own negation cancels it, so the same move also
swaps a literal of a large gate, or shrinks the gate. The squares of the weights add up to σ at most.

Arguments: shape, gates, work, node, rng  as in gate_arrays.py; visit  `gate_arrays.Visit`. Literals are int64,
±(column + 1); the base that grows is work.chosen[1], of `size` literals.
Source: own; derived above. Twin: tests/engines/test_descent_larger_gates.py,
test_no_pair_of_literals_makes_a_larger_gate_better_than_the_one_chosen, which tries all pairs.
"""

import numpy as np

from btfnet.kernels.bits import ALL, NONE
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.bitrows import weigh, weigh_both
from btfnet.kernels.descent.senders import column_of
from btfnet.kernels.fill import copy
from btfnet.kernels.random_draw import below, between
from btfnet.kernels.shared_rows import add_up


@compiled
def grow_gate(shape, gates, work, visit, best, arity, rng):
    """Try pairs of literals on the best small gate, and on the gate held if that is large.

    best, arity  2 A of the best gate so far, its literals in work.chosen[0]; arity 0 if the one held, a
    large one, is better than all small ones.
    Writes work.chosen, masks and gains; returns best and arity anew.
    """
    node = visit.node
    none = np.int64(0)  # no literal, for each of which add_pair would be compiled anew
    small, ties = arity, none
    bar = best if small else best - 1
    for held in range(2):
        if held and gates.arity[node] > 3:
            size = read_held(shape, gates, work, node)
        elif not held and small == 3:
            size = small
            copy(work.chosen[0], work.chosen[1, :size])
        else:
            continue
        bar, ties, arity = add_pair(shape, work, visit, size, bar, ties, arity, rng)
    while arity > 3 and bar > best and bar < 2 * visit.total:
        best, size = bar, arity
        copy(work.chosen[0], work.chosen[1, :size])
        bar, _, grown = add_pair(shape, work, visit, size, bar, none, none, rng)
        if grown:
            arity = grown
    return max(bar, best), arity


@compiled
def read_held(shape, gates, work, node):
    """The literals of the gate held, as columns: writes work.chosen[1].

    Returns how many.
    """
    for index in range(gates.arity[node]):
        column = column_of(shape, node, gates.sender[node, index])
        work.chosen[1, index] = (column + 1) * gates.sign[node, index] * work.sign[column]
    return gates.arity[node]


@compiled
def split_items(work, size):
    """Items by the number S of right literals of the base.

    Writes S > h, S = h and S = h - 1 into work.masks[1:4].
    """
    base, half = work.chosen[1], size // 2 + 1
    for word in range(work.masks.shape[1]):
        ones = twos = fours = eights = sixteens = NONE
        for index in range(size):
            bits = work.columns[abs(base[index]) - 1, word]
            carry = bits if base[index] > 0 else ~bits
            ones, carry = ones ^ carry, ones & carry
            twos, carry = twos ^ carry, twos & carry
            fours, carry = fours ^ carry, fours & carry
            eights, carry = eights ^ carry, eights & carry
            sixteens ^= carry
        for fewer in range(2):
            number = half - fewer
            equal = ones if number & 1 else ~ones
            equal &= twos if number & 2 else ~twos
            equal &= fours if number & 4 else ~fours
            equal &= eights if number & 8 else ~eights
            work.masks[2 + fewer, word] = equal & (sixteens if number & 16 else ~sixteens)
        number = half + 1
        reached = ones if number & 1 else ALL
        reached = twos & reached if number & 2 else twos | reached
        reached = fours & reached if number & 4 else fours | reached
        reached = eights & reached if number & 8 else eights | reached
        work.masks[1, word] = sixteens & reached if number & 16 else sixteens | reached


@compiled
def add_pair(shape, work, visit, size, bar, ties, arity, rng):
    """The pair whose addition to the base makes the gate of largest A, if 2 A > bar (or = bar: ties > 0).

    Writes work.chosen[0] where a pair was taken, of `arity` literals, work.chosen[2], masks[1:] and gains.
    Returns (bar, ties, arity), anew where a pair was taken.
    """
    planes, columns, order = work.planes, work.columns, work.order
    top, total, n_candidates = visit.top, visit.total, visit.n_candidates
    split_items(work, size)
    share, sums = work.share, work.share.sums
    even, odd = work.masks[2], work.masks[3]
    sums[0] = weigh(planes, top, work.masks[1])
    sums[1], sums[2] = weigh(planes, top, even), weigh(planes, top, odd)
    add_up(share, 3)
    sure, weight_u, weight_p = sums[0], sums[1], sums[2]
    u, p = work.gains[0], work.gains[1]
    for index in range(n_candidates):
        sums[2 * index] = weigh_both(planes, top, columns[order[index]], even)
        sums[2 * index + 1] = weigh_both(planes, top, columns[order[index]], odd)
    add_up(share, 2 * n_candidates)
    for index in range(n_candidates):
        u[index], p[index] = sums[2 * index], sums[2 * index + 1]
    x_even, x_odd = work.masks[4], work.masks[5]
    for i in range(n_candidates):
        x = columns[order[i]]
        for word in range(x.size):
            x_even[word], x_odd[word] = x[word] & even[word], x[word] & odd[word]
        most_x = max(u[i] + p[i], weight_u - u[i] + weight_p - p[i])
        for j in range(i, n_candidates):
            bound = sure + most_x + max(u[j], weight_u - u[j])
            if 4 * bound - 2 * total < bar:
                continue
            y = columns[order[j]]
            u_both, p_both = u[i], p[i]
            if i != j:
                u_both, p_both = weigh_both(planes, top, x_even, y), weigh_both(planes, top, x_odd, y)
                if share.size > 1:
                    sums[0], sums[1] = u_both, p_both
                    add_up(share, 2)
                    u_both, p_both = sums[0], sums[1]
            for pattern in range(4):
                if i == j and (pattern == 1 or pattern == 2):
                    continue
                u_x, p_x, u_y, u_xy, p_xy = u[i], p[i], u[j], u_both, p_both
                if pattern & 2:  # not y
                    u_y, u_xy, p_xy = weight_u - u_y, u_x - u_xy, p_x - p_xy
                if pattern & 1:  # not x
                    p_y = weight_p - p[j] if pattern & 2 else p[j]
                    u_x, u_xy, p_xy = weight_u - u_x, u_y - u_xy, p_y - p_xy
                score = 4 * (sure + u_x + u_y - u_xy + p_xy) - 2 * total
                if score < bar or (score == bar and ties == 0):
                    continue
                first = order[i] + 1 if not pattern & 1 else -order[i] - 1
                second = order[j] + 1 if not pattern & 2 else -order[j] - 1
                grown = join_literals(shape, work, size, first, second)
                if grown == 0:
                    continue
                ties = 1 if score > bar else ties + 1
                bar = score
                if ties == 1 or rng.random() * ties < 1:
                    arity = grown
                    for index in range(grown):
                        work.chosen[0, index] = work.chosen[2, index]
    return bar, ties, arity


@compiled
def join_literals(shape, work, size, first, second):
    """The base of `size` literals with two more, first and second, opposites cancelled: writes work.chosen[2].

    Returns its number of literals, 0 if that is too large.
    """
    joined = work.chosen[2]
    for index in range(size):
        joined[index] = work.chosen[1, index]
    for literal in (first, second):
        opposite = 0
        while opposite < size and joined[opposite] != -literal:
            opposite += 1
        if opposite < size:
            size -= 1
            joined[opposite] = joined[size]
        elif size == joined.size:
            return 0
        else:
            joined[size] = literal
            size += 1
    squares = 0
    for index in range(size):
        for other in range(size):
            squares += int(joined[index] == joined[other])
    return size if squares <= shape.sigma else 0


@compiled
def alter_literals(shape, gates, work, node, rng):
    """A random neighbour of the gate held: writes work.chosen[1:] and work.sign; returns its number of literals.

    0 if it would be too large.
    """
    width = shape.fan_in_start[node + 1] - shape.fan_in_start[node]
    for column in range(width):
        work.sign[column] = 1
    size = read_held(shape, gates, work, node)
    first, second = random_literal(width, rng), random_literal(width, rng)
    if size > 1 and rng.random() < 0.5:
        first = -work.chosen[1, below(rng, size)]
    return join_literals(shape, work, size, first, second)


@compiled
def random_literal(width, rng):
    """One of `width` columns or its negation: returns ±(column + 1), writes nothing."""
    return between(rng, 1, width + 1) * (1 - 2 * below(rng, 2))

"""Gate descent: the best of all Copies and majorities of three for one node.

For a candidate gate h and r as in `btfnet.kernels.descent.gate_arrays`, A(h) = Σ r h. As

    maj(a, b, c) = (a + b + c - a b c) / 2,

A of a majority follows from the correlations C = Σ r a of single senders, computed once, and one
T = Σ r a b c per triple, for all eight sign patterns. Senders are taken in order of |C|, and what cannot be
as good as the best gate so far is never counted: |T| ≤ Σ|r| cuts off whole tails of the order, and for a
pair, T = C_c - 2 Σ r c over the items at which a ≠ b, so that with their weight Q,

    2 A ≤ C_a + C_b + 2 Q   or, with one of a, b negated,   2 A ≤ |C_a - C_b| + 2 (Σ|r| - Q)

for every third sender. With more than CANDIDATES senders, majorities are formed of the best ones and of a
random sample of the others, so that the cost of a visit stays bounded.

Arguments: shape, gates, work, node, rng  as in gate_arrays.py; visit  `gate_arrays.Visit`; top  planes of |d|
in use.
Source: own; derived above. Twin: tests/engines/test_descent_gates.py,
test_the_gate_that_a_node_gets_is_the_best_of_all, which tries all gates with plain integers.
"""

from btfnet.kernels.bits import popcount
from btfnet.kernels.compiled import compiled
from btfnet.kernels.descent.bitrows import try_eight, weigh
from btfnet.kernels.descent.gate_arrays import Visit
from btfnet.kernels.descent.larger_gates import grow_gate
from btfnet.kernels.descent.senders import list_senders
from btfnet.kernels.random_draw import below
from btfnet.kernels.shared_rows import add_up, total_of

CANDIDATES = 72
"""Senders that majorities are formed of; all senders of layers as wide as 71."""
SURE = 48
"""Of these, so many are the ones of largest |C|."""


@compiled
def correlate(shape, work, node, top, n_listed):
    """Columns times sign of r, turned so that C ≥ 0, in order of C; returns (Σ|r|, A of the gate held), int64.

    n_listed  so many columns are in work.listed, and no others are looked at
    Reads work.planes and work.values; writes work.columns, sign, correlation and order, an entry a sender listed,
    and work.share.sums.
    """
    first = shape.fan_in_start[node]
    n_words = shape.targets.shape[1]
    sign, own, planes = work.planes[work.planes.shape[0] - 1], work.values[node], work.planes
    total = 0
    for plane in range(top):
        ones = 0
        for word in range(n_words):
            ones += popcount(planes[plane, word])
        total += ones << plane
    order, correlation, sums = work.order, work.correlation, work.share.sums
    sums[0], sums[1] = total, weigh(planes, top, sign)
    for nth in range(n_listed):
        index = work.listed[nth]
        column, sender = work.columns[index], work.values[shape.fan_in[first + index]]
        for word in range(n_words):
            # a bit is 1 where sender times r is positive: r < 0 where d < 0 differs from value = -1
            column[word] = ~(sender[word] ^ sign[word] ^ own[word])
        sums[2 + nth] = weigh(planes, top, column)
    add_up(work.share, 2 + n_listed)
    total, falling = sums[0], sums[1]
    for nth in range(n_listed):
        index = work.listed[nth]
        column, strength = work.columns[index], 2 * sums[2 + nth] - total
        work.sign[index] = 1
        if strength < 0:
            strength = -strength
            work.sign[index] = -1
            for word in range(n_words):
                column[word] = ~column[word]
        correlation[index] = strength
        rank = nth
        while rank > 0 and correlation[order[rank - 1]] < strength:
            order[rank] = order[rank - 1]
            rank -= 1
        order[rank] = index
    work.effort[0] += 2 * n_listed * top * work.share.words
    return total, total - 2 * falling


@compiled
def sample_candidates(order, width, rng):
    """Keep the first SURE of the order and a random sample of the others, still in order; returns how many.

    order  int64, (≥ width,): columns. Writes its entries, of which the first `width` change places
    Source: selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
    """
    if width <= CANDIDATES:
        return width
    n_taken = SURE
    for index in range(SURE, width):
        if rng.random() * (width - index) < CANDIDATES - n_taken:
            order[n_taken], order[index] = order[index], order[n_taken]
            n_taken += 1
    return n_taken


@compiled
def best_copy(work, width, least, rng):
    """The literal of largest A of the first `width` columns, at random among equals, if 2 A ≥ least.

    Writes work.chosen[0, 0]; returns (2 A or least, how many are equal).
    """
    order, correlation, chosen = work.order, work.correlation, work.chosen[0]
    best, ties = least, 0
    for index in range(width):
        score = 2 * correlation[order[index]]
        if score < best:
            break
        ties = 1 if score > best else ties + 1
        best = score
        if ties == 1 or rng.random() * ties < 1:
            chosen[0] = order[index] + 1
            if score == 0 and rng.random() < 0.5:
                chosen[0] = -chosen[0]
    return best, ties


@compiled
def best_triple(work, visit, least, ties, rng):
    """The majority of three of largest A, at random among equals (`ties` so far), if 2 A ≥ least.

    Writes work.chosen[0, :3], and masks[0], gains[0] and products; returns (2 A or least, ties, whether one
    was taken).
    Cost: for each pair and each third sender that no bound excludes, `top` counts a vector; see bitrows.py.
    """
    order, correlation, columns, planes = work.order, work.correlation, work.columns, work.planes
    best, taken = least, False
    n_candidates, top, total = visit.n_candidates, visit.top, visit.total
    pair_row, strengths, products = work.masks[0], work.gains[0], work.products
    share = work.share
    row_effort = top * share.words
    for rank in range(n_candidates):
        strengths[rank] = correlation[order[rank]]
    for i in range(n_candidates - 2):
        a = order[i]
        if 3 * correlation[a] + total < best:
            break
        for j in range(i + 1, n_candidates - 1):
            b = order[j]
            pair = correlation[a] + correlation[b]
            if pair + correlation[b] + total < best:
                break
            for word in range(pair_row.size):
                pair_row[word] = columns[a, word] ^ columns[b, word]
            differing = total_of(share, weigh(planes, top, pair_row))
            work.effort[0] += row_effort
            if max(pair + 2 * differing, correlation[a] - correlation[b] + 2 * (total - differing)) < best:
                continue
            k, known_to, peak = j, 0, 0
            while k + 1 < n_candidates:
                k += 1
                c = order[k]
                strength = pair + correlation[c]
                if strength + total < best:
                    break
                # the columns carry r once each, so a product of three carries r³: its sign is r's own
                if k >= known_to:
                    peak = try_eight(work, top, k, correlation[a], correlation[b], total)
                    if share.size > 1:
                        peak = peak_of_ranks(work, k, correlation[a], correlation[b], total)
                    known_to = k + 8
                    work.effort[0] += 8 * row_effort
                if peak < best:
                    k = known_to - 1
                    continue
                t = products[k + 8 - known_to]
                turned = strength + t
                if (
                    abs(strength - t) < best
                    and abs(turned - 2 * correlation[a]) < best
                    and abs(turned - 2 * correlation[b]) < best
                    and abs(turned - 2 * correlation[c]) < best
                ):
                    continue
                for signs in range(8):
                    s_a, s_b, s_c = 1 - 2 * (signs & 1), 1 - (signs & 2), 1 - ((signs & 4) >> 1)
                    score = s_a * correlation[a] + s_b * correlation[b] + s_c * correlation[c]
                    score -= s_a * s_b * s_c * t
                    if score < best:
                        continue
                    ties = 1 if score > best else ties + 1
                    best = score
                    if ties == 1 or rng.random() * ties < 1:
                        taken = True
                        chosen = work.chosen[0]
                        chosen[0], chosen[1], chosen[2] = s_a * (a + 1), s_b * (b + 1), s_c * (c + 1)
    return best, ties, taken


@compiled
def peak_of_ranks(work, first, a, b, total):
    """What `try_eight` returns and writes, of the words of all ranks, once it has run for those of this one.

    first, a, b, total  as there. Writes work.products and work.share.sums.
    A rank's products are 2 Q - total with its own Q, so that total is added where they are summed up.
    """
    sums, products, strengths, peak = work.share.sums, work.products, work.gains[0], 0
    for index in range(8):
        sums[index] = products[index] + total
    add_up(work.share, 8)
    for index in range(8):
        t, c = sums[index] - total, strengths[first + index]
        products[index] = t
        turned = a + b + c + t
        peak = max(peak, abs(a + b + c - t), abs(turned - 2 * a), abs(turned - 2 * b), abs(turned - 2 * c))
    return peak


@compiled
def choose_gate(shape, gates, work, node, top, rng):
    """The gate of largest A(h), at random among equals, if it is no worse than the one held.

    Larger gates than majorities of three only where they are better than all of these.
    Writes it into gates, and the scratch of work; returns twice the fall of the error, A(h) - A(held); -1 if
    nothing is as good.
    """
    width = list_senders(shape, gates, work, node, rng)
    total, held = correlate(shape, work, node, top, width)
    best, ties = best_copy(work, width, 2 * held, rng)
    arity = 1 if ties else 0
    visit = Visit(node, top, total, sample_candidates(work.order, width, rng))
    best, ties, taken = best_triple(work, visit, best, ties, rng)
    arity = 3 if taken else arity
    if shape.sigma >= 5 and best < 2 * total:
        best, arity = grow_gate(shape, gates, work, visit, best, arity, rng)
    if arity == 0:
        return -1
    write_gate(shape, gates, work, node, work.chosen[0], arity)
    return best // 2 - held


@compiled
def write_gate(shape, gates, work, node, literals, arity):
    """Give a node the gate of the first `arity` literals, int64, ±(column + 1). Writes gates."""
    first = shape.fan_in_start[node]
    gates.arity[node] = arity
    for index in range(arity):
        column = abs(literals[index]) - 1
        gates.sender[node, index] = shape.fan_in[first + column]
        sign = 1 if literals[index] > 0 else -1
        gates.sign[node, index] = sign * work.sign[column]


@compiled
def random_gate(shape, gates, node, rng):
    """Any majority of three of a node's senders with equal chance.

    With less than three, or by a chance in ten, a Copy.
    Writes gates.
    """
    first = shape.fan_in_start[node]
    width = shape.fan_in_start[node + 1] - first
    pattern = below(rng, 8)
    a = below(rng, width)
    gates.arity[node] = 1
    gates.sender[node, 0] = shape.fan_in[first + a]
    gates.sign[node, 0] = 1 - 2 * (pattern & 1)
    if width < 3 or rng.random() < 0.1:
        return
    b, c = a, a
    while b == a:
        b = below(rng, width)
    while c in (a, b):
        c = below(rng, width)
    gates.arity[node] = 3
    gates.sender[node, 1], gates.sender[node, 2] = shape.fan_in[first + b], shape.fan_in[first + c]
    gates.sign[node, 1], gates.sign[node, 2] = 1 - (pattern & 2), 1 - ((pattern & 4) >> 1)

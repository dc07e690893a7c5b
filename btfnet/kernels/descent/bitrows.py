"""Rows of words, eight words to an instruction: the inner loops of gate descent.

Rows are whole vectors: their length, n_words, is a multiple of LANES. `planes` (n_planes, n_words) are bit-sliced
integers |d|: bit p of item i's is its bit in row p. Counting ones in a vector is LLVM's `ctpop`: one
instruction on machines with AVX-512 VPOPCNTDQ, about nine (table look-ups of half-bytes) with AVX-512 BW, and
split in two with AVX2. All arrays are uint64 unless it is said otherwise. The twin of every kernel is its body in
NumPy; tests/kernels/test_emitted.py compares the two.

Roofline. All rows of a network of some hundred nodes lie in the first- or second-level cache, so that only
instructions count. A triple on one vector with p planes of |d| takes p ands and counts and a share of a sum,
of a load and of a comparison, some 11 p + 6 vector instructions; without VPOPCNTDQ, at two a cycle and
2.5 GHz, 2.2 p + 1.2 ns. All 5456 triples of 33 senders at p = 2 are 30 µs, so that sweeps over 96 nodes which
must count them all (random outputs) cannot pass 340 a second. All else in a visit (spread, price, correlate)
is 3 to 6 µs; where bounds cut nearly all triples, as they do near a solution, that would be 1700 to 3500
sweeps a second. The descent speed script says what is reached.
"""

import numpy as np
from numba.core import types

from btfnet.kernels.bits import ALL, NONE
from btfnet.kernels.vectors import emitted, integer

LANES = 8
"""Words in a vector: 512 items."""


def _emit_weight(emit, planes, top, *rows):
    """Σ over planes of 2^plane times the ones of plane and all rows: Horner, from the highest plane."""
    builder, words, number = emit.builder, emit.words(LANES), emit.words(1)
    total = number.register(0)
    with emit.loop(rows[0].size(-1), LANES) as word:
        mask = words.load(rows[0].data, word)
        for row in rows[1:]:
            mask = builder.and_(mask, words.load(row.data, word))
        count = words.register(0)
        with emit.loop(top) as step:
            plane = builder.sub(builder.sub(top, step), integer(1))
            ones = words.call("ctpop", builder.and_(words.load(planes.at(plane, word)), mask))
            words.set(count, builder.add(builder.shl(words.get(count), words.constant(1)), ones))
        number.set(total, builder.add(number.get(total), _emit_sum(words, words.get(count))))
    return number.get(total)


def _emit_sum(words, vector):
    return words.call("vector.reduce.add", vector, returns=words.element)


@emitted(_emit_weight, types.int64)
def weigh(planes, top, row):
    """Σ |d| over the items at which a row (n_words,) is 1; the first `top` of the planes are the bits of |d|.

    Returns an int64; writes nothing. Cost: `top` counts a vector.
    """
    return sum(int(np.bitwise_count(planes[plane] & row).sum()) << plane for plane in range(top))


@emitted(_emit_weight, types.int64)
def weigh_both(planes, top, a, b):
    """Σ |d| over the items at which both rows, a and b (n_words,), are 1; planes and top as for `weigh`.

    Returns an int64; writes nothing.
    """
    return sum(int(np.bitwise_count(planes[plane] & a & b).sum()) << plane for plane in range(top))


def _emit_eight(emit, work, top, first, a, b, total):
    builder, words = emit.builder, emit.words(LANES)
    n_words = work.planes.size(1)
    ranks = [emit.add(first, index) for index in range(8)]
    thirds = [work.columns.at(work.order.item(rank)) for rank in ranks]
    counts = [words.register(0) for _ in ranks]
    with emit.loop(top) as step:
        bits = work.planes.at(builder.sub(builder.sub(top, step), integer(1)))
        for count in counts:
            words.set(count, builder.shl(words.get(count), words.constant(1)))
        with emit.loop(n_words, LANES) as word:
            weight, pair = words.load(bits, word), words.load(work.masks.data, word)
            for third, count in zip(thirds, counts, strict=True):
                odd = builder.and_(weight, builder.xor(pair, words.load(third, word)))
                words.set(count, builder.add(words.get(count), words.call("ctpop", odd)))
    doubled = builder.shl(words.sums_of_eight([words.get(count) for count in counts]), words.constant(1))
    product = builder.sub(doubled, words.splat(total))
    words.store(product, work.products.data)
    strengths = [words.splat(a), words.splat(b), words.load(work.gains.data, first)]
    all_three = builder.add(builder.add(strengths[0], strengths[1]), strengths[2])
    turned = builder.add(all_three, product)
    scores = [builder.sub(all_three, product)]
    scores += [builder.sub(turned, builder.shl(strength, words.constant(1))) for strength in strengths]
    peak = words.constant(0)
    for score in scores:
        for signed in (score, builder.sub(words.constant(0), score)):
            peak = words.select(builder.icmp_signed(">", signed, peak), signed, peak)
    return words.call("vector.reduce.smax", peak, returns=words.element)


@emitted(_emit_eight, types.int64)
def try_eight(work, top, first, a, b, total):
    """T of a pair of columns with eight third columns, and the largest 2 |A| of all their majorities.

    work     WalkBuffers. Read: planes, columns, order, masks[0] (the exclusive or of the pair) and gains[0] (C of
             the columns by rank). Writes work.products (8,), T of the third columns of ranks first … first + 7;
             order and gains hold seven entries more than there are columns
    top      planes of |d|;  a, b  C of the pair;  total  Σ|r|
    Returns the largest, int64. Source: the derivation in best_gate.py.
    """
    pair, strengths, peak = work.masks[0], work.gains[0], 0
    for index in range(8):
        c, column = strengths[first + index], work.columns[work.order[first + index]]
        odd = pair ^ column
        t = (
            2 * sum(int(np.bitwise_count(work.planes[plane] & odd).sum()) << plane for plane in range(top))
            - total
        )
        work.products[index] = t
        turned = a + b + c + t
        peak = max(peak, abs(a + b + c - t), *(abs(turned - 2 * strength) for strength in (a, b, c)))
    return peak


def _emit_majority(emit, a, b, c, pattern, out):
    builder, words = emit.builder, emit.words(LANES)
    negations = [
        words.splat(builder.neg(builder.and_(builder.lshr(pattern, integer(bit)), integer(1))))
        for bit in range(3)
    ]
    with emit.loop(out.size(-1), LANES) as word:
        x, y, z = (
            builder.xor(words.load(row.data, word), negation)
            for row, negation in zip((a, b, c), negations, strict=True)
        )
        both, some = builder.and_(x, y), builder.or_(x, y)
        words.store(builder.or_(both, builder.and_(z, some)), out.data, word)


@emitted(_emit_majority)
def majority(a, b, c, pattern, out):
    """The majority of three rows a, b, c (n_words,); bits 0 to 2 of pattern negate them. Writes out."""
    flips = [ALL if pattern >> bit & 1 else NONE for bit in range(3)]
    a, b, c = a ^ flips[0], b ^ flips[1], c ^ flips[2]
    out[:] = (a & b) | (c & (a | b))


def _emit_votes(emit, planes, used, now, then, wrong, care):
    builder, words = emit.builder, emit.words(LANES)
    with emit.loop(now.size(-1), LANES) as word:
        before, after, erring, counted = (words.load(row.data, word) for row in (now, then, wrong, care))
        moved = builder.and_(builder.xor(before, after), counted)
        down = builder.and_(moved, erring)
        carry = words.register()
        words.set(carry, moved)
        with emit.loop(used) as plane:
            target = planes.at(plane, word)
            bits, adding = words.load(target), words.get(carry)
            words.store(builder.xor(bits, adding), target)
            # +1 carries where the bit was 1; -1, all ones, carries where it was 0
            words.set(carry, builder.and_(adding, builder.xor(bits, down)))


@emitted(_emit_votes)
def add_votes(planes, used, now, then, wrong, care):
    """Add to each item +1 where an output gets wrong, -1 where it gets right.

    planes   two's complement, the first `used` of them. Writes these
    now, then    rows (n_words,): the output's value, and its value to come
    wrong, care  rows (n_words,): the items at which it is wrong now, and those at which it counts
    """
    carry = (now ^ then) & care
    down = carry & wrong
    for plane in range(used):
        before = planes[plane].copy()
        planes[plane] = before ^ carry
        carry = carry & (before ^ down)


def _emit_differ(emit, a, b):
    builder, words, number = emit.builder, emit.words(LANES), emit.words(1)
    difference = number.register(0)
    with emit.loop(a.size(-1), LANES) as word:
        moved = builder.xor(words.load(a.data, word), words.load(b.data, word))
        some = words.call("vector.reduce.or", moved, returns=words.element)
        number.set(difference, builder.or_(number.get(difference), some))
    return builder.icmp_unsigned("!=", number.get(difference), integer(0))


@emitted(_emit_differ, types.boolean)
def differ(a, b):
    """Whether two rows a, b (n_words,) differ, pad bits included. Returns a Boolean; writes nothing."""
    return bool((a != b).any())

"""How many of a cell's literals are true, for all cells at once: counters of bit planes that stay in registers."""

import numpy as np
from numba.core import types

from btfnet.kernels.cells.lookup import VECTOR
from btfnet.kernels.vectors import emitted, integer

PLANES = 6
MOST_LITERALS = (1 << PLANES) - 2
"""Neighbours that a node can count."""


def _emit_at_least(emit, rows, literals, used, least, turned, joined, out):
    """Counters stay in registers: a vector of cells at a time, plane p of the count in register p."""
    words, build = emit.words(VECTOR), emit.builder
    ones = words.constant(-1)
    flipped = words.splat(build.sub(integer(0), turned))
    first, conjunction = (build.icmp_signed("==", joined, integer(number)) for number in (-1, 1))
    with emit.loop(out.size(0), VECTOR) as word:
        planes = [words.register(0) for _ in range(PLANES)]
        with emit.loop(used) as index:
            literal = literals.item(index)
            negative = build.ashr(literal, integer(63))
            row = build.sub(build.xor(literal, negative), negative)
            carry = build.xor(words.load(rows.at(row), word), words.splat(negative))
            for plane in planes:
                before = words.get(plane)
                words.set(plane, build.xor(before, carry))
                carry = build.and_(before, carry)
        reached = ones
        for number, plane in enumerate(planes):
            bit = words.splat(
                build.sub(integer(0), build.and_(build.lshr(least, integer(number)), integer(1)))
            )
            count = words.get(plane)
            both, some = build.and_(count, reached), build.or_(count, reached)
            reached = build.or_(both, build.and_(some, build.xor(bit, ones)))
        value, other = build.xor(reached, flipped), words.load(out.data, word)
        joint = build.select(conjunction, build.and_(value, other), build.or_(value, other))
        words.store(build.select(first, value, joint), out.data, word)


@emitted(_emit_at_least, turned=types.int64)
def at_least(rows, literals, used, least, turned, joined, out):
    """Whether at least so many literals are true, or not, joined with what out has.

    rows      uint64, (n_inputs + 1, n_words);  literals  int64, (n_inputs,), the first `used` of them count
    least     0 … used + 1;  turned  1 where the complement is meant
    joined    1 And, 0 Or, -1 as if out had nothing yet;  out  uint64, (n_words,)
    Writes out. Twin: its body; tests/kernels/test_cell_thresholds.py, test_literals_are_counted.
    """
    count = np.zeros(64 * out.size, dtype=np.int64)
    for literal in literals[:used]:
        bits = np.unpackbits(rows[abs(literal)].view(np.uint8), bitorder="little")
        count += bits == (literal > 0)
    value = np.packbits((count >= least) != bool(turned), bitorder="little").view(np.uint64)
    out[:] = value if joined < 0 else value & out if joined else value | out

"""Rows of items that lie on many ranks: what kernels that count items ask of the other ranks, while they run.

Every rank holds the same run of words of all rows. What a kernel counts in its own words is added up over the
ranks in integers, which is exact in any order, so that all ranks decide as one process would. A rank alone asks
nobody: a comparison with 1 is all that it costs.

Arguments: share  Share. Twin: tests/kernels/test_shared_rows_emitted.py, test_ranks_add_up_what_one_process_has.
"""

import ctypes
from typing import NamedTuple

import numpy as np
from llvmlite import ir

from btfnet.kernels.compiled import compiled
from btfnet.kernels.vectors import INT64, emitted

ADD, MIX, MOST = 0, 1, 2
"""What is asked for: sums, exclusive ors, maxima."""


class Share(NamedTuple):
    """Which words of the rows are this rank's, and how it reaches the others."""

    size: int  # ranks
    first: int  # the first of this rank's words among those of all ranks
    words: int  # of a row on all ranks together
    address: (
        int  # of a C function (count, what): the first `count` of sums over the ranks, in place; 0 if alone
    )
    sums: np.ndarray  # int64, (≥ 2 n_nodes, ≥ most fan-in + 2, ≥ words of slots): what is asked
    bits: np.ndarray  # uint64: the same memory
    whole: np.ndarray  # uint64, (words,): a row of all ranks; (0,) if alone


def _emit_ask(emit, address, count, what):
    kind = ir.FunctionType(ir.VoidType(), [INT64, INT64])
    emit.builder.call(emit.builder.inttoptr(address, kind.as_pointer()), [count, what])


@emitted(_emit_ask)
def ask(address, count, what):
    """Call the function at an address with two integers, count and what: see Share. It writes share.sums."""
    ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)(int(address))(int(count), int(what))


@compiled
def add_up(share, count):
    """Sums over the ranks of the first `count` of share.sums. Writes these; returns nothing."""
    if share.size > 1:
        ask(share.address, count, ADD)


@compiled
def total_of(share, number):
    """The sum of a number over the ranks: returns it, writes share.sums."""
    if share.size == 1:
        return number
    share.sums[0] = number
    ask(share.address, 1, ADD)
    return share.sums[0]


@compiled
def most_of(share, number):
    """The largest of a number over the ranks: returns it, writes share.sums."""
    if share.size == 1:
        return number
    share.sums[0] = number
    ask(share.address, 1, MOST)
    return share.sums[0]


@compiled
def gather_row(share, row):
    """The words of a row, (own words,), of all ranks. Writes share.whole and share.sums."""
    step = share.bits.size
    for start in range(0, share.words, step):
        count = min(step, share.words - start)
        for index in range(count):
            own = start + index - share.first
            share.bits[index] = row[own] if own >= 0 and own < row.size else np.uint64(0)
        ask(share.address, count, ADD)
        for index in range(count):
            share.whole[start + index] = share.bits[index]

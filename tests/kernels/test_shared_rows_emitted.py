"""Sums, maxima and rows over ranks, asked for by compiled code."""

import ctypes

import numpy as np
import pytest
from support.emitted_kernels import assert_same
from support.thread_ranks import COMBINES, on_ranks

from btfnet.kernels.shared_rows import MOST, Share, add_up, ask, gather_row, most_of, total_of


@pytest.mark.needs_jit
def test_asking_calls_the_function_with_both_numbers():
    asked = []
    function = COMBINES(lambda count, what: asked.append((count, what)))
    assert_same(
        ask, ctypes.cast(function, ctypes.c_void_p).value, 7, MOST,
    )  # fmt: skip
    assert asked == [(7, MOST), (7, MOST)]


def share_of(ranks, words, room):
    sums = np.zeros(room, dtype=np.int64)
    own = ranks.share(words)
    whole = np.zeros(words, dtype=np.uint64)
    return Share(ranks.size, own.start, words, ranks.combining(sums), sums, sums.view(np.uint64), whole), own


@pytest.mark.no_compiler
@pytest.mark.parametrize("size", [1, 2, 3])
def test_ranks_add_up_what_one_process_has(size):
    row = np.random.default_rng(size).integers(0, 2**64, 40, dtype=np.uint64)

    def asked(ranks):
        share, own = share_of(ranks, row.size, 16)  # less room than the row takes
        if ranks.size > 1:
            gather_row(share, row[own.start : own.stop].copy())
        share.sums[:3] = np.arange(3) * (ranks.rank + 1)
        add_up(share, 3)
        return (
            share.whole,
            share.sums[:3].tolist(),
            total_of(share, ranks.rank + 5),
            most_of(share, -ranks.rank),
        )

    ranks = np.arange(size)
    for whole, sums, total, most in on_ranks(size, asked):
        assert size == 1 or np.array_equal(whole, row)
        assert sums == (np.arange(3) * (ranks + 1).sum()).tolist()
        assert total == (ranks + 5).sum()
        assert most == 0

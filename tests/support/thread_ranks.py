"""Ranks that are threads of one process: what `btfnet.ranks.mpi` does by MPI, by a barrier and plain lists."""

from __future__ import annotations

import ctypes
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from btfnet.ranks.ranks import Ranks

COMBINES = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)
OPERATIONS = (np.add.reduce, np.bitwise_xor.reduce, np.maximum.reduce)


class Meeting:
    """Where `size` threads leave something and see what the others left."""

    def __init__(self, size):
        self.size, self.left, self.barrier = size, [None] * size, threading.Barrier(size, timeout=60)

    def exchange(self, rank, thing):
        self.left[rank] = thing
        self.barrier.wait()
        things = list(self.left)
        self.barrier.wait()
        return things


class ThreadRanks(Ranks):
    def __init__(self, meeting, rank):
        self.meeting, self.rank, self.size = meeting, rank, meeting.size
        self.functions = []

    def agreed(self, value):
        return self.meeting.exchange(self.rank, value)[0]

    def from_first(self, work):
        return self.agreed(work() if self.first else None)

    def exchange(self, sent, counts, received, came):
        starts = np.cumsum([0, *counts])
        parts = [sent[starts[k] : starts[k + 1]].copy() for k in range(self.size)]
        everything = self.meeting.exchange(self.rank, parts)
        received[:] = np.concatenate([theirs[self.rank] for theirs in everything])

    def gather_into(self, whole, counts):
        start = int(np.sum(counts[: self.rank]))
        parts = self.meeting.exchange(self.rank, whole[start : start + int(counts[self.rank])].copy())
        whole[:] = np.concatenate(parts)

    def gathered(self, part):
        return np.concatenate(self.meeting.exchange(self.rank, part.copy()))

    def combining(self, numbers):
        def combine(count, what):
            parts = self.meeting.exchange(self.rank, numbers[:count].copy())
            numbers[:count] = OPERATIONS[what](parts)

        self.functions.append(COMBINES(combine))
        return ctypes.cast(self.functions[-1], ctypes.c_void_p).value


def on_ranks(size, work):
    """What work(ranks) returns on each of so many ranks."""
    meeting = Meeting(size)

    def guarded(rank):
        try:
            return work(ThreadRanks(meeting, rank))
        except BaseException:
            meeting.barrier.abort()
            raise

    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(guarded, range(size)))

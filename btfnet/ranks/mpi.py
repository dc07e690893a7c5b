"""Ranks as MPI has them: `mpirun -n K …` starts K processes, and these find each other here."""

from __future__ import annotations

import atexit
import ctypes
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import UsageError
from btfnet.machine import cores
from btfnet.ranks.ranks import ALONE, Made, Ranks

POLITE_SECONDS = 5e-4
"""Between two questions of a rank that waits for the first one's work, which may need all cores of the machine."""
COMBINES = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)
FAREWELL_SECONDS = 2.0
"""For all ranks to fail alike; then one that fails alone ends the others."""


def ranks_of(asked: Any) -> Ranks:
    """Those of a communicator of mpi4py, or of all processes that mpirun started (True); ALONE for None, False.

    Raises `UsageError` where MPI is not installed, and for anything else.
    """
    if asked is None or asked is False or type(asked) is Ranks:
        return ALONE
    _yield_where_crowded()
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        raise UsageError(
            f'ranks need MPI, which cannot be loaded here ({error}): pip install "btfnet[mpi]"; or leave them out.'
        ) from error
    if asked is True:
        return MpiRanks(MPI.COMM_WORLD)
    if isinstance(asked, MpiRanks):
        return asked
    if isinstance(asked, MPI.Intracomm):
        return MpiRanks(asked)
    raise UsageError(
        f"ranks is {type(asked).__name__}; give True for all processes that mpirun started, or an Intracomm "
        f"of mpi4py."
    )


def _yield_where_crowded() -> None:
    """With more ranks than cores, those that wait leave their core to others; MPICH reads this as it begins."""
    with suppress(ValueError):
        if int(os.environ.get("MPI_LOCALNRANKS", "1")) > cores():
            os.environ.setdefault("MPIR_CVAR_ENABLE_HEAVY_YIELD", "1")


class MpiRanks(Ranks):
    """The processes of a communicator (which is copied, so that others may use it meanwhile)."""

    def __init__(self, comm: Any) -> None:
        from mpi4py import MPI

        self._mpi, self.comm = MPI, comm.Dup()
        self.rank, self.size = comm.Get_rank(), comm.Get_size()
        self._leaving = comm.Dup()
        self._functions: list[Any] = []

    def agreed(self, value: Made) -> Made:
        return self.comm.bcast(value) if self.many else value

    def from_first(self, work: Callable[[], Made]) -> Made:
        """As there. The others do not compete with the first for the machine: they look now and then."""
        if not self.many:
            return work()
        outcome: Any = None
        if self.first:
            try:
                outcome = (True, work())
            except Exception as error:
                outcome = (False, error)
        self._wait_for_first()
        well, made = self.comm.bcast(outcome)
        if not well:
            raise made
        return made

    def _wait_for_first(self) -> None:
        done = np.zeros(1, dtype=np.int8)
        request = self.comm.Ibcast(done)
        while not request.Test():
            time.sleep(POLITE_SECONDS)

    def exchange(
        self, sent: NDArray[Any], counts: NDArray[np.int64], received: NDArray[Any], came: NDArray[np.int64]
    ) -> None:
        self.comm.Alltoallv((sent, counts), (received, came))

    def gather_into(self, whole: NDArray[Any], counts: NDArray[np.int64]) -> None:
        self.comm.Allgatherv(self._mpi.IN_PLACE, (whole, counts))

    def gathered(self, part: NDArray[Any]) -> NDArray[Any]:
        lengths = self.comm.allgather(len(part))
        whole = np.empty((sum(lengths), *part.shape[1:]), dtype=part.dtype)
        row = int(np.prod(part.shape[1:], dtype=np.int64))
        self.comm.Allgatherv(np.ascontiguousarray(part), (whole, [length * row for length in lengths]))
        return whole

    def combining(self, numbers: NDArray[np.int64]) -> int:
        if not self.many:
            return 0
        mpi, comm = self._mpi, self.comm
        operations = (mpi.SUM, mpi.BXOR, mpi.MAX)

        def combine(count: int, what: int) -> None:
            try:
                comm.Allreduce(mpi.IN_PLACE, [numbers, count, mpi.INT64_T], operations[what])
            except BaseException:  # compiled code cannot be told, and the other ranks wait
                comm.Abort(1)

        function = COMBINES(combine)
        self._functions.append(function)  # which must live as long as compiled code calls it
        address = ctypes.cast(function, ctypes.c_void_p).value
        assert address is not None
        return address

    def all_fail(self, exit_code: int) -> bool:
        """Whether the other ranks have failed as this one has: then nobody waits for anybody.

        If not, they are ended when this process ends, which has something to say before.
        """
        if not self.many:
            return True
        request, ends = self._leaving.Ibarrier(), time.monotonic() + FAREWELL_SECONDS
        while not request.Test():
            if time.monotonic() > ends:
                atexit.register(self.comm.Abort, exit_code)
                return False
            time.sleep(0.01)
        return True


@contextmanager
def failing_together(ranks: Ranks) -> Iterator[None]:
    """What is raised here on one rank alone ends the others, too, which would wait for it without end."""
    try:
        yield
    except BaseException:
        if isinstance(ranks, MpiRanks):
            ranks.all_fail(1)
        raise

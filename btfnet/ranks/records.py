"""Checkpoints of a state that lies on many ranks: one file, which the first rank writes and reads.

The file is that of one process, so that any number of ranks, or one process without MPI, goes on from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.checkpoint.file import CHUNK, Record
from btfnet.errors import DataError
from btfnet.ranks.mpi import MpiRanks
from btfnet.ranks.ranks import Ranks

DONE = -1
_TAG = 7


class Pieces:
    """An array of which every rank holds a run of rows; the first rank writes all of them (`checkpoint.file`).

    own   the rows of this rank, (own rows, …)
    rows  of all ranks together
    """

    def __init__(self, ranks: MpiRanks, own: NDArray[Any], rows: int) -> None:
        self._ranks, self.own = ranks, np.ascontiguousarray(own)
        self.dtype, self.shape = own.dtype, (rows, *own.shape[1:])
        self.number = 0
        self._coming: tuple[int, int] | None = None

    @property
    def nbytes(self) -> int:
        return self.dtype.itemsize * int(np.prod(self.shape, dtype=np.int64))

    def chunks(self) -> Iterator[memoryview]:
        """Its bytes, a piece at a time; on the first rank, while the others are at `serve`."""
        yield from chunks_of(self.own)
        comm, share = self._ranks.comm, self.nbytes // max(1, self.shape[0])
        buffer = np.empty(min(CHUNK, max(1, self.nbytes)), dtype=np.uint8)
        for rank in range(1, self._ranks.size):
            left = share * len(self._ranks.share(self.shape[0], rank))
            comm.send(self.number, rank, _TAG)
            while left:
                piece = buffer[: min(CHUNK, left)]
                comm.Recv(piece, rank, _TAG)
                left -= piece.size
                self._coming = rank, left
                yield piece.data

    def drain(self) -> None:
        """Receive what a rank still sends, where nobody has taken all of its pieces: it waits for that."""
        rank, left = self._coming or (0, 0)
        self._coming = None
        buffer = np.empty(min(CHUNK, left), dtype=np.uint8)
        while left:
            piece = buffer[: min(CHUNK, left)]
            self._ranks.comm.Recv(piece, rank, _TAG)
            left -= piece.size


def chunks_of(array: NDArray[Any]) -> Iterator[memoryview]:
    flat = array.reshape(-1).view(np.uint8).data
    for start in range(0, array.nbytes, CHUNK):
        yield flat[start : start + CHUNK]


def pieces(ranks: Ranks, own: NDArray[Any], rows: int) -> Any:
    """The rows of all ranks, as a record takes them."""
    return Pieces(ranks, own, rows) if isinstance(ranks, MpiRanks) and ranks.many else own


def saved_once(ranks: Ranks, record: Record, save: Any) -> bool:
    """`save(record)` on the first rank, whom the others send what it asks for; whether that went well."""
    if not isinstance(ranks, MpiRanks) or not ranks.many:
        return bool(save(record))
    arrays: list[Any] = list(record.arrays.values())
    spread: list[Pieces] = [array for array in arrays if isinstance(array, Pieces)]
    for number, array in enumerate(spread):
        array.number = number
    if not ranks.first:
        _serve(ranks, spread)
        return True
    try:
        return bool(save(record))
    finally:  # a disk that was full may have asked for less than all, and taken less than it asked for
        for array in spread:
            array.drain()
        for rank in range(1, ranks.size):
            ranks.comm.send(DONE, rank, _TAG)


def _serve(ranks: MpiRanks, spread: list[Pieces]) -> None:
    while (number := ranks.comm.recv(source=0, tag=_TAG)) != DONE:
        for piece in chunks_of(spread[number].own):
            ranks.comm.Send(np.frombuffer(piece, dtype=np.uint8), 0, _TAG)


class SharedArrays(Mapping[str, NDArray[Any]]):
    """The arrays of a record that the first rank reads; every rank asks for the same ones in the same order."""

    def __init__(self, ranks: MpiRanks, arrays: Any) -> None:
        """arrays  None but on the first rank"""
        self._ranks, self._arrays = ranks, arrays
        self._names: list[str] = ranks.agreed([] if arrays is None else list(arrays))

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._names:
            raise KeyError(name)
        return self._ranks.from_first(lambda: np.asarray(self._arrays[name]))

    def rows(self, name: str, wanted: range) -> NDArray[Any]:
        """The wanted rows of an array, which are others on every rank."""
        ranges = self._ranks.comm.allgather((wanted.start, wanted.stop))
        self._ranks.from_first(lambda: _check(self._arrays.shape(name), name, ranges))
        comm = self._ranks.comm
        if not self._ranks.first:
            dtype, shape = comm.recv(source=0, tag=_TAG)
            part = np.empty(shape, dtype=dtype)
            for piece in chunks_of(part):
                comm.Recv(np.frombuffer(piece, dtype=np.uint8), 0, _TAG)
            return part
        for rank, (start, stop) in enumerate(ranges[1:], 1):
            part = np.ascontiguousarray(self._arrays.rows(name, range(start, stop)))
            comm.send((part.dtype, part.shape), rank, _TAG)
            for piece in chunks_of(part):
                comm.Send(np.frombuffer(piece, dtype=np.uint8), rank, _TAG)
        return self._arrays.rows(name, wanted)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def shared(ranks: Ranks, record: Record | None) -> Record:
    """A record that the first rank has read, on all of them; None on the others."""
    if not isinstance(ranks, MpiRanks):
        assert record is not None
        return record
    values: dict[str, Any] = ranks.agreed({} if record is None else record.values)
    return Record(values, SharedArrays(ranks, None if record is None else record.arrays))


def rows_of(ranks: Ranks, saved: Mapping[str, NDArray[Any]], name: str, own: range) -> Any:
    """This rank's rows of a saved array; None where it is not there."""
    if name not in set(saved):
        return None
    return saved.rows(name, own) if ranks.many else saved[name]  # type: ignore[attr-defined]


def _check(shape: tuple[int, ...], name: str, ranges: list[tuple[int, int]]) -> None:
    """Raises `DataError` where the file has not so many rows."""
    last = max(stop for _, stop in ranges)
    if not shape or shape[0] != last:
        raise DataError(
            f"The checkpoint holds {name} of shape {shape}, but {last} rows are needed; go on with the version "
            f"that wrote it."
        )

"""A mailbox of MPI messages: between the rank that searches and the ranks of `python -m mpi4py.futures`.

Workers that an `MPIPoolExecutor` spawns share no communicator with the search that we could use, but a folder.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from btfnet.workers.mailbox import News, Orders, as_values, news_of, orders_of

TO_SEARCH, TO_TASKS = 20_211, 20_212
"""Tags, besides which mpi4py.futures uses small ones."""


class MpiMailbox:
    """See `Mailbox`.

    slots  ranks that run tasks
    """

    def __init__(self, slots: int) -> None:
        self.comm, self.slots = _world(), slots
        self.name = secrets.token_hex(6)
        self._sent: list[Any] = []
        self._news: deque[News] = deque()
        self._states: dict[int, bytes] = {}

    @property
    def address(self) -> MpiAddress:
        return MpiAddress(self.comm.Get_rank(), self.name)

    def expect(self, index: int) -> None:
        """Nothing is saved before it arrives."""

    def reopen(self) -> None:
        """Ranks cannot be lost one by one."""

    def send(self, orders: Orders) -> None:
        self._sent = [request for request in self._sent if not request.test()[0]]
        own = self.comm.Get_rank()
        message = (self.name, as_values(orders))
        others = [rank for rank in range(self.comm.Get_size()) if rank != own]
        self._sent += [self.comm.isend(message, dest=rank, tag=TO_TASKS) for rank in others]

    def _receive(self) -> None:
        while (message := self.comm.improbe(tag=TO_SEARCH)) is not None:
            name, index, content = message.recv()
            if name != self.name:  # of a search that is over
                continue
            if isinstance(content, bytes):
                self._states[index] = content
            else:
                self._news.append(news_of(content))

    def news(self) -> Iterator[News]:
        self._receive()
        while self._news:
            yield self._news.popleft()

    def state(self, index: int) -> bytes | None:
        self._receive()
        return self._states.get(index)

    def forget(self, index: int) -> None:
        self._states.pop(index, None)

    def close(self, *, answered: bool) -> None:
        self._receive()


@dataclass(frozen=True)
class MpiAddress:
    """See `Address`.

    rank  of the search
    """

    rank: int
    name: str

    def open(self, index: int) -> MpiPost:
        return MpiPost(self, index)


_LAST: dict[str, Orders] = {}
"""The last orders of each search that this rank has heard of."""


class MpiPost:
    """See `Post`. Orders are for the rank, whichever task it runs."""

    def __init__(self, address: MpiAddress, index: int) -> None:
        self.address, self.index, self.comm = address, index, _world()
        self._sent: list[Any] = []

    def orders(self) -> Orders | None:
        rank = self.address.rank
        while (message := self.comm.improbe(source=rank, tag=TO_TASKS)) is not None:
            name, values = message.recv()
            if name != self.address.name:
                _LAST.clear()
            _LAST[name] = orders_of(values)
        return _LAST.get(self.address.name)

    def tell(self, news: News) -> None:
        self._send(list(news))

    def save(self, state: bytes) -> bool:
        self._send(state)
        return True

    def _send(self, content: object) -> None:
        self._sent = [request for request in self._sent if not request.test()[0]]
        message = (self.address.name, self.index, content)
        self._sent.append(self.comm.isend(message, dest=self.address.rank, tag=TO_SEARCH))

    def saved(self) -> bytes | None:
        """A rank that is lost takes all others along: there is no second one to ask."""
        return None

    def close(self) -> None:
        for request in self._sent:
            request.wait()


def _world() -> Any:
    from mpi4py import MPI

    return MPI.COMM_WORLD

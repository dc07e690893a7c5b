"""A mailbox of MPI messages: between the rank that searches and the ranks of `python -m mpi4py.futures`.

Workers that an `MPIPoolExecutor` spawns share no communicator with the search that we could use, but a folder.
A task asks, and the search answers: no message is left over when the ranks end, which MPI would not forgive.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from btfnet.workers.mailbox import ASKING_SECONDS, News, Orders, as_values, news_of, orders_of

TO_SEARCH, TO_TASKS = 20_211, 20_212
"""Tags, besides which mpi4py.futures uses small ones."""
QUESTION = None
"""What a task sends that asks for orders."""
LAST_SECONDS = 10.0
"""A task that ends waits so long for the answer to its last question."""
_BOXES: dict[str, MpiMailbox] = {}
"""Of the searches of this rank, by name; several may run, on threads."""
_RECEIVING = threading.Lock()


class MpiMailbox:
    """See `Mailbox`.

    slots  ranks that run tasks
    """

    def __init__(self, slots: int) -> None:
        self.comm, self.slots = _world(), slots
        self.name = secrets.token_hex(6)
        _BOXES[self.name] = self
        self._orders = Orders(0, {})
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
        """To all who ask from now on."""
        self._orders = orders
        self._receive()

    def _receive(self) -> None:
        """Messages for all searches of this rank, each for its own box."""
        from mpi4py import MPI

        with _RECEIVING:
            self._sent = [request for request in self._sent if not request.test()[0]]
            status = MPI.Status()
            while (message := self.comm.improbe(tag=TO_SEARCH, status=status)) is not None:
                name, index, content = message.recv()
                box = _BOXES.get(name)
                if content is QUESTION:
                    orders = Orders(1, {}, closed=True) if box is None else box._orders
                    answer = (name, as_values(orders))
                    self._sent.append(self.comm.isend(answer, dest=status.Get_source(), tag=TO_TASKS))
                elif box is not None and isinstance(content, bytes):
                    box._states[index] = content
                elif box is not None:
                    box._news.append(news_of(content))

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
        _BOXES.pop(self.name, None)


@dataclass(frozen=True)
class MpiAddress:
    """See `Address`.

    rank  of the search
    """

    rank: int
    name: str

    def open(self, index: int) -> MpiPost:
        return MpiPost(self, index)


class MpiPost:
    """See `Post`. Short tasks ask nothing: they would wait for the answer."""

    def __init__(self, address: MpiAddress, index: int) -> None:
        self.address, self.index, self.comm = address, index, _world()
        self._sent: list[Any] = []
        self._begun, self._asked, self._orders = time.monotonic(), False, None
        self._lock = threading.Lock()

    _orders: Orders | None

    def orders(self) -> Orders | None:
        self._hear()
        if not self._asked and time.monotonic() > self._begun + ASKING_SECONDS:
            self._asked = True
            self._send(QUESTION)
        return self._orders

    def _hear(self) -> None:
        while (message := self.comm.improbe(source=self.address.rank, tag=TO_TASKS)) is not None:
            name, values = message.recv()
            if name == self.address.name:
                self._asked, self._orders = False, orders_of(values)

    def tell(self, news: News) -> None:
        self._send(list(news))

    def save(self, state: bytes) -> bool:
        self._send(state)
        return True

    def _send(self, content: object) -> None:
        """Called on the trial's thread, too."""
        message = (self.address.name, self.index, content)
        with self._lock:
            self._sent.append(self.comm.isend(message, dest=self.address.rank, tag=TO_SEARCH))
            self._forget_sent()

    def _forget_sent(self) -> None:
        self._sent = [request for request in self._sent if not request.test()[0]]

    def saved(self) -> bytes | None:
        """A rank that is lost takes all others along: there is no second one to ask."""
        return None

    def close(self) -> None:
        """Once all messages have arrived, the answer to the last question among them."""
        until = time.monotonic() + LAST_SECONDS
        while (self._asked or self._sent) and time.monotonic() < until:
            self._hear()
            with self._lock:
                self._forget_sent()
            time.sleep(0.001)


def _world() -> Any:
    from mpi4py import MPI

    return MPI.COMM_WORLD

"""A mailbox at a Dask scheduler: variables hold orders and states, events of its log bring the news.

A worker that is lost takes nothing along: its state stands at the scheduler, which runs its task again elsewhere.
"""

from __future__ import annotations

import secrets
import time
import warnings
from collections import deque
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from btfnet.errors import BtfnetWarning
from btfnet.workers.mailbox import News, Orders, as_values, news_of, orders_of

MOST_BYTES = 64 << 20
"""A larger state is not sent to the scheduler; its trial begins anew where its worker is lost."""
SECONDS = 2.0
"""At most so long is waited for the scheduler's answer; who asks asks again."""
COUNTING_SECONDS = 2.0
"""Between two counts of workers, which come and go."""


@contextmanager
def _perhaps_away() -> Iterator[None]:
    """A scheduler that is away now, or has begun anew, is nobody's fault; whatever else fails is raised."""
    try:
        yield
    except (OSError, TimeoutError, RuntimeError, CancelledError):
        pass
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "distributed":
            raise


class DaskMailbox:
    """See `Mailbox`.

    client  a `distributed.Client`
    """

    def __init__(self, client: Any) -> None:
        self.client, self.name = client, f"btfnet-{secrets.token_hex(6)}"
        self._slots, self._count_again, self._any = 1, 0.0, True
        self._arrived: deque[Any] = deque()
        self._expected: set[int] = set()
        client.subscribe_topic(self.name, self._arrive)

    def _arrive(self, event: Any) -> None:
        """Called on the client's own thread, with (time, message)."""
        self._arrived.append(event[1])

    @property
    def address(self) -> DaskAddress:
        return DaskAddress(self.name)

    @property
    def slots(self) -> int | None:
        """Threads of all workers that are there, or were when that was asked last."""
        if time.monotonic() > self._count_again:
            with suppress(OSError, RuntimeError, KeyError):
                workers = self.client.scheduler_info(n_workers=-1)["workers"]
                self._slots = max(1, sum(int(worker["nthreads"]) for worker in workers.values()))
                self._warn_of_none(len(workers))
            self._count_again = time.monotonic() + COUNTING_SECONDS
        return self._slots

    def _warn_of_none(self, n_workers: int) -> None:
        """Once, each time that there are none: the search waits for some."""
        if not n_workers and self._any:
            text = (
                "The Dask scheduler has no workers now, and the search waits for some: dask worker ADDRESS."
            )
            warnings.warn(text, BtfnetWarning, stacklevel=2)
        self._any = n_workers > 0

    def expect(self, index: int) -> None:
        """An empty state: the scheduler would complain of one that was never set."""
        self._expected.add(index)
        with _perhaps_away():
            _state(self.name, index, self.client).set(b"", timeout=SECONDS, callback_timeout=SECONDS)

    def reopen(self) -> None:
        """A scheduler that has begun anew knows of no listeners."""
        with _perhaps_away(), suppress(ValueError):  # it knows of none
            self.client.unsubscribe_topic(self.name)
        with _perhaps_away():
            self.client.subscribe_topic(self.name, self._arrive)

    def send(self, orders: Orders) -> None:
        with _perhaps_away():  # a scheduler that is away now; the same is sent again soon
            _variable(self.name, self.client).set(
                as_values(orders), timeout=SECONDS, callback_timeout=SECONDS
            )

    def news(self) -> Iterator[News]:
        while self._arrived:
            with suppress(ValueError, TypeError):
                yield news_of(self._arrived.popleft())

    def state(self, index: int) -> bytes | None:
        return _value(_state(self.name, index, self.client)) if index in self._expected else None

    def forget(self, index: int) -> None:
        if index in self._expected:
            self._expected.discard(index)
            with _perhaps_away():
                _state(self.name, index, self.client).delete()

    def close(self, *, answered: bool) -> None:
        with _perhaps_away(), suppress(ValueError):  # it knows of none
            self.client.unsubscribe_topic(self.name)
        for index in list(self._expected):
            self.forget(index)
        if answered:
            with _perhaps_away():
                _variable(self.name, self.client).delete()


@dataclass(frozen=True)
class DaskAddress:
    """See `Address`."""

    name: str

    def open(self, index: int) -> DaskPost:
        return DaskPost(self.name, index)


class DaskPost:
    """See `Post`; made on the thread of the task."""

    def __init__(self, name: str, index: int) -> None:
        from distributed import get_client, get_worker

        self.worker, self.client = get_worker(), get_client()
        self.name, self.index = name, index

    def orders(self) -> Orders | None:
        with _perhaps_away():
            return orders_of(_variable(self.name, self.client).get(timeout=SECONDS, callback_timeout=SECONDS))
        return None

    def tell(self, news: News) -> None:
        with _perhaps_away():
            self.worker.log_event(self.name, list(news))

    def save(self, state: bytes) -> bool:
        if len(state) > MOST_BYTES:
            return False
        with _perhaps_away():
            _state(self.name, self.index, self.client).set(state, timeout=SECONDS, callback_timeout=SECONDS)
            return True
        return False

    def saved(self) -> bytes | None:
        return _value(_state(self.name, self.index, self.client))

    def close(self) -> None:
        """The client is the worker's own."""


def _variable(name: str, client: Any) -> Any:
    from distributed import Variable

    return Variable(name, client=client)


def _state(name: str, index: int, client: Any) -> Any:
    return _variable(f"{name}-{index}", client)


def _value(variable: Any) -> bytes | None:
    """None where none was saved."""
    with _perhaps_away():
        return bytes(variable.get(timeout=SECONDS, callback_timeout=SECONDS)) or None
    return None

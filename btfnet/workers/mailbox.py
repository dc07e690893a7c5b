"""What is said between a search and the tasks that run for it elsewhere.

A task tells its news, saves its state, and asks whether it must end. The search tells who must end, and again and
again that it is still there: a task that hears nothing of it for long ends, so that no worker runs for nobody.
No clock of one machine is compared with another's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

PULSE_SECONDS = 5.0
"""Between two signs of life of a search."""
PATIENCE_SECONDS = 120.0
"""Without one, a task ends as interrupted: a shared folder may be away, or a scheduler restarted, for less."""
ASKING_SECONDS = 0.2
"""Between two questions of a task whether it must end; a quarter of a second after the word it is over."""

INTERRUPTED = "INTERRUPTED"


class News(NamedTuple):
    """What a task tells; later news replace earlier ones.

    trial  its number; exact  whether it has found an exact circuit
    look   a `TraceRow` as a list of numbers, None before the first; rate  iterations a second
    """

    trial: int
    exact: bool
    look: list[float] | None
    rate: float


class Orders(NamedTuple):
    """What a search tells its tasks.

    pulse   changes as long as the search lives
    ending  the names of the statuses of those that must end, by number
    closed  the search is over: all must end
    """

    pulse: int
    ending: dict[int, str]
    closed: bool = False


class Post(Protocol):
    """A task's side, in its own process."""

    def orders(self) -> Orders | None:
        """The search's last orders; None where they cannot be read now."""

    def tell(self, news: News) -> None:
        """Never fails the task: what cannot be told now is lost, and later news are told again."""

    def save(self, state: bytes) -> bool:
        """Replace the task's saved state; whether that went well."""

    def saved(self) -> bytes | None:
        """The state saved by an earlier, lost worker of the same task."""

    def close(self) -> None: ...


class Address(Protocol):
    """Sent along with a task: where its post is."""

    def open(self, index: int) -> Post: ...


class Mailbox(Protocol):
    """The search's side."""

    @property
    def address(self) -> Address: ...

    @property
    def slots(self) -> int | None:
        """Tasks that run at a time, where that is known; it may change."""

    def expect(self, index: int) -> None:
        """A task is about to be sent off; what an earlier one of its number saved was taken along."""

    def reopen(self) -> None:
        """Tasks were lost; the way to them may have been, too."""

    def send(self, orders: Orders) -> None:
        """Never fails the search: whoever calls sends again."""

    def news(self) -> Iterator[News]:
        """What has been told since the last time."""

    def state(self, index: int) -> bytes | None:
        """What a task saved last."""

    def forget(self, index: int) -> None:
        """A task has ended: its state is no longer needed."""

    def close(self, *, answered: bool) -> None:
        """The search is over. What is shared goes, but for the last orders where tasks have not answered."""


class Listener:
    """A task's ear: asks its post now and then, and says whether the task must end."""

    def __init__(self, post: Post, index: int) -> None:
        self._post, self._index = post, index
        self._pulse, self._heard = -1, time.monotonic()

    def ending(self) -> str | None:
        """The name of the status that ends the task; INTERRUPTED where the search is not heard of any more."""
        orders = self._post.orders()
        now = time.monotonic()
        if orders is not None:
            if orders.pulse != self._pulse:
                self._pulse, self._heard = orders.pulse, now
            if orders.closed or self._index in orders.ending:
                return orders.ending.get(self._index, INTERRUPTED)
        return INTERRUPTED if now - self._heard > PATIENCE_SECONDS else None


class Speaker:
    """A search's voice: sends orders when they change, and when it is time for a sign of life."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox, self._pulse, self._last = mailbox, 0, 0.0
        self._ending: dict[int, str] = {}

    def end(self, ending: dict[int, str]) -> None:
        """These must end."""
        now = time.monotonic()
        if ending != self._ending or not self._pulse or now - self._last > PULSE_SECONDS:
            self._pulse, self._last, self._ending = self._pulse + 1, now, dict(ending)
            self._mailbox.send(Orders(self._pulse, self._ending))

    def close(self, *, answered: bool) -> None:
        """All must end, those too of whom nothing was heard."""
        if not answered:
            self._mailbox.send(Orders(self._pulse + 1, self._ending, closed=True))
        self._mailbox.close(answered=answered)


def as_values(orders: Orders) -> dict[str, Any]:
    """As JSON and msgpack hold them."""
    ending = {str(index): name for index, name in orders.ending.items()}
    return {"pulse": orders.pulse, "ending": ending, "closed": orders.closed}


def orders_of(values: Any) -> Orders:
    """What `as_values` made. Raises KeyError, TypeError, ValueError, AttributeError where it is something else."""
    ending = {int(index): str(name) for index, name in values["ending"].items()}
    return Orders(int(values["pulse"]), ending, bool(values["closed"]))


def news_of(values: Any) -> News:
    """Of the items of a list. Raises TypeError or ValueError where they are something else."""
    trial, exact, look, rate = values
    return News(int(trial), bool(exact), None if look is None else list(map(float, look)), float(rate))

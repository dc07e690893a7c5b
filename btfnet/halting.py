"""Ending what runs: who asks whether it is over, and a flag that compiled code reads while it runs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

import numpy as np

from btfnet.arguments import said
from btfnet.errors import UsageError

Made = TypeVar("Made")

QUESTION_SECONDS = 0.1
"""Between two questions whether it is over, while something runs."""


class HasIsSet(Protocol):
    """Such as `threading.Event`."""

    def is_set(self) -> bool:
        """Whether to stop."""


Stop = HasIsSet | Callable[[], object]
"""What is asked now and then, from the thread that made the call, whether to stop."""


class Halted(Exception):
    """Work ended between two of its ends; what it had begun is undone, or thrown away by who catches this."""


class Halt:
    """A request to end at once.

    flag  int64, (1,): not 0 once it is requested; kernels read it between two nodes
    """

    def __init__(self) -> None:
        self.flag = np.zeros(1, dtype=np.int64)

    def set(self) -> None:
        """Request it; never taken back."""
        self.flag[0] = 1

    def is_set(self) -> bool:
        return bool(self.flag[0])

    def check(self) -> None:
        """Raises `Halted` once it is requested."""
        if self.flag[0]:
            raise Halted


def question(stop: Stop | None) -> Callable[[], bool]:
    """What `stop` answers, as a function; None never stops. Raises `UsageError` for what cannot be asked."""
    if stop is None:
        return lambda: False
    asked = getattr(stop, "is_set", stop)
    if not callable(asked) or isinstance(stop, type):
        raise UsageError(
            f"stop is {said(stop)}; give something to be asked whether to stop: an object with is_set(), such as "
            f"threading.Event(), or a function without arguments."
        )
    return lambda: bool(asked())


def attended(work: Callable[[Halt], Made], over: Callable[[], object]) -> Made:
    """What `work` returns, done on another thread, while this one asks ten times a second whether it is over.

    When it is, or Ctrl-C comes, the halt given to `work` is set; it is waited for either way.
    Raises `Halted` when `work` does, KeyboardInterrupt once `work` has ended, and what `over` and `work` raise.
    """
    halt = Halt()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, halt)
        try:
            while not wait([future], timeout=QUESTION_SECONDS).done:
                if over():
                    halt.set()
        except BaseException:
            halt.set()
            raise
    return future.result()

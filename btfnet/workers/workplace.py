"""`Workplace`: an executor, or what makes one; made anew where it is broken."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from btfnet.arguments import Wanted, said
from btfnet.errors import BtfnetWarning, UsageError
from btfnet.halting import Halted
from btfnet.machine import cores

Maker = Callable[[], Executor]
EXECUTOR = Wanted(
    "an executor of concurrent.futures, such as ProcessPoolExecutor(), or a function that makes one",
    lambda value: isinstance(value, Executor) or _makes_one(value),
)


def _makes_one(value: object) -> bool:
    return issubclass(value, Executor) if isinstance(value, type) else callable(value)


MOST_WAIT = 5.0
"""Seconds between two tries to make an executor, at most."""


class Workplace:
    """Where tasks run: an executor, or what a function makes, which is asked again when that is broken.

    A broken executor that nobody makes anew is replaced by threads of this process, with a warning: what was
    begun is finished. An executor that was given is never shut down, one that was made is.
    """

    def __init__(self, given: Executor | Maker) -> None:
        self._maker = None if isinstance(given, Executor) else given
        self._executor = given if isinstance(given, Executor) else None
        self._own = self._executor is None

    def executor(self, over: Callable[[], bool] = lambda: False) -> Executor:
        """The present one, made when it is first asked for.

        over  asked while the maker fails for want of a connection. Raises `Halted` once it is, `UsageError` for a
              maker that makes something else.
        """
        if self._executor is None:
            assert self._maker is not None
            self._executor = _checked(_connected(self._maker, over))
        return self._executor

    def submit(self, task: Callable[..., Any], *arguments: Any) -> Future[Any] | None:
        """None where the executor takes no more work: `renew` it, and try again."""
        try:
            return self.executor().submit(task, *arguments)
        except Exception as error:
            if self.is_lost(error) or isinstance(error, RuntimeError):  # it was shut down
                return None
            raise

    @staticmethod
    def is_lost(error: BaseException) -> bool:
        """Whether a task failed because its worker, or the way to it, is lost, and not by itself."""
        if isinstance(error, (BrokenExecutor, CancelledError, ConnectionError, TimeoutError)):
            return True
        return type(error).__module__.partition(".")[0] == "distributed"

    def renew(self) -> None:
        """Leave a broken executor."""
        broken, self._executor = self._executor, None
        if broken is not None and self._own:
            with suppress(Exception):
                broken.shutdown(wait=False)
        if self._maker is None:
            warnings.warn(
                "The workers of the executor were lost, and it takes no more work; the search goes on with "
                "threads of this process. Give a function that makes an executor, and it is asked for another. A "
                'script that starts processes needs the guard if __name__ == "__main__".',
                BtfnetWarning,
                stacklevel=2,
            )
            self._executor, self._own = ThreadPoolExecutor(cores()), True
            self._maker = lambda: ThreadPoolExecutor(cores())

    def close(self) -> None:
        """No more work: what was made here ends, and is not waited for."""
        if self._executor is not None and self._own:
            with suppress(Exception):  # a connection that is lost
                self._executor.shutdown(wait=False)
            self._executor = None


def _connected(maker: Maker, over: Callable[[], bool]) -> Any:
    wait, told = 0.1, False
    while True:
        try:
            return maker()
        except OSError as error:  # such as a scheduler that begins anew
            if not told:
                text = f"No executor yet ({type(error).__name__}: {error}); it is asked for again and again."
                warnings.warn(text, BtfnetWarning, stacklevel=4)
                told = True
        end = time.monotonic() + wait
        while time.monotonic() < end:
            if over():
                raise Halted
            time.sleep(min(0.1, wait))
        wait = min(2 * wait, MOST_WAIT)


def _checked(made: Any) -> Executor:
    if not isinstance(made, Executor):
        raise UsageError(f"executor made {said(made)}; it must make {EXECUTOR.words}.")
    return made

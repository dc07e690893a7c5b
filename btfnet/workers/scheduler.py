"""`Scheduler`: makes executors of a Dask scheduler, by its address."""

from __future__ import annotations

import re
from concurrent.futures import Executor
from contextlib import suppress
from importlib import import_module
from types import TracebackType
from typing import Any, Self

from btfnet.errors import ToolError, UsageError
from btfnet.printable import shown

SECONDS = 10.0
"""To find a scheduler."""
_ADDRESS = re.compile(r"([a-z]+://)?[^\s/]+:\d{1,5}|[a-z]+://\S+")


class Scheduler:
    """A function that makes executors: what `executor=` takes.

        with Scheduler("tcp://head:8786") as cluster:
            result = btfnet.solve(problem, executor=cluster)

    Raises `UsageError` where Dask is not installed or the address is none, `ToolError` where nobody answers there:
    entering it looks. A scheduler that is away later is asked again and again by the search.
    """

    def __init__(self, address: str) -> None:
        if not _ADDRESS.fullmatch(address):
            raise UsageError(
                f"the Dask scheduler's address is {shown(address)}; expected one such as tcp://head:8786, which "
                f"dask scheduler prints when it starts."
            )
        self.address = address
        try:
            self._distributed = import_module("distributed")
        except ImportError as error:
            raise UsageError("Dask is not installed; pip install 'btfnet[dask]'.") from error
        self._client: Any = None

    def __call__(self) -> Executor:
        """An executor of a new connection. Raises OSError where nobody answers."""
        self._close()
        try:
            self._client = self._distributed.Client(self.address, timeout=SECONDS, set_as_default=False)
        except ValueError as error:  # a protocol that it does not know
            raise UsageError(f"the Dask scheduler's address is {shown(self.address)}: {error}.") from error
        executor: Executor = self._client.get_executor(pure=False)
        return executor

    def __enter__(self) -> Self:
        try:
            self().shutdown()
        except OSError as error:
            why = str(error)[:200] or type(error).__name__
            raise ToolError(
                f"{self.address}: no Dask scheduler answers there ({why}). Start one with dask "
                f"scheduler and workers with dask worker {self.address}, where this machine reaches them."
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        if self._client is not None:
            with suppress(Exception):
                self._client.close(timeout=SECONDS)
            self._client = None

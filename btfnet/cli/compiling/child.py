"""python -m btfnet.cli.compiling.child TASK … compiles tasks (tasks.py) in a process of its own.

They go into the cache that all processes share; a dot is written for every function that is compiled.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from numba.core import event

from btfnet.cli.compiling.tasks import TASKS
from btfnet.kernels import cache


class _Listener(event.Listener):
    """Calls `tell` whenever compiling one of our functions ends, not one of Numba's own."""

    def __init__(self, tell: Callable[[], object]) -> None:
        self._tell = tell

    def on_start(self, event: event.Event) -> None:
        pass

    def on_end(self, event: event.Event) -> None:
        if event.data["dispatcher"].py_func.__module__.startswith("btfnet."):
            self._tell()


@contextmanager
def told(tell: Callable[[], object]) -> Iterator[None]:
    """Call `tell` for every kernel that is compiled in this process."""
    with event.install_listener("numba:compile", _Listener(tell)):
        yield


def main(tasks: list[str]) -> None:
    """Compile tasks, one after the other."""
    with told(lambda: print(".", end="", flush=True)):
        for task in tasks:
            TASKS[task].run()
            cache.note_done(task)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Being told of every kernel that is compiled in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def told(tell: Callable[[], object]) -> Iterator[None]:
    """Call `tell` whenever compiling one of our functions ends, not one of Numba's own."""
    from numba.core import event

    class Listener(event.Listener):
        def on_start(self, event: event.Event) -> None:
            pass

        def on_end(self, event: event.Event) -> None:
            if event.data["dispatcher"].py_func.__module__.startswith("btfnet."):
                tell()

    with event.install_listener("numba:compile", Listener()):
        yield

"""The one decorator of the kernels: Numba's `njit`, with a cache and a way to compile of our own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import config, njit

try:
    from btfnet.kernels.parts import Kernel
except (ImportError, AttributeError):  # another Numba than any we know: compiling takes twice as long
    Kernel = None


def compiled(
    function: Callable[..., Any] | None = None, *, allocates: bool = False, parallel: bool = False
) -> Any:
    """`njit` as all kernels want it: cached, without the GIL, divisions as NumPy does them.

    allocates  it makes arrays of its own. All others borrow what Python holds, and go without Numba's counting
               of references: a call with twenty arrays cost forty atomic additions, half the time of a small walk.
    parallel   it has loops over `prange`
    """
    if function is None:
        return lambda wrapped: compiled(wrapped, allocates=allocates, parallel=parallel)
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": allocates, "parallel": parallel}
    if config.DISABLE_JIT:
        return njit(**options)(function)
    if Kernel is None:
        return _plain(function, options)
    return Kernel(function, {"nopython": True, "boundscheck": None, **options})


def _plain(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    """With Numba's own cache, if that finds a place."""
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:
        return njit(**options)(function)

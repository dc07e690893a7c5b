"""The one decorator of the kernels: Numba's `njit`, with a cache that knows the sources of all of them.

Numba keeps compiled code beside the file that holds a function, and compiles again when that file changes. A
kernel that inlines another from a different file would then run old code. So the cache's folder is named
after a digest of every kernel file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import config, njit

try:
    from btfnet.kernels.parts import Kernel
except (ImportError, AttributeError):  # another Numba than any we know: compiling takes twice as long
    Kernel = None

HERE = Path(__file__).resolve().parent


def sources_digest() -> str:
    """Changes whenever any kernel file does."""
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def cache_folder() -> str:
    """Where compiled kernels are kept: below NUMBA_CACHE_DIR, or the package; Numba's own place if neither can be.

    A place that cannot be written to is an installation that nobody edits, so that Numba's rule is enough there.
    """
    given = os.environ.get("NUMBA_CACHE_DIR")
    base = Path(given) if given else HERE / "__pycache__"
    try:
        base.mkdir(parents=True, exist_ok=True)
    except OSError:
        return str(config.CACHE_DIR)
    return str(base / f"btfnet-{sources_digest()}") if os.access(base, os.W_OK) else str(config.CACHE_DIR)


CACHE_FOLDER = cache_folder()


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
    before, config.CACHE_DIR = config.CACHE_DIR, CACHE_FOLDER  # read when the dispatcher is made
    try:
        if config.DISABLE_JIT or Kernel is None:
            return njit(cache=True, **options)(function)
        kernel = Kernel(function, {"nopython": True, "boundscheck": None, **options})
        kernel.enable_caching()
        return kernel
    finally:
        config.CACHE_DIR = before

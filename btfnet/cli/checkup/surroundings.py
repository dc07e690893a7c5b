"""The machine: cores, memory, limits, and where compiled kernels are kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

from btfnet.cli.checkup.finding import Finding, Verdict
from btfnet.machine import address_space, available_bytes, cores

LITTLE_MEMORY = 1 << 30
"""Bytes below which a larger search may be refused."""
GIB = 1 << 30


def machine() -> Iterator[Finding]:
    """Cores and memory, as the system and a container allow them."""
    here = os.cpu_count() or 1
    of_all = "" if cores() == here else f" of {here}: the system or a container allows no more"
    yield Finding("machine", "cores", f"{cores()}{of_all}")
    free, space = available_bytes(), address_space()
    if free is None:
        yield Finding("machine", "free memory", "nobody tells")
    elif free < LITTLE_MEMORY:
        advice = "Close other programs, or allow more (ulimit -v, limits of the container)."
        yield Finding("machine", "free memory", _size(free), Verdict.NOTE, advice)
    else:
        yield Finding("machine", "free memory", _size(free))
    yield Finding("machine", "ulimit -v", "none" if space is None else _size(space))


def kernels() -> Iterator[Finding]:
    """The folder of compiled kernels, and how many tasks are compiled for this machine."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        advice = "Everything is a hundred times slower; unset NUMBA_DISABLE_JIT."
        yield Finding("kernels", "compiler", "switched off", Verdict.PROBLEM, advice)
        return
    cache = resolve_name("btfnet.kernels.cache")
    folder = cache.writable_folder()
    if folder is None:
        tried = "; ".join(str(path) for path in cache.folders())
        advice = "Every run compiles anew; name a folder that can be written to in NUMBA_CACHE_DIR."
        yield Finding("kernels", "folder", f"none can be written to ({tried})", Verdict.PROBLEM, advice)
        return
    yield Finding("kernels", "folder", str(folder))
    yield Finding("kernels", "files", str(_files(folder)))
    tasks = list(resolve_name("btfnet.cli.compiling.tasks:TASKS"))
    done = [task for task in tasks if cache.is_done(task)]
    found = f"{len(done)} of {len(tasks)} groups"
    if len(done) < len(tasks):
        advice = "The others are compiled when they are needed; all now: btfnet warm."
        yield Finding("kernels", "compiled", found, Verdict.NOTE, advice)
    else:
        yield Finding("kernels", "compiled", found)


def _files(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*.kernel"))


def _size(n_bytes: int) -> str:
    return f"{n_bytes / GIB:.1f} GiB"

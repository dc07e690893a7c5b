"""What this process may use of its machine, as the system and a container allow it, and what some systems lack.

Whoever estimates asks here, so that a limit that one estimate knows is a limit to all of them. What Windows or
macOS has not (affinity, limits, users, process groups, polls, flags of `open`) is asked of the system here alone.
"""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

PROC, CGROUPS = Path("/proc"), Path("/sys/fs/cgroup")
SHARE = 0.9
"""Part of the free memory that the states of trials may take."""
UNLIMITED = 1 << 60
"""Bytes; version 1 of control groups writes a number above this where there is no limit."""


def cores() -> int:
    """Processor cores that this process may use, at least one."""
    if hasattr(os, "sched_getaffinity"):  # Linux alone
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def user_number() -> int | None:
    """The number of this process's user; None on Windows, where every user has a folder."""
    return os.getuid() if hasattr(os, "getuid") else None


def executable(name: str) -> str:
    """What the file of a program is called."""
    return f"{name}.exe" if os.name == "nt" else name


def open_flags(*names: str) -> int:
    """Those of the flags of `os.open` that this system has."""
    return sum(getattr(os, name, 0) for name in names)


def user_cache() -> Path | None:
    """The user's folder for what can be made again, where the system says there is one."""
    if sys.platform == "win32":
        named = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        named = os.path.expanduser("~/Library/Caches")
    else:
        named = os.environ.get("XDG_CACHE_HOME", "")
        named = named if os.path.isabs(named) else os.path.expanduser("~/.cache")
    return Path(named) if os.path.isabs(named) else None  # no home: expanduser leaves its ~


def waits_for_writer(pipe: int) -> Callable[[int | None], bool] | None:
    """A question to an open pipe, which waits for so many milliseconds (None: for ever): whether somebody has it
    open for writing. None on systems that cannot be asked, where reading waits instead.
    """
    if not hasattr(select, "poll"):
        return None
    watch = select.poll()
    watch.register(pipe, select.POLLIN)
    return lambda milliseconds: all(event & select.POLLIN for _, event in watch.poll(milliseconds))


def end_with_children(process: subprocess.Popen[bytes]) -> None:
    """Kill a program that was started in a session of its own, and what it started where the system has groups."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def available_bytes(proc: Path = PROC, cgroups: Path = CGROUPS) -> int | None:
    """Memory that can be taken without swapping and without being refused or killed; None where nobody tells.

    The least of what the system has (Linux: MemAvailable; elsewhere all of its memory), what the control
    groups of both versions leave (containers), and what `ulimit -v` and `ulimit -d` leave.
    """
    known = [_system(proc), *_control_groups(proc, cgroups), *_address_space(proc)]
    limits = [limit for limit in known if limit is not None]
    return max(0, min(limits)) if limits else None


def fits(n_bytes: float) -> bool:
    """Whether so many bytes can be taken and a little is left; true where nobody tells."""
    free = available_bytes()
    return free is None or n_bytes <= SHARE * free


def address_space() -> int | None:
    """Bytes of address space that `ulimit -v` allows in all; None where nothing limits it."""
    with suppress(ImportError):  # Windows has no such limits
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        return None if limit == resource.RLIM_INFINITY else limit
    return None


def _system(proc: Path) -> int | None:
    with suppress(OSError, ValueError), open(proc / "meminfo", encoding="ascii") as file:
        for line in file:
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None


def _control_groups(proc: Path, cgroups: Path) -> Iterator[int]:
    """What every memory limit on the way from our group to the root leaves."""
    try:
        lines = (proc / "self" / "cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":
            for mount in (cgroups, cgroups / "unified"):  # the latter where both versions are in use
                yield from _group_limits(mount, path, "memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            yield from _group_limits(cgroups / "memory", path, *names)


def _group_limits(mount: Path, path: str, limit: str, usage: str, reclaimable: str) -> Iterator[int]:
    """A container sees its own group as the root of the mount, whatever path its process has outside."""
    inside = PurePosixPath(path.lstrip("/"))
    for group in {mount, *(mount / step for step in (inside, *inside.parents))}:
        with suppress(OSError, ValueError):  # also where the limit is the word "max"
            most = int((group / limit).read_text())
            if most < UNLIMITED:
                yield most - int((group / usage).read_text()) + _reclaimable(group, reclaimable)


def _reclaimable(group: Path, name: str) -> int:
    """Bytes of files that the system drops before it refuses memory."""
    with suppress(OSError, ValueError):
        for line in (group / "memory.stat").read_text().splitlines():
            key, _, value = line.partition(" ")
            if key == name:
                return int(value)
    return 0


def _address_space(proc: Path) -> Iterator[int]:
    """What `ulimit -v` and `ulimit -d` leave of the address space and the data segment."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, field in ((resource.RLIMIT_AS, "VmSize:"), (resource.RLIMIT_DATA, "VmData:")):
        most = resource.getrlimit(kind)[0]
        if most != resource.RLIM_INFINITY:
            yield most - _taken(proc, field)


def _taken(proc: Path, field: str) -> int:
    with suppress(OSError, ValueError), open(proc / "self" / "status", encoding="ascii") as file:
        for line in file:
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    return 0

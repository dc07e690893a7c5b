"""The first circuit after an installation, cold: as several kinds of users meet it.

    python -m venv /opt/first && /opt/first/bin/pip install .
    sudo python scripts/benchmarks/first_minute.py /opt/first/bin/python

Each row: an empty kernel cache, one `btfnet solve multiplier-2x2`, then the same command again. Wall seconds,
processor seconds of the command and all it starts, and the largest memory of one of its processes. As root the
command runs as `nobody`, who cannot write to the installation; 1 GB is a memory limit of a control group
(version 1) where this machine has one, which the kernel enforces by killing, else it is left out.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from scripts.lib import options

GROUP = Path("/sys/fs/cgroup/memory/btfnet-first-minute")
LIMIT = 1 << 30
NOBODY = 65534


def measured(python: str, environment: dict[str, str]) -> tuple[float, float, float, str]:
    """Wall seconds, processor seconds, MB of the largest process, and the last line of standard error."""
    nobody: dict[str, Any] = (
        {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [python, "-m", "btfnet", "solve", "multiplier-2x2"],
        env=environment, cwd="/", capture_output=True, text=True, check=False, **nobody,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert done.returncode == 0, done.stderr
    words = done.stderr.strip().replace("\n", " / ")
    return time.monotonic() - begun, seconds, after.ru_maxrss / 1024, words


@contextmanager
def limited() -> Iterator[bool]:
    """This process and all that it starts in a group with a limit; False where that cannot be."""
    own = Path("/sys/fs/cgroup/memory")
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "memory":
            own = own / path.lstrip("/")
    try:
        GROUP.mkdir(exist_ok=True)
        (GROUP / "memory.limit_in_bytes").write_text(str(LIMIT))
        (GROUP / "cgroup.procs").write_text(str(os.getpid()))
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        (own / "cgroup.procs").write_text(str(os.getpid()))
        GROUP.rmdir()


def row(name: str, python: str, environment: dict[str, str]) -> None:
    for run in ("cold", "again"):
        wall, seconds, most, words = measured(python, environment)
        print(f"{name:22} {run:5} {wall:6.1f} s  {seconds:6.1f} s cpu  {most:5.0f} MB  {words}", flush=True)


@options.command(__doc__)
@click.argument("python", type=click.Path(exists=True, dir_okay=False))
def main(python: str) -> None:
    with tempfile.TemporaryDirectory(prefix="first-minute-") as folder:
        os.chmod(folder, 0o755)
        homes = {name: Path(folder, name) for name in ("plain", "group")}
        for home in homes.values():
            home.mkdir()
            if os.geteuid() == 0:
                os.chown(home, NOBODY, NOBODY)
        base = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        row("plain user", python, {**base, "HOME": str(homes["plain"])})
        row("no writable home", python, {**base, "HOME": "/nonexistent"})
        row("no home at all", python, base)
        with limited() as inside:
            if inside:
                row("1 GB", python, {**base, "HOME": str(homes["group"])})
                peak = int((GROUP / "memory.max_usage_in_bytes").read_text()) / 2**20
                print(f"{'':22} all processes together, files included: {peak:.0f} MB at most")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

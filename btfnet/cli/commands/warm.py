"""`btfnet warm`: compile everything beforehand."""

from __future__ import annotations

import time

import click

from btfnet.cli.compiling.processes import prepare
from btfnet.cli.compiling.tasks import TASKS
from btfnet.errors import BtfnetError
from btfnet.kernels import cache


def run(jobs: int | None, quiet: bool) -> None:
    """As `btfnet warm` is declared."""
    folder = cache.writable_folder()
    if folder is None:
        tried = "; ".join(str(path) for path in cache.folders())
        raise BtfnetError(
            f"no folder for compiled kernels can be written to ({tried}); name one in NUMBA_CACHE_DIR."
        )
    begun = time.monotonic()
    prepare(list(TASKS), quiet=quiet, processes=jobs)
    missing = [task for task in TASKS if not cache.is_done(task)]
    if missing:
        raise BtfnetError(
            f"kernels could not be compiled ({', '.join(missing)}); what else there is, is in {folder}."
        )
    click.echo(f"All kernels are compiled, in {folder} ({time.monotonic() - begun:.1f} s).")

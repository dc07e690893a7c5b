"""`btfnet warm`: compile everything beforehand."""

from __future__ import annotations

import time

import click

from btfnet.cli.commands.solve_options import whole
from btfnet.cli.options import ranged


@click.command()
@click.option(
    "--jobs", type=whole, callback=ranged(1), metavar="N", help="Processes, one for each core by default."
)
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
def command(jobs: int | None, quiet: bool) -> None:
    """Compile all kernels now, so that no command waits for it later: in images of containers, say.

    Compiles in as many processes as there are cores (--jobs), into the first of these folders that can be
    written to: the one that NUMBA_CACHE_DIR names, the package's own, the user's cache folder. Compiled code is
    for this kind of processor, this Python and this version of btfnet; elsewhere it is compiled again when
    it is needed. A second call has nothing to do.

    \b
    Examples:
      btfnet warm
      RUN pip install btfnet && btfnet warm   (in a Dockerfile)
    """
    from btfnet.cli.compiling.kernel_tasks import TASKS
    from btfnet.cli.compiling.processes import prepare
    from btfnet.errors import BtfnetError
    from btfnet.kernels import cache

    folder = cache.writable_folder()
    if folder is None:
        tried = "; ".join(str(place) for place in cache.folders())
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

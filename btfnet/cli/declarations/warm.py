"""What `btfnet warm` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    WHOLE,
    ranged,
)


@click.command(cls=Command)
@click.option(
    "--jobs", type=WHOLE, callback=ranged(1), metavar="N", help="Processes, one for each core by default."
)
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
def warm() -> None:
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

"""What is taken by the commands that need no circuit: problems, formats, warm, bench."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    WHOLE,
    force_option,
    ranged,
)


@click.command(cls=Command, short_help="List the built-in problems, or show one.")
@click.argument("name", required=False)
@click.option("--write", metavar="FILE", help="Write the problem's items (.csv, .npy, .npz, .dat).")
@click.option("--seed", type=WHOLE, callback=ranged(0, 2**63 - 1), metavar="N",
              help="With --write: make other items than the problem's own seed does.")  # fmt: skip
@click.option("--json", is_flag=True, help="Print JSON.")
@force_option
def problems() -> None:
    """List the built-in problems, or show the one called NAME (or a problem file, .toml).

    --write replaces an .npz that btfnet wrote, and other items of the same columns: of the same names in .csv, of
    as many in .dat and .npy.

    \b
    Examples:
      btfnet problems
      btfnet problems multiplier-2x2
      btfnet problems multiplier-2x2 --write items.csv
    """


@click.command(cls=Command, short_help="List the file formats, or print a specification.")
@click.argument("name", required=False)
def formats() -> None:
    """List the file formats, or print the specification of the one called NAME.

    \b
    Examples:
      btfnet formats
      btfnet formats csv
    """


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


@click.command(cls=Command, short_help="Measure the speed of this machine.")
@click.option("--json", is_flag=True, help="Print JSON.")
@click.option(
    "--quick", is_flag=True, help="A few seconds: fewer rounds and sizes, no starts of the command."
)
@click.option("--cold", is_flag=True, help="Also time a start without compiled kernels: about a minute more.")
def bench() -> None:
    """Measure the speed of this machine: ns per edge, item and iteration, and what else takes time.

    The kernel runs on 32-32-32-32-32-32 with 512 items. The time to copy 8 bytes (16 bytes of traffic) of a
    buffer as large as the state, measured in turns with it, says how near that is to the memory's own speed.
    Figures are medians over rounds in which the tasks take turns, so that other programs disturb all alike; the
    spread (distance of the quartiles) says how much they did. "Least" is the quickest call of all.

    \b
    Examples:
      btfnet bench                       everything but the cold start, about a minute
      btfnet bench --quick               a first impression
      btfnet bench --cold --json         everything, for programs
    """

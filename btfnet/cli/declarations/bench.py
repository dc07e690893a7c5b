"""What `btfnet bench` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command


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

"""What is taken by the commands that show a run: report, watch, plot."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import force_option, ranged


@click.command(cls=Command, short_help="Write a page of HTML that shows a run.")
@click.argument("folder", metavar="DIR")
@click.argument("out", required=False)
@force_option
def report() -> None:
    """Write one page of HTML that shows a run: how it went, what was found, and the circuit at work.

    DIR is what solve, learn or classify --out left. OUT is the page, report.html in DIR when not given. The page
    needs no network and no other file, so it can be sent to anybody: it has the drawing of the circuit, which
    pans and zooms, switches that light up wires and outputs, all gates, the truth table of a small circuit, which
    inputs matter, curves, trials side by side, what was verified when the page was made, and the command to do it
    again. A page that btfnet wrote is replaced, any other file with --force only.

    \b
    Examples:
      btfnet report runs/multiplier
      btfnet report runs/multiplier multiplier.html
    """


@click.command(cls=Command, short_help="Watch a run, from another terminal too.")
@click.argument("folder", metavar="DIR")
@click.option("--once", is_flag=True, help="Print how far it is, and end.")
@click.option(
    "--interval",
    type=float,
    default=1.0,
    show_default=True,
    callback=ranged(0.1, 3600),
    metavar="SECONDS",
    help="Look again after so long.",
)
def watch() -> None:
    """Watch a run that goes on, until it ends: trials, errors with small curves, and what is exact so far.

    DIR is the --out of a solve, learn or classify that runs, in another terminal or on another machine that sees
    the same files. The run is not touched: Ctrl-C ends the watching alone. Of a run that has ended it says how.
    Where the output is no terminal, a line comes whenever something has changed.

    \b
    Examples:
      btfnet watch runs/rule
      btfnet watch runs/rule --once

    \b
    Exit codes: 0 the run has ended, or --once, 1 no run is there, 3 its process
    is gone and left nothing, 130 interrupted.
    """


@click.command(cls=Command, short_help="Plot the curves of a run (needs matplotlib).")
@click.argument("folder", metavar="DIR")
@click.argument("out", required=False)
@force_option
def plot() -> None:
    """Plot the curves of a run: errors and gap of the kept trial, and all trials side by side.

    OUT is a .png, .svg or .pdf file, curves.png in DIR when not given. It needs matplotlib
    (pip install "btfnet[plot]"), and no display. A plot that btfnet wrote is replaced, any other file with --force
    only.

    \b
    Examples:
      btfnet plot runs/multiplier
      btfnet plot runs/multiplier curves.pdf
    """

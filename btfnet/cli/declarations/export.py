"""What `btfnet export` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    cut_latches_option,
    force_option,
    layout_options,
    ranged,
)


@click.command(cls=Command, short_help="Write a circuit as a netlist or a drawing.")
@click.argument("model")
@click.argument("out")
@click.option("--data", metavar="FILE", help="For a .sol or .net: the items that the network was trained on.")
@click.option("--optimise", is_flag=True, help="Fewer gates first, by logic synthesis; proven equal.")
@click.option(
    "--tool",
    type=click.Choice(["auto", "aigverse", "yosys", "abc"]),
    help="What --optimise works with.  [default: auto, what is installed]",
)
@click.option(
    "--time-limit",
    type=float,
    callback=ranged(0, open_low=True),
    metavar="SECONDS",
    help="For the tools of --optimise; the proof may take as long again.  [default: 120]",
)
@layout_options
@cut_latches_option
@force_option
def export() -> None:
    """Write a circuit as a netlist or a drawing; the suffix of OUT picks the format.

    MODEL is the directory of a run, a circuit's file, or a truth table (.pla) of any size. .svg and .png draw;
    btfnet formats lists the other formats. A network with float weights (.sol, .net) becomes a circuit that
    agrees with it on the items of --data, or an error that names the nodes for which there is none.
    A file of that format that btfnet wrote is replaced, any other one with --force only; if something goes wrong,
    it is left as it was.

    \b
    Examples:
      btfnet export runs/multiplier multiplier.v
      btfnet export multiplier.blif multiplier.json
      btfnet export table.pla table.v
      btfnet export runs/multiplier multiplier.svg
      btfnet export runs/multiplier multiplier.blif --optimise
      btfnet export trained.sol trained.v --data items.dat
    """

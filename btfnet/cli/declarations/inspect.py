"""What `btfnet inspect` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    force_option,
    reading_options,
)


@click.command(cls=Command, short_help="Show nodes, gates, depth, sharing and supports.")
@click.argument("model")
@click.option(
    "--data", metavar="FILE", help="Items to judge the gates by, in place of the run's training items."
)
@click.option("--exact", is_flag=True, help="Decide large gates too, by integer programs: up to two minutes.")
@click.option("--json", is_flag=True, help="Print JSON.")
@click.option("--draw", metavar="OUT.svg|OUT.png", help="Draw the circuit too.")
@reading_options
@force_option
def inspect() -> None:
    """Show what a circuit is: nodes, gates by kind, depth, sharing; and of each gate what the data say.

    MODEL is the directory of a run or a circuit's file. A gate's support is the number of nodes that it listens
    to, and the bias, if it has one; the bound is the support theorem's for the run's sigma. A gate is forced if
    the items show it all patterns of its senders and no other gate as small, over nodes at lower levels, agrees
    with it on them; the gates below it being what they are. A node is shared when more than one gate or output
    listens to it.

    Of a truth table (.pla) the lines are counted instead. --draw replaces a drawing that btfnet made.

    \b
    Examples:
      btfnet inspect runs/multiplier
      btfnet inspect runs/adder --exact --json
      btfnet inspect multiplier.blif --data items.csv --draw multiplier.png
    """

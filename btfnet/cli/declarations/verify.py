"""What `btfnet verify` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    reading_options,
)


@click.command(cls=Command, short_help="Check a circuit against items or another circuit.")
@click.argument("a")
@click.argument("b", required=False)
@click.option("--data", metavar="FILE", help="Items to check A against; the same as naming them as B.")
@click.option(
    "--method",
    type=click.Choice(["auto", "exhaustive", "sat"]),
    default="auto",
    show_default=True,
    help="How two circuits are compared: try every input, or prove by SAT; auto tries up to 24 inputs.",
)
@click.option(
    "--time-limit", type=float, metavar="SECONDS", help="Stop comparing two circuits after this time."
)
@reading_options
@click.option("--json", is_flag=True, help="Print JSON.")
def verify() -> None:
    """Check the circuit A against its own training items, or against B.

    A is the directory of a run or a circuit's file. B is a data file, a built-in problem or problem file
    (all its items), or another circuit, with which A must agree on every possible input. Either may be a truth
    table (.pla) of any size, which is proven by its cubes.
    Inputs and outputs are matched by name where both sides have names, else by position.
    Output bits that do not count are not compared, external don't cares of BLIF (.exdc) included. Where they
    differ, an input is shown on which they do.

    \b
    Examples:
      btfnet verify runs/multiplier
      btfnet verify runs/multiplier items.csv
      btfnet verify runs/multiplier multiplier.blif --time-limit 60

    Exit codes: 0 they agree, 3 they differ, 4 not decided: the time limit came first ("equal" is null in
    JSON), 1 unreadable or inconsistent input, 2 wrong usage.
    """

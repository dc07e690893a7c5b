"""What `btfnet predict` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    WHOLE,
    force_option,
    ranged,
    reading_options,
)


@click.command(cls=Command, short_help="Compute outputs for rows of inputs.")
@click.argument("model")
@click.argument("inputs")
@click.argument("out", required=False)
@click.option(
    "--jobs",
    type=WHOLE,
    metavar="N",
    callback=ranged(1),
    help="Threads.  [default: one for each core]",
)
@reading_options
@force_option
def predict() -> None:
    """Compute the outputs of a circuit for rows of inputs.

    MODEL is the directory of a run or a circuit's file. INPUTS is a .csv or .npy file with a row of 0/1 (or
    -1/+1, true/false) for each item, an items file (.npz, .dat) whose outputs are not looked at, or - for .csv
    on standard input. Columns with names are matched by name, in any order; those of outputs are left out.
    OUT is a .csv or .npy file for the rows of 0/1; without it they are printed.

    The model of btfnet classify takes rows of its raw inputs instead (numbers from -1 to 1, scaled as in the
    training items, or bits); the row of 0/1 has its 1 at the class.

    .csv and .npy are read and written piece by piece and may be larger than memory. OUT appears only once
    all rows are written; it replaces a file that holds nothing but rows of as many 0 and 1, any other one with
    --force only.

    \b
    Examples:
      btfnet predict runs/multiplier rows.csv
      echo 1,1,0,1 | btfnet predict runs/multiplier -
      btfnet predict multiplier.blif rows.npy outputs.npy
      btfnet predict runs/digits pictures.csv classes.csv
    """

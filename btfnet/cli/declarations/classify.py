"""What `btfnet classify` takes."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    WHOLE,
    layout_options,
    netlist_option,
    printing_options,
    ranged,
    seed_option,
    train_option,
)


@click.command(cls=Command, short_help="Learn classes by the votes of networks.")
@click.argument("problem", required=False)
@click.option("--data", metavar="FILE", help="Items with classes (.dat, .npz) in place of PROBLEM.")
@click.option(
    "--inputs",
    "n_inputs",
    type=WHOLE,
    callback=ranged(0),
    metavar="N",
    help="Inputs of an item, where the file does not say it.",
)
@train_option
@layout_options
@click.option(
    "--members",
    type=WHOLE,
    default=8,
    show_default=True,
    callback=ranged(1, 256),
    metavar="K",
    help="Networks that vote; 1 is a single, larger one.  [at most 256]",
)
@click.option(
    "--time-limit",
    type=float,
    callback=ranged(0, open_low=True),
    metavar="SECONDS",
    help="Stop training after so long; the networks that are done vote.",
)
@seed_option
@click.option(
    "--out",
    metavar="DIR",
    help="Save model, training items and record here; an earlier run of the same problem there is "
    "replaced by one as good.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Train where --out is empty, show its result where it holds one; problem and options must be "
    "the same.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Let --out replace whatever run is there: an exact one, a search, or another problem's.",
)
@netlist_option
@printing_options
def classify() -> None:
    """Learn the classes of a problem's items by the votes of K networks (a committee).

    PROBLEM is the name of a built-in problem with classes (digits) or the path of a problem file (.toml). The
    class is what most outputs of all networks vote for; their sizes are chosen for you. Training items may stay
    wrong: the exit code is 0, and "exact" in the JSON says whether all are right. The model takes raw inputs,
    numbers or bits: see btfnet predict.

    \b
    Examples:
      btfnet classify digits --train 512 --out runs/digits
      btfnet classify --data mine.npz --members 16 --train 500 --seed 3
      btfnet classify --data mine.dat --members 1 --netlist v
      btfnet predict runs/digits pictures.csv classes.csv

    \b
    Exit codes: 0 trained, 1 unreadable or inconsistent input, 2 wrong usage, 130
    interrupted and 143 terminated (the members that were done are printed and
    saved).
    """

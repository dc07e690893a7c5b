"""What is taken by the commands that have a circuit: export, predict, verify, inspect."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    WHOLE,
    cut_latches_option,
    force_option,
    layout_options,
    ranged,
    reading_options,
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
    btfnet formats lists the other formats. A model of a table (btfnet learn) becomes a program that takes raw rows
    as .py and .c, and a circuit over conditions such as age>=37 in the others. A network with float weights (.sol,
    .net) becomes a circuit that agrees with it on the items of --data, or an error that names the nodes for which
    there is none.
    A file of that format that btfnet wrote is replaced, any other one with --force only; if something goes wrong,
    it is left as it was.

    \b
    Examples:
      btfnet export runs/multiplier multiplier.v
      btfnet export multiplier.blif multiplier.json
      btfnet export table.pla table.v
      btfnet export runs/multiplier multiplier.svg
      btfnet export runs/penguins rule.py
      btfnet export runs/multiplier multiplier.blif --optimise
      btfnet export trained.sol trained.v --data items.dat
    """


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
@click.option(
    "--probabilities",
    is_flag=True,
    help="For models of tables: how likely each class is, too, by the votes.",
)
@reading_options
@force_option
def predict() -> None:
    """Compute the outputs of a circuit for rows of inputs, or labels for rows of a table.

    MODEL is the directory of a run or a circuit's file. INPUTS is a .csv or .npy file with a row of 0/1 (or
    -1/+1, true/false) for each item, an items file (.npz, .dat) whose outputs are not looked at, or - for .csv
    on standard input. Columns with names are matched by name, in any order; those of outputs are left out.
    OUT is a .csv or .npy file for the rows of 0/1; without it they are printed.

    The model of btfnet classify takes rows of its raw inputs instead (numbers, scaled as in the training
    items, or bits); the row of 0/1 has its 1 at the class. The model of btfnet learn takes rows of a table as
    they are (.csv and its relatives, .parquet), and gives labels, as .csv with a header.

    .csv and .npy are read and written piece by piece and may be larger than memory. OUT appears only once
    all rows are written; it replaces a file that holds nothing but rows of as many 0 and 1, any other one with
    --force only.

    \b
    Examples:
      btfnet predict runs/multiplier rows.csv
      echo 1,1,0,1 | btfnet predict runs/multiplier -
      btfnet predict multiplier.blif rows.npy outputs.npy
      btfnet predict runs/digits pictures.csv classes.csv
      btfnet predict runs/penguins new.csv labels.csv --probabilities
    """


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


@click.command(cls=Command, short_help="Show nodes, gates, depth, sharing and supports.")
@click.argument("model")
@click.option(
    "--data", metavar="FILE", help="Items to judge the gates by, in place of the run's training items."
)
@click.option("--exact", is_flag=True, help="Decide large gates too, by integer programs: up to two minutes.")
@click.option(
    "--why",
    metavar="ROW",
    help="What decided the outputs for this row of --data or of the training items, or for these bits.",
)
@click.option(
    "--output", multiple=True, metavar="NAME", help="With --why: explain this output; may be repeated."
)
@click.option("--words", is_flag=True, help="Tell the circuit as rules in words.")
@click.option(
    "--time-limit",
    type=float,
    callback=ranged(0, open_low=True),
    metavar="SECONDS",
    help="For proofs of names and of inputs without effect, or of --why.  [default: 2; with --why 5]",
)
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
    What the circuit is called (parity, adder, at least 2 of 5 …) is said where it is proven; of each input how
    often turning it turns an output, and whether none depends on it.

    --why explains the outputs of a row, counted from 1, of --data or of the training items, or of bits such as
    0110 or a=1,b=0: the gates that decided, the fewest inputs that force the value, the smallest changes that turn
    it. Of a committee: the class, the one next to it, and the votes that hang on each template or comparison; with
    --draw as a picture. --words tells the circuit as rules.

    \b
    Examples:
      btfnet inspect runs/multiplier
      btfnet inspect runs/adder --exact --json
      btfnet inspect multiplier.blif --data items.csv --draw multiplier.png
      btfnet inspect multiplier.blif --why 0110
      btfnet inspect multiplier.blif --data items.csv --why 3 --output p2
      btfnet inspect runs/adder --words
      btfnet inspect runs/digits --data pictures.csv --why 3 --draw why.svg
    """

"""What `btfnet solve` and `btfnet classify` take; the options of `Settings` come from their own table."""

from __future__ import annotations

import click

from btfnet.cli.app import Command
from btfnet.cli.completing import problem_names
from btfnet.cli.declarations.parameters import (
    PART,
    WHOLE,
    EngineName,
    layout_options,
    matching_options,
    netlist_option,
    printing_options,
    ranged,
    seed_option,
    settings_options,
    together,
    train_option,
)
from btfnet.engines.registry import AUTO, ENGINES

# fmt: off
problem_options = together(
    click.option("--data", metavar="FILE",
                 help="Items (.csv, .npy, .npz, .dat, .pla) in place of PROBLEM."),
    click.option("--widths", metavar="W,W,…",
                 help="Nodes per layer, inputs first, such as 4,4,4,4; a .wth or .net file; or auto: a free "
                      "network, which has no layers and grows.  [default: PROBLEM's own; auto with --data]"),
    click.option("--inputs", "n_inputs", type=WHOLE, callback=ranged(0), metavar="N",
                 help="Input columns of a .csv or .npy file.  [default: the first width]"),
    click.option("--unknown", "n_unknown", type=WHOLE, callback=ranged(1), metavar="N",
                 help="--data holds outputs only; N input bits of every item are to be found."),
    train_option,
    click.option("--validation", metavar="FILE|FRACTION",
                 help="Learn as well as the data allow; items that choose what is kept: of a file, or a fraction "
                      "of those that train.  [default: 0.2 where items contradict each other]"),
    click.option("--test", metavar="FILE", help="Items to test on, in place of the problem's own."),
    click.option("--error", type=PART, callback=ranged(0, 1), metavar="RATE",
                 help="Learn as well as the data allow; this fraction of wrong validation items (whole items) is "
                      "good enough. Without validation items a fifth of the training items validate."),
    layout_options,
    matching_options,
)
search_options = together(
    click.option("--trials", type=WHOLE, default=40, show_default=True, callback=ranged(1), metavar="N",
                 help="At most so many starts."),
    click.option("--all-trials", is_flag=True, help="Run every start, for statistics."),
    click.option("--time-limit", type=float, callback=ranged(0, open_low=True), metavar="SECONDS",
                 help="Stop the whole search after so long."),
    click.option("--jobs", type=WHOLE, callback=ranged(1), metavar="N",
                 help="Processor cores to use.  [default: all]"),
    click.option("--dask", metavar="ADDRESS",
                 help="Run the trials on the workers of a Dask scheduler, such as tcp://head:8786 (pip install "
                      "btfnet[dask]); --jobs is then trials at a time, by default as many as it has workers."),
    seed_option,
    click.option("--deterministic", is_flag=True,
                 help="Keep the lowest-numbered exact trial, whatever finishes first."),
    click.option("--tune/--no-tune", default=None,
                 help="Let beta and gamma find themselves, and sigma from its value upwards.  "
                      "[default: if neither problem nor you set them]"),
    click.option("--engine", type=EngineName([AUTO.value, *ENGINES.own]),
                 default="auto", show_default=True,
                 help="What searches: the projections (rrr), gate descent, gate descent from where the "
                      "projections are, or the latter two in turn (auto); on free networks auto is descent, and "
                      "where nodes share gates it is shared, which keeps them so."),
    click.option("--shrink/--no-shrink", default=True, show_default=True,
                 help="Make an exact circuit smaller, still exact, before it is reported; a learned one, "
                      "without gates that the items do not speak for."),
    click.option("--recognise/--no-recognise", default=None,
                 help="Try known families of functions first, told apart from what is learned.  "
                      "[default: where training items may stay wrong and nobody gave widths]"),
    click.option("--circuits", type=WHOLE, callback=ranged(1), metavar="N",
                 help="Exact circuits to look for; fewer when the smallest agrees with another one on all "
                      "unseen items; else a circuit is made that says what most of them say.  "
                      "[default: 8 with unseen items, else 1]"),
    click.option("--precision", type=click.Choice(["float32", "float64"]), default="float32",
                 show_default=True, help="Floating-point type of the projections."),
)
output_options = together(
    click.option("--out", metavar="DIR",
                 help="Save model, Verilog, weights, trace and record here, and checkpoints on the way; an "
                      "earlier run of the same problem there is replaced by one as good."),
    click.option("--resume", is_flag=True,
                 help="Begin the search in --out, go on with it, or show its result, whichever is due; problem "
                      "and options must be the same, trials, jobs and time limit may change."),
    click.option("--force", is_flag=True,
                 help="Let --out replace whatever run is there: an exact, an unfinished, or another problem's."),
    click.option("--share", is_flag=True,
                 help="Run the search together with all processes that run this command with the same --out, on "
                      "any machine that sees it; each may come and go (docs/job_arrays.md)."),
    netlist_option,
    click.option("--optimise", is_flag=True,
                 help="Fewer gates in the netlist, by logic synthesis (pip install btfnet[hw]); proven equal. The "
                      "model stays as learned."),
    printing_options,
)
# fmt: on


@click.command(cls=Command, short_help="Learn a circuit that reproduces every training item.")
@click.argument("problem", required=False, shell_complete=problem_names)
@problem_options
@settings_options
@search_options
@output_options
def solve() -> None:
    """Learn a circuit of threshold gates that reproduces every training item.

    PROBLEM is the name of a built-in problem (see btfnet problems) or the path of a problem file (.toml).
    Without --sigma, --beta and --gamma the problem's own settings hold, or, for plain data, tuned ones.
    Where training items contradict each other, and with --validation or --error, it learns as well as the data
    allow (docs/learning.md). Where outputs are classes, btfnet classify may do better.

    \b
    Examples:
      btfnet solve multiplier-2x2 --out runs/multiplier
      btfnet solve --data table.csv
      btfnet solve --data table.csv --inputs 4 --widths 4,4,4,4
      btfnet solve multiplier-2x2 --all-trials --json > statistics.json
      btfnet solve --data noisy.csv --test test.csv --validation 0.2
      btfnet solve rule-30-3 --time-limit 3600 --out runs/rule --resume
      btfnet solve rule-30-3 --jobs 1 --out /shared/rule --share
      btfnet solve rule-30-4 --dask tcp://head:8786 --out runs/rule-4

    With --out the search saves itself on the way, and when it is interrupted or its time is up. With --resume
    one command serves a restart: it begins where --out is empty, goes on where the search is unfinished, and ends
    as if nothing had happened; where it is finished, it prints the result again. An exact run is never replaced
    by one that is not, nor another problem's, without --force.

    \b
    Exit codes: 0 solved: every training item is right, or learned as well as
    the data allow (or, where the time was up, as well as one trial at least
    got), 3 not found, 1 unreadable or inconsistent input, 2 wrong usage, 130
    interrupted and 143 terminated (what a search found so far is printed and
    saved).
    """


@click.command(cls=Command, short_help="Learn classes by the votes of many small circuits.")
@click.argument("problem", required=False, shell_complete=problem_names)
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
@click.option("--test", metavar="FILE", help="Items to test on, in place of the problem's own.")
@click.option(
    "--validation",
    metavar="FILE|FRACTION",
    help="Items that say how many members there are: of a file, or a fraction of those that train, which all "
    "train in the end.  [default: 0.15]",
)
@click.option(
    "--picture",
    metavar="HxW[xC]",
    help="Inputs are pictures of so many rows and columns (and channels): templates are learned from them.",
)
@click.option(
    "--gates",
    type=WHOLE,
    callback=ranged(1),
    metavar="N",
    help="At most so many gates in all, those of templates at all positions and of the votes counted.",
)
@click.option(
    "--members",
    type=WHOLE,
    default=3000,
    show_default=True,
    callback=ranged(1, 2**16),
    metavar="K",
    help="Small circuits that vote, at most; fewer where validation items say so.",
)
@click.option(
    "--jobs",
    type=WHOLE,
    callback=ranged(1),
    metavar="N",
    help="Processor cores to use; more than four do not help.  [default: all]",
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
    help="Save model, members, training items and record here; an earlier run of the same problem there is "
    "replaced, an exact one by an exact one only.",
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
    """Learn the classes of a problem's items, or its Boolean outputs, by the votes of many small circuits.

    PROBLEM is the name of a built-in problem with classes (digits) or the path of a problem file (.toml). Each
    circuit of a few gates answers a question about the classes, learned from what those before it leave open; the
    class is the one with most votes. Training items may stay wrong: the exit code is 0, and "exact" in the JSON
    says whether all are right. The model takes raw inputs, numbers or bits: see btfnet predict.

    \b
    Examples:
      btfnet classify digits --train 512 --out runs/digits
      btfnet classify --data train.npz --test test.npz --picture 28x28 --json
      btfnet classify --data mine.pla --test test.pla --members 300 --netlist v
      btfnet predict runs/digits pictures.csv classes.csv

    \b
    Exit codes: 0 trained, 1 unreadable or inconsistent input, 2 wrong usage,
    3 no network was trained in time, 130 interrupted and 143 terminated (the
    members that were done are printed and saved).
    """

"""The options of `btfnet solve`; those of `Settings` come from its own table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from btfnet.cli.inputs.tables import layout_options
from btfnet.cli.options import WholeNumber, ranged, settings_options
from btfnet.engines.registry import AUTO, ENGINES

Decorator = Callable[..., Any]

whole = WholeNumber()

# fmt: off
PROBLEM: list[Decorator] = [
    click.option("--data", metavar="FILE",
                 help="Items (.csv, .npy, .npz, .dat, .pla) in place of PROBLEM; needs --widths."),
    click.option("--widths", metavar="W,W,…",
                 help="Nodes per layer, inputs first, such as 4,4,4,4; a .wth or .net file; or auto: a short "
                      "ladder of networks, the smallest first. With a PROBLEM: another network for it."),
    click.option("--inputs", "n_inputs", type=whole, callback=ranged(0), metavar="N",
                 help="Input columns of a .csv or .npy file.  [default: the first width]"),
    click.option("--unknown", "n_unknown", type=whole, callback=ranged(1), metavar="N",
                 help="--data holds outputs only; N input bits of every item are to be found."),
    click.option("--train", type=whole, callback=ranged(1), metavar="N",
                 help="Learn the first N items, test on the rest."),
    layout_options,
]
SEARCH: list[Decorator] = [
    click.option("--trials", type=whole, default=40, show_default=True, callback=ranged(1), metavar="N",
                 help="At most so many starts."),
    click.option("--all-trials", is_flag=True, help="Run every start, for statistics."),
    click.option("--time-limit", type=float, callback=ranged(0, open_low=True), metavar="SECONDS",
                 help="Stop the whole search after so long."),
    click.option("--jobs", type=whole, callback=ranged(1), metavar="N",
                 help="Processor cores to use.  [default: all]"),
    click.option("--seed", type=whole, default=0, show_default=True, callback=ranged(0, 2**63 - 1),
                 metavar="N", help="Where the random starts begin."),
    click.option("--deterministic", is_flag=True,
                 help="Keep the lowest-numbered exact trial, whatever finishes first."),
    click.option("--tune/--no-tune", default=None,
                 help="Let beta and gamma find themselves, and sigma from its value upwards.  "
                      "[default: if neither problem nor you set them]"),
    click.option("--engine", type=click.Choice([AUTO.value, *ENGINES]),
                 default="auto", show_default=True,
                 help="What searches: the projections (rrr), gate descent, gate descent from where the "
                      "projections are, or the latter two in turn (auto)."),
    click.option("--shrink/--no-shrink", default=True, show_default=True,
                 help="Make an exact circuit smaller, still exact, before it is reported."),
    click.option("--circuits", type=whole, callback=ranged(1), metavar="N",
                 help="Exact circuits to look for; fewer when the smallest agrees with another one on all "
                      "unseen items; else a circuit is made that says what most of them say.  "
                      "[default: 8 with unseen items, else 1]"),
    click.option("--committee", type=whole, callback=ranged(1, 256), metavar="K",
                 help="Learn classes by the votes of K networks in place of a search; 1 is a single network. "
                      "--data needs no --widths.  [at most 256]"),
    click.option("--precision", type=click.Choice(["float32", "float64"]), default="float32",
                 show_default=True, help="Floating-point type of the projections."),
]
OUTPUT: list[Decorator] = [
    click.option("--out", metavar="DIR",
                 help="Save model, Verilog, weights, trace and record here, and checkpoints on the way; an "
                      "earlier run of the same problem there is replaced by one as good."),
    click.option("--resume", is_flag=True,
                 help="Begin the search in --out, go on with it, or show its result, whichever is due; problem "
                      "and options must be the same, trials, jobs and time limit may change."),
    click.option("--force", is_flag=True,
                 help="Let --out replace whatever run is there: an exact, an unfinished, or another problem's."),
    click.option("--netlist", metavar="FORMAT",
                 help="Print the circuit as a netlist too (v, blif, …); with --out save it as well."),
    click.option("--optimise", is_flag=True,
                 help="Fewer gates in the netlist, by logic synthesis (pip install btfnet[hw]); proven equal. The "
                      "model stays as learned."),
    click.option("--json", is_flag=True, help="Print one JSON object and nothing else."),
    click.option("--quiet", is_flag=True, help="Show no progress."),
]
# fmt: on


def solve_options(command: Decorator) -> Decorator:
    """Add all options, in the order in which the help shows them."""
    options: list[Decorator] = [*PROBLEM, settings_options, *SEARCH, *OUTPUT]
    for option in reversed(options):
        command = option(command)
    return command

"""What `btfnet automaton` takes."""

from __future__ import annotations

import re
from typing import Any

import click

from btfnet.cli.app import Command
from btfnet.cli.declarations.parameters import (
    WHOLE,
    Part,
    netlist_option,
    printing_options,
    ranged,
    seed_option,
    together,
)

AUTO = "auto"


class Noise(Part):
    """A fraction, also as percent, or auto."""

    name = "noise"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return AUTO if str(value).strip().lower() == AUTO else super().convert(value, param, ctx)


class WholeNumbers(click.ParamType):
    """Whole numbers with commas between them."""

    name = "integers"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        words = [word.strip() for word in str(value).split(",")]
        if not all(re.fullmatch(r"-?\d{1,9}", word) for word in words):
            self.fail(f"{value!a} is no list of whole numbers such as 0,3,7.", param, ctx)
        return tuple(map(int, words))


# fmt: off
reading_options = together(
    click.option("--steps", type=WHOLE, callback=ranged(1, 10_000), metavar="T",
                 help="Steps from one state to the next.  [default: 1, or what the file says]"),
    click.option("--times", type=WholeNumbers(), metavar="T,T,…",
                 help="The time of each state, in steps, where they are not equally far apart."),
    click.option("--grid/--row", default=None,
                 help="Whether cells lie on a grid; states are then blocks separated by empty lines.  "
                      "[default: found out]"),
    click.option("--periodic/--open", default=True,
                 help="Whether beyond an end lies the other one, or nothing: cells in state 0.  "
                      "[default: periodic]"),
)
rule_options = together(
    click.option("--neighbours", default="3", show_default=True, metavar="N|NAME|OFFSETS|auto",
                 help="What a cell reads: 3 for cells p, p+1, p+2 of a row; on a grid 5, 9, 25; moore, "
                      "von-neumann; offsets such as -1,0,2 or -1:0,0:0,1:0 (down:right); auto for the smallest "
                      "that explains all."),
    click.option("--cell", type=click.Choice(["table", "masks", "gates"]), default="table", show_default=True,
                 help="A state for every pattern of neighbours; sums of some of them that reach a bound, or stay "
                      "below one, as in Life; or few gates."),
    click.option("--gates", type=WHOLE, callback=ranged(1, 64), metavar="N",
                 help="Of --cell gates: so many.  [default: few first, then more]"),
    click.option("--bounds", type=WholeNumbers(), metavar="N,N",
                 help="Of --cell masks: what the first sum must reach, and the second not exceed.  "
                      "[default: found out]"),
    click.option("--weights", type=click.Choice(["plain", "signed"]), default="plain", show_default=True,
                 help="Of --cell masks: neighbours count, or may count against, too."),
    click.option("--join", type=click.Choice(["and", "or"]), default="and", show_default=True,
                 help="Of --cell masks: whether both sums must fit, or one."),
    click.option("--noise", type=Noise(), metavar="RATE|auto",
                 help="Known cells may be wrong: at most this fraction of their bits, or (auto) as few as can "
                      "be."),
)
search_options = together(
    click.option("--trials", type=WHOLE, callback=ranged(1, 10**6), metavar="N", help="At most so many starts."),
    click.option("--time-limit", type=float, callback=ranged(0, open_low=True), metavar="SECONDS",
                 help="Stop the whole search after so long."),
    click.option("--jobs", type=WHOLE, callback=ranged(1, 4096), metavar="N",
                 help="Processor cores to use.  [default: all]"),
    seed_option,
    click.option("--deterministic", is_flag=True,
                 help="Keep the lowest-numbered start that succeeds, whatever finishes first."),
    click.option("--unique/--no-unique", default=True,
                 help="Ask whether other rules explain the same.  [default: unique]"),
)
result_options = together(
    click.option("--out", metavar="DIR",
                 help="Save the cell as a model and circuit, Verilog, states, picture and record here, and "
                      "checkpoints on the way."),
    click.option("--resume", is_flag=True,
                 help="Begin the search in --out, go on with it, or show its result; file and options must be the "
                      "same."),
    click.option("--force", is_flag=True, help="Let files that are written replace whatever is there."),
    netlist_option,
    click.option("--export", metavar="FILE", help="Write the cell as a circuit; the suffix picks the format."),
    click.option("--unrolled", metavar="FILE",
                 help="Write the circuit of all cells and steps, from the first state to the last."),
    click.option("--svg", metavar="FILE", help="Write the picture of space and time."),
    click.option("--plain", is_flag=True, help="Draw with # and . instead of blocks."),
    printing_options,
)
# fmt: on


@click.command(cls=Command, short_help="Find the rule of a cellular automaton from snapshots.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@reading_options
@rule_options
@search_options
@result_options
def automaton() -> None:
    """Find the rule of a cellular automaton from states that were seen some
    steps apart; what happened in between need not be known.

    FILE holds rows of digits, one state a line, or grids separated by empty
    lines; - or ? is a cell that nobody saw (btfnet formats states). Arrays
    (.npy, .npz) and patterns of Life (.cells, .rle) are read, too. Several
    files of one state each are successive.

    The rule's number has as bit k the next state of a cell that reads k, its
    first neighbour as the most significant bit.

    \b
    Examples:
      btfnet automaton rows.txt --steps 3
      btfnet automaton rows.txt --neighbours 6 --steps 3 --jobs 2
      btfnet automaton life.txt --neighbours 9 --cell masks --steps 2
      btfnet automaton a.rle b.rle --neighbours moore --times 0,4 --open
      btfnet automaton film.npy --neighbours auto --noise 2%
      btfnet automaton rows.txt --steps 3 --export cell.v --svg film.svg
      btfnet automaton rows.txt --steps 3 --json

    \b
    Exit codes: 0 the rule explains every known cell, or with --noise as many
    as were asked for; 3 not found; 1 unreadable or inconsistent input, 2 wrong
    usage, 130 interrupted and 143 terminated (the best rule so far is printed).
    """

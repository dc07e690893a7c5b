"""What `btfnet learn` takes."""

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
    together,
)

# fmt: off
table_options = together(
    click.option("--target", "targets", multiple=True, metavar="NAME",
                 help="The column to learn; again for several.  [default: out:…, class, target, label, y … or the "
                      "last column]"),
    click.option("--ignore", multiple=True, metavar="NAME", help="A column to leave out; again for several."),
    layout_options,
    click.option("--test", metavar="FILE|FRACTION",
                 help="Rows that only tell how good the rule is: of a file, or a fraction of the table; 0 for "
                      "none.  [default: 0.2, none where every combination of values is there]"),
)
rule_options = together(
    click.option("--gates", type=WHOLE, callback=ranged(1), metavar="N",
                 help="At most so many gates.  [default: 100 for up to four classes, 60 for each of more; any "
                      "number for pictures]"),
    click.option("--method", type=click.Choice(["auto", "votes", "exact", "single", "fast"]), default="auto",
                 show_default=True,
                 help="Which ways to learn are tried: all; votes of small networks; networks that reproduce all "
                      "rows; one small network; or one that is soon done."),
    click.option("--cuts", type=click.Choice(["classes", "quantiles", "thermometer"]), default="classes",
                 show_default=True,
                 help="Where numbers are cut: where that tells classes apart, at as many rows between any two, or "
                      "at equal distances."),
    click.option("--levels", type=WHOLE, default=10, show_default=True, callback=ranged(1, 255), metavar="N",
                 help="Cuts of a column of numbers, at most."),
    click.option("--picture", metavar="HxW[xC]|no",
                 help="Columns are the pixels of pictures, row after row.  [default: found out]"),
    click.option("--jobs", type=WHOLE, callback=ranged(1), metavar="N",
                 help="Processor cores to use.  [default: all]"),
    click.option("--time-limit", type=float, callback=ranged(0, open_low=True), metavar="SECONDS",
                 help="Stop trying ways to learn after so long; the best so far learns all rows."),
    seed_option,
)
result_options = together(
    click.option("--out", metavar="DIR",
                 help="Save model, circuit, Verilog, encoded rows, record and a page (report.html) here; an "
                      "earlier run of the same table there is replaced."),
    click.option("--resume", is_flag=True,
                 help="Learn where --out is empty, show its result where it holds one; table and options must be "
                      "the same."),
    click.option("--force", is_flag=True, help="Let --out replace whatever run is there."),
    netlist_option,
    printing_options,
)
# fmt: on


@click.command(cls=Command, short_help="Learn a rule from an ordinary table.")
@click.argument("table")
@table_options
@rule_options
@result_options
def learn() -> None:
    """Learn a rule from an ordinary table: numbers, words, missing values.

    TABLE is a file of text (.csv, .tsv, .txt: separator and header are found
    out), Parquet (pip install 'btfnet[parquet]'), .npz, .npy, .pla or .dat. One
    column is learned from the others. Columns that only name rows, free text
    and constants are left out, and named. The model takes raw rows, the
    circuit's inputs are conditions such as age>=37.

    \b
    Examples:
      btfnet learn penguins.csv --target species --out runs/penguins
      btfnet learn credit.csv --test 0.3 --ignore id --gates 30
      btfnet learn votes.csv --method single           a short rule
      btfnet learn table.csv --target y --target z --netlist v
      btfnet predict runs/penguins new.csv
      btfnet export runs/penguins rule.v

    \b
    Exit codes: 0 learned, 1 unreadable or nothing to learn, 2 wrong usage,
    130 interrupted and 143 terminated before there was a rule.
    """

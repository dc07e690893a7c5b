"""`btfnet predict`: outputs for rows of inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from btfnet.cli.inputs.latches import cut_latches_option
from btfnet.cli.inputs.tables import Reading, reading_options
from btfnet.cli.options import WholeNumber, ranged
from btfnet.cli.outputs.outputs import check_output, check_rows, force_option

if TYPE_CHECKING:
    from btfnet.committee.classifier import Classifier
    from btfnet.logic.circuit import Circuit


@click.command(short_help="Compute outputs for rows of inputs.")
@click.argument("model")
@click.argument("inputs")
@click.argument("out", required=False)
@click.option(
    "--jobs",
    type=WholeNumber(),
    metavar="N",
    callback=ranged(1),
    help="Threads.  [default: one for each core]",
)
@reading_options
@cut_latches_option
@force_option
def command(
    model: str,
    inputs: str,
    out: str | None,
    jobs: int | None,
    options: Reading,
    force: bool,
) -> None:
    """Compute the outputs of a circuit for rows of inputs.

    MODEL is the directory of a run or a circuit's file. INPUTS is a .csv or .npy file with a row of 0/1 (or
    -1/+1, true/false) for each item, an items file (.npz, .dat) whose outputs are not looked at, or - for .csv
    on standard input. Columns with names are matched by name, in any order; those of outputs are left out.
    OUT is a .csv or .npy file for the rows of 0/1; without it they are printed.

    The model of solve --committee takes rows of its raw inputs instead (numbers from -1 to 1, scaled as in the
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
    from btfnet.cli.inputs.models import load_predictor
    from btfnet.cli.inputs.raw_rows import classified, open_raw
    from btfnet.cli.inputs.rows import check_writable, open_rows, predicted, sink
    from btfnet.cli.reports.progress import Counted
    from btfnet.committee.classifier import Classifier
    from btfnet.machine import cores

    check_writable(out)
    if out is not None:
        check_output(out, (model, inputs))
    predictor = load_predictor(model)
    if isinstance(predictor, Classifier):
        rows, n_outputs = open_raw(inputs, predictor, options), len(predictor.class_names)
        found = classified(predictor, rows, jobs or cores())
    else:
        rows, n_outputs = open_rows(inputs, predictor, options), predictor.n_outputs
        found = predicted(predictor, rows, jobs or cores())
    if out is not None:
        check_rows(out, n_outputs, force=force)
    _warm_up(predictor)
    counted = Counted(rows.n_rows, "row")
    with sink(out, n_outputs, rows.n_rows) as write:
        for outputs in found:
            write(outputs)
            counted.add(len(outputs))


def _warm_up(predictor: Circuit | Classifier) -> None:
    """Compile what is missing, before the first row."""
    from btfnet.cli.compiling.prepare import warm_up_circuits
    from btfnet.committee.classifier import Classifier

    if isinstance(predictor, Classifier):
        predictor.one_hot([[1] * predictor.n_inputs])
    else:
        warm_up_circuits()

"""`btfnet predict`: outputs for rows of inputs."""

from __future__ import annotations

import click

from btfnet.cli.options import WholeNumber, ranged


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
def command(model: str, inputs: str, out: str | None, jobs: int | None) -> None:
    """Compute the outputs of a circuit for rows of inputs.

    MODEL is the directory of a run or a circuit's file. INPUTS is a .csv or .npy file with a row of 0/1 (or
    -1/+1) for each item, an items file (.npz, .dat) whose outputs are not looked at, or - for .csv on
    standard input. OUT is a .csv or .npy file for the rows of 0/1; without it they are printed.

    .csv and .npy are read and written piece by piece and may be larger than memory. OUT is replaced only once
    all rows are written.

    \b
    Examples:
      btfnet predict runs/multiplier rows.csv
      echo 1,1,0,1 | btfnet predict runs/multiplier -
      btfnet predict multiplier.blif rows.npy outputs.npy
    """
    from btfnet.circuit.program import cores
    from btfnet.cli.models import load_circuit
    from btfnet.cli.progress import Counted
    from btfnet.cli.rows import check_writable, open_rows, predicted, sink
    from btfnet.cli.warm import warm_up_circuits

    check_writable(out)
    circuit = load_circuit(model)
    rows = open_rows(inputs, circuit)
    warm_up_circuits()
    counted = Counted(rows.n_rows, "rows")
    with sink(out, circuit, rows.n_rows) as write:
        for outputs in predicted(circuit, rows, jobs or cores()):
            write(outputs)
            counted.add(len(outputs))

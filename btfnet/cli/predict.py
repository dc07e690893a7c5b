"""`btfnet predict`: outputs for rows of inputs."""

from __future__ import annotations

import click


@click.command(short_help="Compute outputs for rows of inputs.")
@click.argument("model")
@click.argument("inputs")
@click.argument("out", required=False)
def command(model: str, inputs: str, out: str | None) -> None:
    """Compute the outputs of a circuit for rows of inputs.

    MODEL is the directory of a run or a circuit's file. INPUTS is a .csv or .npy file with a row of 0/1 (or
    -1/+1) for each item, an items file (.npz, .dat) whose outputs are not looked at, or - for .csv on
    standard input. OUT is a .csv or .npy file for the rows of 0/1; without it they are printed.

    \b
    Examples:
      btfnet predict runs/multiplier rows.csv
      echo 1,1,0,1 | btfnet predict runs/multiplier -
      btfnet predict multiplier.blif rows.npy outputs.npy
    """
    from btfnet.cli.models import load_circuit
    from btfnet.cli.rows import check_writable, read_rows, write_rows
    from btfnet.cli.warm import warm_up_circuits

    check_writable(out)
    circuit = load_circuit(model)
    rows = read_rows(inputs, circuit)
    warm_up_circuits()
    write_rows(out, circuit.predict(rows))

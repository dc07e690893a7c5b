"""`btfnet export`: a circuit in another format."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Write a circuit as a netlist or a drawing.")
@click.argument("model")
@click.argument("out")
def command(model: str, out: str) -> None:
    """Write a circuit as a netlist or a drawing; the suffix of OUT picks the format.

    MODEL is the directory of a run or a circuit's file. .svg draws; btfnet formats lists the other formats.
    A file that exists is replaced, or left as it was if something goes wrong.

    \b
    Examples:
      btfnet export runs/multiplier multiplier.v
      btfnet export multiplier.blif multiplier.json
      btfnet export runs/multiplier multiplier.svg
    """
    from btfnet.cli.models import load_circuit, write_circuit

    circuit = load_circuit(model)
    write_circuit(out, circuit)
    click.echo(f"{circuit.name} written to {Path(out)}.", err=True)

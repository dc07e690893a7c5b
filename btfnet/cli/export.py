"""`btfnet export`: a circuit in another format."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Write a circuit as a netlist or a drawing.")
@click.argument("model")
@click.argument("out")
@click.option("--data", metavar="FILE", help="For a .sol or .net: the items that the network was trained on.")
def command(model: str, out: str, data: str | None) -> None:
    """Write a circuit as a netlist or a drawing; the suffix of OUT picks the format.

    MODEL is the directory of a run or a circuit's file. .svg and .png draw; btfnet formats lists the other
    formats. A network with float weights (.sol, .net) becomes a circuit that agrees with it on the items of
    --data, or an error that names the nodes for which there is none.
    A file that exists is replaced, or left as it was if something goes wrong.

    \b
    Examples:
      btfnet export runs/multiplier multiplier.v
      btfnet export multiplier.blif multiplier.json
      btfnet export runs/multiplier multiplier.svg
      btfnet export trained.sol trained.v --data items.dat
    """
    from btfnet.cli.foreign import SUFFIXES, circuit_of_network
    from btfnet.cli.models import load_circuit, write_circuit
    from btfnet.errors import UsageError

    if model.lower().endswith(SUFFIXES):
        circuit = circuit_of_network(model, data)
    elif data is not None:
        raise UsageError("--data is for networks with float weights (.sol, .net); a circuit needs none.")
    else:
        circuit = load_circuit(model)
    write_circuit(out, circuit)
    click.echo(f"{circuit.name} written to {Path(out)}.", err=True)

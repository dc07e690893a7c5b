"""`btfnet export`: a circuit in another format."""

from __future__ import annotations

from pathlib import Path

import click

from btfnet.cli.app import say, warn
from btfnet.cli.inputs.latches import cut_latches_option
from btfnet.cli.inputs.tables import layout, layout_options
from btfnet.cli.options import ranged
from btfnet.cli.outputs.outputs import check_circuit, check_output, force_option, put_circuit


@click.command(short_help="Write a circuit as a netlist or a drawing.")
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
def command(
    model: str,
    out: str,
    data: str | None,
    optimise: bool,
    tool: str | None,
    time_limit: float | None,
    separator: str | None,
    header: bool | None,
    force: bool,
) -> None:
    """Write a circuit as a netlist or a drawing; the suffix of OUT picks the format.

    MODEL is the directory of a run, a circuit's file, or a truth table (.pla) of any size. .svg and .png draw;
    btfnet formats lists the other formats. A network with float weights (.sol, .net) becomes a circuit that
    agrees with it on the items of --data, or an error that names the nodes for which there is none.
    A file of that format that btfnet wrote is replaced, any other one with --force only; if something goes wrong,
    it is left as it was.

    \b
    Examples:
      btfnet export runs/multiplier multiplier.v
      btfnet export multiplier.blif multiplier.json
      btfnet export table.pla table.v
      btfnet export runs/multiplier multiplier.svg
      btfnet export runs/multiplier multiplier.blif --optimise
      btfnet export trained.sol trained.v --data items.dat
    """
    from btfnet.cli.commands.synthesis import optimised
    from btfnet.cli.inputs.from_float_weights import SUFFIXES, circuit_of_network
    from btfnet.cli.inputs.models import load_checked
    from btfnet.errors import UsageError

    if (tool or time_limit) and not optimise:
        raise UsageError("--tool and --time-limit belong to --optimise; add it, or leave them out.")
    if data is None and not layout(separator, header).is_default:
        raise UsageError("--separator and --header belong to --data; add it, or leave them out.")
    check_output(out, (model, data))
    check_circuit(out, force=force)
    if model.lower().endswith(SUFFIXES):
        circuit = circuit_of_network(model, data, layout(separator, header))
    elif data is not None:
        raise UsageError("--data is for networks with float weights (.sol, .net); a circuit needs none.")
    else:
        circuit, dont_care = load_checked(model)
        if dont_care is not None:
            warn(f"{model} has external don't cares (.exdc), which only verify heeds; they are not written.")
    if optimise:
        circuit = optimised(circuit, tool=tool or "auto", seconds=time_limit).circuit
    put_circuit(out, circuit, force=force)
    say(f"{circuit.name} written to {Path(out)}.", err=True)

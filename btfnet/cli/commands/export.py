"""`btfnet export`: a circuit in another format; of tables what takes raw rows, where the format can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from btfnet.cli.console import say, warn
from btfnet.cli.inputs.from_float_weights import SUFFIXES, circuit_of_network
from btfnet.cli.inputs.models import Reading, check_present, load_checked, load_predictor
from btfnet.cli.optimising import optimised
from btfnet.cli.outputs import check_circuit, check_output, put_circuit, takes_raw_rows
from btfnet.cli.runs.saved import find_model
from btfnet.errors import UsageError
from btfnet.formats.format import Holds
from btfnet.formats.programs import export_table_model
from btfnet.formats.recognise import format_of
from btfnet.formats.registry import readable
from btfnet.logic.circuit import Circuit
from btfnet.tables.model import TableModel


def run(
    model: str,
    out: str,
    data: str | None,
    optimise: bool,
    tool: str | None,
    time_limit: float | None,
    force: bool,
    **options: Any,
) -> None:
    """As `btfnet export` is declared."""
    reading = Reading.asked(**options)
    if (tool or time_limit) and not optimise:
        raise UsageError("--tool and --time-limit belong to --optimise; add it, or leave them out.")
    if data is None and not reading.is_default:
        raise UsageError("--separator and --header belong to --data; add it, or leave them out.")
    check_output(out, (model, data))
    check_circuit(out, force=force)
    table: TableModel | None = None
    if model.lower().endswith(SUFFIXES):
        circuit = circuit_of_network(model, data, reading.layout)
    elif data is not None:
        raise UsageError("--data is for networks with float weights (.sol, .net); a circuit needs none.")
    else:
        table = _table_model(model) if takes_raw_rows(out) else None
        circuit = table.circuit if table else _without_dont_cares(model, cut_latches=reading.cut_latches)
    if optimise:
        circuit = optimised(circuit, tool=tool or "auto", seconds=time_limit).circuit
    if table is None:
        put_circuit(out, circuit, force=force)
    else:
        export_table_model(out, table, circuit=circuit)
    say(f"{circuit.name} written to {Path(out)}.", err=True)


def _table_model(model: str) -> TableModel | None:
    """The model of a table that a MODEL argument names; None where it names something else."""
    check_present(model)
    path = find_model(model)
    if format_of(path) not in readable(Holds.PREDICTOR):
        return None
    found = load_predictor(model, cut_latches=False)
    return found if isinstance(found, TableModel) else None


def _without_dont_cares(model: str, *, cut_latches: bool) -> Circuit:
    circuit, dont_care = load_checked(model, cut_latches=cut_latches)
    if dont_care is not None:
        warn(f"{model} has external don't cares (.exdc), which only verify heeds; they are not written.")
    return circuit

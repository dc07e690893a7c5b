"""`.blif`, the writing half: circuits in the Berkeley Logic Interchange Format. See blif.md."""

from __future__ import annotations

import re

from btfnet.files.mark import MARK
from btfnet.formats.blif.covers import conjunction, gate_lines
from btfnet.formats.netlists.names import port_names, remarks, wire_prefix
from btfnet.formats.netlists.registers import Clocked
from btfnet.logic.circuit import Circuit
from btfnet.printable import printable


def to_text(circuit: Circuit) -> str:
    """A circuit as one model."""
    return _model(circuit, 0, ())


def clocked_text(clocked: Clocked) -> str:
    """A circuit with registers as one model: `.latch` lines without a clock, which is the only one, from 0 on."""
    return _model(clocked.cell, clocked.n_registers, clocked.remarks)


def _model(circuit: Circuit, n_latches: int, also: tuple[str, ...]) -> str:
    """The last inputs and outputs of the circuit are those of latches."""
    inputs, outputs = port_names(circuit, clean)
    ends = len(inputs) - n_latches, len(outputs) - n_latches
    prefix = wire_prefix([*inputs, *outputs])
    names = ["", *inputs, *(f"{prefix}{node}" for node in range(circuit.n_inputs + 1, circuit.n_nodes + 1))]
    remarked = (MARK, *remarks(circuit, inputs, outputs), *map(printable, also))
    lines = [f"# {sentence}" for sentence in remarked]
    lines += [
        f".model {clean(circuit.name)}",
        " ".join([".inputs", *inputs[: ends[0]]]),
        " ".join([".outputs", *outputs[: ends[1]]]),
    ]
    pairs = zip(outputs[ends[1] :], inputs[ends[0] :], strict=True)
    lines += [f".latch {stored} {state} 0" for stored, state in pairs]
    for node, gate in enumerate(circuit.gates, start=circuit.n_inputs + 1):
        lines += gate_lines(gate, names, names[node])
    for name, literal in zip(outputs, circuit.outputs, strict=True):
        lines += conjunction([(names[abs(literal)], literal > 0)], name)
    return "\n".join([*lines, ".end", ""])


def clean(name: str) -> str:
    """A name that BLIF can carry: printable, without spaces and the signs that have a meaning there.

    ABC takes 1'b0 and 1'b1 for constants, and crashes where an input is called so.
    """
    legal = "".join(
        sign if sign.isprintable() and not sign.isspace() and sign not in '#\\="' else "_" for sign in name
    )
    return re.sub(r"^\.|(?<=^1)'(?=b[01]$)", "_", legal) or "_"

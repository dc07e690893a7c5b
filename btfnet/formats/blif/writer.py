"""`.blif`, the writing half: circuits in the Berkeley Logic Interchange Format. See blif.md."""

from __future__ import annotations

import re

from btfnet.files.mark import MARK
from btfnet.formats.blif.covers import conjunction, gate_lines
from btfnet.formats.netlists.names import port_names, remarks, wire_prefix
from btfnet.logic.circuit import Circuit


def to_text(circuit: Circuit) -> str:
    """A circuit as one model."""
    inputs, outputs = port_names(circuit, clean)
    prefix = wire_prefix([*inputs, *outputs])
    names = ["", *inputs, *(f"{prefix}{node}" for node in range(circuit.n_inputs + 1, circuit.n_nodes + 1))]
    lines = [f"# {sentence}" for sentence in (MARK, *remarks(circuit, inputs, outputs))]
    lines += [
        f".model {clean(circuit.name)}",
        " ".join([".inputs", *inputs]),
        " ".join([".outputs", *outputs]),
    ]
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

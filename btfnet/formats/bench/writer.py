"""`.bench`, the writing half: circuits as ISCAS netlists of two-input Ands and inverters. See bench.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

from btfnet.files.mark import MARK
from btfnet.formats.netlists.names import port_names, remarks, wire_prefix
from btfnet.logic.aig.aig import FALSE, TRUE
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit


def to_text(circuit: Circuit) -> str:
    """A circuit as a netlist."""
    return "".join(f"{line}\n" for line in _lines(circuit))


def clean(name: str) -> str:
    """A name that BENCH and those who read it can carry.

    Printable ASCII without blanks and the signs that have a meaning; ABC takes any first word that begins
    with INPUT or OUTPUT for a declaration, and 1'b0 and 1'b1 for constants (it crashes on such an input).
    """
    legal = "".join(sign if "!" <= sign <= "~" and sign not in "#(),=" else "_" for sign in name)
    legal = re.sub(r"(?<=^1)'(?=b[01]$)", "_", legal)
    return re.sub(r"^(?=INPUT|OUTPUT)", "_", legal, flags=re.I) or "_"


def _lines(circuit: Circuit) -> Iterator[str]:
    graph = aig_of(circuit)
    inputs, outputs = port_names(circuit, clean)
    prefix = wire_prefix([*inputs, *outputs])
    signals = ["", *inputs, *(f"{prefix}{v}" for v in range(circuit.n_inputs + 1, graph.n_variables))]
    inverted: set[int] = set()

    def signal(literal: int) -> Iterator[str]:
        """The inverter that a literal needs, once."""
        variable = literal >> 1
        if literal & 1 and variable not in inverted:
            inverted.add(variable)
            yield f"{prefix}{variable}_not = NOT({signals[variable]})"

    def name(literal: int) -> str:
        return f"{prefix}{literal >> 1}_not" if literal & 1 else signals[literal >> 1]

    yield f"# {clean(circuit.name)}"
    yield from (f"# {sentence}" for sentence in (MARK, *remarks(circuit, inputs, outputs)))
    yield from (f"INPUT({port})" for port in inputs)
    yield from (f"OUTPUT({port})" for port in outputs)
    for variable, (first, second) in enumerate(graph.ands.tolist(), start=circuit.n_inputs + 1):
        yield from signal(first)
        yield from signal(second)
        yield f"{signals[variable]} = AND({name(first)}, {name(second)})"
    for port, literal in zip(outputs, graph.outputs, strict=True):
        if literal in (FALSE, TRUE):
            yield f"{port} = {'vdd' if literal == TRUE else 'gnd'}"
        else:
            yield f"{port} = {'NOT' if literal & 1 else 'BUFF'}({signals[literal >> 1]})"

"""`.aag` and `.aig`, the writing half: circuits as and-inverter graphs. See aiger.md."""

from __future__ import annotations

from btfnet.files.mark import MARK
from btfnet.formats.netlists.names import port_names, remarks
from btfnet.logic.aig.aig import Aig
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit


def to_ascii(circuit: Circuit) -> bytes:
    """A circuit as `.aag`."""
    return _ascii(aig_of(circuit)) + _symbols(circuit)


def to_binary(circuit: Circuit) -> bytes:
    """A circuit as `.aig`."""
    return _binary(aig_of(circuit)) + _symbols(circuit)


def clean(name: str) -> str:
    """A name that AIGER and those who read it can carry: printable ASCII without blanks (Yosys refuses them)."""
    return "".join(sign if "!" <= sign <= "~" else "_" for sign in name) or "_"


def _ascii(graph: Aig) -> bytes:
    first = graph.n_inputs + 1
    lines = [f"aag {graph.n_variables - 1} {graph.n_inputs} 0 {len(graph.outputs)} {graph.n_ands}"]
    lines += [str(2 * variable) for variable in range(1, first)]
    lines += [str(output) for output in graph.outputs]
    lines += [f"{2 * variable} {a} {b}" for variable, (a, b) in enumerate(graph.ands.tolist(), start=first)]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _binary(graph: Aig) -> bytes:
    first = graph.n_inputs + 1
    lines = [f"aig {graph.n_variables - 1} {graph.n_inputs} 0 {len(graph.outputs)} {graph.n_ands}"]
    lines += [str(output) for output in graph.outputs]
    ands = bytearray()
    for variable, (a, b) in enumerate(graph.ands.tolist(), start=first):
        ands += _number(2 * variable - a) + _number(a - b)
    return "".join(f"{line}\n" for line in lines).encode("ascii") + ands


def _number(value: int) -> bytes:
    """Seven bits a byte, the low ones first; the top bit says that more follow."""
    data = bytearray()
    while value >= 128:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)
    return bytes(data)


def _symbols(circuit: Circuit) -> bytes:
    """Names and comment."""
    inputs, outputs = port_names(circuit, clean)
    lines = [
        *(f"i{index} {name}" for index, name in enumerate(inputs)),
        *(f"o{index} {name}" for index, name in enumerate(outputs)),
        "c",
        f".model {clean(circuit.name)}",
        *remarks(circuit, inputs, outputs),
        MARK,
    ]
    return "".join(f"{line}\n" for line in lines).encode("ascii")

"""`.aag` and `.aig`, the writing half: circuits as and-inverter graphs. See aiger.md."""

from __future__ import annotations

from btfnet.files.mark import MARK
from btfnet.formats.netlists.names import port_names, remarks
from btfnet.formats.netlists.registers import Clocked
from btfnet.logic.aig.aig import Aig
from btfnet.logic.aig.gates import aig_of
from btfnet.logic.circuit import Circuit


def to_ascii(circuit: Circuit) -> bytes:
    """A circuit as `.aag`."""
    return _ascii(aig_of(circuit), 0) + _symbols(circuit, 0, ())


def to_binary(circuit: Circuit) -> bytes:
    """A circuit as `.aig`."""
    return _binary(aig_of(circuit), 0) + _symbols(circuit, 0, ())


def clocked_ascii(clocked: Clocked) -> bytes:
    """A circuit with registers, latches that begin at 0, as `.aag`."""
    graph, n_latches = aig_of(clocked.cell), clocked.n_registers
    return _ascii(graph, n_latches) + _symbols(clocked.cell, n_latches, clocked.remarks)


def clocked_binary(clocked: Clocked) -> bytes:
    """The same as `.aig`."""
    graph, n_latches = aig_of(clocked.cell), clocked.n_registers
    return _binary(graph, n_latches) + _symbols(clocked.cell, n_latches, clocked.remarks)


def clean(name: str) -> str:
    """A name that AIGER and those who read it can carry: printable ASCII without blanks (Yosys refuses them)."""
    return "".join(sign if "!" <= sign <= "~" else "_" for sign in name) or "_"


def _ascii(graph: Aig, n_latches: int) -> bytes:
    """The last inputs are the states of latches, the last outputs what these store."""
    first, ports = graph.n_inputs + 1, graph.n_inputs - n_latches
    outputs, stored = _outputs(graph, n_latches)
    lines = [f"aag {graph.n_variables - 1} {ports} {n_latches} {len(outputs)} {graph.n_ands}"]
    lines += [str(2 * variable) for variable in range(1, ports + 1)]
    lines += [f"{2 * latch} {literal}" for latch, literal in enumerate(stored, start=ports + 1)]
    lines += [str(output) for output in outputs]
    lines += [f"{2 * variable} {a} {b}" for variable, (a, b) in enumerate(graph.ands.tolist(), start=first)]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _binary(graph: Aig, n_latches: int) -> bytes:
    first, ports = graph.n_inputs + 1, graph.n_inputs - n_latches
    outputs, stored = _outputs(graph, n_latches)
    lines = [f"aig {graph.n_variables - 1} {ports} {n_latches} {len(outputs)} {graph.n_ands}"]
    lines += [str(literal) for literal in (*stored, *outputs)]
    ands = bytearray()
    for variable, (a, b) in enumerate(graph.ands.tolist(), start=first):
        ands += _number(2 * variable - a) + _number(a - b)
    return "".join(f"{line}\n" for line in lines).encode("ascii") + ands


def _outputs(graph: Aig, n_latches: int) -> tuple[list[int], list[int]]:
    """Literals of the ports, and of what the latches store."""
    literals = [int(literal) for literal in graph.outputs]
    ports = len(literals) - n_latches
    return literals[:ports], literals[ports:]


def _number(value: int) -> bytes:
    """Seven bits a byte, the low ones first; the top bit says that more follow."""
    data = bytearray()
    while value >= 128:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)
    return bytes(data)


def _symbols(circuit: Circuit, n_latches: int, also: tuple[str, ...]) -> bytes:
    """Names and comment."""
    inputs, outputs = port_names(circuit, clean)
    ends = len(inputs) - n_latches, len(outputs) - n_latches
    lines = [
        *(f"i{index} {name}" for index, name in enumerate(inputs[: ends[0]])),
        *(f"l{index} {name}" for index, name in enumerate(inputs[ends[0] :])),
        *(f"o{index} {name}" for index, name in enumerate(outputs[: ends[1]])),
        "c",
        f".model {clean(circuit.name)}",
        *remarks(circuit, inputs, outputs),
        *also,
        MARK,
    ]
    return "".join(f"{line}\n" for line in lines).encode("ascii", errors="backslashreplace")

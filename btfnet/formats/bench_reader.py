"""`.bench`, the reading half: ISCAS netlists, also with tables (LUT), as ABC writes them. See bench.md."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from btfnet.circuit import Circuit
from btfnet.circuit.training import training_in
from btfnet.errors import DataError, FormatError
from btfnet.formats.order import cycle_words, in_order
from btfnet.formats.tables import Gates
from btfnet.formats.text import read_text, shown

MAX_TABLE = 16
"""Most inputs of a LUT."""
MAX_DIGITS = 2**MAX_TABLE // 4

_NAME = r"[^\s#(),=]+"
_PORT = re.compile(rf"(INPUT|OUTPUT)\s*\(\s*({_NAME})\s*\)", re.I)
_GATE = re.compile(rf"({_NAME})\s*=\s*(\w+)(?:\s+0x([0-9a-f]+))?\s*(?:\(([^()=]*)\))?", re.I)
_INPUTS = {"NOT": (1, 1), "BUF": (1, 1), "BUFF": (1, 1), "MUX": (3, 3), "GND": (0, 0), "VDD": (0, 0)}
"""Least and most inputs of the kinds that do not take any number of at least one."""
_KINDS = ("AND", "NAND", "OR", "NOR", "XOR", "XNOR", "MAJ", "LUT", *_INPUTS)


class _Definition(NamedTuple):
    line: int
    kind: str
    inputs: list[str]
    table: str


@dataclass
class _Netlist:
    path: str | os.PathLike[str]
    inputs: dict[str, int] = field(default_factory=dict)
    outputs: dict[str, int] = field(default_factory=dict)
    gates: dict[str, _Definition] = field(default_factory=dict)

    def fail(self, line: int, message: str) -> NoReturn:
        raise FormatError(self.path, line, message)

    def fail_cycle(self, names: list[str]) -> NoReturn:
        self.fail(self.gates[names[0]].line, cycle_words(names))


def read(path: str | os.PathLike[str]) -> Circuit:
    """The circuit of a `.bench` file; inverters and buffers become literals.

    Raises `FormatError` as bench.md lists it.
    """
    text = read_text(path)
    netlist = _parse(path, text)
    builder = Gates(len(netlist.inputs))
    literal = {name: node for node, name in enumerate(netlist.inputs, start=1)}
    uses = {name: gate.inputs for name, gate in netlist.gates.items()}
    for name in in_order(uses, netlist.fail_cycle):
        gate = netlist.gates[name]
        for used in gate.inputs:
            if used not in literal:
                netlist.fail(
                    gate.line, f"{shown(used)} is used here, but it is no INPUT and nothing defines it."
                )
        literal[name] = _literal(builder, gate, [literal[used] for used in gate.inputs])
    for name, line in netlist.outputs.items():
        if name not in literal:
            netlist.fail(
                line, f"the output {shown(name)} is driven by nothing; define it, or the file is cut short."
            )
    try:
        return Circuit(
            len(netlist.inputs),
            tuple(builder.gates),
            tuple(literal[name] for name in netlist.outputs),
            tuple(netlist.inputs),
            tuple(netlist.outputs),
            _title(text),
            training_in(text),
        )
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


def _title(text: str) -> str:
    """The name that btfnet and ABC write into the first line."""
    match = re.match(r'# (?:Benchmark "(\S+)" written by ABC.*|(\S+))\n', text)
    name = (match[1] or match[2]) if match else "circuit"
    return name if name.isprintable() else "circuit"


def _parse(path: str | os.PathLike[str], text: str) -> _Netlist:
    netlist, number = _Netlist(path), 1
    for number, whole in enumerate(text.split("\n"), start=1):
        line = whole.partition("#")[0].strip()
        if not line:
            continue
        port = _PORT.fullmatch(line)
        if port:
            _port(netlist, number, port[1].upper(), port[2])
            continue
        gate = _GATE.fullmatch(line)
        if gate is None:
            netlist.fail(
                number,
                f"found {shown(line)}; expected INPUT(a), OUTPUT(y), a comment, or a gate such as y = AND(a, b).",
            )
        _gate(netlist, number, *gate.groups())
    if not netlist.outputs:
        netlist.fail(number, "the file has no OUTPUT; expected at least one.")
    return netlist


def _port(netlist: _Netlist, line: int, kind: str, name: str) -> None:
    ports = netlist.inputs if kind == "INPUT" else netlist.outputs
    if name in ports:
        netlist.fail(line, f"{kind}({name[:40]!a}) stands twice, before on line {ports[name]}; remove one.")
    if kind == "INPUT" and name in netlist.gates:
        _twice(netlist, line, name)
    ports[name] = line


def _gate(netlist: _Netlist, line: int, name: str, kind: str, table: str | None, words: str | None) -> None:
    kind = kind.upper()
    inputs = [word.strip() for word in words.split(",")] if words and words.strip() else []
    if kind.startswith("DFF"):
        netlist.fail(
            line,
            f"{shown(name)} is a flip-flop ({kind}); expected a combinational circuit. Cut it there first.",
        )
    if kind not in _KINDS:
        netlist.fail(line, f"{shown(kind)} is no known gate; expected one of {', '.join(_KINDS)}.")
    if name in netlist.inputs or name in netlist.gates:
        _twice(netlist, line, name)
    for word in inputs:
        if not re.fullmatch(_NAME, word):
            netlist.fail(line, f"found {shown(words)} between the brackets; expected names and commas.")
    least, most = (1, MAX_TABLE) if kind == "LUT" else _INPUTS.get(kind, (1, len(inputs)))
    if not least <= len(inputs) <= most or (kind == "MAJ" and len(inputs) % 2 == 0):
        expected = "an odd number" if kind == "MAJ" else str(least) if least >= most else f"{least} to {most}"
        netlist.fail(line, f"{kind} has {len(inputs)} inputs; expected {expected}.")
    if (table is not None) != (kind == "LUT"):
        netlist.fail(
            line,
            f"found {shown(kind)}{' without' if table is None else ' with'} a table; only LUT 0x… has one.",
        )
    if table and (len(table) > MAX_DIGITS or int(table, 16) >> 2 ** len(inputs)):
        netlist.fail(
            line, f"the table 0x{table[:20]} is too large; {len(inputs)} inputs have {2 ** len(inputs)} rows."
        )
    netlist.gates[name] = _Definition(line, kind, inputs, table or "")


def _twice(netlist: _Netlist, line: int, name: str) -> NoReturn:
    first = netlist.inputs.get(name) or netlist.gates[name].line
    netlist.fail(line, f"{shown(name)} is defined twice, before on line {first}; rename one of them.")


def _literal(gates: Gates, gate: _Definition, signals: list[int]) -> int:
    """The literal of a definition, whose signals are literals already."""
    size = len(signals)
    match gate.kind:
        case "GND" | "VDD":
            return gates.constant(gate.kind == "VDD")
        case "BUF" | "BUFF":
            return signals[0]
        case "NOT":
            return -signals[0]
        case "AND" | "NAND":
            node = gates.add(size, *signals)
        case "OR" | "NOR":
            node = gates.add(1, *signals)
        case "MAJ":
            node = gates.add((size + 1) // 2, *signals)
        case "MUX":
            return gates.mux(*signals)
        case "LUT":
            return gates.table(int(gate.table, 16), signals)
        case _:
            node = signals[0]
            for signal in signals[1:]:
                node = gates.xor(node, signal)
    return -node if gate.kind in ("NAND", "NOR", "XNOR") else node

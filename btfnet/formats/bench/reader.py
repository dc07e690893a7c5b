"""`.bench`, the reading half: ISCAS netlists, also with tables (LUT), as ABC writes them. See bench.md."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn

from btfnet.errors import DataError, FormatError
from btfnet.files.text import read_text
from btfnet.formats.bench.kinds import CONSTANTS, INPUTS, MAX_TABLE, literal
from btfnet.formats.netlists.circuit_builder import CircuitBuilder
from btfnet.formats.netlists.latches import Latch, refusal, with_next_states, with_states
from btfnet.formats.netlists.topological import cycle_words, in_order
from btfnet.logic.circuit import Circuit
from btfnet.logic.training_fit import training_in
from btfnet.printable import shown

MAX_DIGITS = 2**MAX_TABLE // 4

_NAME = r"[^\s#(),=]+"
_PORT = re.compile(rf"(INPUT|OUTPUT)\s*\(\s*({_NAME})\s*\)", re.I)
_GATE = re.compile(rf"({_NAME})\s*=\s*(\w+)(?:\s+0x([0-9a-f]+))?\s*(?:\(([^()=]*)\))?", re.I)
_SUPPLIES = {"vdd": "VDD", "gnd": "GND", "1'b1": "VDD", "1'b0": "GND"}
"""Signals that are constant where a file uses and does not define them, as ABC has it."""
_CONTROLS = 4
"""Operands of a DFFRSE behind the one that it stores: reset, set, enable, and one that ABC leaves unused too."""


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
    latches: dict[str, Latch] = field(default_factory=dict)
    grounds: dict[str, int] = field(default_factory=dict)

    def fail(self, line: int, message: str) -> NoReturn:
        raise FormatError(self.path, line, message)

    def fail_cycle(self, names: list[str]) -> NoReturn:
        self.fail(self.gates[names[0]].line, cycle_words(names))


def read(path: str | os.PathLike[str], *, cut_latches: bool = False) -> Circuit:
    """The circuit of a `.bench` file; inverters and buffers become literals.

    cut_latches   states of flip-flops (DFF) become inputs, next states outputs; without it they are refused
    Raises `FormatError` as bench.md lists it.
    """
    text = read_text(path)
    netlist = _parse(path, text)
    _check_grounds(netlist)
    if netlist.latches and not cut_latches:
        latch = next(iter(netlist.latches.values()))
        netlist.fail(latch.line, refusal(latch))
    builder = _Builder(netlist)
    builder.add_all()
    for name, line in netlist.outputs.items():
        if name not in builder.literal:
            netlist.fail(
                line, f"the output {shown(name)} is driven by nothing; define it, or the file is cut short."
            )
    stored = [builder.used(latch.stored, latch.line) for latch in netlist.latches.values()]
    try:
        return Circuit(
            builder.gates.n_inputs,
            tuple(builder.gates.gates),
            (*(builder.literal[name] for name in netlist.outputs), *stored),
            with_states([*netlist.inputs], netlist.latches),
            with_next_states(netlist.outputs, netlist.latches),
            _title(text),
            training_in(text),
        )
    except DataError as error:
        raise FormatError(path, None, str(error)) from error


class _Builder:
    """Gates so far, and the literal of every signal so far."""

    def __init__(self, netlist: _Netlist) -> None:
        self.netlist = netlist
        inputs = [*netlist.inputs, *netlist.latches]
        self.gates = CircuitBuilder(len(inputs))
        self.literal = {name: node for node, name in enumerate(inputs, start=1)}

    def add_all(self) -> None:
        """Every gate, behind those that it uses."""
        gates = self.netlist.gates
        uses = {name: gate.inputs for name, gate in gates.items()}
        for name in in_order(uses, self.netlist.fail_cycle):
            gate = gates[name]
            signals = [self.used(used, gate.line) for used in gate.inputs]
            self.literal[name] = literal(self.gates, gate.kind, signals, gate.table)

    def used(self, name: str, line: int) -> int:
        """The literal of a signal that is used on a line."""
        if name in self.literal:
            return self.literal[name]
        supply = _SUPPLIES.get(name.lower())
        if supply is None:
            self.netlist.fail(
                line,
                f"{shown(name)} is used here, but it is no INPUT and nothing defines it; declare it with INPUT, "
                f"or define it.",
            )
        return self.gates.constant(CONSTANTS[supply])


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
    if kind == "INPUT" and (name in netlist.gates or name in netlist.latches):
        _twice(netlist, line, name)
    ports[name] = line


def _gate(netlist: _Netlist, line: int, name: str, kind: str, table: str | None, words: str | None) -> None:
    kind = kind.upper()
    inputs = [word.strip() for word in words.split(",")] if words and words.strip() else []
    if name in netlist.inputs or name in netlist.gates or name in netlist.latches:
        _twice(netlist, line, name)
    for word in inputs:
        if not re.fullmatch(_NAME, word):
            netlist.fail(line, f"found {shown(words)} between the brackets; expected names and commas.")
    if table is None and _plain_flip_flop(kind, inputs):
        netlist.latches[name] = Latch(name, inputs[0], line)
        netlist.grounds.update(dict.fromkeys(inputs[1:], line))
        return
    _check_kind(netlist, line, kind, inputs, table)
    netlist.gates[name] = _Definition(line, kind, [] if kind in CONSTANTS else inputs, table or "")


def _plain_flip_flop(kind: str, inputs: list[str]) -> bool:
    """Whether it stores its first operand and nothing else: ABC writes those beside tables as DFFRSE, grounded."""
    if kind == "DFF":
        return len(inputs) == 1
    grounded = all(_SUPPLIES.get(name.lower()) == "GND" for name in inputs[1:])
    return kind == "DFFRSE" and len(inputs) == 1 + _CONTROLS and grounded


def _check_grounds(netlist: _Netlist) -> None:
    for name, line in netlist.grounds.items():
        if name in netlist.inputs or name in netlist.gates or name in netlist.latches:
            netlist.fail(
                line,
                f"{shown(name)} is a signal of this file and no constant here; of DFFRSE only those whose set, "
                f"reset and enable are gnd are known. Rename the signal, or write them as gates.",
            )


def _check_kind(netlist: _Netlist, line: int, kind: str, inputs: list[str], table: str | None) -> None:
    if kind.startswith("DFF"):
        netlist.fail(
            line,
            f"found {kind} with {len(inputs)} inputs; of flip-flops only DFF with one is known, which "
            f"--cut-latches cuts, and DFFRSE(a, gnd, gnd, gnd, gnd), which ABC writes for it. "
            f"Write set, reset and enable as gates before it.",
        )
    if kind not in INPUTS:
        netlist.fail(line, f"{shown(kind)} is no known gate; expected one of {', '.join(INPUTS)}, DFF.")
    least, most = INPUTS[kind]
    if not least <= len(inputs) <= most or (kind == "MAJ" and len(inputs) % 2 == 0):
        expected = "an odd number" if kind == "MAJ" else f"{least} to {most}"
        expected = str(least) if least == most or (most > MAX_TABLE and kind != "MAJ") else expected
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


def _twice(netlist: _Netlist, line: int, name: str) -> NoReturn:
    earlier = netlist.gates.get(name) or netlist.latches.get(name)
    first = earlier.line if earlier else netlist.inputs[name]
    netlist.fail(line, f"{shown(name)} is defined twice, before on line {first}; rename one of them.")

"""`.v`, the reading half: structural Verilog as a circuit; all other Verilog by way of Yosys. See verilog.md."""

from __future__ import annotations

import os
import re
import warnings
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from btfnet.errors import BtfnetWarning, DataError, FormatError, ToolError
from btfnet.files.atomic import write_text
from btfnet.files.text import read_text
from btfnet.formats.blif import reader as blif_reader
from btfnet.formats.netlists.circuit_builder import CircuitBuilder
from btfnet.formats.netlists.names import distinct
from btfnet.formats.netlists.topological import cycle_words, in_order
from btfnet.formats.verilog.bits import Bit, Bits, Maker
from btfnet.formats.verilog.grammar import Assign, Expression, Module, Net, Unsupported, parse
from btfnet.formats.verilog.hierarchy import INSIDE, flattened
from btfnet.logic.circuit import Circuit
from btfnet.logic.training_fit import training_in
from btfnet.printable import shown
from btfnet.tools.programs import available
from btfnet.tools.running import run_script, workbench

SCRIPT = """\
read_verilog -sv -icells circuit.v
hierarchy -check -auto-top
proc
flatten
opt_clean
memory
opt
techmap
simplemap
async2sync
dffunmap
opt_clean
write_blif circuit.blif
"""
SECONDS = 120.0


def read(path: str | os.PathLike[str], *, cut_latches: bool = False) -> Circuit:
    """The circuit of a module of assignments and primitives; of any other, if Yosys is there to read it.

    cut_latches   states of flip-flops become inputs, next states outputs; without it they are refused
    Warns where Yosys reads it. Raises `FormatError` as verilog.md lists it.
    """
    text = read_text(path)
    try:
        return _Reader(path, flattened(parse(text))).circuit(text)
    except Unsupported as found:
        return _through_yosys(path, text, found, cut_latches=cut_latches)
    except DataError as error:
        raise error if isinstance(error, FormatError) else FormatError(path, None, str(error)) from error


class _Reader:
    """A module, what declares and drives its bits, and the ports in order."""

    def __init__(self, path: str | os.PathLike[str], module: Module) -> None:
        self.path, self.module = path, module
        self.nets: dict[str, Net] = {}
        for net in module.nets:
            self._declare(net)
        self.bits = Bits({name: net.bounds for name, net in self.nets.items()})
        self.assigns = [each for each in module.statements if isinstance(each, Assign)]
        self.targets = [self.bits.of_target(assign.target) for assign in self.assigns]
        self.driver: dict[Bit, int] = {}

    def circuit(self, text: str) -> Circuit:
        """The circuit, of gates in order."""
        inputs, outputs = self._ports("input"), self._ports("output")
        self._drive(inputs)
        gates = CircuitBuilder(len(inputs))
        literal = {bit: node for node, bit in enumerate(inputs, start=1)}
        maker = Maker(self.bits, gates, literal)
        for index in self._in_order(literal):
            target = self.targets[index]
            literals = maker.make(self.assigns[index].value, len(target))
            literal.update(zip(target, literals, strict=True))
        for bit in outputs:
            if bit not in literal:
                raise FormatError(
                    self.path,
                    self.nets[bit[0]].line,
                    f"the output {_named(bit)} is driven by nothing; assign it.",
                )
        return Circuit(
            len(inputs),
            tuple(gates.gates),
            tuple(literal[bit] for bit in outputs),
            tuple(distinct([_text(bit) for bit in inputs])),
            tuple(distinct([_text(bit) for bit in outputs])),
            self.module.name,
            training_in(text),
        )

    def _declare(self, net: Net) -> None:
        """A port may be declared once more, as a wire of the same size."""
        known = self.nets.get(net.name)
        if known is None:
            self.nets[net.name] = net
        elif known.bounds != net.bounds or (known.direction and net.direction):
            raise FormatError(
                self.path, net.line, f"{shown(net.name)} is declared twice, before on line {known.line}."
            )
        elif net.direction:
            self.nets[net.name] = net

    def _ports(self, direction: str) -> list[Bit]:
        """The bits of the ports of a direction; of each port the lowest first."""
        names = dict.fromkeys(self.module.ports)
        for name in names:
            if name not in self.nets or self.nets[name].direction is None:
                raise FormatError(
                    self.path, None, f"the port {shown(name)} is neither input nor output; declare it."
                )
        for net in self.nets.values():
            if net.direction and net.name not in names:
                raise FormatError(
                    self.path,
                    net.line,
                    f"{shown(net.name)} is an {net.direction}, but no port of the module.",
                )
        chosen = [name for name in names if self.nets[name].direction == direction]
        return [bit for name in chosen for bit in self._bits_of(name)]

    def _bits_of(self, name: str) -> list[Bit]:
        return self.bits.of_name(Expression("name", (name,), self.nets[name].line))

    def _drive(self, inputs: list[Bit]) -> None:
        """Note what drives each bit: one assignment, and none an input."""
        given = set(inputs)
        for index, (assign, target) in enumerate(zip(self.assigns, self.targets, strict=True)):
            for bit in target:
                if bit in given or bit in self.driver:
                    what = (
                        "is an input" if bit in given else f"is driven on line {self._line(self.driver[bit])}"
                    )
                    raise FormatError(
                        self.path,
                        assign.target.line,
                        f"{_named(bit)} {what}, and here once more; remove one.",
                    )
                self.driver[bit] = index

    def _in_order(self, known: dict[Bit, int]) -> list[int]:
        """The assignments, each behind those that it uses."""
        uses: dict[int, list[int]] = {}
        for index, assign in enumerate(self.assigns):
            used = self.bits.used(assign.value) - known.keys()
            for bit in used:
                if bit not in self.driver:
                    raise FormatError(
                        self.path,
                        assign.value.line,
                        f"{_named(bit)} is used here, but nothing drives it; assign it.",
                    )
            uses[index] = sorted({self.driver[bit] for bit in used})

        def fail(cycle: list[int]) -> NoReturn:
            names = [_text(self.targets[index][0]) for index in cycle]
            raise FormatError(self.path, self._line(cycle[0]), cycle_words(names))

        return in_order(uses, fail)

    def _line(self, index: int) -> int:
        return self.assigns[index].target.line


def _text(bit: Bit) -> str:
    """A bit as it is told; of a net of an instance with the instance, as simulators have it."""
    bit = bit[0].replace(INSIDE, "."), bit[1]
    return bit[0] if bit[1] is None else f"{bit[0]}[{bit[1]}]"


def _named(bit: Bit) -> str:
    return shown(_text(bit))


_COMMENTS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)
_WORDS = re.compile(r"\\\S+|[A-Za-z_][\w$]*")


def _unused_modules(text: str) -> list[str]:
    """The modules whose names stand nowhere but where they are defined; Yosys would pick any of them."""
    words = _WORDS.findall(_COMMENTS.sub(" ", text))
    modules = dict.fromkeys(after for word, after in pairwise(words) if word == "module")
    times = Counter(words)
    return [name for name in modules if times[name] == 1]


def _through_yosys(
    path: str | os.PathLike[str], text: str, found: Unsupported, *, cut_latches: bool
) -> Circuit:
    """What Yosys makes of the file, if it is there."""
    if found.hopeless:
        raise FormatError(path, found.line, f"{found.what}; {found.hopeless}.") from found
    if not available("yosys"):
        raise FormatError(
            path,
            found.line,
            f"{found.what}; expected modules of ports, wires, instances of each other, assign with ~ & | ^ ?: and "
            f"gate primitives. "
            f"With Yosys (pip install 'btfnet[hw]') all synthesizable Verilog is read.",
        ) from found
    tops = _unused_modules(text)
    if len(tops) > 1:
        raise FormatError(
            path,
            None,
            f"no module uses another one of {', '.join(map(shown, tops[:5]))}, so that none of them is meant "
            f"more than the others; keep one of them in the file.",
        ) from found
    where = f"{path}" if found.line is None else f"{path}:{found.line}"
    warnings.warn(f"{where}: {found.what}, so Yosys reads the file.", BtfnetWarning, stacklevel=4)
    with workbench() as folder:
        write_text(Path(folder) / "circuit.v", text)
        try:
            run_script("yosys", SCRIPT, seconds=SECONDS, cwd=folder)
            circuit = blif_reader.read(Path(folder) / "circuit.blif", cut_latches=cut_latches)
        except ToolError as error:
            raise FormatError(
                path, found.line, f"{found.what}, and Yosys does not read it: {error}"
            ) from error
        except FormatError as error:
            message = re.sub(r"^.*?circuit\.blif(:\d+)?: ", "", str(error), count=1, flags=re.S)
            raise FormatError(path, None, f"as Yosys reads it, {message}") from error
    return circuit

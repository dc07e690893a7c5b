"""Machines as files: netlists with registers, state diagrams."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from btfnet.arguments import a, path_first, similar
from btfnet.errors import UsageError
from btfnet.files.atomic import write_bytes
from btfnet.formats.aiger import writer as aiger
from btfnet.formats.blif import writer as blif
from btfnet.formats.netlists.registers import Clocked
from btfnet.formats.verilog import registers as verilog
from btfnet.machines.columns import Column
from btfnet.machines.drawing import to_dot, to_svg
from btfnet.machines.machine import Machine


def clocked(machine: Machine) -> Clocked:
    """The cell with its registers, and how symbols and states are coded as remarks."""
    codes = ", ".join(f"{state} = {code}" for state, code in enumerate(machine.codes))
    remarks = [f"{machine.kind} machine, states: {codes}"] if machine.state_bits else []
    remarks += [_coding(column) for column in (*machine.inputs, *machine.outputs) if column.symbols]
    return Clocked(machine.circuit, machine.state_bits, tuple(remarks))


def _coding(column: Column) -> str:
    return f"{column.name}: " + ", ".join(f"{symbol} = {code}" for code, symbol in enumerate(column.symbols))


WRITERS: dict[str, Callable[[Machine], bytes]] = {
    ".v": lambda machine: verilog.clocked_text(clocked(machine)).encode(),
    ".blif": lambda machine: blif.clocked_text(clocked(machine)).encode(),
    ".aag": lambda machine: aiger.clocked_ascii(clocked(machine)),
    ".aig": lambda machine: aiger.clocked_binary(clocked(machine)),
    ".dot": lambda machine: to_dot(machine).encode(),
    ".svg": lambda machine: to_svg(machine).encode(),
}
"""By suffix: what a file holds."""


def write_machine(path: str | os.PathLike[str], machine: Machine) -> None:
    """Write a machine: .v, .blif, .aag, .aig as a netlist with registers, .dot and .svg as a state diagram.

    All registers begin at 0, the code of the initial state; Verilog has a clock `clk` and a reset `rst`, which
    is synchronous.
    Raises `UsageError` for another suffix, `OutputError` where the file cannot be written.
    """
    path_first("write_machine", path, machine=(machine, a(Machine)))
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        raise UsageError(f"{path}: {suffix or 'no suffix'!r} is no format of machines{similar(suffix, WRITERS)} "
                         f"Choose one of {', '.join(WRITERS)}.")  # fmt: skip
    write_bytes(path, WRITERS[suffix](machine))

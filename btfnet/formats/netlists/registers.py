"""Circuits with registers: a combinational cell whose last outputs are the next states of its last inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from btfnet.formats.netlists.names import port_names
from btfnet.logic.circuit import Circuit


@dataclass(frozen=True)
class Clocked:
    """A synchronous circuit with one clock. All registers begin at 0.

    cell         its last `n_registers` inputs are the registers' states, its last outputs their next states, in
                 the same order
    n_registers  how many there are
    remarks      sentences without line breaks, for comments
    """

    cell: Circuit
    n_registers: int
    remarks: tuple[str, ...] = ()

    @property
    def n_inputs(self) -> int:
        """Ports, without the registers."""
        return self.cell.n_inputs - self.n_registers

    @property
    def n_outputs(self) -> int:
        """Ports, without the registers."""
        return self.cell.n_outputs - self.n_registers

    def names(self, clean: Callable[[str], str]) -> Names:
        """Of all ends, as `port_names` gives them for the cell."""
        inputs, outputs = port_names(self.cell, clean)
        ends = self.n_inputs, self.n_outputs
        return Names(inputs[: ends[0]], outputs[: ends[1]], inputs[ends[0] :], outputs[ends[1] :])


@dataclass(frozen=True)
class Names:
    """Of inputs, outputs, registers, and what these store at the edge."""

    inputs: list[str]
    outputs: list[str]
    states: list[str]
    stored: list[str]

"""`FlatGates`: a circuit as flat arrays; without kernels, so that who only converts need not load the compiler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from btfnet.logic.gate import Gate
from btfnet.logic.netlist import Netlist


@dataclass(frozen=True, eq=False)
class FlatGates:
    """Gates as `btfnet.kernels.bits.evaluate_gates` reads them.

    gate_start  int64, (n_gates + 1,): where the literals of each gate begin
    literals    int64, signed nodes, (gate_start[-1],)
    at_least    int64, (n_gates,)
    outputs     int64, signed nodes, (n_outputs,)
    """

    n_inputs: int
    gate_start: NDArray[np.int64]
    literals: NDArray[np.int64]
    at_least: NDArray[np.int64]
    outputs: NDArray[np.int64]

    @classmethod
    def of(cls, circuit: Netlist) -> Self:
        """A circuit's gates; thresholds beyond any literal are cut to constants."""
        sizes = np.array([len(gate.literals) for gate in circuit.gates], dtype=np.int64)
        at_least = [min(max(gate.at_least, 0), len(gate.literals) + 1) for gate in circuit.gates]
        return cls(
            circuit.n_inputs,
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.array([literal for gate in circuit.gates for literal in gate.literals], dtype=np.int64),
            np.array(at_least, dtype=np.int64),
            np.array(circuit.outputs, dtype=np.int64),
        )

    def gates(self) -> tuple[Gate, ...]:
        """The gates one by one."""
        literals, starts = self.literals.tolist(), self.gate_start.tolist()
        parts = zip(self.at_least.tolist(), starts, starts[1:], strict=False)
        return tuple(Gate(at_least, tuple(literals[first:last])) for at_least, first, last in parts)

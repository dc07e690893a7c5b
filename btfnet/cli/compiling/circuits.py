"""What evaluates circuits: little enough that a process that compiles it would take longer."""

from __future__ import annotations

import numpy as np

from btfnet.logic.circuit import Circuit, Gate


def warm_up_circuits() -> None:
    """Compile, or load, what works on rows, on packed words, and on tables that are worth a program."""
    circuit = Circuit(2, (Gate(2, (1, 2)),), (3,))
    circuit.predict([[0, 1]])
    circuit.program.rows(np.zeros((1, 2), dtype=np.uint8))
    circuit.program.words(np.zeros((2, 1), dtype=np.uint64))

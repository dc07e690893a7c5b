"""What evaluates circuits: little enough that a process that compiles it would take longer."""

from __future__ import annotations

import numpy as np

from btfnet.logic.circuit import Circuit, Gate


def warm_up_circuits() -> None:
    """Compile, or load, what works on few rows and on thousands."""
    circuit = Circuit(2, (Gate(2, (1, 2)),), (3,))
    circuit.predict([[0, 1]])
    circuit.predict(np.zeros((4096, 2), dtype=np.uint8))


def warm_up_other_forms() -> None:
    """Compile, or load, what works on millions of rows, and on packed gates."""
    circuit = Circuit(2, (Gate(2, (1, 2)),), (3,))
    for form in (circuit.executor.compiled, circuit.executor.packed):
        form.rows(np.zeros((1, 2), dtype=np.uint8))
        form.words(np.zeros((2, 1), dtype=np.uint64))

"""Two circuits over the same inputs as one."""

from __future__ import annotations

from dataclasses import replace

from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.verify import check_shapes


def either(a: Circuit, b: Circuit) -> Circuit:
    """The circuit whose outputs are true where those of a or of b are; the names are a's.

    Raises `DataError` when the counts of inputs or outputs differ.
    """
    check_shapes(a, b)
    behind = len(a.gates)

    def moved(literal: int) -> int:
        if abs(literal) <= a.n_inputs:
            return literal
        return literal + behind if literal > 0 else literal - behind

    gates = [Gate(gate.at_least, tuple(map(moved, gate.literals))) for gate in b.gates]
    joined = [Gate(1, (one, moved(other))) for one, other in zip(a.outputs, b.outputs, strict=True)]
    first = a.n_nodes + len(gates) + 1
    return replace(a, gates=(*a.gates, *gates, *joined), outputs=tuple(range(first, first + a.n_outputs)))

"""Two circuits over the same inputs as one."""

from __future__ import annotations

from dataclasses import replace

from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate, literal_over
from btfnet.logic.verify import check_shapes


def either(a: Circuit, b: Circuit) -> Circuit:
    """The circuit whose outputs are true where those of a or of b are; the names are a's.

    Raises `DataError` when the counts of inputs or outputs differ.
    """
    check_shapes(a, b)
    node_of = [*range(a.n_inputs + 1), *range(a.n_nodes + 1, a.n_nodes + 1 + len(b.gates))]  # of b's nodes
    gates = [gate.over(node_of) for gate in b.gates]
    pairs = zip(a.outputs, b.outputs, strict=True)
    joined = [Gate(1, (ours, literal_over(theirs, node_of))) for ours, theirs in pairs]
    first = a.n_nodes + len(gates) + 1
    return replace(a, gates=(*a.gates, *gates, *joined), outputs=tuple(range(first, first + a.n_outputs)))

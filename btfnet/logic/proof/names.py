"""Two circuits side by side: compared by position, once one has the other's order, or joined to one."""

from __future__ import annotations

from dataclasses import replace

from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import Gate, literal_over
from btfnet.logic.verify import check_shapes
from btfnet.matching.columns import By, Unknown, orders


def ordered_as(a: Circuit, b: Circuit, by: By = By.NAME) -> Circuit:
    """b with its inputs and outputs in the order of a's names; see `btfnet.matching.columns.orders`.

    Raises `DataError` where the names differ (by name), or shared ones stand elsewhere beside different ones.
    """
    inputs, outputs = orders(a.ports, b.ports, by, unknown=Unknown.PLACED)
    if inputs is not None:
        b = _with_inputs(b, inputs)
    if outputs is not None:
        b = replace(
            b,
            outputs=tuple(b.outputs[place] for place in outputs),
            output_names=tuple(b.output_names[place] for place in outputs),
        )
    return b


def _with_inputs(circuit: Circuit, places: tuple[int, ...]) -> Circuit:
    """The circuit whose inputs are those at these places, one after the other."""
    node = [0] * (circuit.n_inputs + 1)
    for index, place in enumerate(places):
        node[place + 1] = index + 1
    node += range(circuit.n_inputs + 1, circuit.n_nodes + 1)
    return replace(
        circuit,
        gates=tuple(gate.over(node) for gate in circuit.gates),
        outputs=tuple(literal_over(output, node) for output in circuit.outputs),
        input_names=tuple(circuit.input_names[place] for place in places),
    )


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

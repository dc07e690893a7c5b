"""Which input is which: circuits are compared by position, once one has the other's order."""

from __future__ import annotations

from dataclasses import replace

from btfnet.logic.circuit import Circuit
from btfnet.logic.gate import literal_over
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

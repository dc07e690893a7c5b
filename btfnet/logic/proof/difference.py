"""What a counterexample stands for: all the inputs near it on which two circuits differ as well."""

from __future__ import annotations

from btfnet.logic.circuit import Circuit
from btfnet.logic.ternary import certain
from btfnet.logic.verify import Counterexample

MOST_WORK = 1 << 22
"""Literals that are looked at to widen a counterexample."""

Cube = tuple[bool | None, ...]
"""Values of the inputs, None where an input may be either."""


def difference_cube(
    example: Counterexample, expected: Circuit, got: Circuit, dont_care: Circuit | None = None
) -> Cube | None:
    """The counterexample without the inputs that do not matter for its first wrong output, as far as counting
    what is certain shows it.

    dont_care  true where an output does not count
    None where it would take long to find.
    """
    circuits = [expected, got, *([dont_care] if dont_care else [])]
    literals = sum(len(gate.literals) + 1 for circuit in circuits for gate in circuit.gates)
    if literals * expected.n_inputs > MOST_WORK:
        return None
    output, inputs = example.wrong_outputs[0], list[bool | None](example.inputs)
    for index, value in enumerate(example.inputs):
        inputs[index] = None
        bits = [certain(circuit, inputs)[output] for circuit in circuits]
        if None in bits or bits[0] == bits[1] or bits[2:] == [True]:
            inputs[index] = value
    return tuple(inputs)

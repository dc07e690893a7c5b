"""What a counterexample stands for: all the inputs near it on which two circuits differ as well."""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.logic.circuit import Circuit
from btfnet.logic.verify import Counterexample


def certain(circuit: Circuit, inputs: Sequence[bool | None]) -> list[bool | None]:
    """The outputs for inputs of which some (None) may be either; None where this does not settle an output.

    A gate counts its literals that are true and those that may be: less than what is true of all inputs together
    may be found, never more.
    """
    values: list[bool | None] = [False, *inputs]
    for gate in circuit.gates:
        true = unknown = 0
        for literal in gate.literals:
            value = values[abs(literal)]
            if value is None:
                unknown += 1
            elif value == (literal > 0):
                true += 1
        values.append(True if true >= gate.at_least else None if true + unknown >= gate.at_least else False)
    return [_of(values, output) for output in circuit.outputs]


def _of(values: list[bool | None], literal: int) -> bool | None:
    value = values[abs(literal)]
    return None if value is None else value == (literal > 0)


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

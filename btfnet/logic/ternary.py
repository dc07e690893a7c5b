"""Circuits on inputs of which some are not known: what is certain of every node."""

from __future__ import annotations

from collections.abc import Sequence

from btfnet.logic.circuit import Circuit


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

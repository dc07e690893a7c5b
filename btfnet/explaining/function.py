"""Outputs by themselves: the part of a circuit below them, and their tables over the inputs that matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from btfnet.explaining.decisive import cone, inputs_below
from btfnet.kernels.bits import unpack_bits, words_for
from btfnet.logic.circuit import Circuit
from btfnet.logic.evaluate import evaluate_words, exhaustive_words
from btfnet.logic.gate import literal_over

MOST_INPUTS = 14
"""Up to so many inputs below an output it becomes a table."""
Bits = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Function:
    """One output, or several, of a circuit, on the inputs below them.

    whole    the whole circuit
    outputs  their numbers in it
    inputs   numbers of the inputs below them, sorted
    """

    whole: Circuit
    outputs: tuple[int, ...]
    inputs: tuple[int, ...]

    @property
    def is_small(self) -> bool:
        """Whether it becomes a table."""
        return len(self.inputs) <= MOST_INPUTS

    @cached_property
    def circuit(self) -> Circuit:
        """The part: its inputs are `inputs`, its outputs `outputs`; made at the first use."""
        whole = self.whole
        literals = tuple(whole.outputs[output] for output in self.outputs)
        below = cone(whole, literals)
        gates = [node for node in sorted(below) if node > whole.n_inputs]
        new = [0] * (whole.n_nodes + 1)
        for place, node in enumerate([*(index + 1 for index in self.inputs), *gates], start=1):
            new[node] = place
        return Circuit(
            len(self.inputs),
            tuple(whole.gate(node).over(new) for node in gates),
            tuple(literal_over(literal, new) for literal in literals),
            tuple(whole.input_names[index] for index in self.inputs),
            tuple(whole.output_names[output] for output in self.outputs),
            whole.name,
        )

    @cached_property
    def tables(self) -> Bits:
        """Of each output; (n_outputs, 2^n): input j of the part is bit j of the number of an entry."""
        n_items = 1 << len(self.inputs)
        words = evaluate_words(self.circuit, exhaustive_words(len(self.inputs), 0, words_for(n_items)))
        return np.ascontiguousarray(unpack_bits(words, n_items).T)

    @cached_property
    def reduced(self) -> tuple[tuple[int, ...], Bits]:
        """Of a single output: the inputs on which it depends, and its table over these alone."""
        return reduced(self.inputs, self.tables[0])


def function_of(circuit: Circuit, outputs: tuple[int, ...]) -> Function:
    """These outputs, with the inputs and gates below them."""
    below = cone(circuit, (circuit.outputs[output] for output in outputs))
    inputs = tuple(node - 1 for node in sorted(below) if node <= circuit.n_inputs)
    return Function(circuit, outputs, inputs)


def functions_of(circuit: Circuit) -> list[Function]:
    """Each output."""
    return [Function(circuit, (output,), inputs) for output, inputs in enumerate(inputs_below(circuit))]


def reduced(inputs: tuple[int, ...], table: Bits) -> tuple[tuple[int, ...], Bits]:
    """The inputs on which a table depends, and the table over these alone."""
    kept: list[int] = []
    for given in inputs:
        low, high = halves(table, len(kept))
        if np.array_equal(low, high):
            table = low
        else:
            kept.append(given)
    return tuple(kept), table


def halves(table: Bits, index: int) -> tuple[Bits, Bits]:
    """The table where an input is false, and where it is true, over the others."""
    parts = table.reshape(-1, 2, 1 << index)
    return parts[:, 0].reshape(-1), parts[:, 1].reshape(-1)

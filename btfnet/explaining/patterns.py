"""Inputs to try: all of them where they are few, else random ones; and circuits with an input held."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from btfnet.kernels.bits import WORD_BITS, pad_mask, words_for
from btfnet.logic.circuit import Circuit, Gate
from btfnet.logic.evaluate import evaluate_words, exhaustive_words

MOST_INPUTS = 20
"""Up to so many inputs all 2^n patterns are tried."""
RANDOM = 1 << 14
"""Patterns that are tried where there are more inputs."""
MOST_WORK = 1 << 29
"""Literals times words of patterns that are evaluated at most: a second."""
Words = NDArray[np.uint64]


def input_words(circuit: Circuit, times: int = 1, seed: int = 0) -> tuple[Words, int, bool]:
    """All patterns of the inputs, or random ones; (n_inputs, n_words), how many they are, whether these are all.

    times  so often they will be evaluated; of large circuits fewer patterns are tried
    """
    n_inputs = circuit.n_inputs
    literals = sum(len(gate.literals) for gate in circuit.gates) + 1
    most_words = max(1, MOST_WORK // (literals * max(times, 1)))
    if n_inputs <= MOST_INPUTS and words_for(1 << n_inputs) <= most_words:
        n_items = 1 << n_inputs
        return exhaustive_words(n_inputs, 0, words_for(n_items)), n_items, True
    n_words = min(RANDOM // WORD_BITS, most_words)
    words = np.random.default_rng(seed).integers(0, 1 << 64, (n_inputs, n_words), dtype=np.uint64)
    return words, n_words * WORD_BITS, False


def answers(circuit: Circuit, words: Words, n_items: int) -> Words:
    """The outputs, (n_outputs, n_words); pad bits are 0."""
    return evaluate_words(circuit, words) & pad_mask(n_items)


def held(circuit: Circuit, index: int, value: bool) -> Circuit:
    """The circuit with an input (from 0) held at a value; it keeps its place, and nobody listens to it."""
    first = circuit.n_inputs + 1
    new = [*range(first), *range(first + 1, circuit.n_nodes + 2)]
    new[index + 1] = first
    gates = (Gate(int(not value), ()), *(gate.over(new) for gate in circuit.gates))
    outputs = tuple(new[abs(x)] if x > 0 else -new[abs(x)] for x in circuit.outputs)
    return replace(circuit, gates=gates, outputs=outputs)


def part(circuit: Circuit, outputs: tuple[int, ...]) -> Circuit:
    """The circuit with these outputs alone; all its gates stay."""
    return replace(
        circuit,
        outputs=tuple(circuit.outputs[output] for output in outputs),
        output_names=tuple(circuit.output_names[output] for output in outputs),
    )

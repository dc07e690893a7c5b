"""Circuits on rows of words, 64 items to a word: all outputs, every node, and every input there is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError
from btfnet.logic.circuit import Circuit, Gate

WORDS_AT_ONCE = 512
"""A good length of rows for callers that go piece by piece: some megabytes, and enough for several threads."""

_WITHIN_A_WORD = tuple(
    np.uint64(sum(1 << item for item in range(64) if item >> index & 1)) for index in range(6)
)


def node_words(circuit: Circuit, input_words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The value of every node; (n_inputs, n_words) in, (n_nodes + 1, n_words) out, row 0 constant false.

    Pad bits of gates are arbitrary; see `btfnet.kernels.bits`.
    Raises `DataError` when the number of input rows is not the circuit's.
    """
    return circuit.executor.flat.node_words(_checked(circuit, input_words))


def evaluate_words(
    circuit: Circuit, input_words: NDArray[np.uint64], *, threads: int | None = None
) -> NDArray[np.uint64]:
    """The outputs; (n_inputs, n_words) in, (n_outputs, n_words) out. Pad bits are arbitrary.

    threads   at most so many, one for each core by default; results do not depend on it
    Raises `DataError` when the number of input rows is not the circuit's.
    """
    return circuit.executor.words(_checked(circuit, input_words), threads=threads)


def _checked(circuit: Circuit, input_words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    if len(input_words) != circuit.n_inputs:
        raise DataError(
            f"{circuit.name}: {len(input_words)} rows of input words, but the circuit has "
            f"{circuit.n_inputs} inputs; give one row for each input."
        )
    return input_words


def exhaustive_words(n_inputs: int, first_word: int, n_words: int) -> NDArray[np.uint64]:
    """All 2^n_inputs inputs, in words first_word, first_word + 1, …; (n_inputs, n_words).

    Item t holds input j (from 0) true where bit j of t is 1.
    """
    numbers = np.arange(first_word, first_word + n_words, dtype=np.int64)
    words = np.empty((n_inputs, n_words), dtype=np.uint64)
    for index in range(n_inputs):
        if index < len(_WITHIN_A_WORD):
            words[index] = _WITHIN_A_WORD[index]
        else:
            words[index] = np.where(numbers >> (index - len(_WITHIN_A_WORD)) & 1, ~np.uint64(0), np.uint64(0))
    return words


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

"""Circuits on many items at once: 64 items to a word, integers only.

A few thousand items are run gate by gate, more of them by the circuit's compiled `Program`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError
from btfnet.kernels.bits import WORD_BITS, evaluate_gates, pack_bits, unpack_bits
from btfnet.kernels.logic.byte_rows import MINUS, OTHERS, ZEROS, kinds_of_bytes
from btfnet.logic.netlist import Netlist
from btfnet.matching.columns import Ports
from btfnet.matching.frames import input_rows
from btfnet.matching.row_kinds import Kind, as_kind, checked_kind, checked_words, kind_of, unpack_rows
from btfnet.problem.values import booleans

WORDS_AT_ONCE = 512
"""A good length of rows for callers that go piece by piece: some megabytes, and long enough to be compiled."""
COMPILED_WORDS = 64
"""From here on a circuit is compiled first, which costs some 20 µs a gate, more where it counts many literals."""

_WITHIN_A_WORD = tuple(
    np.uint64(sum(1 << item for item in range(64) if item >> index & 1)) for index in range(6)
)


class GateArrays(NamedTuple):
    """The gates of a circuit as the kernel reads them; see `btfnet.kernels.bits.evaluate_gates`."""

    n_inputs: int
    gate_start: NDArray[np.int64]
    literals: NDArray[np.int64]
    at_least: NDArray[np.int64]


def gate_arrays(circuit: Netlist) -> GateArrays:
    """The gates as three flat arrays."""
    sizes = [len(gate.literals) for gate in circuit.gates]
    return GateArrays(
        circuit.n_inputs,
        np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64),
        np.array([literal for gate in circuit.gates for literal in gate.literals], dtype=np.int64),
        np.array([gate.at_least for gate in circuit.gates], dtype=np.int64),
    )


def node_words(circuit: Netlist, input_words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The value of every node; (n_inputs, n_words) in, (n_nodes + 1, n_words) out, row 0 constant false.

    Pad bits of gates are arbitrary; see `btfnet.kernels.bits`.
    """
    if len(input_words) != circuit.n_inputs:
        raise DataError(
            f"{circuit.name}: {len(input_words)} rows of input words, but the circuit has "
            f"{circuit.n_inputs} inputs; give one row for each input."
        )
    values = np.empty((circuit.n_nodes + 1, input_words.shape[1]), dtype=np.uint64)
    values[0] = 0
    values[1 : circuit.n_inputs + 1] = input_words
    evaluate_gates(*gate_arrays(circuit), values)
    return values


def evaluate_words(
    circuit: Netlist, input_words: NDArray[np.uint64], *, threads: int | None = None
) -> NDArray[np.uint64]:
    """The outputs; (n_inputs, n_words) in, (n_outputs, n_words) out. Pad bits are arbitrary.

    threads   at most so many, one for each core by default; results do not depend on it
    Raises `DataError` when the number of input rows is not the circuit's.
    """
    if input_words.shape[1] >= COMPILED_WORDS and len(input_words) == circuit.n_inputs:
        return circuit.program.words(input_words, threads=threads)  # type: ignore[attr-defined]
    outputs = np.array(circuit.outputs, dtype=np.int64)
    flip = np.where(outputs < 0, ~np.uint64(0), np.uint64(0))[:, None]
    return node_words(circuit, input_words)[np.abs(outputs)] ^ flip


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


def predict(circuit: Netlist, inputs: ArrayLike, *, kind: Kind | None = None) -> NDArray[Any]:
    """Outputs for rows of inputs, of the same kind; see `Circuit.predict`."""
    kind = checked_kind(kind)
    inputs = input_rows(inputs, Ports(circuit.name, circuit.input_names, circuit.output_names))
    if kind == "words" or (kind is None and getattr(inputs, "dtype", None) == np.uint64):
        words = checked_words(inputs, circuit.n_inputs, circuit.name)
        return as_kind(predict(circuit, unpack_rows(words, circuit.n_inputs), kind="bool"), "words")
    rows = as_bytes(inputs, f"{circuit.name}: inputs")
    check_width(circuit, rows.shape[1])
    kind = kind or _kind_of_bytes(inputs, rows)
    if len(rows) < WORD_BITS * COMPILED_WORDS:
        outputs = evaluate_words(circuit, pack_bits(rows == 1))
        return as_kind(unpack_bits(outputs, len(rows)), kind)
    found = circuit.program.rows(rows, low=-1 if kind == "signs" else 0)  # type: ignore[attr-defined]
    return found.view(np.bool_) if kind == "bool" else found


def _kind_of_bytes(inputs: ArrayLike, rows: NDArray[np.uint8]) -> Kind:
    """`kind_of`, where the rows are already bytes; quicker on many of them."""
    if isinstance(inputs, np.ndarray) and inputs.dtype == np.int8:
        return "signs" if kinds_of_bytes(rows.reshape(-1)) & MINUS and (inputs == -1).any() else "bits"
    return kind_of(inputs)


def as_bytes(inputs: ArrayLike, where: str, *, first: int = 0) -> NDArray[np.uint8]:
    """Rows of Booleans as bytes, copied only where they are none yet: 1 is true, 0 and 255 are false.

    first   the number of the first row, for messages
    Raises `DataError` as `btfnet.problem.values.booleans` does.
    """
    if isinstance(inputs, np.ndarray) and inputs.ndim == 2 and inputs.dtype in (np.bool_, np.int8, np.uint8):
        rows = np.ascontiguousarray(inputs).view(np.uint8)
        refused = OTHERS | (MINUS if inputs.dtype != np.int8 else 0)
        kinds = kinds_of_bytes(rows.reshape(-1))
        if not kinds & refused and kinds & (ZEROS | MINUS) != ZEROS | MINUS:
            return rows
    return booleans(inputs, where, first=first).view(np.uint8)


def check_width(circuit: Netlist, width: int) -> None:
    """Raise `DataError` where rows have not a value for each input."""
    if width != circuit.n_inputs:
        raise DataError(
            f"{circuit.name}: the rows have {width} values, but the circuit has "
            f"{circuit.n_inputs} inputs ({_some(circuit.input_names)}).\n"
            f"Give every row {circuit.n_inputs} values."
        )


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names if len(names) <= 6 else (*names[:4], "…", names[-1]))

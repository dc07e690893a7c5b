"""Is a circuit right? Checked on every item, or against another circuit on every input.

Nothing here ever sees a float: what is not Boolean by its type is refused, not converted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.arguments import a, need
from btfnet.errors import DataError, UsageError
from btfnet.kernels.bits import WORD_BITS, count_ones, pack_bits, pad_mask, words_for
from btfnet.logic.circuit import Circuit
from btfnet.logic.evaluate import WORDS_AT_ONCE, evaluate_words, exhaustive_words
from btfnet.logic.training_fit import TrainingFit
from btfnet.matching.frames import input_rows, output_rows
from btfnet.problem.packed_bits import Bits, PackedBits, columns_of
from btfnet.problem.values import OutputKind, booleans, checked_care, regular


@dataclass(frozen=True, slots=True)
class Counterexample:
    """One item that a circuit gets wrong; None is expected where an output bit does not count."""

    item: int
    inputs: tuple[bool, ...]
    expected: tuple[bool | None, ...]
    got: tuple[bool, ...]

    @property
    def wrong_outputs(self) -> tuple[int, ...]:
        """Which outputs are wrong, counted from 0."""
        pairs = zip(self.expected, self.got, strict=True)
        return tuple(index for index, (wanted, bit) in enumerate(pairs) if wanted not in (None, bit))

    def __str__(self) -> str:
        return f"inputs {_bits(self.inputs)} give {_bits(self.got)}, expected {_bits(self.expected)}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found.

    n_items, n_wrong_items, n_wrong_bits   counted over all items, not only up to the first wrong one
    counterexample                         the first wrong item, None if there is none; in an exhaustive
                                           comparison item t has input j (from 0) true where bit j of t is 1
    subject, reference                     what was compared with what, in words
    """

    n_items: int
    n_wrong_items: int
    n_wrong_bits: int
    counterexample: Counterexample | None
    subject: str = "the circuit"
    reference: str = "the data"

    @property
    def exact(self) -> bool:
        """No item is wrong."""
        return self.n_wrong_items == 0

    def __str__(self) -> str:
        if self.counterexample is None:
            return f"{self.subject} agrees with {self.reference} on all {self.n_items} items."
        return (
            f"{self.subject} differs from {self.reference} on {self.n_wrong_items} of {self.n_items} items "
            f"({self.n_wrong_bits} output bits); item {self.counterexample.item + 1}, for example: "
            f"{self.counterexample}."
        )


def verify_items(
    circuit: Circuit,
    inputs: ArrayLike | PackedBits,
    outputs: ArrayLike,
    care: ArrayLike | None = None,
) -> Verdict:
    """Does the circuit reproduce every item?

    inputs (n_items, n_inputs) and outputs (n_items, n_outputs): bool, or integers 0/1 or ±1; columns of data
    frames are matched by name. Inputs may be packed.
    care (n_items, n_outputs): the output bits that count, all by default.
    Raises `UsageError` for floats, `DataError` for other values and for shapes that do not fit.
    """
    need("verify_items", circuit=(circuit, a(Circuit)))
    ports = circuit.ports
    outputs = output_rows(outputs, ports)
    given = inputs if isinstance(inputs, PackedBits) else input_rows(inputs, ports)
    given = _true(given, f"{circuit.name}: inputs", circuit.n_inputs)
    wanted = _true(outputs, f"{circuit.name}: outputs", circuit.n_outputs)
    if len(given) != len(wanted):
        raise DataError(
            f"{circuit.name}: {len(given)} rows of inputs, but {len(wanted)} rows of outputs; give one each."
        )
    care = checked_care(care, wanted.shape, OutputKind.BITS, f"{circuit.name}: ")
    tally, counted = _Tally(), None if care is None else pack_bits(care)
    words = columns_of(given)
    tally.add(words, columns_of(wanted), evaluate_words(circuit, words), len(given), counted)
    return tally.verdict(circuit.name, "the data")


def training_fit(
    circuit: Circuit,
    inputs: NDArray[np.generic] | PackedBits,
    outputs: NDArray[np.generic],
    care: NDArray[np.bool_] | None = None,
) -> TrainingFit:
    """Counted over the training items; arguments and errors as of `verify_items`."""
    verdict = verify_items(circuit, inputs, outputs, care)
    counts = np.ones(outputs.shape, dtype=bool) if care is None else care
    n_bits, n_items = int(counts.sum()), int(counts.any(axis=1).sum())
    return TrainingFit(verdict.n_wrong_bits, n_bits, verdict.n_wrong_items, n_items)


def check_shapes(a: Circuit, b: Circuit) -> None:
    """Raises `DataError` when the counts of inputs or outputs differ."""
    for what, first, second in (("inputs", a.n_inputs, b.n_inputs), ("outputs", a.n_outputs, b.n_outputs)):
        if first != second:
            raise DataError(
                f"{a.name} has {first} {what}, but {b.name} has {second}; "
                f"only circuits of one shape can be compared."
            )


def compare(
    a: Circuit,
    b: Circuit,
    *,
    max_inputs: int = 24,
    stop: Callable[[], bool] = lambda: False,
    dont_care: Circuit | None = None,
) -> Verdict:
    """Does b compute the same as a? Inputs and outputs correspond by position; every input is tried.

    stop       asked now and then; once it is true the verdict is about the first n_items items only
    dont_care  a circuit of the same shape: where its output is true, that output does not count
    Cost: 2^n_inputs / 64 words for each literal of either circuit; 24 inputs and some hundred gates take
    about a second. Memory stays at a few megabytes.
    Raises `DataError` when the counts of inputs or outputs differ, `UsageError` above max_inputs inputs.
    """
    check_shapes(a, b)
    if dont_care is not None:
        check_shapes(a, dont_care)
    if a.n_inputs > max_inputs:
        raise UsageError(
            f"{a.name} has {a.n_inputs} inputs; trying all 2^{a.n_inputs} of their values is beyond "
            f"the limit of 2^{max_inputs}.\n"
            f"Raise max_inputs if you can wait, or verify both circuits against the same items."
        )
    n_items, tally = 1 << a.n_inputs, _Tally()
    for first in range(0, words_for(n_items), WORDS_AT_ONCE):
        if stop():
            break
        count = min(WORDS_AT_ONCE, words_for(n_items) - first)
        words = exhaustive_words(a.n_inputs, first, count)
        here = min(n_items, WORD_BITS * count)
        care = None if dont_care is None else ~evaluate_words(dont_care, words) & pad_mask(here)
        tally.add(words, evaluate_words(a, words), evaluate_words(b, words), here, care)
    names = (b.name, a.name) if a.name != b.name else ("the second circuit", "the first")
    return tally.verdict(*names)


class _Tally:
    """Counts wrong items and bits over consecutive blocks of items, and keeps the first wrong item."""

    def __init__(self) -> None:
        self.n_items = self.n_wrong_items = self.n_wrong_bits = 0
        self.first: Counterexample | None = None

    def add(
        self,
        inputs: NDArray[np.uint64],
        expected: NDArray[np.uint64],
        got: NDArray[np.uint64],
        n_items: int,
        care: NDArray[np.uint64] | None = None,
    ) -> None:
        wrong = (expected ^ got) & (pad_mask(n_items) if care is None else care)
        wrong_items = np.bitwise_or.reduce(wrong, axis=0)
        self.n_wrong_items += int(count_ones(wrong_items))
        self.n_wrong_bits += int(count_ones(wrong.ravel()))
        if self.first is None and wrong_items.any():
            item = _first_one(wrong_items)
            wanted: tuple[bool | None, ...] = _column(expected, item)
            if care is not None:
                counts = _column(care, item)
                wanted = tuple(bit if counted else None for bit, counted in zip(wanted, counts, strict=True))
            self.first = Counterexample(
                self.n_items + item, _column(inputs, item), wanted, _column(got, item)
            )
        self.n_items += n_items

    def verdict(self, subject: str, reference: str) -> Verdict:
        return Verdict(self.n_items, self.n_wrong_items, self.n_wrong_bits, self.first, subject, reference)


def _true(values: ArrayLike | PackedBits, where: str, n_columns: int) -> Bits:
    """Where Boolean values are true."""
    array = values if isinstance(values, PackedBits) else regular(where, values)
    if not isinstance(array, PackedBits) and array.dtype.kind not in "iub":
        raise UsageError(
            f"{where} are of type {array.dtype}; verification takes bool or integers only.\n"
            f"Compare what they are to be with 0 first: values > 0."
        )
    rows = array if isinstance(array, PackedBits) else booleans(array, where) > 0
    if rows.shape[1] != n_columns:
        raise DataError(
            f"{where} have the shape {array.shape}; expected rows of {n_columns} values, one for each of the "
            f"circuit's {n_columns}."
        )
    return rows


def _first_one(words: NDArray[np.uint64]) -> int:
    word = int(np.flatnonzero(words)[0])
    value = int(words[word])
    return WORD_BITS * word + (value & -value).bit_length() - 1


def _column(words: NDArray[np.uint64], item: int) -> tuple[bool, ...]:
    return tuple(bool(int(word) >> item % WORD_BITS & 1) for word in words[:, item // WORD_BITS])


def _bits(values: tuple[bool | None, ...]) -> str:
    text = "".join("-" if value is None else "01"[value] for value in values)
    return text if len(text) <= 64 else f"{text[:60]}… ({len(text)} bits)"

"""What items say of the outputs: their values, which of these count, and how much of an answer is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError
from btfnet.problem.packed_bits import PackedBits
from btfnet.problem.read_only import ReadOnly
from btfnet.problem.values import OutputKind, checked_care, checked_weights, kind_named, matrix


def contradiction(
    inputs: NDArray[np.float32] | PackedBits, outputs: NDArray[np.int8], care: NDArray[np.bool_] | None
) -> tuple[int, int, int] | None:
    """Two items, the earlier first, and the output at which they contradict each other; None without any.

    inputs  (n_items, n_inputs); outputs  ±1, (n_items, n_outputs); care  bits that count, None for all
    """
    rows = row_keys(inputs)
    if _all_differ(rows):
        return None
    _, first, group = np.unique(rows, return_index=True, return_inverse=True)
    if care is not None:
        return _among_those_that_count(outputs, care, group)
    differs = (outputs != outputs[first[group]]).any(axis=1)
    if not differs.any():
        return None
    item = int(np.flatnonzero(differs)[0])
    other = int(first[group[item]])
    return other, item, int(np.flatnonzero(outputs[item] != outputs[other])[0])


def row_keys(inputs: NDArray[np.float32] | PackedBits) -> NDArray[Any]:
    """(n_items,): equal where rows of inputs are, in the same order in either form."""
    if isinstance(inputs, PackedBits):
        return inputs.keys()
    positive_zeros = np.ascontiguousarray(inputs) + np.float32(0)
    return positive_zeros.view(np.dtype((np.void, 4 * inputs.shape[1])))[:, 0]


def _all_differ(rows: NDArray[Any]) -> bool:
    """Whether no two rows are equal; in a quarter of the time and memory that finding the equal ones takes."""
    if rows.dtype != np.uint64:
        return False
    ordered = np.sort(rows)
    return not (ordered[1:] == ordered[:-1]).any()


def _among_those_that_count(
    outputs: NDArray[np.int8], care: NDArray[np.bool_], group: NDArray[np.intp]
) -> tuple[int, int, int] | None:
    """In each group of equal inputs and each output, the bits that count must be the same."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    true, false = (
        np.logical_or.reduceat((care & (outputs == sign))[order], starts, axis=0) for sign in (1, -1)
    )
    both = np.argwhere(true & false)
    if not both.size:
        return None
    which, column = map(int, both[0])
    members = np.flatnonzero((group == group[order[starts[which]]]) & care[:, column])
    other = members[outputs[members, column] != outputs[members[0], column]][0]
    return int(members[0]), int(other), column


Fractions = tuple[float, float]
_NOTHING = (float("nan"), float("nan"))


@dataclass(frozen=True, eq=False)
class Targets(ReadOnly):
    """Outputs of items, and which of their bits count (in the terms of PLA files, the care set).

    outputs   int8, (n_items, n_outputs): ±1, and -1 where a bit does not count; classes one-hot
    care      bool, (n_items, n_outputs): the bits that count; None where all do. A class counts as a whole
    kind      whether every bit is said, or one class
    weights   float64, (n_items,): how much each item counts, nothing where it is 0; None where all are 1

    Raises `DataError` naming the first item that breaks these rules.
    """

    outputs: NDArray[np.int8]
    care: NDArray[np.bool_] | None = None
    kind: OutputKind = OutputKind.BITS
    weights: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        kind, outputs = kind_named(OutputKind, "output_kind", self.kind), matrix("outputs", self.outputs)
        care, weights = (
            checked_care(self.care, outputs.shape, kind),
            checked_weights(self.weights, len(outputs)),
        )
        if weights is not None and not weights.all():
            counts = np.broadcast_to((weights > 0)[:, None], outputs.shape)
            care = checked_care(counts if care is None else counts & care, outputs.shape, kind)
        if care is not None:
            outputs = np.where(care, outputs, -1)
        _check_bits(outputs)
        if kind is OutputKind.CLASS:
            _check_classes(outputs, care)
        outputs = outputs.astype(np.int8)
        outputs.flags.writeable = False
        for name, value in (("outputs", outputs), ("care", care), ("kind", kind), ("weights", weights)):
            object.__setattr__(self, name, value)

    def n_bits(self, n_items: int) -> int:
        """How many bits of the first so many items count."""
        if self.care is None:
            return n_items * self.outputs.shape[1]
        return int(np.count_nonzero(self.care[:n_items]))

    def fractions_right(self, answers: NDArray[Any], first: int = 0) -> Fractions:
        """Fractions of bits and words of the items from `first` on that are right; of classes, twice.

        answers  (some items, n_outputs): ±1, or preactivations; NaN where nothing counts
        """
        items = slice(first, first + len(answers))
        care = None if self.care is None else self.care[items]
        weights = None if self.weights is None else self.weights[items]
        if self.kind is OutputKind.CLASS:
            return _classes_right(self.outputs[items], answers, care, weights)
        if weights is not None:
            return _weighted_right(self.outputs[items], answers, care, weights)
        return _bits_right(self.outputs[items], answers, care)

    def costs(self, answers: NDArray[Any], first: int = 0) -> NDArray[np.float64]:
        """What is wrong of each item from `first` on: its wrong bits, or 1 for a wrong class, times its weight.

        answers  as for `fractions_right`
        Returns (some items,).
        """
        items = slice(first, first + len(answers))
        if self.kind is OutputKind.CLASS:
            wrong = self.outputs[items].argmax(axis=1) != answers.argmax(axis=1)
            wrong &= True if self.care is None else self.care[items].all(axis=1)
        else:
            bits = (answers > 0) != (self.outputs[items] > 0)
            wrong = (bits if self.care is None else bits & self.care[items]).sum(axis=1)
        return wrong * (1.0 if self.weights is None else self.weights[items])

    def majority(self, n_items: int) -> NDArray[np.int64] | NDArray[np.float64]:
        """The sum of each output over the first so many items, of the bits that count; its sign is the best
        constant answer, its largest entry the most frequent class.
        """
        counted = self.outputs[:n_items].astype(np.int64)
        if self.care is not None:
            counted = counted * self.care[:n_items]
        return counted.sum(axis=0) if self.weights is None else self.weights[:n_items] @ counted


def _check_bits(outputs: NDArray[Any]) -> None:
    wrong = (outputs != 1) & (outputs != -1)
    if wrong.any():
        item, column = np.argwhere(wrong)[0]
        raise DataError(
            f"item {item + 1} has the output value {outputs[item, column]} in column {column + 1}; "
            f"expected -1 or +1."
        )


def _check_classes(outputs: NDArray[Any], care: NDArray[np.bool_] | None) -> None:
    none_or_several = (outputs == 1).sum(axis=1) != 1
    wrong = np.flatnonzero(none_or_several if care is None else none_or_several & care.all(axis=1))
    if wrong.size:
        raise DataError(f"item {wrong[0] + 1} belongs to no single class; give one-hot outputs.")


def _bits_right(
    outputs: NDArray[np.int8], answers: NDArray[Any], care: NDArray[np.bool_] | None
) -> Fractions:
    """Of bits and of whole words; a word is right when all its bits that count are. NaN where nothing counts."""
    right = (answers > 0) == (outputs > 0)
    if care is None:
        return (float(right.mean()), float(right.all(axis=1).mean())) if right.size else _NOTHING
    if not care.any():
        return _NOTHING
    words = (right | ~care).all(axis=1)[care.any(axis=1)]
    return float(right[care].mean()), float(words.mean())


def _weighted_right(
    outputs: NDArray[np.int8],
    answers: NDArray[Any],
    care: NDArray[np.bool_] | None,
    weights: NDArray[np.float64],
) -> Fractions:
    """As `_bits_right`, of items that count by their weights."""
    right = (answers > 0) == (outputs > 0)
    care = np.ones(right.shape, dtype=bool) if care is None else care
    bits, words = weights @ care.sum(axis=1), weights @ care.any(axis=1)
    if not words:
        return _NOTHING
    some = (right | ~care).all(axis=1) & care.any(axis=1)
    return float(weights @ (right & care).sum(axis=1) / bits), float(weights @ some / words)


def _classes_right(
    outputs: NDArray[np.int8],
    answers: NDArray[Any],
    care: NDArray[np.bool_] | None,
    weights: NDArray[np.float64] | None,
) -> Fractions:
    """Of classes, twice. The class is the largest output, the first of equals: of bits, the first true one,
    and class 0 where none is.
    """
    right = outputs.argmax(axis=1) == answers.argmax(axis=1)
    if care is not None:
        right = right[care.all(axis=1)]
    if weights is not None and right.size:
        counting = weights if care is None else weights[care.all(axis=1)]
        share = float(counting @ right / counting.sum())
    else:
        share = float(right.mean()) if right.size else float("nan")
    return share, share

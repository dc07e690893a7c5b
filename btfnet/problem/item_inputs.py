"""Inputs of items, as numbers or packed: whatever is asked of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from btfnet.errors import DataError
from btfnet.problem import packed_bits
from btfnet.problem.item_checks import check_range
from btfnet.problem.packed_bits import PackedBits, pack_booleans, pack_signs, packed
from btfnet.problem.values import InputKind, booleans, matrix

Held = NDArray[np.float32] | PackedBits
"""Inputs as items keep them."""


def kept_inputs(given: NDArray[Any] | PackedBits, kind: InputKind) -> Held:
    """Inputs as items keep them: bits packed where they are already or are many, all others read-only float32.

    Raises `DataError` for packed inputs that are no bits, and for values that the kind does not allow.
    """
    if isinstance(given, PackedBits):
        if kind is not InputKind.BITS:
            raise DataError(
                f"the inputs are packed bits, but they are said to be {kind}; give rows of numbers."
            )
        return given
    if kind is InputKind.BITS and given.size > packed_bits.MOST_DENSE:
        return pack_signs("inputs", given)
    check_range(given, kind)
    inputs = given.astype(np.float32)
    inputs.flags.writeable = False
    return inputs


def booleans_or_packed(where: str, values: ArrayLike | PackedBits) -> NDArray[np.int8] | PackedBits:
    """`booleans`; packed where they are already or are many."""
    if isinstance(values, PackedBits):
        return values
    array = matrix(where, values, "0/1, -1/+1 or bool")
    return pack_booleans(where, array) if array.size > packed_bits.MOST_DENSE else booleans(array, where)


def rows_in_order(inputs: Held, which: slice | NDArray[np.intp]) -> Held:
    """Those of the items with these numbers, from 0, in this order."""
    return inputs.some(which) if isinstance(inputs, PackedBits) else inputs[which]


def columns_in_order(inputs: Held, which: ArrayLike) -> Held:
    """Columns with these numbers, from 0, in this order."""
    return inputs.of_columns(which) if isinstance(inputs, PackedBits) else inputs[:, np.asarray(which)]


def as_numbers(inputs: Held) -> NDArray[np.float32]:
    """As ±1, or whatever they are."""
    return inputs.signs() if isinstance(inputs, PackedBits) else inputs


def inputs_joined(parts: Sequence[Held]) -> Held:
    """One after another; packed where some are."""
    arrays = [part for part in parts if not isinstance(part, PackedBits)]
    if len(arrays) == len(parts):
        return np.concatenate(arrays)
    first, *others = (part if isinstance(part, PackedBits) else packed(part > 0) for part in parts)
    return first.joined(*others)


def same_inputs(one: Held, other: Held) -> bool:
    """Whether they say the same, in whichever form."""
    if not isinstance(one, PackedBits) and not isinstance(other, PackedBits):
        return np.array_equal(one, other)
    if one.shape != other.shape:
        return False
    first, second = (part if isinstance(part, PackedBits) else packed(part > 0) for part in (one, other))
    return np.array_equal(first.column_words, second.column_words)

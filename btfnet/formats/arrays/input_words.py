"""Inputs of a `.npz` file as words: rows of 64 bits a word, for many items. See npz.md."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import DataError, FormatError
from btfnet.problem.packed_bits import PackedBits
from btfnet.problem.values import InputKind

WORDS, COUNT = "input_words", "n_inputs"


def of_words(path: object, arrays: dict[str, NDArray[np.generic]], kind: InputKind) -> PackedBits | None:
    """The inputs of a file that has them as words; None for one that has not. Raises `FormatError`."""
    words, count = arrays.get(WORDS), arrays.get(COUNT)
    if words is None:
        if count is not None:
            raise FormatError(path, None, f"there is an array {COUNT!r}, but no {WORDS!r}; save that too.")
        return None
    if "inputs" in arrays or kind is not InputKind.BITS:
        found = "the arrays 'inputs'" if "inputs" in arrays else f"{kind} inputs"
        raise FormatError(path, None, f"found {found} and {WORDS!r}; give inputs once, words for bits alone.")
    if count is None or count.ndim or count.dtype.kind not in "iu" or not 1 <= int(count.item()) <= 2**31 - 1:
        raise FormatError(path, None, f"{COUNT}: expected one whole number of at least 1, beside {WORDS!r}.")
    try:
        native = words.astype(np.uint64) if words.dtype == np.dtype(">u8") else words
        return PackedBits.from_words(native, int(count.item()))  # type: ignore[arg-type]
    except DataError as error:
        raise FormatError(path, None, f"{WORDS}: {error}") from error


def as_words(inputs: PackedBits) -> dict[str, Any]:
    """What `of_words` reads."""
    return {WORDS: inputs.row_words(), COUNT: np.int64(inputs.shape[1])}

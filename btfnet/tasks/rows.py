"""Rows of bits: all of them, or a random choice without repetition."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.errors import UsageError
from btfnet.problem.items import Items

DEFAULT_ITEMS = 10_000
"""As many items as the authors' own files of random circuits and automata hold."""

COUNTABLE_BITS = 20
"""Up to here rows are drawn by their number, beyond by drawing bits and dropping repetitions."""


def signs(bits: NDArray[np.generic]) -> NDArray[np.int8]:
    """0/1 or Booleans as -1/+1."""
    return np.where(bits, 1, -1).astype(np.int8)


def binary(numbers: NDArray[np.int64], n_bits: int) -> NDArray[np.int8]:
    """Whole numbers as rows of ±1, most significant bit first; int8, (n_numbers, n_bits)."""
    shifts = np.arange(n_bits - 1, -1, -1)
    return signs((numbers[:, None] >> shifts) & 1)


def n_rows(items: int | None, n_bits: int) -> int:
    """How many distinct rows to draw: as asked, or the usual number as far as there are so many."""
    space = 2**n_bits
    if items is None:
        return min(DEFAULT_ITEMS, space)
    if items > space:
        raise UsageError(
            f"items is {items}, but there are only {space} different rows of {n_bits} bits; "
            f"ask for at most {space}, or leave items out."
        )
    return items


def distinct_rows(rng: np.random.Generator, n_items: int, n_bits: int) -> NDArray[np.int8]:
    """Random rows of ±1, no two alike; int8, (n_items, n_bits).

    Every set of rows, in every order, is equally likely. The caller sees to it that there are so many rows.
    """
    if n_bits <= COUNTABLE_BITS:
        return binary(rng.permutation(2**n_bits)[:n_items], n_bits)
    rows = np.empty((0, n_bits), dtype=np.int8)
    while len(rows) < n_items:
        drawn = signs(rng.integers(0, 2, (n_items - len(rows), n_bits)))
        rows = without_repetitions(np.vstack([rows, drawn]))
    return rows


def without_repetitions(rows: NDArray[np.int8]) -> NDArray[np.int8]:
    """The rows in their order, each where it first occurs."""
    _, first = np.unique(rows, axis=0, return_index=True)
    return rows[np.sort(first)]


def bit_items(
    inputs: NDArray[np.int8],
    outputs: NDArray[np.int8],
    input_names: tuple[str, ...] = (),
    output_names: tuple[str, ...] = (),
) -> Items:
    """Items whose inputs and outputs are bits, ±1."""
    known = inputs.astype(np.float32)
    return Items(known, outputs, input_names=input_names, output_names=output_names)


def numbered(stem: str, count: int) -> tuple[str, ...]:
    return tuple(f"{stem}{index}" for index in range(count))

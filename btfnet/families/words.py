"""Words in the inputs: which inputs may be the bits of which number, and the numbers as Python's whole numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from btfnet.families.evidence import Bits


@dataclass(frozen=True)
class Layout:
    """Words, each the numbers of its inputs (from 0), the least significant one first; and how that is said.

    said   the words, such as "two 8-bit words"
    order  which of their inputs stands first, such as "least significant bit first"
    """

    words: tuple[tuple[int, ...], ...]
    said: str
    order: str

    @property
    def widths(self) -> tuple[int, ...]:
        return tuple(len(word) for word in self.words)

    def values(self, inputs: Bits) -> list[list[int]]:
        """The numbers, a list of all items for each word."""
        return [whole_numbers(inputs[:, list(word)]) for word in self.words]

    def literals(self) -> list[list[int]]:
        """The words as literals of a circuit over the inputs."""
        return [[index + 1 for index in word] for word in self.words]


def whole_numbers(bits: Bits) -> list[int]:
    """Rows of bits, the least significant one first, as numbers."""
    packed = np.packbits(bits, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def digits(numbers: list[int], width: int) -> Bits:
    """The low bits of numbers, in two's complement where they are negative; (len(numbers), width)."""
    n_bytes, mask = -(-width // 8), (1 << width) - 1
    packed = b"".join((number & mask).to_bytes(n_bytes, "little") for number in numbers)
    rows = np.frombuffer(packed, dtype=np.uint8).reshape(len(numbers), n_bytes)
    return np.unpackbits(rows, axis=1, count=width, bitorder="little").astype(bool)


def layouts(inputs: NDArray[np.int64]) -> Iterator[Layout]:
    """Every way to split these inputs into words that the grammar knows, the commonest ones first."""
    for parts, said in _parts(tuple(inputs.tolist())):
        for forward in (True, False):
            words = tuple(part if forward else part[::-1] for part in parts)
            yield Layout(words, said, f"{'least' if forward else 'most'} significant bit first")


def _parts(inputs: tuple[int, ...]) -> Iterator[tuple[tuple[tuple[int, ...], ...], str]]:
    """Words with their bits in the inputs' order."""
    n = len(inputs)
    yield (inputs,), f"one {n}-bit word"
    for count, name in ((2, "two"), (3, "three")):
        if n % count == 0 and n > count:
            yield _blocks(inputs, count), f"{name} {n // count}-bit words"
            strands = tuple(inputs[first::count] for first in range(count))
            yield strands, f"{name} interleaved {n // count}-bit words"
    if n % 2 and n > 3:
        for single, rest, where in ((inputs[-1:], inputs[:-1], "last"), (inputs[:1], inputs[1:], "first")):
            yield (*_blocks(rest, 2), single), f"two {n // 2}-bit words and the {where} input"
            strands = (rest[::2], rest[1::2], single)
            yield strands, f"two interleaved {n // 2}-bit words and the {where} input"
    yield from _unequal(inputs)


def _blocks(inputs: tuple[int, ...], count: int) -> tuple[tuple[int, ...], ...]:
    width = len(inputs) // count
    return tuple(inputs[first * width : (first + 1) * width] for first in range(count))


def _unequal(inputs: tuple[int, ...]) -> Iterator[tuple[tuple[tuple[int, ...], ...], str]]:
    """A word and a narrower one: half as wide, or wide enough to number the bits of the other."""
    n = len(inputs)
    narrow = {n // 3} if n % 3 == 0 else set()
    narrow |= {width for width in range(1, 12) if n - width in ((1 << width), (1 << width) - 1)}
    for width, first in product(sorted(narrow), (True, False)):
        if first:
            parts, said = (inputs[width:], inputs[:width]), f"a {n - width}-bit word after a {width}-bit one"
        else:
            parts, said = (
                (inputs[:-width], inputs[-width:]),
                f"a {n - width}-bit word before a {width}-bit one",
            )
        yield parts, said

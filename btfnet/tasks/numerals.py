"""Roman numerals as rows of bits.

The paper's programs offer such data without a description; this is btfnet's reading. Numerals are
subtractive (4 is IV, 900 is CM, 4000 is MMMM), written from the left into as many places as the longest
one needs, and filled up with blanks. They are autoencoded: every row is its own output.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from btfnet.problem.items import Items
from btfnet.tasks.generator import Parameter, generator
from btfnet.tasks.rows import binary, bit_items, signs

VALUES = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
SYMBOLS = " IVXLCDM"
CODES = ("one_hot", "four_bit")


@generator(
    "roman",
    code=Parameter("how a symbol is written in bits", kind=str, choices=CODES, default=CODES[0]),
    highest=Parameter("the numerals 1 … highest are the items", high=4999, default=899),
)
def roman(rng: np.random.Generator, *, code: str = CODES[0], highest: int = 899) -> Items:
    """Roman numerals, autoencoded, in random order.

    code one_hot: a place is a one-hot vector over the blank and the symbols in use; below 900 these are
    seven (blank I V X L C D) and twelve places are enough (DCCCLXXXVIII), which makes 84 bits.
    code four_bit: a place is the number of its symbol among "blank I V X L C D M" in three bits, most
    significant first, and a fourth bit that makes the number of true bits even; up to 4999 sixteen places
    are enough (MMMMDCCCLXXXVIII), which makes 64 bits.
    """
    texts = [numeral(number) for number in range(1, highest + 1)]
    places = max(map(len, texts))
    indices = np.array([[SYMBOLS.index(symbol) for symbol in text.ljust(places)] for text in texts])
    rows = _one_hot(indices) if code == CODES[0] else _four_bit(indices)
    rows = rng.permutation(rows)
    return bit_items(rows, rows)


def numeral(number: int) -> str:
    """A number from 1 to 4999 in Roman numerals."""
    text = ""
    for value, symbols in VALUES:
        count, number = divmod(number, value)
        text += count * symbols
    return text


def _one_hot(indices: NDArray[np.int64]) -> NDArray[np.int8]:
    in_use = indices.max() + 1
    return signs(indices[:, :, None] == np.arange(in_use)).reshape(len(indices), -1)


def _four_bit(indices: NDArray[np.int64]) -> NDArray[np.int8]:
    bits = binary(indices.ravel(), 3)
    parity = np.where((bits == 1).sum(axis=1) % 2, 1, -1).astype(np.int8)
    return np.column_stack([bits, parity]).reshape(len(indices), -1)

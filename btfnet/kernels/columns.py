"""Some rows of bits as columns: the items that a member is fitted to, from the features of all items.

Source: the transposition of 64 x 64 bits by halves, Warren, Hacker's Delight, 7-3. Twin:
tests/kernels/test_columns.py, test_some_rows_become_columns, by NumPy's unpackbits.
"""

import numpy as np

from btfnet.kernels.bits import WORD_BITS
from btfnet.kernels.compiled import compiled


@compiled
def turn_block(block):
    """Transpose 64 x 64 bits: bit j of word i becomes bit i of word j. Writes block, uint64, (64,)."""
    width, mask = 32, np.uint64(0x0000_0000_FFFF_FFFF)
    while width:
        shift = np.uint64(width)
        row = 0
        while row < WORD_BITS:
            swapped = ((block[row] >> shift) ^ block[row + width]) & mask
            block[row] ^= swapped << shift
            block[row + width] ^= swapped
            row = (row + width + 1) & ~width
        width //= 2
        mask ^= mask << np.uint64(width)


@compiled
def gather_columns(rows, items, columns, block):
    """Columns of bits of some rows, pad bits 0.

    Shapes: rows uint64, (n_rows, n_words); items int64, (n,): which rows; columns uint64, (64 * n_words,
            ceil(n / 64)), written; block uint64, (64,), scratch
    Writes: columns and block.
    """
    for word in range(rows.shape[1]):
        for start in range(0, items.shape[0], WORD_BITS):
            for place in range(WORD_BITS):
                here = start + place
                block[place] = rows[items[here], word] if here < items.shape[0] else np.uint64(0)
            turn_block(block)
            for place in range(WORD_BITS):
                columns[WORD_BITS * word + place, start // WORD_BITS] = block[place]

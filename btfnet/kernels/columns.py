"""Rows as columns of bits: some items' features, from those of all items; numbers compared with levels.

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


@compiled
def compare_columns(rows, inputs, levels, columns, block):
    """Columns of bits: is one number of each row above a level? Pad bits 0.

    Shapes: rows float32, (n_items, n_inputs); inputs int64, (n_bits,): which number of a row; levels float64,
            (n_bits,); columns uint64, (n_bits, ceil(n_items / 64)), written; block float32, (n_inputs, 64),
            scratch
    Writes: columns and block. Twin: tests/kernels/test_columns.py, test_numbers_above_levels_are_bits, by NumPy.
    """
    for start in range(0, rows.shape[0], WORD_BITS):
        here = min(WORD_BITS, rows.shape[0] - start)
        for item in range(here):
            for place in range(rows.shape[1]):
                block[place, item] = rows[start + item, place]
        for bit in range(inputs.shape[0]):
            numbers, level, word = block[inputs[bit]], levels[bit], np.uint64(0)
            for item in range(here):
                word |= np.uint64(np.float64(numbers[item]) > level) << np.uint64(item)
            columns[bit, start // WORD_BITS] = word

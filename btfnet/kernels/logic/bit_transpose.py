"""Between rows of bytes, which users have, and columns of bits, which circuits are evaluated on.

Source: own; the transposition of 8 x 8 bits in Warren, Hacker's Delight, 7-3, for whole vectors of columns.
"""

from btfnet.kernels.bits import WORD_BITS
from btfnet.kernels.compiled import compiled
from btfnet.kernels.logic.byte_rows import LINES, join_rows, split_rows, turn_lines, turn_words


@compiled
def pack_rows(rows, first, last, values, scratch):
    """Bits of the items first … last - 1, 64 to a word; the first item is bit 0 of word 0, pad bits are 0.

    Shapes: rows (n_items, n_columns) uint8: 1 is true, 0 and 255 are false; values (≥ n_columns, words) uint64;
            scratch: lines (LINES, n) uint8 and words (n,) uint64, n a multiple of LINES ≥ n_columns, and
            eight (8, n_columns) uint8.
    Writes: values of the columns, and scratch.
    Twin:   btfnet/kernels/bits.py, pack_bits.
    """
    lines, words, eight = scratch
    for start in range(first, last, WORD_BITS):
        for line in range(LINES):
            item = start + 8 * line
            if item + 8 <= last:
                join_rows(rows, item, lines, line)
            else:
                for row in range(8):
                    for column in range(rows.shape[1]):
                        eight[row, column] = rows[item + row, column] if item + row < last else 0
                join_rows(eight, 0, lines, line)
        turn_lines(lines, words)
        for column in range(rows.shape[1]):
            values[column, (start - first) // WORD_BITS] = words[column]


@compiled
def unpack_rows(values, columns, flips, low, rows, first, last, scratch):
    """The items first … last - 1 as bytes: true is 1, false is low.

    Shapes: values (n_rows, words) uint64 as in `pack_rows`; columns (n_columns,) int64, which row is which column;
            flips (n_columns,), all ones where it is the complement; rows (n_items, n_columns) uint8, written;
            scratch as in `pack_rows`, written too.
    Writes: rows first … last - 1.
    Twin:   btfnet/kernels/bits.py, unpack_bits.
    """
    lines, words, eight = scratch
    for start in range(first, last, WORD_BITS):
        for column in range(rows.shape[1]):
            words[column] = values[columns[column], (start - first) // WORD_BITS] ^ flips[column]
        turn_words(words, lines)
        for line in range(LINES):
            item = start + 8 * line
            if item + 8 <= last:
                split_rows(lines, line, low, rows, item)
            elif item < last:
                split_rows(lines, line, low, eight, 0)
                for row in range(last - item):
                    for column in range(rows.shape[1]):
                        rows[item + row, column] = eight[row, column]

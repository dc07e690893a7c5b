"""Windows of pictures, compared with templates: is a template seen in a cell of a picture?

Arguments: pixels  uint8, (n_items, n_planes, height, width), 0 or 1;  item, items  which pictures;  side  of a
window, side ** 2 * n_planes ≤ 64;  top, left, tops, lefts  rows and columns at which windows begin.

Source: own; windows that slide over a picture and are pooled, K. Fukushima, Biological Cybernetics 36 (1980), 193.
Twin: tests/kernels/test_windows.py, test_a_template_is_found_in_the_cells_of_windows_that_agree, by plain loops.
"""

import numpy as np

from btfnet.kernels.bits import popcount
from btfnet.kernels.compiled import compiled


@compiled
def window_word(pixels, item, side, top, left):
    """A window's pixels as one word: plane after plane, row after row, the first pixel lowest.

    pixels, item, side, top, left  as above. Returns a uint64; writes nothing.
    """
    word, bit = np.uint64(0), np.uint64(0)
    for plane in range(pixels.shape[1]):
        for row in range(top, top + side):
            for column in range(left, left + side):
                word |= np.uint64(pixels[item, plane, row, column]) << bit
                bit += np.uint64(1)
    return word


@compiled
def find_templates(pixels, side, templates, at_least, cell_start, cells, found):
    """For every item, template and cell: does a window in the cell agree with the template?

    Shapes: pixels, side as above; templates uint64, (n_templates,): words; at_least int64, (n_templates,): so
            many pixels must agree; cells int32: the cells of position p = row * n_columns + column are
            cells[cell_start[p] : cell_start[p + 1]]; found bool, (n_items, n_templates, n_cells), false before
    Writes: found.
    """
    n_rows, n_columns = pixels.shape[2] - side + 1, pixels.shape[3] - side + 1
    n_pixels = pixels.shape[1] * side * side
    for item in range(pixels.shape[0]):
        for row in range(n_rows):
            for column in range(n_columns):
                position = row * n_columns + column
                first, last = cell_start[position], cell_start[position + 1]
                if first == last:
                    continue
                word = window_word(pixels, item, side, row, column)
                for template in range(templates.shape[0]):
                    if n_pixels - popcount(word ^ templates[template]) >= at_least[template]:
                        for place in range(first, last):
                            found[item, template, cells[place]] = True


@compiled
def window_words(pixels, side, items, tops, lefts, words):
    """Some windows as words, uint64, (n,): items, tops and lefts, int64, (n,), say which.

    Writes words.
    """
    for index in range(words.shape[0]):
        words[index] = window_word(pixels, items[index], side, tops[index], lefts[index])

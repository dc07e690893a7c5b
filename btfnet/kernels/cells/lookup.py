"""A table of a cell, looked up by all cells at once.

A table of n ≥ 6 inputs is held as 2ⁿ⁻² nibbles: bit b of nibble q is the entry of pattern 4 q + b, whose most
significant digit is the first input. All sixteen functions of the last two inputs are made once; a nibble
chooses one of them, and the other inputs choose between these, pair by pair: a quarter of the choices between
two words that a tree on single entries needs. Source: own, after the method of the four Russians.

Rows are uint64 words, one bit a cell, in vectors of VECTOR words.
"""

import numpy as np

from btfnet.kernels.compiled import compiled
from btfnet.kernels.vectors import INT64, emitted, integer

VECTOR = 4
"""Words of a vector: the length of a row, n_words, is a multiple of it."""
LEAST_INPUTS = 6
"""Tables of fewer inputs are tables of six that ignore the first ones."""
FUNCTIONS = 16
GROUP = 16
"""Nibbles that are chosen between without touching memory."""


def _emit_functions(emit, x, y, out):
    words, build = emit.words(VECTOR), emit.builder
    ones = words.constant(-1)
    with emit.loop(x.size(0), VECTOR) as word:
        a, b = words.load(x.data, word), words.load(y.data, word)
        not_a, not_b = build.xor(a, ones), build.xor(b, ones)
        half = [words.constant(0), build.and_(not_a, not_b), build.and_(not_a, b), not_a]
        half += [build.and_(a, not_b), not_b, build.xor(a, b), build.or_(not_a, not_b)]
        for number, value in enumerate(half):
            words.store(value, out.at(number), word)
            words.store(build.xor(value, ones), out.at(FUNCTIONS - 1 - number), word)


@emitted(_emit_functions)
def functions_of_two(x, y, out):
    """All functions of two inputs. x, y  uint64, (n_words,); out  (16, n_words). Writes out.

    Bit b of a function's number is its value where x and y spell b, x the more significant.
    Twin: its body; tests/kernels/test_cell_rows.py, test_sixteen_functions_of_two_inputs.
    """
    half = [x & ~x, ~x & ~y, ~x & y, ~x, x & ~y, ~y, x ^ y, ~x | ~y]
    for number, value in enumerate(half):
        out[number] = value
        out[FUNCTIONS - 1 - number] = ~value


def _emit_sixteen(emit, nibbles, first, functions, inputs, last, out):
    words, build = emit.words(VECTOR), emit.builder
    rows = [build.sub(last, integer(level)) for level in range(4)]
    places = [build.add(first, integer(entry)) for entry in range(GROUP)]
    with emit.loop(out.size(0), VECTOR) as word:
        numbers = [build.zext(build.load(nibbles.at(place)), INT64) for place in places]
        values = [words.load(functions.at(number), word) for number in numbers]
        for row in rows:
            which = words.load(inputs.at(row), word)
            pairs = zip(values[::2], values[1::2], strict=True)
            values = [_emit_chosen(build, which, zero, one) for zero, one in pairs]
        words.store(values[0], out.data, word)


def _emit_chosen(build, which, zero, one):
    """Emits: one where a bit of which is 1, else zero."""
    return build.xor(zero, build.and_(which, build.xor(zero, one)))


@emitted(_emit_sixteen)
def choose_of_sixteen(nibbles, first, functions, inputs, last, out):
    """What sixteen nibbles from `first` on say, for the four inputs that end with row `last`.

    nibbles  uint8, 0 … 15;  functions  (16, n_words);  inputs  (n_inputs, n_words);  out  (n_words,). Writes out.
    Twin: its body; tests/kernels/test_cell_rows.py, test_tables_are_looked_up.
    """
    values = [functions[nibbles[first + entry]] for entry in range(GROUP)]
    for level in range(4):
        which, pairs = inputs[last - level], zip(values[::2], values[1::2], strict=True)
        values = [zero ^ (which & (zero ^ one)) for zero, one in pairs]
    out[:] = values[0]


def _emit_two(emit, which, zero, one, out):
    words, build = emit.words(VECTOR), emit.builder
    with emit.loop(out.size(0), VECTOR) as word:
        a, b, mask = (words.load(row.data, word) for row in (zero, one, which))
        words.store(_emit_chosen(build, mask, a, b), out.data, word)


@emitted(_emit_two)
def choose_of_two(which, zero, one, out):
    """one where a bit of which is 1, else zero; all uint64, (n_words,). Writes out, which may be zero or one.

    Twin: its body; tests/kernels/test_cell_rows.py, test_tables_are_looked_up.
    """
    out[:] = zero ^ (which & (zero ^ one))


@compiled
def look_up(nibbles, functions, inputs, work, out):
    """A table's value for every cell.

    nibbles    uint8, (2^(n_inputs-2),)
    functions  uint64, (16, n_words): those of the last two inputs, by `functions_of_two`
    inputs     uint64, (n_inputs, n_words), the most significant first; n_inputs ≥ 6
    work       uint64, (2^(n_inputs-6), n_words), scratch
    out        uint64, (n_words,)
    Writes out, and work. Cost: 2^(n_inputs-2) loads and choices a vector.
    Twin: tests/kernels/test_cell_rows.py, test_tables_are_looked_up.
    """
    n_inputs = inputs.shape[0]
    groups, last = 1 << (n_inputs - LEAST_INPUTS), n_inputs - 3
    if groups == 1:
        choose_of_sixteen(nibbles, 0, functions, inputs, last, out)
        return
    for group in range(groups):
        choose_of_sixteen(nibbles, GROUP * group, functions, inputs, last, work[group])
    last -= 4
    while groups > 2:
        groups >>= 1
        for group in range(groups):
            choose_of_two(inputs[last], work[2 * group], work[2 * group + 1], work[group])
        last -= 1
    choose_of_two(inputs[last], work[0], work[1], out)


@compiled
def flip_entry(nibbles, pattern):
    """Turns one entry of a table over: writes nibbles, uint8, (2^(n_inputs-2),). pattern  0 … 2^n_inputs - 1.

    Twin: tests/support/cell_samples.py, PlainWalk.
    """
    nibbles[pattern >> 2] ^= np.uint8(1 << (pattern & 3))

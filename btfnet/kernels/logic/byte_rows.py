"""Rows of bytes: the inner loops of bit_transpose.py, and which bytes occur.

Eight rows at a time, doubled and added from the last to the first, are one byte of every column: a line. Eight
lines are then turned so that each column's eight bytes are its word of 64 items. The loops run over columns, so
that one instruction serves as many as a vector has bytes; they are emitted because NumPy's rules widen every
sum of bytes, and LLVM does not narrow them all again.

Shapes: rows (n_items, n_columns) uint8; lines (LINES, n) uint8 and words (n,) uint64 with n ≥ n_columns a multiple
of LINES. The twin of every kernel is its body in NumPy; tests/kernels/test_emitted.py compares the two.
"""

import sys

import numpy as np
from numba.core import types

from btfnet.kernels.compiled import compiled
from btfnet.kernels.vectors import INT64, emitted

LINES = 8
"""Lines in a word: their length is a multiple of as many columns."""

ORDER = 0 if sys.byteorder == "little" else 7
"""Byte i of a word's value is byte i ^ ORDER of its memory."""
WIDTHS = (64, 16, 1)
"""Bytes in the vectors of a loop; each loop leaves its rest to the next one."""

ZEROS, ONES, MINUS, OTHERS = 1, 2, 4, 8
"""What `kinds_of_bytes` finds: bytes 0, 1, 255 (-1), and any other."""


def _emit_bytes(emit, count, body):
    """body(vectors, offset) over `count` bytes, in vectors of each width in turn."""
    start = 0
    for width in WIDTHS:
        stop = emit.builder.mul(emit.builder.udiv(count, INT64(width)), INT64(width))
        with emit.loop(stop, width, start) as offset:
            body(emit.bytes(width), offset)
        start = stop


def _emit_join(emit, rows, item, lines, line):
    builder, target = emit.builder, lines.at(line)
    sources = [rows.at(emit.add(item, index)) for index in range(8)]

    def body(v, offset):
        joined = v.constant(0)
        for source in reversed(sources):
            true = builder.icmp_unsigned("==", v.load(source, offset), v.constant(1))
            joined = builder.add(builder.add(joined, joined), builder.zext(true, v.type))
        v.store(joined, target, offset)

    _emit_bytes(emit, rows.size(1), body)


@emitted(_emit_join)
def join_rows(rows, item, lines, line):
    """Bits of eight rows from an item on, as one byte of each column; 1 is true, 0 and 255 are false.

    Writes the first n_columns bytes of the line of that number, lines[line].
    """
    joined = np.packbits(rows[item : item + 8] == 1, axis=0, bitorder="little")[0]
    lines[line, : joined.size] = joined


def _emit_split(emit, lines, line, low, rows, item):
    builder, source = emit.builder, lines.at(line)
    targets = [rows.at(emit.add(item, index)) for index in range(8)]

    def body(v, offset):
        joined, false = v.load(source, offset), v.splat(low)
        for bit, target in enumerate(targets):
            masked = builder.and_(joined, v.constant(1 << bit))
            true = builder.icmp_unsigned("!=", masked, v.constant(0))
            v.store(v.select(true, v.constant(1), false), target, offset)

    _emit_bytes(emit, rows.size(1), body)


@emitted(_emit_split, low=types.uint8)
def split_rows(lines, line, low, rows, item):
    """The inverse of `join_rows`, from lines[line]: writes eight rows from an item on; true is 1, false is low."""
    bits = np.unpackbits(lines[line : line + 1, : rows.shape[1]], axis=0, bitorder="little")
    rows[item : item + 8] = np.where(bits == 1, np.uint8(1), low)


def _emit_turn(emit, lines, words, to_words):
    """Eight columns at a time: eight bytes of eight lines are a square, whose transpose is eight words."""
    square, long, word = emit.bytes(LINES * LINES), emit.words(LINES), emit.words(1, alignment=1)
    turned = [(byte % LINES ^ ORDER) * LINES + byte // LINES for byte in range(LINES * LINES)]
    back = [turned.index(byte) for byte in range(LINES * LINES)]
    builder, aligned = emit.builder, emit.words(LINES, alignment=8)
    with emit.loop(lines.size(1), LINES) as column:
        rows = [lines.at(line, column) for line in range(LINES)]
        if to_words:
            vector = long.constant(0)
            for line, row in enumerate(rows):
                vector = builder.insert_element(vector, word.load(row), INT64(line))
            value = square.shuffle(builder.bitcast(vector, square.type), turned)
            aligned.store(builder.bitcast(value, long.type), words.at(column))
        else:
            value = builder.bitcast(aligned.load(words.at(column)), square.type)
            vector = builder.bitcast(square.shuffle(value, back), long.type)
            for line, row in enumerate(rows):
                word.store(builder.extract_element(vector, INT64(line)), row)


def _emit_turn_lines(emit, lines, words):
    _emit_turn(emit, lines, words, to_words=True)


def _emit_turn_words(emit, words, lines):
    _emit_turn(emit, lines, words, to_words=False)


@emitted(_emit_turn_lines)
def turn_lines(lines, words):
    """Byte i of a word becomes its column's byte of line i. Reads lines, writes words."""
    words[:] = np.ascontiguousarray(lines.T).view("<u8")[:, 0]


@emitted(_emit_turn_words)
def turn_words(words, lines):
    """The inverse of `turn_lines`. Reads words, writes lines."""
    lines[:] = words.astype("<u8").view(np.uint8).reshape(-1, LINES).T


def _emit_kinds(emit, values):
    builder, single = emit.builder, emit.bytes(1)
    seen = {width: emit.bytes(width).register(0) for width in WIDTHS}

    def body(v, offset):
        value, kind = v.load(values.data, offset), v.constant(OTHERS)
        for byte, mark in ((0, ZEROS), (1, ONES), (255, MINUS)):
            same = builder.icmp_unsigned("==", value, v.constant(byte))
            kind = v.select(same, v.constant(mark), kind)
        v.set(seen[v.width], builder.or_(v.get(seen[v.width]), kind))

    _emit_bytes(emit, values.size(0), body)
    kinds = single.constant(0)
    for width, register in seen.items():
        v = emit.bytes(width)
        kinds = builder.or_(kinds, v.fold(v.get(register), builder.or_))
    return builder.zext(kinds, INT64)


@emitted(_emit_kinds, types.int64)
def kinds_in_vectors(values):
    """What `kinds_of_bytes` returns of values (n,) uint8, for kernels. Writes nothing."""
    kinds = (values == 0, values == 1, values == 255, (values > 1) & (values < 255))
    return sum(int(kind.any()) << mark for mark, kind in enumerate(kinds))


@compiled
def kinds_of_bytes(values):
    """ZEROS, ONES, MINUS and OTHERS, added up, as far as such bytes occur in values (n,) uint8.

    Returns an int64; writes nothing. Twin: btfnet/kernels/logic/byte_rows.py, kinds_in_vectors.
    """
    return kinds_in_vectors(values)

"""What cells see: rows of states packed into words, and neighbours as rotations of these rows.

Bit i of a row, bit i % 64 of word i // 64, is cell i; bits behind the last cell are 0. A row followed by itself
("unrolled") makes every rotation a load of two words side by side and a shift. Rows have n_words words, a multiple
of VECTOR; all are uint64.
"""

from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba.core import types
from numpy.typing import NDArray

from btfnet.kernels.bits import ALL, NONE
from btfnet.kernels.cells.lookup import VECTOR
from btfnet.kernels.compiled import compiled
from btfnet.kernels.vectors import INT32, INT64, emitted, integer


class Neighbours(NamedTuple):
    """Where the inputs of a cell lie.

    n_cells  cells
    live     uint64, (n_words,): 1 at the cells
    source   int64, (n_inputs,): the channel that an input reads
    start    int64, (n_inputs + 1,): the first rotation of each input; an input without one is false
    shift    int64, (n_rotations,): cell i reads bit i + shift of its row; 0 … n_cells - 1
    masks    uint64, (n_rotations, n_words): the cells that a rotation is meant for
    whole    uint8, (n_inputs,): 1 where the input is one rotation, meant for all cells
    short    1 where rows are one vector, of one channel, of which all inputs behind the first `start` of 0
             are whole and shifted by less than 64
    """

    n_cells: int
    live: NDArray[np.uint64]
    source: NDArray[np.int64]
    start: NDArray[np.int64]
    shift: NDArray[np.int64]
    masks: NDArray[np.uint64]
    whole: NDArray[np.uint8]
    short: int


def _emit_splits(emit, n_cells):
    """Emits where a row of n_cells bits ends: its word, and its bit, by which its copy is shifted left; how far
    bits of the word before are shifted right, and ones where there are such bits."""
    build = emit.builder
    bit = build.and_(n_cells, integer(63))
    back = build.and_(build.sub(integer(64), bit), integer(63))
    carried = build.select(build.icmp_unsigned("!=", bit, integer(0)), integer(-1), integer(0))
    return build.lshr(n_cells, integer(6)), bit, back, carried


def _emit_unroll(emit, row, n_cells, out):
    words, one, build = emit.words(VECTOR), emit.words(1), emit.builder
    first, bit, right, carries = _emit_splits(emit, n_cells)
    left, back, carried = map(words.splat, (bit, right, carries))
    before = one.register(0)
    with emit.loop(row.size(0), VECTOR) as word:
        words.store(words.load(row.data, word), out.data, word)
    has_seam = build.icmp_unsigned("<", first, row.size(0))
    seam_at = build.select(has_seam, first, integer(0))  # what lies behind the row is not read
    seam = build.select(has_seam, one.load(row.data, seam_at), integer(0))
    with emit.loop(row.size(0), VECTOR) as word:
        bits = words.load(row.data, word)
        carry = words.shuffle(bits, [VECTOR, *range(VECTOR - 1)], words.splat(one.get(before)))
        one.set(before, build.extract_element(bits, ir.Constant(INT32, VECTOR - 1)))
        high = build.and_(build.lshr(carry, back), carried)
        words.store(build.or_(build.shl(bits, left), high), out.data, build.add(first, word))
    one.store(build.or_(one.load(out.data, first), seam), out.data, first)
    end = build.and_(build.lshr(one.get(before), right), carries)
    one.store(end, out.data, build.add(first, row.size(0)))


@emitted(_emit_unroll)
def unroll(row, n_cells, out):
    """A row followed by itself. row  (n_words,), 0 behind its n_cells bits;  out  (2 n_words + VECTOR,).
    Writes out.

    Bits of out behind twice n_cells are arbitrary.
    Twin: its body; tests/kernels/test_cell_rows.py, test_a_row_is_followed_by_itself.
    """
    n_words, first, bit = row.size, n_cells // 64, n_cells % 64
    seam = row[first] if first < n_words else NONE
    out[:n_words] = row
    low, high = np.append(row, NONE), np.concatenate([[NONE], row])
    carry = high >> np.uint64(64 - bit) if bit else low ^ low
    out[first : first + n_words + 1] = (low << np.uint64(bit)) | carry
    out[first] |= seam


def _emit_shifted(emit, words, unrolled, shift, word):
    """Emits a vector of the row's bits from place `shift` on."""
    build = emit.builder
    place = build.add(word, build.lshr(shift, integer(6)))
    low, high = words.load(unrolled.data, place), words.load(unrolled.data, build.add(place, integer(1)))
    return words.call("fshr", high, low, words.splat(build.and_(shift, integer(63))))


def _shifted(unrolled, shift, n_words):
    """A row's bits from place `shift` on."""
    first, bit = shift // 64, shift % 64
    low, high = unrolled[first : first + n_words], unrolled[first + 1 : first + 1 + n_words]
    return low >> np.uint64(bit) | high << np.uint64(64 - bit) if bit else low.copy()


def _emit_rotated(emit, unrolled, shift, out):
    words = emit.words(VECTOR)
    with emit.loop(out.size(0), VECTOR) as word:
        words.store(_emit_shifted(emit, words, unrolled, shift, word), out.data, word)


@emitted(_emit_rotated)
def rotated(unrolled, shift, out):
    """Writes out (n_words,): the bits from place `shift` on; those behind the cells are arbitrary.

    unrolled  by `unroll`. Twin: its body; tests/kernels/test_cell_rows.py, test_cells_see_their_neighbours.
    """
    out[:] = _shifted(unrolled, shift, out.size)


def _emit_rotated_where(emit, unrolled, shift, mask, keep, out):
    words, build = emit.words(VECTOR), emit.builder
    kept = words.splat(keep)
    with emit.loop(out.size(0), VECTOR) as word:
        value = build.and_(_emit_shifted(emit, words, unrolled, shift, word), words.load(mask.data, word))
        words.store(build.or_(value, build.and_(words.load(out.data, word), kept)), out.data, word)


@emitted(_emit_rotated_where, keep=types.uint64)
def rotated_where(unrolled, shift, mask, keep, out):
    """Writes out (n_words,): the bits from place `shift` on where mask is 1, or what out had where keep is 1.

    unrolled  by `unroll`;  mask  (n_words,);  keep  a word.
    Twin: its body; tests/kernels/test_cell_rows.py, test_cells_see_their_neighbours.
    """
    out[:] = (_shifted(unrolled, shift, out.size) & mask) | (out & keep)


def _emit_rotated_short(emit, row, n_cells, shifts, first, out):
    words, build = emit.words(VECTOR), emit.builder
    last, *splits = _emit_splits(emit, n_cells)
    left, back, carried = map(words.splat, splits)
    zero, bits = words.constant(0), words.load(row.data)
    begin = words.splat(build.extract_element(bits, ir.Constant(INT32, 0)))
    second = words.splat(build.extract_element(bits, ir.Constant(INT32, 1)))
    lanes = ir.Constant(ir.VectorType(INT64, VECTOR), list(range(VECTOR)))
    ends = build.icmp_unsigned("==", lanes, words.splat(last))
    low = build.or_(bits, build.select(ends, build.shl(begin, left), zero))
    rest = build.or_(build.and_(build.lshr(begin, back), carried), build.shl(second, left))
    rest = build.select(build.icmp_unsigned("==", carried, zero), second, rest)
    over = build.select(build.icmp_unsigned("==", words.splat(last), words.constant(VECTOR)), begin, zero)
    high = words.shuffle(low, [*range(1, VECTOR), VECTOR], over)
    high = build.select(ends, rest, high)
    with emit.loop(shifts.size(0)) as index:
        value = words.call("fshr", high, low, words.splat(shifts.item(index)))
        words.store(value, out.at(build.add(first, index)))


@emitted(_emit_rotated_short)
def rotated_short(row, n_cells, shifts, first, out):
    """All rotations of a row of one vector by less than 64, without touching memory in between.

    row  (VECTOR,), 0 behind its n_cells bits;  shifts  int64, (n_rotations,), 0 … 63, below n_cells
    out  (first + n_rotations, VECTOR). Writes its rows from `first` on; bits behind the cells are arbitrary.
    Twin: its body; tests/kernels/test_cell_rows.py, test_cells_see_their_neighbours.
    """
    unrolled = np.zeros(3 * VECTOR, dtype=np.uint64)
    unroll.twin(row, n_cells, unrolled)
    for index, shift in enumerate(shifts):
        out[first + index] = _shifted(unrolled, shift, VECTOR)


@compiled
def see(state, cells, unrolled, inputs):
    """What every cell sees of a state.

    state     (n_channels, n_words);  cells  Neighbours
    unrolled  (n_channels, 2 n_words + VECTOR), scratch
    inputs    (n_inputs, n_words)
    Writes inputs, whose bits behind the cells are arbitrary, and unrolled.
    Twin: tests/kernels/test_cell_rows.py, test_cells_see_their_neighbours.
    """
    n_inputs = cells.source.shape[0]
    if cells.short:
        rotated_short(state[0], cells.n_cells, cells.shift, n_inputs - cells.shift.shape[0], inputs)
        return
    for channel in range(state.shape[0]):
        unroll(state[channel], cells.n_cells, unrolled[channel])
    for index in range(n_inputs):
        source, first = unrolled[cells.source[index]], cells.start[index]
        if cells.whole[index]:
            rotated(source, cells.shift[first], inputs[index])
            continue
        keep = NONE
        for term in range(first, cells.start[index + 1]):
            rotated_where(source, cells.shift[term], cells.masks[term], keep, inputs[index])
            keep = ALL


def _emit_keep(emit, live, row):
    words, build = emit.words(VECTOR), emit.builder
    with emit.loop(row.size(0), VECTOR) as word:
        words.store(build.and_(words.load(row.data, word), words.load(live.data, word)), row.data, word)


@emitted(_emit_keep)
def keep_live(live, row):
    """Writes row (n_words,): 0 where live (n_words,) is 0.

    Twin: its body; tests/kernels/test_cell_rows.py, test_a_step_of_all_cells.
    """
    row &= live


def _emit_wrong(emit, row, known, care):
    words, build = emit.words(VECTOR), emit.builder
    total = words.register(0)
    with emit.loop(row.size(0), VECTOR) as word:
        differ = build.xor(words.load(row.data, word), words.load(known.data, word))
        ones = words.call("ctpop", build.and_(differ, words.load(care.data, word)))
        words.set(total, build.add(words.get(total), ones))
    return words.call("vector.reduce.add", words.get(total), returns=words.element)


@emitted(_emit_wrong, types.int64)
def wrong_in_row(row, known, care):
    """Bits of a row that differ from known where care is 1; all (n_words,). Returns an int64; writes nothing.

    Twin: its body; tests/kernels/test_cell_rows.py, test_wrong_bits_are_counted_where_one_cares.
    """
    return int(np.bitwise_count((row ^ known) & care).sum())


@compiled
def wrong_bits(state, known, care):
    """Bits of a state that differ from known where care is 1; all (n_channels, n_words). Returns an int64.

    Writes nothing. Twin: tests/kernels/test_cell_rows.py, test_wrong_bits_are_counted_where_one_cares.
    """
    total = 0
    for channel in range(state.shape[0]):
        total += wrong_in_row(state[channel], known[channel], care[channel])
    return total

"""Rows of bytes in LLVM's own terms: the inner loops of bit_transpose.py, and which bytes occur.

Eight rows at a time, doubled and added from the last to the first, are one byte of every column: a line. Eight
lines are then turned so that each column's eight bytes are its word of 64 items. The loops run over columns, so
that one instruction serves as many as a vector has bytes; they are spelled out because NumPy's rules widen every
sum of bytes, and LLVM does not narrow them all again. With the JIT off, the same in NumPy.
"""

import sys

import numpy as np
from numba import config

from btfnet.kernels.compiled import compiled

LINES = 8
"""Lines in a word: their length is a multiple of as many columns."""

ORDER = 0 if sys.byteorder == "little" else 7
"""Byte i of a word's value is byte i ^ ORDER of its memory."""
WIDTHS = (64, 16, 1)
"""Bytes in the vectors of a loop; each loop leaves its rest to the next one."""

ZEROS, ONES, MINUS, OTHERS = 1, 2, 4, 8
"""What `kinds_of_bytes` finds: bytes 0, 1, 255 (-1), and any other."""

if getattr(config, "DISABLE_JIT", False):

    def join_rows(rows, item, lines, line):
        """Bits of eight rows from an item on, as one byte of each column; 1 is true, 0 and 255 are false.

        Shapes: rows (n_items, n_columns) uint8; lines (LINES, ≥ n_columns) uint8, of which one is written.
        """
        joined = np.packbits(rows[item : item + 8] == 1, axis=0, bitorder="little")[0]
        lines[line, : joined.size] = joined

    def split_rows(lines, line, low, rows, item):
        """The inverse: eight rows from an item on, where true is 1 and false is low."""
        bits = np.unpackbits(lines[line : line + 1, : rows.shape[1]], axis=0, bitorder="little")
        rows[item : item + 8] = np.where(bits == 1, np.uint8(1), low)

    def turn_lines(lines, words):
        """Byte i of a word becomes its column's byte of line i; lines (LINES, n), words (n,), 8 | n."""
        words[:] = np.ascontiguousarray(lines.T).view("<u8")[:, 0]

    def turn_words(words, lines):
        """The inverse."""
        lines[:] = words.astype("<u8").view(np.uint8).reshape(-1, LINES).T

    def kinds_of_bytes(values):
        """ZEROS, ONES, MINUS and OTHERS, added up, as far as such bytes occur; values (n,) uint8."""
        kinds = (values == 0, values == 1, values == 255, (values > 1) & (values < 255))
        return sum(int(kind.any()) << place for place, kind in enumerate(kinds))

else:
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    _BYTE, _INDEX = ir.IntType(8), ir.IntType(64)

    class _Bytes:
        """Emits vectors of one width; a width of 1 is a plain byte."""

        def __init__(self, builder, width):
            self.builder, self.width = builder, width
            self.type = _BYTE if width == 1 else ir.VectorType(_BYTE, width)

        def constant(self, value):
            return ir.Constant(self.type, value if self.width == 1 else [value] * self.width)

        def splat(self, value):
            if self.width == 1:
                return value
            undefined, mask = ir.Constant(self.type, ir.Undefined), ir.VectorType(ir.IntType(32), self.width)
            single = self.builder.insert_element(undefined, value, ir.Constant(ir.IntType(32), 0))
            return self.builder.shuffle_vector(single, undefined, ir.Constant(mask, [0] * self.width))

        def _at(self, pointer, offset):
            return self.builder.bitcast(self.builder.gep(pointer, [offset]), self.type.as_pointer())

        def load(self, pointer, offset):
            return self.builder.load(self._at(pointer, offset), align=1)

        def store(self, value, pointer, offset):
            self.builder.store(value, self._at(pointer, offset), align=1)

        def equal(self, values, constant):
            """1 where a value is the constant, else 0."""
            same = self.builder.icmp_unsigned("==", values, self.constant(constant))
            return self.builder.zext(same, self.type)

        def any(self, values):
            """The or of all bytes."""
            width = self.width
            while width > 1:
                width //= 2
                halves = [
                    ir.Constant(ir.VectorType(ir.IntType(32), width), list(range(start, start + width)))
                    for start in (0, width)
                ]
                low, high = (self.builder.shuffle_vector(values, values, mask) for mask in halves)
                values = self.builder.or_(low, high)
            if self.width == 1:
                return values
            return self.builder.extract_element(values, ir.Constant(ir.IntType(32), 0))

    def _loops(builder, count, body):
        """body(bytes, offset) over `count` bytes, in vectors of each width in turn."""
        start = ir.Constant(_INDEX, 0)
        for width in WIDTHS:
            step = ir.Constant(_INDEX, width)
            stop = builder.mul(builder.udiv(count, step), step)
            with cgutils.for_range_slice(builder, start, stop, step, _INDEX) as (offset, _):
                body(_Bytes(builder, width), offset)
            start = stop

    def _array(context, builder, signature, arguments, index):
        return context.make_array(signature.args[index])(context, builder, arguments[index])

    def _row(builder, array, number):
        """A pointer to a row of an array of two axes."""
        return builder.gep(array.data, [builder.mul(number, builder.extract_value(array.shape, 1))])

    def _eight_rows(builder, array, item):
        """Pointers to eight rows from an item on, and their length."""
        numbers = [builder.add(item, ir.Constant(_INDEX, place)) for place in range(8)]
        return [_row(builder, array, number) for number in numbers], builder.extract_value(array.shape, 1)

    @intrinsic
    def join_rows(typing_context, rows, item, lines, line):
        """Bits of eight rows from an item on, as one byte of each column; 1 is true, 0 and 255 are false.

        Shapes: rows (n_items, n_columns) uint8; lines (LINES, ≥ n_columns) uint8, of which one is written.
        """

        def generate(context, builder, signature, arguments):
            lines = _array(context, builder, signature, arguments, 2)
            target = _row(builder, lines, arguments[3])
            pointers, length = _eight_rows(
                builder, _array(context, builder, signature, arguments, 0), arguments[1]
            )

            def body(v, offset):
                joined = v.constant(0)
                for pointer in reversed(pointers):
                    doubled = builder.add(joined, joined)
                    joined = builder.add(doubled, v.equal(v.load(pointer, offset), 1))
                v.store(joined, target, offset)

            _loops(builder, length, body)
            return context.get_dummy_value()

        return types.void(rows, types.int64, lines, types.int64), generate

    @intrinsic
    def split_rows(typing_context, lines, line, low, rows, item):
        """The inverse: eight rows from an item on, where true is 1 and false is low."""

        def generate(context, builder, signature, arguments):
            source = _row(builder, _array(context, builder, signature, arguments, 0), arguments[1])
            pointers, length = _eight_rows(
                builder, _array(context, builder, signature, arguments, 3), arguments[4]
            )

            def body(v, offset):
                joined, low = v.load(source, offset), v.splat(arguments[2])
                for place, pointer in enumerate(pointers):
                    bit = builder.and_(joined, v.constant(1 << place))
                    true = builder.icmp_unsigned("!=", bit, v.constant(0))
                    v.store(builder.select(true, v.constant(1), low), pointer, offset)

            _loops(builder, length, body)
            return context.get_dummy_value()

        return types.void(lines, types.int64, types.uint8, rows, types.int64), generate

    def _turn(builder, lines, words, to_words):
        """Eight columns at a time: eight bytes of eight lines are a square, whose transpose is eight words."""
        square, masks = _Bytes(builder, LINES * LINES), ir.VectorType(ir.IntType(32), LINES * LINES)
        turned = [(place % LINES ^ ORDER) * LINES + place // LINES for place in range(LINES * LINES)]
        back = [turned.index(place) for place in range(LINES * LINES)]
        mask = ir.Constant(masks, turned if to_words else back)
        n_columns = builder.extract_value(lines.shape, 1)
        rows = [_row(builder, lines, ir.Constant(_INDEX, line)) for line in range(LINES)]
        first, step = ir.Constant(_INDEX, 0), ir.Constant(_INDEX, LINES)
        with cgutils.for_range_slice(builder, first, n_columns, step, _INDEX) as (column, _):
            places = [builder.bitcast(builder.gep(row, [column]), _INDEX.as_pointer()) for row in rows]
            group = builder.bitcast(builder.gep(words.data, [column]), square.type.as_pointer())
            long = ir.VectorType(_INDEX, LINES)
            numbers = [ir.Constant(ir.IntType(32), line) for line in range(LINES)]
            if to_words:
                vector = ir.Constant(long, ir.Undefined)
                for number, place in zip(numbers, places, strict=True):
                    vector = builder.insert_element(vector, builder.load(place, align=1), number)
                value = builder.bitcast(vector, square.type)
                builder.store(builder.shuffle_vector(value, value, mask), group, align=8)
            else:
                value = builder.load(group, align=8)
                vector = builder.bitcast(builder.shuffle_vector(value, value, mask), long)
                for number, place in zip(numbers, places, strict=True):
                    builder.store(builder.extract_element(vector, number), place, align=1)

    @intrinsic
    def turn_lines(typing_context, lines, words):
        """Byte i of a word becomes its column's byte of line i; lines (LINES, n), words (n,), 8 | n."""

        def generate(context, builder, signature, arguments):
            arrays = [_array(context, builder, signature, arguments, index) for index in (0, 1)]
            _turn(builder, *arrays, True)
            return context.get_dummy_value()

        return types.void(lines, words), generate

    @intrinsic
    def turn_words(typing_context, words, lines):
        """The inverse."""

        def generate(context, builder, signature, arguments):
            arrays = [_array(context, builder, signature, arguments, index) for index in (1, 0)]
            _turn(builder, *arrays, False)
            return context.get_dummy_value()

        return types.void(words, lines), generate

    @intrinsic
    def _kinds_of_bytes(typing_context, values):
        """ZEROS, ONES, MINUS and OTHERS, added up, as far as such bytes occur; values (n,) uint8."""

        def generate(context, builder, signature, arguments):
            array = _array(context, builder, signature, arguments, 0)
            found = cgutils.alloca_once_value(builder, ir.Constant(_BYTE, 0))
            seen = {width: cgutils.alloca_once(builder, _Bytes(builder, width).type) for width in WIDTHS}
            for width, variable in seen.items():
                builder.store(_Bytes(builder, width).constant(0), variable)

            def body(v, offset):
                value = v.load(array.data, offset)
                zero, one, minus = (builder.icmp_unsigned("==", value, v.constant(x)) for x in (0, 1, 255))
                kind = v.constant(OTHERS)
                for same, mark in ((zero, ZEROS), (one, ONES), (minus, MINUS)):
                    kind = builder.select(same, v.constant(mark), kind)
                variable = seen[v.width]
                builder.store(builder.or_(builder.load(variable), kind), variable)

            _loops(builder, builder.extract_value(array.shape, 0), body)
            for width, variable in seen.items():
                part = _Bytes(builder, width).any(builder.load(variable))
                builder.store(builder.or_(builder.load(found), part), found)
            return builder.zext(builder.load(found), _INDEX)

        return types.int64(values), generate

    @compiled
    def kinds_of_bytes(values):
        """ZEROS, ONES, MINUS and OTHERS, added up, as far as such bytes occur; values (n,) uint8."""
        return _kinds_of_bytes(values)

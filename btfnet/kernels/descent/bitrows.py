"""Rows of words in LLVM's own terms: the inner loops of gate descent, eight words to an instruction.

Rows are whole vectors: their length is a multiple of LANES. Counting ones in a vector is LLVM's `ctpop`: one
instruction on machines with AVX-512 VPOPCNTDQ, about nine (table look-ups of half-bytes) with AVX-512 BW, and
split in two with AVX2. With the JIT off, the same functions in NumPy.

Roofline. All rows of a network of some hundred nodes lie in the first- or second-level cache, so that only
instructions count. A triple on one vector with p planes of |d| takes p ands and counts and a share of a sum,
of a load and of a comparison, some 11 p + 6 vector instructions; without VPOPCNTDQ, at two a cycle and
2.5 GHz, 2.2 p + 1.2 ns. All 5456 triples of 33 senders at p = 2 are 30 µs, so that sweeps over 96 nodes which
must count them all (random outputs) cannot pass 340 a second. All else in a visit (spread, price, correlate)
is 3 to 6 µs; where bounds cut nearly all triples, as they do near a solution, that would be 1700 to 3500
sweeps a second. `scripts/benchmarks/descent_speed.py` says what is reached.
"""

import numpy as np
from numba import config

from btfnet.kernels.bits import ALL, NONE

LANES = 8
"""Words in a vector: 512 items."""

if getattr(config, "DISABLE_JIT", False):

    def _weight(planes, top, row):
        return sum(int(np.bitwise_count(planes[plane] & row).sum()) << plane for plane in range(top))

    def weigh(planes, top, row):
        """Σ |d| over the items at which a row is 1; the first `top` planes are the bits of |d|."""
        return _weight(planes, top, row)

    def weigh_both(planes, top, a, b):
        """Σ |d| over the items at which both rows are 1."""
        return _weight(planes, top, a & b)

    def try_eight(planes, top, pair, columns, order, first, strengths, a, b, total, t):
        """T of a pair with eight third columns into t, and the largest 2 |A| of all their majorities.

        pair  the exclusive or of two columns with C = a and b; strengths  C by rank, from rank `first` on
        Shapes: order and strengths hold seven entries more than there are columns.
        """
        peak = 0
        for place in range(8):
            c = strengths[first + place]
            t[place] = 2 * _weight(planes, top, pair ^ columns[order[first + place]]) - total
            turned = a + b + c + t[place]
            peak = max(
                peak, abs(a + b + c - t[place]), *(abs(turned - 2 * strength) for strength in (a, b, c))
            )
        return peak

    def majority(a, b, c, pattern, out):
        """The majority of three rows, bits of the pattern negate; (n_words,) each."""
        flips = [ALL if pattern >> place & 1 else NONE for place in range(3)]
        a, b, c = a ^ flips[0], b ^ flips[1], c ^ flips[2]
        out[:] = (a & b) | (c & (a | b))

    def add_votes(planes, used, now, then, wrong, care):
        """Add to each item +1 where an output gets wrong, -1 where it gets right; two's complement planes."""
        carry = (now ^ then) & care
        down = carry & wrong
        for plane in range(used):
            before = planes[plane].copy()
            planes[plane] = before ^ carry
            carry = carry & (before ^ down)

    def differ(a, b):
        """Whether two rows differ."""
        return bool((a != b).any())

else:
    from llvmlite import ir
    from numba.core import cgutils, types
    from numba.extending import intrinsic

    _WORD = ir.IntType(64)

    class _Rows:
        """Emits loops over rows; in a body, values are vectors of as many words as the loop's step."""

        def __init__(self, context, builder, signature, arguments):
            self.context, self.builder = context, builder
            self.arrays, self.axes = {}, {}
            for index, (kind, value) in enumerate(zip(signature.args, arguments, strict=True)):
                if isinstance(kind, types.Array):
                    self.arrays[index] = context.make_array(kind)(context, builder, value)
                    self.axes[index] = kind.ndim

        def pointer(self, index):
            return self.arrays[index].data

        def length(self, index):
            """Words in a row."""
            return self.builder.extract_value(self.arrays[index].shape, self.axes[index] - 1)

        def type(self):
            return ir.VectorType(_WORD, LANES)

        def _at(self, pointer, offset):
            return self.builder.bitcast(self.builder.gep(pointer, [offset]), self.type().as_pointer())

        def load(self, pointer, offset):
            return self.builder.load(self._at(pointer, offset), align=8)

        def store(self, value, pointer, offset):
            self.builder.store(value, self._at(pointer, offset), align=8)

        def constant(self, number):
            return ir.Constant(self.type(), [number] * LANES)

        def splat(self, word):
            undefined = ir.Constant(self.type(), ir.Undefined)
            first = self.builder.insert_element(undefined, word, ir.Constant(ir.IntType(32), 0))
            mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
            return self.builder.shuffle_vector(first, undefined, mask)

        def call(self, name, kind, value):
            """One of LLVM's own functions of a vector."""
            function = cgutils.get_or_insert_function(
                self.builder.module, ir.FunctionType(kind, [self.type()]), f"llvm.{name}.v{LANES}i64"
            )
            return self.builder.call(function, [value])

        def ones(self, value):
            return self.call("ctpop", self.type(), value)

        def sum(self, value):
            return self.call("vector.reduce.add", _WORD, value)

        def any(self, value):
            return self.call("vector.reduce.or", _WORD, value)

        def loop(self, n_words, body):
            """body(offset) for every eight words."""
            first, step = ir.Constant(_WORD, 0), ir.Constant(_WORD, LANES)
            with cgutils.for_range_slice(self.builder, first, n_words, step, _WORD) as pair:
                body(pair[0])

    def _weigh(context, builder, signature, arguments, combine):
        """Σ over planes of 2^plane times the ones of plane & combine(rows): Horner, from the highest plane."""
        rows = _Rows(context, builder, signature, arguments)
        planes, top = rows.pointer(0), arguments[1]
        n_words = rows.length(2)
        total = cgutils.alloca_once_value(builder, ir.Constant(_WORD, 0))

        def body(offset):
            mask = combine(
                rows, [rows.load(rows.pointer(index), offset) for index in range(2, len(arguments))]
            )
            count = cgutils.alloca_once(builder, rows.type())
            builder.store(rows.constant(0), count)
            with cgutils.for_range(builder, top, intp=_WORD) as plane:
                place = builder.sub(builder.sub(top, plane.index), ir.Constant(_WORD, 1))
                bits = rows.load(planes, builder.add(builder.mul(place, n_words), offset))
                doubled = builder.shl(builder.load(count), rows.constant(1))
                builder.store(builder.add(doubled, rows.ones(builder.and_(bits, mask))), count)
            builder.store(builder.add(builder.load(total), rows.sum(builder.load(count))), total)

        rows.loop(n_words, body)
        return builder.load(total)

    @intrinsic
    def weigh(typing_context, planes, top, row):
        """Σ |d| over the items at which a row is 1; the first `top` planes are the bits of |d|."""

        def generate(context, builder, signature, arguments):
            return _weigh(context, builder, signature, arguments, lambda rows, values: values[0])

        return types.int64(planes, types.int64, row), generate

    @intrinsic
    def weigh_both(typing_context, planes, top, a, b):
        """Σ |d| over the items at which both rows are 1."""

        def both(rows, values):
            return rows.builder.and_(values[0], values[1])

        def generate(context, builder, signature, arguments):
            return _weigh(context, builder, signature, arguments, both)

        return types.int64(planes, types.int64, a, b), generate

    def _sums(rows, vectors):
        """The sums of eight vectors, as one vector."""
        for step in (1, 2, 4):
            low = [lane + (8 - step if lane & step else 0) for lane in range(8)]
            masks = [
                ir.Constant(ir.VectorType(ir.IntType(32), 8), [lane + extra for lane in low])
                for extra in (0, step)
            ]
            vectors = [
                rows.builder.add(*(rows.builder.shuffle_vector(x, y, mask) for mask in masks))
                for x, y in zip(vectors[::2], vectors[1::2], strict=True)
            ]
        return vectors[0]

    @intrinsic
    def try_eight(typing_context, planes, top, pair, columns, order, first, strengths, a, b, total, t):
        """T of a pair with eight third columns into t, and the largest 2 |A| of all their majorities.

        pair  the exclusive or of two columns with C = a and b; strengths  C by rank, from rank `first` on
        Shapes: order and strengths hold seven entries more than there are columns.
        """

        def generate(context, builder, signature, arguments):
            rows = _Rows(context, builder, signature, arguments)
            top, first = arguments[1], arguments[5]
            n_words, zero = rows.length(2), ir.Constant(_WORD, 0)
            thirds, counts = [], [cgutils.alloca_once(builder, rows.type()) for _ in range(8)]
            for place in range(8):
                rank = builder.add(first, ir.Constant(_WORD, place))
                column = builder.load(builder.gep(rows.pointer(4), [rank]))
                thirds.append(builder.gep(rows.pointer(3), [builder.mul(column, n_words)]))
                builder.store(rows.constant(0), counts[place])
            with cgutils.for_range(builder, top, intp=_WORD) as plane:
                place = builder.sub(builder.sub(top, plane.index), ir.Constant(_WORD, 1))
                bits = builder.gep(rows.pointer(0), [builder.mul(place, n_words)])
                for count in counts:
                    builder.store(builder.shl(builder.load(count), rows.constant(1)), count)
                with cgutils.for_range_slice(builder, zero, n_words, ir.Constant(_WORD, 8), _WORD) as step:
                    weight, mask = rows.load(bits, step[0]), rows.load(rows.pointer(2), step[0])
                    for third, count in zip(thirds, counts, strict=True):
                        odd = builder.and_(weight, builder.xor(mask, rows.load(third, step[0])))
                        builder.store(builder.add(builder.load(count), rows.ones(odd)), count)
            doubled = builder.shl(_sums(rows, [builder.load(count) for count in counts]), rows.constant(1))
            product = builder.sub(doubled, rows.splat(arguments[9]))
            rows.store(product, rows.pointer(10), zero)
            strengths = [
                rows.splat(arguments[7]),
                rows.splat(arguments[8]),
                rows.load(rows.pointer(6), first),
            ]
            sum_ = builder.add(builder.add(strengths[0], strengths[1]), strengths[2])
            scores = [builder.sub(sum_, product)]
            turned = builder.add(sum_, product)
            for strength in strengths:
                scores.append(builder.sub(turned, builder.shl(strength, rows.constant(1))))
            peak = rows.constant(0)
            for score in scores:
                for one in (score, builder.sub(rows.constant(0), score)):
                    peak = builder.select(builder.icmp_signed(">", one, peak), one, peak)
            return rows.call("vector.reduce.smax", _WORD, peak)

        return (
            types.int64(
                planes, types.int64, pair, columns, order, types.int64, strengths,
                types.int64, types.int64, types.int64, t,
            ),
            generate,
        )  # fmt: skip

    @intrinsic
    def majority(typing_context, a, b, c, pattern, out):
        """The majority of three rows, bits of the pattern negate; (n_words,) each."""

        def generate(context, builder, signature, arguments):
            rows = _Rows(context, builder, signature, arguments)
            one = ir.Constant(_WORD, 1)
            flips = [
                builder.neg(builder.and_(builder.lshr(arguments[3], ir.Constant(_WORD, place)), one))
                for place in range(3)
            ]

            def body(offset):
                x, y, z = (
                    builder.xor(rows.load(rows.pointer(index), offset), rows.splat(flips[index]))
                    for index in range(3)
                )
                both, some = builder.and_(x, y), builder.or_(x, y)
                rows.store(builder.or_(both, builder.and_(z, some)), rows.pointer(4), offset)

            rows.loop(rows.length(4), body)
            return context.get_dummy_value()

        return types.none(a, b, c, types.int64, out), generate

    @intrinsic
    def add_votes(typing_context, planes, used, now, then, wrong, care):
        """Add to each item +1 where an output gets wrong, -1 where it gets right; two's complement planes."""

        def generate(context, builder, signature, arguments):
            rows = _Rows(context, builder, signature, arguments)
            planes, n_words = rows.pointer(0), rows.length(2)

            def body(offset):
                now, then, wrong, care = (rows.load(rows.pointer(index), offset) for index in range(2, 6))
                moved = builder.and_(builder.xor(now, then), care)
                down = builder.and_(moved, wrong)
                carry = cgutils.alloca_once(builder, rows.type())
                builder.store(moved, carry)
                with cgutils.for_range(builder, arguments[1], intp=_WORD) as plane:
                    place = builder.add(builder.mul(plane.index, n_words), offset)
                    before, adding = rows.load(planes, place), builder.load(carry)
                    rows.store(builder.xor(before, adding), planes, place)
                    # +1 carries where the bit was 1; -1, all ones, carries where it was 0
                    builder.store(builder.and_(adding, builder.xor(before, down)), carry)

            rows.loop(n_words, body)
            return context.get_dummy_value()

        return types.none(planes, types.int64, now, then, wrong, care), generate

    @intrinsic
    def differ(typing_context, a, b):
        """Whether two rows differ."""

        def generate(context, builder, signature, arguments):
            rows = _Rows(context, builder, signature, arguments)
            found = cgutils.alloca_once_value(builder, ir.Constant(_WORD, 0))

            def body(offset):
                moved = builder.xor(rows.load(rows.pointer(0), offset), rows.load(rows.pointer(1), offset))
                builder.store(builder.or_(builder.load(found), rows.any(moved)), found)

            rows.loop(rows.length(0), body)
            return builder.icmp_unsigned("!=", builder.load(found), ir.Constant(_WORD, 0))

        return types.boolean(a, b), generate

"""Kernels emitted as vectors in LLVM's own terms, for the loops that a compiler cannot be trusted to vectorise.

Numba cannot promise that two arrays do not overlap, so LLVM guards, or gives up on, every loop over several of
them. Such a kernel is written twice here: as a plain function of NumPy, which is its definition and its twin, and
as a function that emits its instructions, `@emitted(_emit_name)` above the first. No fast-math flag is set: the
order of operations is the one written, so that every kernel that a loop is inlined into computes the same bits.

An emitting function gets an `Emitter` and the kernel's arguments in LLVM's terms: an array as an `Array`, a record
(NamedTuple) as a record of such, a number as its value. Arrays are C-contiguous, and offsets count elements.
LLVM splits vectors on machines with shorter registers.
"""

import inspect
from contextlib import contextmanager

from llvmlite import ir
from numba import config
from numba.core import cgutils, types
from numba.extending import intrinsic

VECTOR_BYTES = 64
INT8, INT32, INT64 = (ir.IntType(bits) for bits in (8, 32, 64))


def emitted(emit, returns=types.none, **converted):
    """A decorator: kernels get what `emit` emits; with NUMBA_DISABLE_JIT=1 the function itself runs.

    returns    Numba's type of what comes back, or a function from the arguments' types to it
    converted  types that arguments are converted to, by name; other integers become int64, all else stays

    The function below the decorator stays reachable as the attribute `twin`.
    """

    def decorate(twin):
        twin.twin = twin
        return twin if config.DISABLE_JIT else _intrinsic_of(twin, emit, returns, converted)

    return decorate


def _intrinsic_of(twin, emit, returns, converted):
    parameters = list(inspect.signature(twin).parameters.values())

    def typed(typing_context, *arguments):
        kinds = [
            converted.get(parameter.name, types.int64 if isinstance(kind, types.Integer) else kind)
            for parameter, kind in zip(parameters, arguments, strict=True)
        ]
        result = returns if isinstance(returns, types.Type) else returns(*kinds)
        return result(*kinds), generate

    def generate(context, builder, signature, values):
        emitter = Emitter(context, builder)
        views = [emitter.view(kind, value) for kind, value in zip(signature.args, values, strict=True)]
        result = emit(emitter, *views)
        if result is None:
            return context.get_dummy_value()
        if isinstance(result, list):
            return context.make_tuple(builder, signature.return_type, result)
        return result

    context = inspect.Parameter("typing_context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    typed.__signature__ = inspect.Signature([context, *parameters])
    typed.__name__, typed.__qualname__ = twin.__name__, twin.__qualname__
    typed.__module__, typed.__doc__ = twin.__module__, twin.__doc__
    kernel = intrinsic(typed)
    kernel.twin = twin
    return kernel


def integer(number):
    """A 64-bit integer of LLVM's, from one of Python's or as it is."""
    return ir.Constant(INT64, number) if isinstance(number, int) else number


class Array:
    """A C-contiguous array; positions may be Python's integers or LLVM's."""

    def __init__(self, context, builder, kind, value):
        self.builder, self.dtype, self.n_axes = builder, kind.dtype, kind.ndim
        self._model, self._value = context.data_model_manager[kind], value

    def _field(self, name):
        # taken anew at every use: what one basic block has taken is not to be had in all others
        return self.builder.extract_value(self._value, self._model.get_field_position(name))

    @property
    def data(self):
        return self._field("data")

    def size(self, axis):
        return self.builder.extract_value(self._field("shape"), axis % self.n_axes)

    def at(self, *index):
        """A pointer to the element at these positions on the first axes, and at 0 on the others."""
        offset = integer(index[0])
        for axis in range(1, self.n_axes):
            offset = self.builder.mul(offset, self.size(axis))
            if axis < len(index):
                offset = self.builder.add(offset, integer(index[axis]))
        return self.builder.gep(self.data, [offset])

    def item(self, *index):
        """The element itself; integers widened to 64 bits."""
        value = self.builder.load(self.at(*index))
        narrow = isinstance(value.type, ir.IntType) and value.type != INT64
        return self.builder.sext(value, INT64) if narrow else value


class Emitter:
    """LLVM's builder, and what emitting functions say with it."""

    def __init__(self, context, builder):
        self.context, self.builder = context, builder

    def view(self, kind, value):
        """An argument of a Numba type as emitting functions get it."""
        if isinstance(kind, types.Array):
            return Array(self.context, self.builder, kind, value)
        if isinstance(kind, types.BaseTuple):
            parts = [self.builder.extract_value(value, index) for index in range(len(kind.types))]
            views = tuple(map(self.view, kind.types, parts))
            return kind.instance_class(*views) if isinstance(kind, types.BaseNamedTuple) else views
        return value

    @contextmanager
    def loop(self, stop, step=1, start=0):
        """The numbers start, start + step, … below stop."""
        first, step = integer(start), integer(step)
        with cgutils.for_range_slice(self.builder, first, integer(stop), step, INT64) as (index, _):
            yield index

    def add(self, first, *others):
        """A sum of integers, Python's or LLVM's."""
        total = integer(first)
        for other in others:
            total = self.builder.add(total, integer(other))
        return total

    def with_largest(self, step, count, multiples, body):
        """body(multiple) for the first of the multiples of a step that divides a count, or the last."""
        multiple, *others = multiples
        if not others:
            body(multiple)
            return
        rest = self.builder.urem(count, integer(multiple * step))
        with self.builder.if_else(self.builder.icmp_signed("==", rest, integer(0))) as (fits, does_not):
            with fits:
                body(multiple)
            with does_not:
                self.with_largest(step, count, others, body)

    def words(self, width=VECTOR_BYTES // 8, **options):
        """Vectors of so many 64-bit words."""
        return Vectors(self.builder, INT64, width, **options)

    def bytes(self, width):
        """Vectors of so many bytes."""
        return Vectors(self.builder, INT8, width)

    def floats(self, dtype, vectors=1):
        """Vectors of float32 or float64; `vectors` 64-byte ones as one, for chains of operations that overlap."""
        return Floats(self.builder, dtype, vectors)


class Vectors:
    """Emits loads, stores, registers and constants of one element type and width; width 1 is a plain element."""

    def __init__(self, builder, element, width, alignment=None):
        self.builder, self.element, self.width = builder, element, width
        self.type = element if width == 1 else ir.VectorType(element, width)
        bits = {ir.FloatType(): 32, ir.DoubleType(): 64}
        self.bits = element.width if isinstance(element, ir.IntType) else bits[element]
        self.alignment = alignment or self.bits // 8

    def _at(self, pointer, offset):
        start = self.builder.gep(pointer, [integer(offset)])
        return self.builder.bitcast(start, self.type.as_pointer())

    def load(self, pointer, offset=0):
        return self.builder.load(self._at(pointer, offset), align=self.alignment)

    def store(self, value, pointer, offset=0):
        self.builder.store(value, self._at(pointer, offset), align=self.alignment)

    def register(self, start=None):
        """A stack slot that LLVM promotes to a register."""
        slot = cgutils.alloca_once(self.builder, self.type)
        if start is not None:
            self.set(slot, self.constant(start))
        return slot

    def get(self, register):
        return self.builder.load(register)

    def set(self, register, value):
        self.builder.store(value, register)

    def constant(self, number):
        number = number if isinstance(self.element, ir.IntType) else float(number)
        return ir.Constant(self.type, number if self.width == 1 else [number] * self.width)

    def splat(self, value):
        """The same value in all elements."""
        if self.width == 1:
            return value
        undefined = ir.Constant(self.type, ir.Undefined)
        return self.shuffle(
            self.builder.insert_element(undefined, value, ir.Constant(INT32, 0)), [0] * self.width
        )

    def shuffle(self, value, elements, other=None):
        """Elements of a vector by number; those of another one follow its own."""
        mask = ir.Constant(ir.VectorType(INT32, len(elements)), list(elements))
        other = ir.Constant(value.type, ir.Undefined) if other is None else other
        return self.builder.shuffle_vector(value, other, mask)

    def call(self, name, *values, returns=None):
        """LLVM's own function of that name for this type, llvm.name.v8i64 or the like."""
        kind = ir.FunctionType(returns or self.type, [self.type] * len(values))
        suffix = ("f" if isinstance(self, Floats) else "i") + str(self.bits)
        name = f"llvm.{name}.{suffix if self.width == 1 else f'v{self.width}{suffix}'}"
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, name), values)

    def sums_of_eight(self, vectors):
        """The sums of eight vectors of eight integers, as one vector: a transposition, adding on the way."""
        for step in (1, 2, 4):
            low = [lane + (8 - step if lane & step else 0) for lane in range(8)]
            high = [lane + step for lane in low]
            vectors = [
                self.builder.add(self.shuffle(x, low, y), self.shuffle(x, high, y))
                for x, y in zip(vectors[::2], vectors[1::2], strict=True)
            ]
        return vectors[0]

    def fold(self, value, combine):
        """One element of a vector's all: halves combined with halves."""
        width = self.width
        while width > 1:
            width //= 2
            value = combine(*(self.shuffle(value, range(start, start + width)) for start in (0, width)))
        return value if self.width == 1 else self.builder.extract_element(value, ir.Constant(INT32, 0))

    def select(self, condition, a, b):
        return self.builder.select(condition, a, b)


class Floats(Vectors):
    """Arithmetic on vectors of floats, in the order in which it is written."""

    def __init__(self, builder, dtype, vectors):
        element, size = (ir.FloatType(), 4) if dtype == types.float32 else (ir.DoubleType(), 8)
        super().__init__(builder, element, vectors * VECTOR_BYTES // size)

    def add(self, first, *others):
        for other in others:
            first = self.builder.fadd(first, other)
        return first

    def sub(self, a, b):
        return self.builder.fsub(a, b)

    def mul(self, first, *others):
        for other in others:
            first = self.builder.fmul(first, other)
        return first

    def div(self, a, b):
        return self.builder.fdiv(a, b)

    def sqrt(self, a):
        return self.call("sqrt", a)

    def muladd(self, a, b, c):
        """a b + c, rounded once where the machine can."""
        return self.call("fmuladd", a, b, c)

    def negate(self, a):
        return self.sub(self.constant(-0.0), a)

    def compare(self, relation, a, b):
        """A vector of truth values; false where either side is NaN."""
        return self.builder.fcmp_ordered(relation, a, b)

    def minimum(self, a, b):
        return self.select(self.compare("<", a, b), a, b)

    def maximum(self, a, b):
        return self.select(self.compare(">", a, b), a, b)

    def sum(self, a):
        """All elements added up, halves onto halves."""
        return self.fold(a, self.add)

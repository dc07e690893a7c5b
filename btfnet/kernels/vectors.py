"""Vectors of lanes in LLVM's own terms, for the loops that a compiler cannot be trusted to vectorise.

Numba cannot promise that two arrays do not overlap, so LLVM guards, or gives up on, every loop over
several of them. Here the vectors are spelled out instead: a `Lanes` object emits explicit vector
instructions through Numba's `intrinsic` interface. No fast-math flag is set: the order of operations is the
one written here, so that every kernel that a loop is inlined into computes the same bits. One vector is
64 bytes (16 float32 or 8 float64); LLVM splits it on machines with shorter registers.
"""

from llvmlite import ir
from numba.core import cgutils, types

VECTOR_BYTES = 64
INT64 = ir.IntType(64)


def vector_width(dtype):
    """Lanes in one vector of a NumPy or Numba float type."""
    return VECTOR_BYTES // (4 if dtype in (types.float32, "float32") else 8)


class Lanes:
    """Emits vector arithmetic; values are LLVM vectors, offsets are counted in lanes.

    vectors: how many 64-byte vectors one value spans, for chains of operations that should overlap
    """

    def __init__(self, context, builder, dtype, vectors=1):
        self.context, self.builder = context, builder
        single = dtype == types.float32
        self.scalar = ir.FloatType() if single else ir.DoubleType()
        self.suffix = "f32" if single else "f64"
        self.bytes = 4 if single else 8
        self.width = vectors * vector_width(dtype)
        self.type = ir.VectorType(self.scalar, self.width)

    # memory

    def pointer(self, array_type, array):
        return self.context.make_array(array_type)(self.context, self.builder, array).data

    def _at(self, pointer, offset):
        return self.builder.bitcast(self.builder.gep(pointer, [offset]), self.type.as_pointer())

    def load(self, pointer, offset):
        return self.builder.load(self._at(pointer, offset), align=self.bytes)

    def store(self, value, pointer, offset):
        self.builder.store(value, self._at(pointer, offset), align=self.bytes)

    def variable(self):
        """A vector in a register, as a stack slot that LLVM promotes."""
        return cgutils.alloca_once(self.builder, self.type)

    def get(self, variable):
        return self.builder.load(variable)

    def set(self, variable, value):
        self.builder.store(value, variable)

    # arithmetic

    def constant(self, value):
        return ir.Constant(self.type, [float(value)] * self.width)

    def splat(self, scalar):
        undefined = ir.Constant(self.type, ir.Undefined)
        first = self.builder.insert_element(undefined, scalar, ir.Constant(ir.IntType(32), 0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), self.width), [0] * self.width)
        return self.builder.shuffle_vector(first, undefined, mask)

    def add(self, *terms):
        total = terms[0]
        for term in terms[1:]:
            total = self.builder.fadd(total, term)
        return total

    def sub(self, a, b):
        return self.builder.fsub(a, b)

    def mul(self, *factors):
        product = factors[0]
        for factor in factors[1:]:
            product = self.builder.fmul(product, factor)
        return product

    def div(self, a, b):
        return self.builder.fdiv(a, b)

    def _call(self, name, *arguments):
        kind = ir.FunctionType(self.type, [self.type] * len(arguments))
        full = f"llvm.{name}.v{self.width}{self.suffix}"
        return self.builder.call(cgutils.get_or_insert_function(self.builder.module, kind, full), arguments)

    def sqrt(self, a):
        return self._call("sqrt", a)

    def muladd(self, a, b, c):
        """a b + c, rounded once where the machine can."""
        return self._call("fmuladd", a, b, c)

    def negate(self, a):
        return self.builder.fsub(self.constant(-0.0), a)

    def compare(self, relation, a, b):
        """A vector of truth values; false where either side is NaN."""
        return self.builder.fcmp_ordered(relation, a, b)

    def either(self, a, b):
        return self.builder.or_(a, b)

    def both(self, a, b):
        return self.builder.and_(a, b)

    def select(self, condition, a, b):
        return self.builder.select(condition, a, b)

    def minimum(self, a, b):
        return self.select(self.compare("<", a, b), a, b)

    def maximum(self, a, b):
        return self.select(self.compare(">", a, b), a, b)

    def sum(self, a):
        """All lanes of a vector added up, halves onto halves."""
        width = self.width
        while width > 1:
            width //= 2
            low, high = (self._part(a, start, width) for start in (0, width))
            a = self.add(low, high)
        return self.builder.extract_element(a, ir.Constant(ir.IntType(32), 0))

    def _part(self, a, start, width):
        mask = ir.Constant(ir.VectorType(ir.IntType(32), width), list(range(start, start + width)))
        return self.builder.shuffle_vector(a, ir.Constant(a.type, ir.Undefined), mask)

    # loops

    def step(self, lanes):
        return ir.Constant(INT64, lanes)

    def lanes_in_rows(self, array_type, array, n_rows):
        """Lanes in the first rows of a C-contiguous array of two axes."""
        shape = self.context.make_array(array_type)(self.context, self.builder, array).shape
        return self.builder.mul(n_rows, self.builder.extract_value(shape, 1))

    def lanes_per_sheet(self, array_type, array):
        """Lanes from one entry of the first axis to the next, in a C-contiguous array of three axes."""
        shape = self.context.make_array(array_type)(self.context, self.builder, array).shape
        rows, lanes = (self.builder.extract_value(shape, axis) for axis in (1, 2))
        return self.builder.mul(rows, lanes)

    def chunks(self, n_lanes, unroll):
        """Loop over offsets 0, unroll·width, … below n_lanes."""
        step = ir.Constant(INT64, self.width * unroll)
        return cgutils.for_range_slice(self.builder, ir.Constant(INT64, 0), n_lanes, step, INT64)

    def scalar_at(self, pointer, index):
        return self.builder.load(self.builder.gep(pointer, [index]))

    def integer_at(self, pointer, index):
        """A 32-bit integer from an array, widened."""
        return self.index(self.scalar_at(pointer, index))

    def index(self, integer):
        """An integer of any width as a 64-bit one."""
        return integer if integer.type == INT64 else self.builder.sext(integer, INT64)

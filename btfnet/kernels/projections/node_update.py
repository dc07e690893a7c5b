"""The fused sweep on values that are one row of lanes a node, as explicit vector instructions.

Twins in NumPy run when NUMBA_DISABLE_JIT=1. A block's arrays are C-contiguous with the lanes last, so that row r
begins at r·L; L must be a multiple of `vector_width`.
Source: arXiv 2602.17493, sections 3 and 4.
"""

import numpy as np
from numba import config, types
from numba.extending import intrinsic

from btfnet.kernels.vectors import Lanes


def relax_rows_twin(y, z, y_a, beta, n_rows):
    """NumPy twin of `relax_rows`."""
    y[:n_rows] += beta * (z[:n_rows] - y_a[:n_rows])


@intrinsic
def _relax_rows(typing, y, z, y_a, beta, n_rows):
    """y ← y + β (z - y_A) for the first rows."""
    signature = types.void(y, z, y_a, beta, n_rows)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        y, z, y_a = (v.pointer(kind, array) for kind, array in zip(signature.args[:3], args[:3], strict=True))
        beta = v.splat(args[3])
        with v.chunks(v.lanes_in_rows(signature.args[0], args[0], args[4]), 1) as (at, _):
            to_b = v.sub(v.load(z, at), v.load(y_a, at))
            v.store(v.muladd(beta, to_b, v.load(y, at)), y, at)
        return context.get_dummy_value()

    return signature, emit


def reflect_rows_twin(y, y_a, g, z_sum, n_rows):
    """NumPy twin of `reflect_rows`."""
    z_sum[:n_rows] += g[:n_rows] * (2 * y_a[:n_rows] - y[:n_rows])


@intrinsic
def _reflect_rows(typing, y, y_a, g, z_sum, n_rows):
    """z_sum ← z_sum + g (2 y_A - y) for the first rows."""
    signature = types.void(y, y_a, g, z_sum, n_rows)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        y, y_a, g, z_sum = (
            v.pointer(kind, array) for kind, array in zip(signature.args[:4], args[:4], strict=True)
        )
        with v.chunks(v.lanes_in_rows(signature.args[0], args[0], args[4]), 1) as (at, _):
            in_a = v.load(y_a, at)
            reflected = v.sub(v.add(in_a, in_a), v.load(y, at))
            v.store(v.muladd(v.load(g, at), reflected, v.load(z_sum, at)), z_sum, at)
        return context.get_dummy_value()

    return signature, emit


def add_row_twin(total, row, values, from_row):
    """NumPy twin of `add_row`."""
    total[row] += values[from_row]


@intrinsic
def _add_row(typing, total, row, values, from_row):
    """total[row] ← total[row] + values[from_row]."""
    signature = types.void(total, row, values, from_row)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        total, values = v.pointer(signature.args[0], args[0]), v.pointer(signature.args[2], args[2])
        n_lanes = v.lanes_in_rows(signature.args[0], args[0], v.step(1))
        to, source = builder.mul(v.index(args[1]), n_lanes), builder.mul(v.index(args[3]), n_lanes)
        with v.chunks(n_lanes, 1) as (chunk, _):
            at = builder.add(to, chunk)
            v.store(v.add(v.load(total, at), v.load(values, builder.add(source, chunk))), total, at)
        return context.get_dummy_value()

    return signature, emit


def mean_rows_twin(z, z_sum, weight, tiny, n_rows):
    """NumPy twin of `mean_rows`."""
    z[:n_rows] = z_sum[:n_rows] / np.maximum(weight[:n_rows], tiny)


@intrinsic
def _mean_rows(typing, z, z_sum, weight, tiny, n_rows):
    """z ← z_sum / weight for the first rows; a weight below tiny (padding) counts as tiny."""
    signature = types.void(z, z_sum, weight, tiny, n_rows)

    def emit(context, builder, signature, args):
        v = Lanes(context, builder, signature.args[0].dtype)
        z, z_sum, weight = (
            v.pointer(kind, array) for kind, array in zip(signature.args[:3], args[:3], strict=True)
        )
        tiny = v.splat(args[3])
        with v.chunks(v.lanes_in_rows(signature.args[0], args[0], args[4]), 1) as (at, _):
            v.store(v.div(v.load(z_sum, at), v.maximum(v.load(weight, at), tiny)), z, at)
        return context.get_dummy_value()

    return signature, emit


if config.DISABLE_JIT:
    relax_rows, reflect_rows, add_row, mean_rows = (
        relax_rows_twin,
        reflect_rows_twin,
        add_row_twin,
        mean_rows_twin,
    )
else:
    relax_rows, reflect_rows, add_row, mean_rows = _relax_rows, _reflect_rows, _add_row, _mean_rows

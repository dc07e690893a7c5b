"""What the fused sweep does to the values of nodes, one row of lanes each: relax, reflect, add, average.

Arrays are real, of one type, and C-contiguous, (n_nodes, L) with the lanes (items) last; L is a multiple of a
vector's. beta is β, n_rows so many rows from the first on. All are
emitted as vector instructions; the body below each is its twin in NumPy (tests/kernels/test_emitted.py compares
them). Source: arXiv 2602.17493, sections 3 and 4; the method page, sections 4 and 5.
"""

import numpy as np

from btfnet.kernels.vectors import emitted


def _emit_relax_rows(emit, y, z, y_a, beta, n_rows):
    v, beta = emit.floats(y.dtype), emit.floats(y.dtype).splat(beta)
    with emit.loop(emit.builder.mul(n_rows, y.size(1)), v.width) as lane:
        to_b = v.sub(v.load(z.data, lane), v.load(y_a.data, lane))
        v.store(v.muladd(beta, to_b, v.load(y.data, lane)), y.data, lane)


@emitted(_emit_relax_rows)
def relax_rows(y, z, y_a, beta, n_rows):
    """y ← y + β (z - y_a), the RRR update of values, for the first rows. Writes y."""
    y[:n_rows] += beta * (z[:n_rows] - y_a[:n_rows])


def _emit_reflect_rows(emit, y, y_a, g, z_sum, n_rows):
    v = emit.floats(y.dtype)
    with emit.loop(emit.builder.mul(n_rows, y.size(1)), v.width) as lane:
        in_a = v.load(y_a.data, lane)
        reflected = v.sub(v.add(in_a, in_a), v.load(y.data, lane))
        v.store(v.muladd(v.load(g.data, lane), reflected, v.load(z_sum.data, lane)), z_sum.data, lane)


@emitted(_emit_reflect_rows)
def reflect_rows(y, y_a, g, z_sum, n_rows):
    """z_sum ← z_sum + g (2 y_a - y), for the first rows. Writes z_sum."""
    z_sum[:n_rows] += g[:n_rows] * (2 * y_a[:n_rows] - y[:n_rows])


def _emit_add_row(emit, total, row, values, from_row):
    v, target, source = emit.floats(total.dtype), total.at(row), values.at(from_row)
    with emit.loop(total.size(1), v.width) as lane:
        v.store(v.add(v.load(target, lane), v.load(source, lane)), target, lane)


@emitted(_emit_add_row)
def add_row(total, row, values, from_row):
    """total[row] ← total[row] + values[from_row]. Writes total; the two arrays may be one."""
    total[row] += values[from_row]


def _emit_mean_rows(emit, z, z_sum, weight, tiny, n_rows):
    v, tiny = emit.floats(z.dtype), emit.floats(z.dtype).splat(tiny)
    with emit.loop(emit.builder.mul(n_rows, z.size(1)), v.width) as lane:
        least = v.maximum(v.load(weight.data, lane), tiny)
        v.store(v.div(v.load(z_sum.data, lane), least), z.data, lane)


@emitted(_emit_mean_rows)
def mean_rows(z, z_sum, weight, tiny, n_rows):
    """z ← z_sum / weight for the first rows; a weight below tiny (padding) counts as tiny. Writes z."""
    z[:n_rows] = z_sum[:n_rows] / np.maximum(weight[:n_rows], tiny)

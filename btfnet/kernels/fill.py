"""Filling and copying arrays in plain loops.

`row[:] = value` says the same, but Numba compiles for it how any array is spread over any other, with an error
message made of strings: a second of compiling for every kind of array (scripts/benchmarks/compile_times.py).
"""

from btfnet.kernels.compiled import compiled


@compiled
def fill(row, value):
    """Every element becomes the value; (n,)."""
    for index in range(row.shape[0]):
        row[index] = value


@compiled
def fill_rows(rows, value):
    """Every element becomes the value; (n_rows, n)."""
    for row in range(rows.shape[0]):
        for index in range(rows.shape[1]):
            rows[row, index] = value


@compiled
def copy(source, target):
    """Every element of the target becomes the source's; (n,) both."""
    for index in range(target.shape[0]):
        target[index] = source[index]

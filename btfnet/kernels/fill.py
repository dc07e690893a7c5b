"""Filling and copying arrays in plain loops.

`row[:] = value` says the same, but Numba compiles for it how any array is spread over any other, with an error
message made of strings: a second of compiling for every kind of array (scripts/benchmarks/compile_times.py).

Twin: tests/kernels/test_kernel_helpers.py, test_arrays_are_filled_and_copied_whole_and_nothing_beside_them,
by NumPy's own forms.
"""

from btfnet.kernels.compiled import compiled


@compiled
def fill(row, value):
    """Every element of a row, (n,), becomes the value. Writes row."""
    for index in range(row.shape[0]):
        row[index] = value


@compiled
def fill_rows(rows, value):
    """Every element of rows, (n_rows, n), becomes the value. Writes rows."""
    for row in range(rows.shape[0]):
        for index in range(rows.shape[1]):
            rows[row, index] = value


@compiled
def copy(source, target):
    """Every element of the target, (n,), becomes that of the source, (≥ n,). Writes target."""
    for index in range(target.shape[0]):
        target[index] = source[index]

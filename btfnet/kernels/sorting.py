"""Sorting, without the second that Numba needs to compile NumPy's."""

import numpy as np

from btfnet.kernels.compiled import compiled


@compiled(allocates=True)
def order_of(keys):
    """Where the keys stand from the least to the greatest, equal ones as they stand.

    Np.argsort(keys, kind="stable").

    keys  (n,), of any type that can be compared. Returns int64, (n,); writes nothing. Cost: n log n.
    Source: merging runs from the bottom up (Knuth, The Art of Computer Programming 3, 5.2.4).
    Twin: tests/kernels/test_kernel_helpers.py, test_keys_are_ordered_from_the_least_and_equal_ones_as_they_stand.
    """
    size = keys.shape[0]
    order, merged = np.arange(size), np.empty(size, dtype=np.int64)
    width = 1
    while width < size:
        for first in range(0, size, 2 * width):
            middle, last = min(first + width, size), min(first + 2 * width, size)
            left, right = first, middle
            for rank in range(first, last):
                if right >= last or (left < middle and keys[order[left]] <= keys[order[right]]):
                    merged[rank] = order[left]
                    left += 1
                else:
                    merged[rank] = order[right]
                    right += 1
        order, merged = merged, order
        width *= 2
    return order

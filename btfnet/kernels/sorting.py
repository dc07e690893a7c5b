"""Sorting, without the second that Numba needs to compile NumPy's."""

import numpy as np

from btfnet.kernels.compiled import compiled


@compiled(allocates=True)
def order_of(keys):
    """Places of the keys from the least to the greatest, equal ones as they stand; (n,), int64.

    Cost: n log n, by merging. Twin: np.argsort(keys, kind="stable").
    """
    size = keys.shape[0]
    order, merged = np.arange(size), np.empty(size, dtype=np.int64)
    width = 1
    while width < size:
        for first in range(0, size, 2 * width):
            middle, last = min(first + width, size), min(first + 2 * width, size)
            left, right = first, middle
            for place in range(first, last):
                if right >= last or (left < middle and keys[order[left]] <= keys[order[right]]):
                    merged[place] = order[left]
                    left += 1
                else:
                    merged[place] = order[right]
                    right += 1
        order, merged = merged, order
        width *= 2
    return order

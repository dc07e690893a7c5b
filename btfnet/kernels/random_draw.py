"""Drawing one whole number as NumPy's `Generator.integers` does, without the array that Numba makes for it."""

import numpy as np
from numba import config

from btfnet.kernels.compiled import compiled

HALF = np.uint64(32)
LOW = np.uint64(0xFFFF_FFFF)

if config.DISABLE_JIT:

    def below(rng, number):
        """One of 0 … number - 1; number ≥ 1, at most 2³² - 1."""
        return rng.integers(0, number)

else:
    from numba.np.random.generator_core import next_uint32

    @compiled
    def below(rng, number):
        """One of 0 … number - 1; number ≥ 1, at most 2³² - 1.

        Lemire's multiplication, with his rejection: the same as rng.integers(0, number), bit for bit.
        Source: Lemire, arXiv 1805.10941. Twin: tests/test_kernel_helpers.py.
        """
        if number == 1:
            return np.int64(0)
        size = np.uint64(number)
        product = np.uint64(next_uint32(rng.bit_generator)) * size
        if product & LOW < size:
            least = (LOW + np.uint64(1) - size) % size
            while product & LOW < least:
                product = np.uint64(next_uint32(rng.bit_generator)) * size
        return np.int64(product >> HALF)


@compiled
def between(rng, first, last):
    """One of first … last - 1; at least one."""
    return first + below(rng, last - first)

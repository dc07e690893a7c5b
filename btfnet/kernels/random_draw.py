"""Drawing one whole number as NumPy's `Generator.integers` does, without the array that Numba makes for it.

Twin: tests/kernels/test_kernel_helpers.py,
test_a_number_is_drawn_as_numpy_draws_it_and_leaves_the_generator_where_numpy_leaves_it.
"""

import numpy as np
from numba import config

from btfnet.kernels.compiled import compiled

HALF = np.uint64(32)
LOW = np.uint64(0xFFFF_FFFF)

if config.DISABLE_JIT:

    def below(rng, number):
        """One of 0 … number - 1; number ≥ 1, at most 2³² - 1."""
        return rng.integers(0, number)

    def word(rng):
        """Sixty-four random bits, a uint64."""
        return rng.integers(0, 2**64 - 1, dtype=np.uint64, endpoint=True)

else:  # pragma: no cover - next_uint32 is an instruction of the compiler's
    from numba.np.random.generator_core import next_uint32, next_uint64

    @compiled
    def below(rng, number):
        """One of 0 … number - 1; number ≥ 1, at most 2³² - 1.

        Lemire's multiplication, with his rejection: the same as rng.integers(0, number), bit for bit.
        rng  NumPy's generator, which moves on as for NumPy. Returns an int64; writes nothing.
        Source: Lemire, arXiv 1805.10941.
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
    def word(rng):
        """Sixty-four random bits, as rng.integers draws a uint64 of all. Returns a uint64; writes nothing.

        rng  NumPy's generator, which moves on as for NumPy.
        Twin: tests/kernels/test_kernel_helpers.py, test_a_word_is_drawn_as_numpy_draws_it.
        """
        return np.uint64(next_uint64(rng.bit_generator))


@compiled
def between(rng, first, last):
    """One of first … last - 1, at least one, drawn with rng as by `below`. Returns an int64; writes nothing."""
    return first + below(rng, last - first)

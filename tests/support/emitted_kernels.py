"""Whether emitted kernels do what the plain functions of NumPy do that define them."""

import numpy as np
from numba import njit


def aligned_copy(array):
    """At an address that 64 divides, as programs want their rows."""
    memory = np.empty(array.nbytes + 64, dtype=np.uint8)
    start = -memory.ctypes.data % 64
    copied = memory[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    copied[:] = array
    return copied


def copies(arguments):
    return [
        type(value)(*copies(value)) if isinstance(value, tuple) and hasattr(value, "_fields")
        else aligned_copy(value) if isinstance(value, np.ndarray) else value
        for value in arguments
    ]  # fmt: skip


def arrays(arguments):
    for value in arguments:
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, tuple):
            yield from arrays(value)


def assert_same(kernel, *arguments, tolerance=0.0):
    """The kernel, called by a compiled function, writes and returns what its twin does."""
    names = [f"a{index}" for index in range(len(arguments))]
    scope = {"kernel": kernel}
    exec(f"def caller({', '.join(names)}):\n    return kernel({', '.join(names)})", scope)
    ours, theirs = copies(arguments), copies(arguments)
    returned, expected = njit(error_model="numpy")(scope["caller"])(*ours), kernel.twin(*theirs)
    if expected is not None:
        np.testing.assert_allclose(returned, expected, rtol=tolerance)
    for array, reference in zip(arrays(ours), arrays(theirs), strict=True):
        np.testing.assert_allclose(array, reference, rtol=tolerance, atol=tolerance)


def words(rng, *shape):
    return rng.integers(0, 2**64, shape, dtype=np.uint64)

"""Every compiled function of btfnet: NumPy and Numba only, no checks, no allocation in hot loops.

With NUMBA_DISABLE_JIT=1 all of them run as plain Python, slowly and with the same results.
"""

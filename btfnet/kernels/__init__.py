"""Every compiled function of btfnet: NumPy and Numba only, no checks, no allocation in hot loops.

With NUMBA_DISABLE_JIT=1 all of them run as plain Python, slowly and with the same results.

projections/  one RRR iteration, fused
descent/      gate descent
completion/   small gates for nodes
logic/        circuits on rows of words

compiled.py   the one decorator; parts.py kernels within kernels; cache.py compiled kernels on disk
vectors.py    vectors in LLVM's own terms
bits.py       Booleans 64 to a word
fill.py, sorting.py, random_draw.py   what NumPy does, without what Numba makes of it
"""

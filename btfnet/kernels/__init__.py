"""Every compiled function of btfnet: NumPy and Numba only, no checks, no allocation in hot loops.

With NUMBA_DISABLE_JIT=1 all of them run as plain Python, slowly; `pytest -m no_compiler` reaches every line so.
A kernel's text says what its arguments are (shapes, types, units; or the record, or the module's text, that does),
what it writes and returns, its source, and its naive twin; tests/kernels/test_explained.py looks.

projections/  one RRR iteration, fused
descent/      gate descent
shared/       gates that many nodes share
completion/   small gates for nodes
logic/        circuits on rows of words
shared_rows.py rows of words whose items many ranks share: sums over all of them
pictures.py   windows of pictures against templates
columns.py    some rows of bits as columns
spectrum.py   what sets of inputs tell of an output

compiled.py   the one decorator; parts.py kernels within kernels
cache.py      compiled kernels on disk; cache_folders.py where
vectors.py    kernels emitted as LLVM's vectors, for all wings
bits.py       Booleans 64 to a word
fill.py, sorting.py, random_draw.py   what NumPy does, without what Numba makes of it
"""

"""One search over many ranks: processes that share the items of a problem, perhaps on many machines.

ranks.py    `Ranks`: what an engine asks of those it shares items with, and the one rank that shares with nobody
mpi.py      ranks as MPI has them (pip install "btfnet[mpi]")
records.py  checkpoints of a state that lies on many ranks: one file, written and read by the first
"""

"""The device engine: the projections, and the evaluation of descent's candidates, in JAX.

library and laws, in any namespace that has NumPy's functions:
points.py      what an iteration reads and writes
margin.py      the A projection of threshold nodes
wires.py       how the edges lie: dense blocks, or lists
iteration.py   one iteration
candidates.py  what every small gate of a node would get wrong

JAX, loaded by whoever computes:
backend.py     JAX and its devices
programs.py    a batch of trials, compiled
starts.py      what a trial begins with
batch.py       trials that run as one
stepper.py     one of them, as the loop drives it
cost.py        bytes that an iteration moves, as compiled
engine.py      what the search knows of it
"""
